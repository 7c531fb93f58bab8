#include "app/epubs.h"

#include "app/epub_apart.h"
#include "app/site_files.h"
#include "app/thumbnail.h"
#include "base/clean.h"
#include "base/clock.h"
#include "base/crash.h"
#include "base/file.h"
#include "base/json.h"
#include "base/knob.h"
#include "domain/isbn.h"
#include "store/catalogue.h"
#include "store/covers.h"
#include "store/epub_uploads.h"
#include "store/epubs.h"
#include "store/library.h"
#include "store/shop_titles.h"
#include "store/store.h"

enum {
    PICTURE_WIDTH = 1000,
    PICTURE_HEIGHT = 1400,
    PICTURE_QUALITY = 84,
    PICTURES_BYTES_MAX = 6 << 20, /* of a sample, as they are kept (COVER_FILE_MAX) */
    HISTORY_MAX = 100,
    ROWS_MAX = 10000, /* of one e-book */
    FACTS_MAX = 256 << 10,
};

struct putting {
    struct site *site;
    struct arena *arena;
    const struct epub_giving *giving;
    struct epub epub;
    struct epub_row row;
    struct sample_row sample;
    sample_chapter_rows chapters;
    struct str address;
    struct str checked;
    bool first; /* sample and cover are made of it */
    bool put;
};

/* ---- whose it is ---- */

/* The shop whose file it is: the desk's, the one that was named, or the only one that lists it. */
static enum rc find_shop(const struct putting *p, struct store_conn *conn,
                         const struct catalogue_edition *stored, uint64_t *ret, struct fault *fault)
{
    const struct epub_giving *g = p->giving;
    struct shop_record *records;
    struct shop shop;
    size_t n;
    if (g->shop != NULL) {
        *ret = g->shop->id;
        return RC_OK;
    }
    enum rc rc = RC_OK;
    if (g->seller.n > 0) {
        rc = catalogue_shop(conn, p->arena, g->seller, &shop, fault);
        if (rc == RC_NOT_FOUND)
            return fault_set(fault, rc, "there is no shop %.*s", STR_ARG(g->seller));
        *ret = rc == RC_OK ? shop.id : 0;
        return rc;
    }
    rc = catalogue_edition_shops(conn, p->arena, stored, &records, &n, fault);
    if (rc == RC_OK && n != 1)
        return fault_set(fault, RC_INVALID,
                         "epub: %zu shops list %.*s; say whose file it is (--shop)", n,
                         STR_ARG(stored->product_key));
    if (rc == RC_OK)
        *ret = records[0].shop.id;
    return rc;
}

static enum rc find_edition(struct putting *p, struct store_conn *conn,
                            struct catalogue_edition *ret, struct fault *fault)
{
    char isbn[14];
    if (!isbn_parse(p->giving->isbn, isbn))
        return fault_set(fault, RC_INVALID, "epub: “%.*s” is no ISBN", STR_ARG(p->giving->isbn));
    enum rc rc = catalogue_edition_by_key(conn, p->arena, str_of(isbn), ret, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "%s is not in the catalogue", isbn);
    if (rc == RC_OK)
        p->row.edition = ret->id;
    return rc;
}

/* Whether sample and cover are made of this shop's file: its record describes the title, or nobody
 * else has sent one. */
static enum rc ask_whether_first(struct putting *p, struct store_conn *conn, bool describes,
                                 struct fault *fault)
{
    epub_sender_list senders;
    enum rc rc = epub_senders(conn, p->arena, p->row.edition, &senders, fault);
    p->first = describes || senders.n == 0 || (senders.n == 1 && senders.v[0] == p->row.shop);
    return rc;
}

static enum rc check_edition(struct putting *p, struct store_conn *conn, struct fault *fault)
{
    struct catalogue_edition stored;
    struct shop_title_row row;
    enum rc rc = find_edition(p, conn, &stored, fault);
    if (rc == RC_OK)
        rc = find_shop(p, conn, &stored, &p->row.shop, fault);
    if (rc == RC_OK)
        rc = shop_title_by_key(conn, p->arena, p->row.shop, stored.product_key, &row, fault);
    if (rc == RC_NOT_FOUND && fault->text[0] == '\0')
        return fault_set(fault, rc, "the shop has no record of %.*s", STR_ARG(p->giving->isbn));
    if (rc == RC_OK && !edition_is_digital(&row.facts))
        return fault_set(fault, RC_INVALID,
                         "epub: its record says that %.*s is no e-book; give the file for the "
                         "e-book's own ISBN",
                         STR_ARG(p->giving->isbn));
    if (rc == RC_OK && !edition_takes_epub(&row.facts))
        return fault_set(fault, RC_INVALID,
                         "epub: its record says that %.*s is a file of another kind; give the "
                         "EPUB for the EPUB's own ISBN",
                         STR_ARG(p->giving->isbn));
    return rc == RC_OK ? ask_whether_first(p, conn, row.describes, fault) : rc;
}

static enum rc check_room(struct putting *p, struct store_conn *conn, struct fault *fault)
{
    uint64_t bytes = 0, room = knob("COLOPHON_EPUB_ROOM", EPUB_SHOP_BYTES_MAX);
    if (p->giving->shop == NULL) /* the operator's own room */
        return RC_OK;
    enum rc rc = epub_bytes_of_shop(conn, p->giving->shop->id, &bytes, fault);
    if (rc == RC_OK && bytes + p->row.bytes > room)
        rc = fault_set(fault, RC_INVALID,
                       "epub: this shop's e-books fill the room they have; take some away, or ask "
                       "the operator");
    return rc;
}

static enum rc prepare(struct putting *p, struct files **ret, struct fault *fault)
{
    struct store_conn *conn = NULL;
    enum rc rc = site_connect_wholly(p->site, &conn, fault);
    if (rc == RC_OK)
        rc = check_edition(p, conn, fault);
    if (rc == RC_OK)
        rc = check_room(p, conn, fault);
    if (rc == RC_OK)
        rc = site_files_address(p->site, conn, p->arena, &p->address, fault);
    if (rc == RC_OK)
        rc = site_files_open(p->site, p->address, FILES_KEPT, ret, fault);
    site_disconnect(conn);
    return rc;
}

/* ---- what is found in it ---- */

/* Its package should name the product's ISBN, where it names any. */
static void check_isbn(struct putting *p)
{
    char own[14], other[14];
    struct str first = STR_NONE;
    if (!isbn_parse(p->giving->isbn, own))
        return;
    for (size_t i = 0; i < p->epub.identifiers.n; i++) {
        struct str id = p->epub.identifiers.v[i];
        if (str_starts(id, STR("urn:isbn:")))
            id = str_sub(id, 9, id.n);
        if (!isbn_parse(id, other))
            continue;
        if (strcmp(own, other) == 0)
            return;
        first = first.n == 0 ? id : first;
    }
    if (first.n > 0)
        epub_add_problem(p->arena, &p->epub, WRONG_ISBN, STR_NONE, first);
}

static json_t *words_json(const epub_words *words)
{
    json_t *list = json_array();
    for (size_t i = 0; i < words->n; i++)
        json_array_append_new(list, json_from_str(words->v[i]));
    return list;
}

static json_t *problems_json(const epub_problems *problems)
{
    json_t *list = json_array();
    for (size_t i = 0; i < problems->n; i++)
        json_array_append_new(list, json_pack("[s, o, o]", epub_wrong_code(problems->v[i].wrong),
                                              json_from_str(problems->v[i].file),
                                              json_from_str(problems->v[i].detail)));
    return list;
}

struct str epub_problems_text(struct arena *arena, const epub_problems *problems)
{
    BUF_AUTO text = BUF_INIT(FACTS_MAX);
    JSON_AUTO *json = json_pack("{s:o}", "problems", problems_json(problems));
    json_write(json, &text);
    return buf_check(&text) == RC_OK ? arena_str(arena, buf_str(&text)) : STR_NONE;
}

static enum rc write_facts(struct putting *p, struct fault *fault)
{
    const struct epub *e = &p->epub;
    const struct epub_access *a = &e->access;
    BUF_AUTO text = BUF_INIT(FACTS_MAX);
    JSON_AUTO *json =
        json_pack("{s:o, s:o, s:o, s:b, s:o, s:o, s:{s:o, s:o, s:o, s:o, s:o, s:o}}", "title",
                  json_from_str(e->title), "language", json_from_str(e->language), "identifiers",
                  words_json(&e->identifiers), "fixed", (int)e->fixed, "problems",
                  problems_json(&e->problems), "checked", json_from_str(p->checked), "access",
                  "modes", words_json(&a->modes), "sufficient", words_json(&a->sufficient),
                  "features", words_json(&a->features), "hazards", words_json(&a->hazards),
                  "summary", json_from_str(a->summary), "conforms", json_from_str(a->conforms));
    json_write(json, &text);
    p->row.facts = arena_str(p->arena, buf_str(&text));
    return buf_check(&text) == RC_OK
               ? RC_OK
               : fault_set(fault, RC_LIMIT, "epub: it says too much of itself");
}

/* ---- the sample ---- */

struct made_pictures {
    struct rendition v[EPUB_PICTURES_MAX];
    size_t number[EPUB_PICTURES_MAX]; /* what each is called now; 0: it cannot be shown */
    size_t n;
    size_t chapters;
    struct arena *arena;
};

static struct str link_again(void *context, struct str href)
{
    const struct made_pictures *m = context;
    uint64_t n;
    return str_to_u64(href, &n) && n >= 1 && n <= m->chapters ? href : STR_NONE;
}

static struct str picture_again(void *context, struct str src)
{
    const struct made_pictures *m = context;
    uint64_t n;
    if (!str_starts(src, STR("pictures/")) || !str_to_u64(str_sub(src, 9, src.n), &n) || n < 1 ||
        n > EPUB_PICTURES_MAX || m->number[n - 1] == 0)
        return STR_NONE;
    return arena_printf(m->arena, "pictures/%zu", m->number[n - 1]);
}

/* Each decoded by a process of its own; one that cannot be is left out. */
static void make_pictures(const struct epub_sample *s, struct made_pictures *m, struct buf *ret)
{
    struct thumbnail_order order = {PICTURE_JPEG, PICTURE_WIDTH, PICTURE_HEIGHT, PICTURE_QUALITY};
    for (size_t i = 0; i < s->pictures.n && i < EPUB_PICTURES_MAX; i++) {
        struct picture made;
        size_t at = ret->n;
        if (thumbnail_make(s->pictures.v[i], &order, ret, &made, NULL) != RC_OK)
            continue;
        m->v[m->n++] = (struct rendition){.format = PICTURE_JPEG,
                                          .width = made.width,
                                          .height = made.height,
                                          .at = at,
                                          .bytes = ret->n - at,
                                          .digest = sha256(ret->p + at, ret->n - at)};
        m->number[i] = m->n;
    }
}

static struct str file_name(struct arena *arena, const char *folder, const struct hash *digest,
                            const char *suffix)
{
    uint8_t own[8];
    random_bytes(own, sizeof own);
    struct str hex = hex_str(arena, digest->b, sizeof digest->b);
    return arena_printf(arena, "%s/%.2s/%.*s-%.*s.%s", folder, hex.p, STR_ARG(hex),
                        STR_ARG(hex_str(arena, own, sizeof own)), suffix);
}

static void make_sample(struct putting *p, struct buf *pictures)
{
    struct made_pictures m = {.chapters = p->epub.sample.chapters.n, .arena = p->arena};
    const struct epub_sample *s = &p->epub.sample;
    make_pictures(s, &m, pictures);
    p->chapters.v = ARENA_ARRAY(p->arena, struct sample_chapter_row, s->chapters.n);
    for (size_t i = 0; i < s->chapters.n; i++) {
        const struct epub_chapter *c = &s->chapters.v[i];
        struct chapter_rules rules = {p->arena, link_again, picture_again, &m, 0};
        struct chapter clean;
        chapter_clean(&rules, c->html, &clean);
        p->chapters.v[p->chapters.n++] =
            (struct sample_chapter_row){i + 1, c->title, c->language, c->direction, clean.html};
    }
    p->sample = (struct sample_row){.edition = p->row.edition,
                                    .setting = s->vertical ? STR("vertical")
                                               : s->rtl    ? STR("rtl")
                                                           : STR("across"),
                                    .chapters = p->chapters.n,
                                    .text = s->text,
                                    .whole = s->whole};
    if (m.n == 0)
        return;
    rendition_list list = {m.v, m.n};
    BUF_AUTO packed = BUF_INIT(4096);
    renditions_pack(&list, &packed);
    p->sample.parts = arena_str(p->arena, buf_str(&packed));
    p->sample.digest = sha256(pictures->p, pictures->n);
    p->sample.bytes = pictures->n;
    p->sample.file = file_name(p->arena, "samples", &p->sample.digest, "jpgs");
}

/* ---- putting it ---- */

static enum rc put_rows(void *context, struct store_conn *conn, struct fault *fault)
{
    struct putting *p = context;
    struct str now;
    /* Once more: looking at it took minutes, in which the title may have become another's. */
    enum rc rc = check_edition(p, conn, fault);
    if (rc == RC_OK)
        rc = check_room(p, conn, fault);
    if (rc == RC_OK)
        rc = site_files_address(p->site, conn, p->arena, &now, fault);
    if (rc == RC_OK && !str_eq(now, p->address))
        rc = fault_set(fault, RC_BUSY, "the files moved meanwhile; run it again");
    if (rc == RC_OK)
        rc = epub_row_put(conn, &p->row, fault);
    if (rc == RC_OK && p->first)
        rc = sample_row_remove(conn, p->row.edition, fault);
    p->sample.epub = p->row.id;
    p->sample.edition = p->row.edition;
    if (rc == RC_OK && p->first && p->chapters.n > 0)
        rc = sample_row_add(conn, &p->sample, &p->chapters, fault);
    struct epub_upload_row upload = {
        .id = p->giving->upload, .state = STR("taken"), .ended = p->row.added};
    if (rc == RC_OK && upload.id != 0)
        rc = epub_upload_end(conn, &upload, fault);
    p->put = rc == RC_OK;
    return rc;
}

static enum rc put_files(struct putting *p, struct writer *writer, struct files *files,
                         struct str bytes, struct str pictures, struct fault *fault)
{
    enum rc rc =
        kept_file_put(files, p->row.file, &p->row.digest, bytes, "application/epub+zip", fault);
    if (rc == RC_OK && p->sample.file.n > 0)
        rc = kept_file_put(files, p->sample.file, &p->sample.digest, pictures,
                           "application/octet-stream", fault);
    crash_point("epub-put");
    if (rc == RC_OK)
        rc = writer_run(writer, put_rows, p, fault);
    crash_point("epub-named");
    if (!p->put) {
        (void)!files_remove(files, p->row.file, NULL);
        if (p->sample.file.n > 0)
            (void)!files_remove(files, p->sample.file, NULL);
    } else {
        (void)!covers_sweep(p->site, writer, NULL);
    }
    return rc;
}

static enum rc take(struct putting *p, struct writer *writer, struct files *files, struct str bytes,
                    struct fault *fault)
{
    BUF_AUTO said = BUF_INIT(EPUB_SAID_MAX);
    BUF_AUTO pictures = BUF_INIT(PICTURES_BYTES_MAX);
    enum rc rc = epub_read_apart(p->arena, bytes, &said, &p->epub, fault);
    if (rc != RC_OK)
        return rc;
    check_isbn(p);
    if (!epub_is_refused(&p->epub))
        p->checked = epub_check(p->arena, bytes, &p->epub);
    if (epub_is_refused(&p->epub))
        return fault_set(fault, RC_INVALID, "epub: it is refused for what was found in it");
    p->row.digest = sha256(bytes.p, bytes.n);
    p->row.bytes = bytes.n;
    p->row.partial_md5 = epub_partial_md5(p->arena, bytes);
    p->row.version = p->epub.version;
    p->row.added = clock_now();
    p->row.file = file_name(p->arena, "epubs", &p->row.digest, "epub");
    rc = write_facts(p, fault);
    if (rc != RC_OK)
        return rc;
    if (p->first && p->epub.sample.chapters.n > 0)
        make_sample(p, &pictures);
    rc = put_files(p, writer, files, bytes, buf_str(&pictures), fault);
    /* A cover that cannot be shown is no reason to refuse a book. */
    if (rc == RC_OK && p->first && p->epub.cover.n > 0)
        (void)!cover_take(p->site, writer, p->row.edition, COVER_OF_EPUB, p->epub.cover, NULL, NULL,
                          NULL);
    return rc;
}

enum rc epub_may_put(struct site *site, struct store_conn *conn, struct arena *arena,
                     const struct epub_giving *giving, uint64_t bytes, uint64_t *ret_edition,
                     struct fault *fault)
{
    struct putting *p = ARENA_NEW(arena, struct putting);
    *p = (struct putting){.site = site, .arena = arena, .giving = giving, .row.bytes = bytes};
    enum rc rc = check_edition(p, conn, fault);
    if (rc == RC_OK)
        rc = check_room(p, conn, fault);
    if (rc == RC_OK)
        *ret_edition = p->row.edition;
    return rc;
}

enum rc epub_put(struct site *site, struct writer *writer, struct arena *arena,
                 const struct epub_giving *giving, struct epub_taken *ret, struct fault *fault)
{
    struct putting *p = ARENA_NEW(arena, struct putting);
    struct files *files = NULL;
    struct str bytes = STR_NONE;
    *p = (struct putting){.site = site, .arena = arena, .giving = giving};
    *ret = (struct epub_taken){.bytes = 0};
    enum rc rc = prepare(p, &files, fault);
    if (rc == RC_OK) {
        rc = file_read(giving->path, EPUB_BYTES_MAX, arena, &bytes, NULL);
        if (rc == RC_LIMIT)
            epub_add_problem(arena, &p->epub, WRONG_LARGE, STR_NONE, STR("64 MB"));
        if (rc != RC_OK)
            rc =
                fault_set(fault, rc == RC_LIMIT ? RC_INVALID : rc, "epub: the file cannot be read");
    }
    if (rc == RC_OK)
        rc = take(p, writer, files, bytes, fault);
    files_close(files);
    ret->problems = p->epub.problems;
    ret->version = p->epub.version;
    ret->checked = p->checked;
    ret->bytes = bytes.n;
    ret->chapters = p->chapters.n;
    return rc;
}

/* ---- taking it away ---- */

static enum rc remove_cover(struct putting *p, struct store_conn *conn, struct fault *fault)
{
    struct cover_row cover;
    enum rc rc = cover_row_get(conn, p->arena, p->row.edition, &cover, NULL);
    if (rc == RC_NOT_FOUND || (rc == RC_OK && !str_is(cover.source, "epub")))
        return RC_OK;
    return rc == RC_OK ? cover_row_remove(conn, p->row.edition, fault) : rc;
}

/* What was bought stays where its readers get it, unless `delivery` is withheld; and so does what
 * somebody has ordered and is about to pay. */
static enum rc check_bought(const struct putting *p, struct store_conn *conn, uint64_t shop,
                            struct fault *fault)
{
    uint64_t readers = 0;
    enum rc rc = library_readers_of(conn, p->row.edition, shop, &readers, fault);
    return rc == RC_OK && readers > 0
               ? fault_set(fault, RC_INVALID,
                           "epub: readers have bought it, and what was bought stays theirs; send a "
                           "better file in its place, or ask that delivery be withheld")
               : rc;
}

/* The sample, and the cover, where they came out of one of this shop's files. */
static enum rc remove_sample(struct putting *p, struct store_conn *conn, const epub_rows *rows,
                             uint64_t shop, struct fault *fault)
{
    struct sample_row sample = {.epub = 0};
    bool its = true; /* nobody else's */
    for (size_t i = 0; i < rows->n; i++)
        its = its && (rows->v[i].file.n == 0 || rows->v[i].shop == shop);
    enum rc rc = sample_row_get(conn, p->arena, p->row.edition, &sample, fault);
    for (size_t i = 0; rc == RC_OK && i < rows->n; i++)
        if (rows->v[i].id == sample.epub)
            its = rows->v[i].shop == shop;
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    if (!its)
        return RC_OK;
    rc = sample_row_remove(conn, p->row.edition, fault);
    return rc == RC_OK ? remove_cover(p, conn, fault) : rc;
}

/* All that one shop sent. */
static enum rc remove_of(struct putting *p, struct store_conn *conn, const epub_rows *rows,
                         uint64_t shop, struct fault *fault)
{
    enum rc rc = check_bought(p, conn, shop, fault);
    if (rc == RC_OK)
        rc = remove_sample(p, conn, rows, shop, fault);
    return rc == RC_OK ? epub_files_remove(conn, p->row.edition, shop, clock_now(), fault) : rc;
}

static enum rc remove_rows(void *context, struct store_conn *conn, struct fault *fault)
{
    struct putting *p = context;
    struct catalogue_edition stored;
    epub_rows rows = {NULL, 0};
    bool all = p->giving->shop == NULL && p->giving->seller.n == 0, any = false;
    enum rc rc = find_edition(p, conn, &stored, fault);
    if (rc == RC_OK && !all)
        rc = find_shop(p, conn, &stored, &p->row.shop, fault);
    if (rc == RC_OK)
        rc = epub_rows_of(conn, p->arena, p->row.edition, ROWS_MAX, &rows, fault);
    for (size_t i = 0; rc == RC_OK && i < rows.n; i++)
        if (rows.v[i].file.n > 0 && (all || rows.v[i].shop == p->row.shop)) {
            uint64_t shop = rows.v[i].shop;
            rc = remove_of(p, conn, &rows, shop, fault);
            for (size_t k = i; k < rows.n; k++)
                if (rows.v[k].shop == shop)
                    rows.v[k].file = STR_NONE; /* gone with it */
            any = true;
        }
    return rc == RC_OK && !any
               ? fault_set(fault, RC_NOT_FOUND, "no EPUB is kept of %.*s", STR_ARG(p->giving->isbn))
               : rc;
}

enum rc epub_remove(struct site *site, struct writer *writer, struct arena *arena,
                    const struct epub_giving *giving, struct fault *fault)
{
    struct putting *p = ARENA_NEW(arena, struct putting);
    *p = (struct putting){.site = site, .arena = arena, .giving = giving};
    enum rc rc = writer_run(writer, remove_rows, p, fault);
    if (rc != RC_OK)
        return rc;
    crash_point("epub-unnamed");
    rc = covers_sweep(site, writer, fault);
    return rc == RC_OK ? RC_OK
                       : fault_prefix(fault, rc,
                                      "no page shows it any more, but a file of it is "
                                      "still there: run files check");
}

static void read_problems(struct arena *arena, const json_t *json, epub_problems *ret)
{
    struct epub e = {.fixed = false};
    const json_t *one;
    size_t i;
    json_array_foreach (json_object_get(json, "problems"), i, one) {
        enum epub_wrong wrong;
        if (epub_wrong_parse(str_of(json_string_value(json_array_get(one, 0))), &wrong))
            epub_add_problem(arena, &e, wrong, str_of(json_string_value(json_array_get(one, 1))),
                             str_of(json_string_value(json_array_get(one, 2))));
    }
    ret->v = e.problems.v;
    ret->n = e.problems.n;
}

void epub_problems_read(struct arena *arena, struct str text, epub_problems *ret)
{
    JSON_AUTO *json = NULL;
    if (json_read(text, &json, NULL) == RC_OK)
        read_problems(arena, json, ret);
}

/* What was found in one of them, as write_facts kept it. */
static void read_report(struct arena *arena, struct str facts, struct epub_version *ret)
{
    JSON_AUTO *json = NULL;
    if (json_read(facts, &json, NULL) != RC_OK)
        return;
    ret->checked = arena_str(arena, json_member_str(json, "checked"));
    read_problems(arena, json, &ret->problems);
}

enum rc epub_history(struct store_conn *conn, struct arena *arena, uint64_t edition, uint64_t shop,
                     epub_versions *ret, struct fault *fault)
{
    epub_rows rows;
    enum rc rc = epub_rows_of(conn, arena, edition, HISTORY_MAX, &rows, fault);
    if (rc != RC_OK)
        return rc;
    ret->v = ARENA_ARRAY(arena, struct epub_version, rows.n);
    ret->n = 0;
    for (size_t i = 0; i < rows.n; i++) {
        const struct epub_row *r = &rows.v[i];
        if (r->shop != shop && r->shop != 0)
            continue;
        struct epub_version *version = &ret->v[ret->n++];
        *version = (struct epub_version){.bytes = r->bytes,
                                         .gone = r->file.n == 0,
                                         .unclaimed = r->shop == 0 && r->replaced == 0,
                                         .version = r->version,
                                         .digest = r->digest,
                                         .added = r->added,
                                         .replaced = r->replaced};
        read_report(arena, r->facts, version);
    }
    return RC_OK;
}
