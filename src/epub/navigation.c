/* What the table of contents calls the files of a book: a nav document's links, or an NCX. */
#include "base/utf8.h"
#include "epub/parts.h"

enum { TITLES_MAX = 2000, TITLE_MAX = 200 };

struct entry {
    struct str path, title;
};

struct titles {
    struct entry v[TITLES_MAX];
    size_t n;
};

static struct str one_line(struct arena *arena, struct str s)
{
    char *out = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        bool space = strchr(" \t\r\n", s.p[i]) != NULL && s.p[i] != '\0';
        if (!space)
            out[n++] = s.p[i];
        else if (n > 0 && out[n - 1] != ' ')
            out[n++] = ' ';
    }
    return utf8_cut(str_trim((struct str){out, n}), TITLE_MAX);
}

static void add(struct reading *r, struct titles *t, struct str href, struct str title)
{
    struct str path;
    if (t->n < TITLES_MAX && title.n > 0 && href.n > 0 &&
        name_resolve(r->arena, r->navigation->path, href, &path) && path.n > 0)
        t->v[t->n++] = (struct entry){path, one_line(r->arena, title)};
}

static bool is_contents(struct reading *r, const xmlNode *nav)
{
    xmlChar *type = xmlGetProp(nav, (const xmlChar *)"type"); /* whatever its namespace */
    bool is = type != NULL && strcmp((const char *)type, "toc") == 0;
    xmlFree(type);
    (void)r;
    return is;
}

static void read_nav(struct reading *r, const xmlNode *root, struct titles *t)
{
    const xmlNode *toc = NULL;
    for (const xmlNode *n = root; n != NULL && toc == NULL; n = xml_next(root, n))
        if (xml_is(n, "nav") && is_contents(r, n))
            toc = n;
    for (const xmlNode *n = toc; n != NULL; n = xml_next(toc, n))
        if (xml_is(n, "a"))
            add(r, t, xml_attribute(r->arena, n, "href"), xml_text(r->arena, n));
}

static void read_ncx(struct reading *r, const xmlNode *root, struct titles *t)
{
    struct str label = STR_NONE;
    for (const xmlNode *n = root; n != NULL; n = xml_next(root, n)) {
        if (xml_is(n, "navLabel"))
            label = xml_text(r->arena, n);
        else if (xml_is(n, "content"))
            add(r, t, xml_attribute(r->arena, n, "src"), label);
    }
}

void navigation_read(struct reading *r)
{
    if (r->navigation == NULL || r->navigation->file == NULL)
        return;
    xmlDocPtr doc = xml_read(r, r->navigation->file, WRONG_XML);
    if (doc == NULL)
        return;
    struct titles *t = ARENA_NEW(r->arena, struct titles);
    if (str_is(r->navigation->type, "application/x-dtbncx+xml"))
        read_ncx(r, xmlDocGetRootElement(doc), t);
    else
        read_nav(r, xmlDocGetRootElement(doc), t);
    xmlFreeDoc(doc);
    r->titles = t;
}

struct str navigation_title(struct reading *r, struct str path)
{
    for (size_t i = 0; r->titles != NULL && i < r->titles->n; i++)
        if (str_eq(r->titles->v[i].path, path))
            return r->titles->v[i].title;
    return STR_NONE;
}
