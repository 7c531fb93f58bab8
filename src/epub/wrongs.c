#include "epub/epub.h"

#define N_(text) text

static const struct {
    const char *code;
    bool refuses;
    const char *text, *mend;
} wrongs[WRONG_COUNT] = {
    [WRONG_NO_ZIP] = {"no-zip", true, N_("This is no EPUB: an EPUB is a ZIP archive."),
                      N_("Choose the file that ends in .epub, as your tool exported it.")},
    [WRONG_DAMAGED] = {"damaged", true, N_("The archive is damaged: %1"),
                       N_("Export the EPUB once more; it may have been cut off on its way.")},
    [WRONG_ENCRYPTED] = {"encrypted", true, N_("The archive is locked by a password."),
                         N_("Export it without a password.")},
    [WRONG_LARGE] = {"large", true, N_("The file is larger than is taken here (%1)."),
                     N_("Make the pictures smaller: 64 MB packed and 256 MB unpacked are taken.")},
    [WRONG_FILES] = {"files", true, N_("It holds more files than are taken here (%1)."),
                     N_("Leave out what the book does not need; 10,000 files are taken.")},
    [WRONG_BOMB] = {"bomb", true, N_("A file in it grows when it is unpacked as no book does."),
                    N_("Look what this file is, and leave it out.")},
    [WRONG_MIMETYPE] = {"mimetype", true, N_("The file “mimetype” is not as an EPUB has it: %1"),
                        N_("It must come first in the archive, not packed, without extra fields, "
                           "and hold application/epub+zip and nothing else. Pack the EPUB with a "
                           "tool made for that.")},
    [WRONG_NAME] = {"name", true, N_("A file’s name cannot be used: %1"),
                    N_("Rename it: UTF-8, none of \" * : < > ? \\ |, no point at the end.")},
    [WRONG_NAME_OUTSIDE] = {"name-outside", true, N_("A file’s name leads out of the archive."),
                            N_("Names begin with a folder or a file of the book, without .. or / "
                               "before them.")},
    [WRONG_NAME_TWICE] = {"name-twice", true,
                          N_("Two files have the same name, or names that many systems take for "
                             "the same."),
                          N_("Rename one of them.")},
    [WRONG_CONTAINER] = {"container", true, N_("META-INF/container.xml names no package: %1"),
                         N_("It must name the package file as its rootfile.")},
    [WRONG_DRM] = {"drm", true, N_("The book is locked by copy protection (%1)."),
                   N_("Send the file without it: nothing sold here is locked.")},
    [WRONG_PACKAGE_MISSING] = {"package-missing", true, N_("The package file is not there."),
                               N_("META-INF/container.xml names it: put it there.")},
    [WRONG_XML] = {"xml", true, N_("The file is not well-formed: %1"),
                   N_("Mend it at the line named; readers would see nothing of it.")},
    [WRONG_VERSION] = {"version", true, N_("This version of EPUB is not known: “%1”."),
                       N_("The package’s version is 2.0 or 3.0.")},
    [WRONG_TITLE] = {"title", true, N_("The package names no title."), N_("Add dc:title.")},
    [WRONG_IDENTIFIER] = {"identifier", true,
                          N_("The package has no identifier, or does not say which is its own."),
                          N_("Add dc:identifier, and name its id as unique-identifier.")},
    [WRONG_LANGUAGE] = {"language", true, N_("The package names no language."),
                        N_("Add dc:language.")},
    [WRONG_MODIFIED] = {"modified", false, N_("The package does not say when it was changed."),
                        N_("Add a meta with the property dcterms:modified.")},
    [WRONG_ITEM] = {"item", true, N_("A file of the manifest lacks its %1."),
                    N_("Each item has an id, an href and a media-type.")},
    [WRONG_ITEM_TWICE] = {"item-twice", true, N_("The manifest names this twice: %1"),
                          N_("Leave one of the two out.")},
    [WRONG_ITEM_MISSING] = {"item-missing", true,
                            N_("The manifest names a file that is not there."),
                            N_("Add the file, or take it out of the manifest.")},
    [WRONG_ITEM_OUTSIDE] = {"item-outside", true, N_("The manifest leads out of the archive: %1"),
                            N_("Name files of the book alone.")},
    [WRONG_SPINE] = {"spine", true, N_("The reading order (spine) is empty."),
                     N_("List the chapters there, in their order.")},
    [WRONG_SPINE_ITEM] = {"spine-item", true,
                          N_("The reading order names what the manifest does not have: %1"),
                          N_("Give the item’s id as idref.")},
    [WRONG_NAVIGATION] = {"navigation", true, N_("There is no table of contents to move by."),
                          N_("Add a navigation document (EPUB 3) or an NCX (EPUB 2).")},
    [WRONG_COVER] = {"cover", false, N_("No picture is marked as the cover."),
                     N_("Mark one with properties=\"cover-image\", so that shelves can show it.")},
    [WRONG_REMOTE] = {"remote", false, N_("The book fetches this from the web: %1"),
                      N_("Put it into the book: it is not fetched where samples are read.")},
    [WRONG_SCRIPT] = {"script", false, N_("The book holds scripts."),
                      N_("They are not run where samples are read.")},
    [WRONG_ISBN] = {"isbn", false, N_("The package names another identifier: %1"),
                    N_("Name the ISBN of this product, so that readers’ devices know it.")},
    [WRONG_NO_SAMPLE] = {"no-sample", false, N_("No sample was made of it: %1"),
                         N_("A sample needs text that flows.")},
    [WRONG_EPUBCHECK] = {"epubcheck", true, N_("EPUBCheck says: %1"),
                         N_("Mend it in the file and at the line named.")},
    [WRONG_EPUBCHECK_WARNS] = {"epubcheck-warns", false, N_("EPUBCheck says: %1"),
                               N_("Mend it in the file and at the line named.")},
    [WRONG_UNCHECKED] = {"unchecked", false, N_("It was not checked by EPUBCheck: %1"), N_("")},
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

const char *epub_wrong_text(enum epub_wrong wrong)
{
    return wrongs[wrong].text;
}

const char *epub_wrong_mend(enum epub_wrong wrong)
{
    return wrongs[wrong].mend;
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
