#include "epub/epub.h"

static const struct {
    const char *code;
    bool refuses;
} wrongs[WRONG_COUNT] = {
    [WRONG_NO_ZIP] = {"no-zip", true},
    [WRONG_DAMAGED] = {"damaged", true},
    [WRONG_ENCRYPTED] = {"encrypted", true},
    [WRONG_LARGE] = {"large", true},
    [WRONG_FILES] = {"files", true},
    [WRONG_BOMB] = {"bomb", true},
    [WRONG_MIMETYPE] = {"mimetype", true},
    [WRONG_NAME] = {"name", true},
    [WRONG_NAME_OUTSIDE] = {"name-outside", true},
    [WRONG_NAME_TWICE] = {"name-twice", true},
    [WRONG_CONTAINER] = {"container", true},
    [WRONG_DRM] = {"drm", true},
    [WRONG_PACKAGE_MISSING] = {"package-missing", true},
    [WRONG_XML] = {"xml", true},
    [WRONG_VERSION] = {"version", true},
    [WRONG_TITLE] = {"title", true},
    [WRONG_IDENTIFIER] = {"identifier", true},
    [WRONG_LANGUAGE] = {"language", true},
    [WRONG_MODIFIED] = {"modified", false},
    [WRONG_ITEM] = {"item", true},
    [WRONG_ITEM_TWICE] = {"item-twice", true},
    [WRONG_ITEM_MISSING] = {"item-missing", true},
    [WRONG_ITEM_OUTSIDE] = {"item-outside", true},
    [WRONG_SPINE] = {"spine", true},
    [WRONG_SPINE_ITEM] = {"spine-item", true},
    [WRONG_NAVIGATION] = {"navigation", true},
    [WRONG_COVER] = {"cover", false},
    [WRONG_REMOTE] = {"remote", false},
    [WRONG_SCRIPT] = {"script", false},
    [WRONG_ISBN] = {"isbn", false},
    [WRONG_NO_SAMPLE] = {"no-sample", false},
    [WRONG_EPUBCHECK] = {"epubcheck", true},
    [WRONG_EPUBCHECK_WARNS] = {"epubcheck-warns", false},
    [WRONG_UNCHECKED] = {"unchecked", false},
};

const char *epub_wrong_code(enum epub_wrong wrong)
{
    return wrongs[wrong].code;
}

bool epub_wrong_parse(struct str code, enum epub_wrong *ret)
{
    for (int w = 0; w < WRONG_COUNT; w++)
        if (str_is(code, wrongs[w].code)) {
            *ret = (enum epub_wrong)w;
            return true;
        }
    return false;
}

bool epub_wrong_refuses(enum epub_wrong wrong)
{
    return wrongs[wrong].refuses;
}

bool epub_is_refused(const struct epub *e)
{
    for (size_t i = 0; i < e->problems.n; i++)
        if (e->problems.v[i].refuses)
            return true;
    return false;
}

void epub_add_problem(struct arena *arena, struct epub *e, enum epub_wrong wrong, struct str file,
                      struct str detail)
{
    enum { SHOWN_MAX = 300 };
    if (e->problems.v == NULL)
        e->problems.v = ARENA_ARRAY(arena, struct epub_problem, EPUB_PROBLEMS_MAX);
    if (e->problems.n == EPUB_PROBLEMS_MAX)
        return;
    struct epub_problem problem = {wrong, wrongs[wrong].refuses,
                                   arena_str(arena, str_sub(file, 0, SHOWN_MAX)),
                                   arena_str(arena, str_sub(detail, 0, SHOWN_MAX))};
    size_t at = e->problems.n++;
    if (problem.refuses)
        for (; at > 0 && !e->problems.v[at - 1].refuses; at--)
            e->problems.v[at] = e->problems.v[at - 1];
    e->problems.v[at] = problem;
}
