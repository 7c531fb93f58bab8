#include <libxml/parser.h>

#include "base/utf8.h"
#include "epub/parts.h"

enum { ITEMS_MAX = EPUB_FILES_MAX, WORDS_MAX = 60, WORD_MAX = 500, TEXT_MAX = 4000 };

/* ---- XML ---- */

static void no_entity(void *context, const xmlChar *name, int type, const xmlChar *public_id,
                      const xmlChar *system_id, xmlChar *content)
{
    (void)context;
    (void)name;
    (void)type;
    (void)public_id;
    (void)system_id;
    (void)content;
}

xmlDocPtr xml_read(struct reading *r, const struct epub_file *file, enum epub_wrong wrong)
{
    xmlParserCtxtPtr parser = xmlNewParserCtxt();
    if (parser == NULL)
        abort();
    parser->sax->entityDecl = no_entity;
    parser->sax->unparsedEntityDecl = NULL;
    xmlDocPtr doc = xmlCtxtReadMemory(parser, file->bytes.p == NULL ? "" : file->bytes.p,
                                      (int)file->bytes.n, NULL, NULL,
                                      XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING |
                                          XML_PARSE_NOCDATA | XML_PARSE_COMPACT);
    const xmlError *error = xmlCtxtGetLastError(parser);
    if (doc == NULL || xmlDocGetRootElement(doc) == NULL) {
        struct str said = error == NULL || error->message == NULL
                              ? STR("it is empty")
                              : str_trim(str_of(error->message));
        if (!utf8_clean(said))
            said = STR("its bytes are no text");
        tell(r, wrong, file->name,
             error == NULL ? said
                           : arena_printf(r->arena, "line %d: %.*s", error->line, STR_ARG(said)));
        xmlFreeDoc(doc);
        doc = NULL;
    }
    xmlFreeParserCtxt(parser);
    return doc;
}

bool xml_is(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && strcmp((const char *)node->name, name) == 0;
}

static struct str owned(struct arena *arena, xmlChar *text)
{
    struct str s = str_trim(str_of((const char *)text));
    s = utf8_valid(s, NULL) ? arena_str(arena, s) : STR_NONE;
    xmlFree(text);
    return s;
}

struct str xml_text(struct arena *arena, const xmlNode *node)
{
    return owned(arena, xmlNodeGetContent(node));
}

struct str xml_attribute(struct arena *arena, const xmlNode *node, const char *name)
{
    return owned(arena, xmlGetNoNsProp(node, (const xmlChar *)name));
}

const xmlNode *xml_next(const xmlNode *root, const xmlNode *node)
{
    do {
        if (node->type == XML_ELEMENT_NODE && node->children != NULL) {
            node = node->children;
        } else {
            while (node != root && node->next == NULL)
                node = node->parent;
            if (node == root)
                return NULL;
            node = node->next;
        }
    } while (node->type != XML_ELEMENT_NODE);
    return node;
}

/* ---- META-INF ---- */

static void find_package(struct reading *r)
{
    const struct epub_file *file = container_find(r, STR("META-INF/container.xml"));
    if (file == NULL) {
        tell(r, WRONG_CONTAINER, STR("META-INF/container.xml"), STR("it is not there"));
        return;
    }
    xmlDocPtr doc = xml_read(r, file, WRONG_XML);
    if (doc == NULL)
        return;
    const xmlNode *root = xmlDocGetRootElement(doc);
    for (const xmlNode *n = root; n != NULL && r->package.n == 0; n = xml_next(root, n)) {
        struct str path;
        if (!xml_is(n, "rootfile") ||
            !str_is(xml_attribute(r->arena, n, "media-type"), "application/oebps-package+xml"))
            continue;
        if (name_resolve(r->arena, STR_NONE, xml_attribute(r->arena, n, "full-path"), &path))
            r->package = path;
    }
    if (r->package.n == 0)
        tell(r, WRONG_CONTAINER, file->name, STR("no rootfile"));
    xmlFreeDoc(doc);
}

static void check_encryption(struct reading *r)
{
    static const char *const fonts[] = {"http://www.idpf.org/2008/embedding",
                                        "http://ns.adobe.com/pdf/enc#RC"};
    const struct epub_file *file = container_find(r, STR("META-INF/encryption.xml"));
    xmlDocPtr doc = file == NULL ? NULL : xml_read(r, file, WRONG_XML);
    const xmlNode *root = doc == NULL ? NULL : xmlDocGetRootElement(doc);
    for (const xmlNode *n = root; n != NULL && !r->drm; n = xml_next(root, n)) {
        struct str algorithm = xml_attribute(r->arena, n, "Algorithm");
        if (!xml_is(n, "EncryptionMethod") || str_is(algorithm, fonts[0]) ||
            str_is(algorithm, fonts[1]))
            continue;
        tell(r, WRONG_DRM, file->name, algorithm);
        r->drm = true;
    }
    xmlFreeDoc(doc);
}

/* ---- the package ---- */

static void add_word(struct reading *r, epub_words *words, struct str word)
{
    if (words->v == NULL)
        words->v = ARENA_ARRAY(r->arena, struct str, WORDS_MAX);
    if (words->n < WORDS_MAX && word.n > 0 && word.n <= WORD_MAX)
        words->v[words->n++] = word;
}

static void first(struct str *ret, struct str value)
{
    if (ret->n == 0)
        *ret = utf8_cut(value, TEXT_MAX / 4);
}

/* A meta of EPUB 3 (property, text) or EPUB 2 (name, content). */
static void read_meta(struct reading *r, const xmlNode *n, bool *ret_modified,
                      struct str *ret_cover)
{
    struct epub_access *a = &r->epub->access;
    struct str property = xml_attribute(r->arena, n, "property"), value;
    if (property.n > 0) {
        value = xml_text(r->arena, n);
    } else {
        property = xml_attribute(r->arena, n, "name");
        value = xml_attribute(r->arena, n, "content");
    }
    if (str_is(property, "dcterms:modified"))
        *ret_modified = value.n > 0;
    else if (str_is(property, "cover"))
        first(ret_cover, value);
    else if (str_is(property, "rendition:layout"))
        r->epub->fixed = str_is(value, "pre-paginated");
    else if (str_is(property, "schema:accessMode"))
        add_word(r, &a->modes, value);
    else if (str_is(property, "schema:accessModeSufficient"))
        add_word(r, &a->sufficient, value);
    else if (str_is(property, "schema:accessibilityFeature"))
        add_word(r, &a->features, value);
    else if (str_is(property, "schema:accessibilityHazard"))
        add_word(r, &a->hazards, value);
    else if (str_is(property, "schema:accessibilitySummary"))
        first(&a->summary, value);
    else if (str_is(property, "dcterms:conformsTo"))
        first(&a->conforms, value);
}

static void read_metadata(struct reading *r, const xmlNode *root, struct str *ret_cover)
{
    struct str own = xml_attribute(r->arena, root, "unique-identifier");
    bool has_own = false, modified = false;
    struct epub *e = r->epub;
    for (const xmlNode *n = root; n != NULL; n = xml_next(root, n)) {
        if (xml_is(n, "title")) {
            first(&e->title, xml_text(r->arena, n));
        } else if (xml_is(n, "language")) {
            first(&e->language, xml_text(r->arena, n));
        } else if (xml_is(n, "identifier")) {
            struct str id = xml_text(r->arena, n);
            add_word(r, &e->identifiers, id);
            has_own =
                has_own || (own.n > 0 && id.n > 0 && str_eq(xml_attribute(r->arena, n, "id"), own));
        } else if (xml_is(n, "meta")) {
            read_meta(r, n, &modified, ret_cover);
        } else if (xml_is(n, "link") &&
                   str_is(xml_attribute(r->arena, n, "rel"), "dcterms:conformsTo")) {
            first(&e->access.conforms, xml_attribute(r->arena, n, "href"));
        }
    }
    if (e->title.n == 0)
        tell(r, WRONG_TITLE, r->package, STR_NONE);
    if (e->language.n == 0)
        tell(r, WRONG_LANGUAGE, r->package, STR_NONE);
    if (!has_own)
        tell(r, WRONG_IDENTIFIER, r->package, STR_NONE);
    if (!modified && str_is(e->version, "3.0"))
        tell(r, WRONG_MODIFIED, r->package, STR_NONE);
}

static void read_item(struct reading *r, const xmlNode *n, size_t *room)
{
    struct epub_item item = {.id = xml_attribute(r->arena, n, "id"),
                             .href = xml_attribute(r->arena, n, "href"),
                             .type = xml_attribute(r->arena, n, "media-type"),
                             .properties = xml_attribute(r->arena, n, "properties")};
    if (item.id.n == 0 || item.href.n == 0 || item.type.n == 0) {
        tell(r, WRONG_ITEM, r->package,
             item.id.n == 0     ? STR("id")
             : item.href.n == 0 ? STR("href")
                                : STR("media-type"));
        return;
    }
    if (!name_resolve(r->arena, r->package, item.href, &item.path)) {
        tell(r, WRONG_ITEM_OUTSIDE, r->package, item.href);
        return;
    }
    if (item.path.n == 0) {
        tell(r, WRONG_REMOTE, r->package, item.href);
        return;
    }
    item.file = container_find(r, item.path);
    if (item.file == NULL)
        tell(r, WRONG_ITEM_MISSING, item.path, STR_NONE);
    ARENA_ROOM(r->arena, r->items.v, r->items.n, *room);
    r->items.v[r->items.n++] = item;
}

struct sorted {
    struct str by;
};

static int by_text(const void *a, const void *b)
{
    return str_cmp(((const struct sorted *)a)->by, ((const struct sorted *)b)->by);
}

/* Of ids, then of files. */
static void check_items_twice(struct reading *r, bool ids)
{
    struct sorted *all = ARENA_ARRAY(r->arena, struct sorted, r->items.n + 1);
    for (size_t i = 0; i < r->items.n; i++)
        all[i].by = ids ? r->items.v[i].id : r->items.v[i].path;
    qsort(all, r->items.n, sizeof *all, by_text);
    for (size_t i = 1; i < r->items.n; i++)
        if (str_eq(all[i].by, all[i - 1].by))
            tell(r, WRONG_ITEM_TWICE, r->package, all[i].by);
}

static const struct epub_item *item_of(const struct reading *r, struct str id)
{
    for (size_t i = 0; i < r->items.n; i++)
        if (str_eq(r->items.v[i].id, id))
            return &r->items.v[i];
    return NULL;
}

const struct epub_item *package_item_of(const struct reading *r, struct str path)
{
    for (size_t i = 0; i < r->items.n; i++)
        if (str_eq(r->items.v[i].path, path))
            return &r->items.v[i];
    return NULL;
}

static bool has_property(const struct epub_item *item, const char *property)
{
    struct str rest = item->properties, word;
    while (str_next(&rest, ' ', &word))
        if (str_is(word, property))
            return true;
    return false;
}

static void read_manifest(struct reading *r, const xmlNode *root)
{
    size_t room = 0;
    for (const xmlNode *n = root; n != NULL && r->items.n < ITEMS_MAX; n = xml_next(root, n))
        if (xml_is(n, "item"))
            read_item(r, n, &room);
    check_items_twice(r, true);
    check_items_twice(r, false);
    for (size_t i = 0; i < r->items.n; i++)
        if (has_property(&r->items.v[i], "scripted")) {
            tell(r, WRONG_SCRIPT, r->items.v[i].path, STR_NONE);
            break;
        }
}

/* Ids looked up in a list: as many as both are long, so the spine is bounded more tightly. */
static void read_spine(struct reading *r, const xmlNode *root, struct str *ret_toc)
{
    enum { SPINE_MAX = 5000 };
    uint64_t place = 0;
    r->spine.v = arena_alloc_array(r->arena, SPINE_MAX, sizeof *r->spine.v);
    r->spine_places = arena_alloc_array(r->arena, SPINE_MAX, sizeof *r->spine_places);
    for (const xmlNode *n = root; n != NULL && r->spine.n < SPINE_MAX; n = xml_next(root, n)) {
        if (xml_is(n, "spine")) {
            *ret_toc = xml_attribute(r->arena, n, "toc");
            r->right_to_left =
                str_is(xml_attribute(r->arena, n, "page-progression-direction"), "rtl");
        }
        if (!xml_is(n, "itemref"))
            continue;
        place++;
        struct str id = xml_attribute(r->arena, n, "idref");
        const struct epub_item *item = item_of(r, id);
        if (item == NULL)
            tell(r, WRONG_SPINE_ITEM, r->package, id);
        else if (!str_is(xml_attribute(r->arena, n, "linear"), "no")) {
            r->spine_places[r->spine.n] = place;
            r->spine.v[r->spine.n++] = item;
        }
    }
    if (r->spine.n == 0)
        tell(r, WRONG_SPINE, r->package, STR_NONE);
}

static void find_navigation(struct reading *r, struct str toc)
{
    for (size_t i = 0; i < r->items.n && r->navigation == NULL; i++)
        if (has_property(&r->items.v[i], "nav"))
            r->navigation = &r->items.v[i];
    const struct epub_item *ncx = toc.n == 0 ? NULL : item_of(r, toc);
    if (r->navigation == NULL && !str_is(r->epub->version, "3.0"))
        r->navigation = ncx;
    if (r->navigation == NULL || r->navigation->file == NULL)
        tell(r, WRONG_NAVIGATION, r->package, STR_NONE);
}

static void find_cover(struct reading *r, struct str named)
{
    const struct epub_item *cover = NULL;
    for (size_t i = 0; i < r->items.n && cover == NULL; i++)
        if (has_property(&r->items.v[i], "cover-image"))
            cover = &r->items.v[i];
    if (cover == NULL && named.n > 0)
        cover = item_of(r, named);
    if (cover != NULL && cover->file != NULL && str_starts(cover->type, STR("image/")))
        r->epub->cover = cover->file->bytes;
    else
        tell(r, WRONG_COVER, r->package, STR_NONE);
}

static void read_whole(struct reading *r, const xmlNode *root)
{
    struct str cover = STR_NONE, toc = STR_NONE;
    struct str version = xml_attribute(r->arena, root, "version");
    r->epub->version = str_starts(version, STR("3.")) ? STR("3.0") : version;
    if (!xml_is(root, "package") || (!str_is(r->epub->version, "3.0") && !str_is(version, "2.0")))
        tell(r, WRONG_VERSION, r->package, version);
    read_metadata(r, root, &cover);
    read_manifest(r, root);
    read_spine(r, root, &toc);
    find_navigation(r, toc);
    find_cover(r, cover);
}

bool package_read(struct reading *r)
{
    check_encryption(r);
    find_package(r);
    if (r->package.n == 0)
        return false;
    const struct epub_file *file = container_find(r, r->package);
    if (file == NULL) {
        tell(r, WRONG_PACKAGE_MISSING, r->package, STR_NONE);
        return false;
    }
    xmlDocPtr doc = xml_read(r, file, WRONG_XML);
    if (doc == NULL)
        return false;
    read_whole(r, xmlDocGetRootElement(doc));
    xmlFreeDoc(doc);
    return true;
}
