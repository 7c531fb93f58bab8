#include "store/epubs.h"

#include "store/db.h"

static enum rc read_epub(const struct query *q, struct arena *arena, void *ret, struct fault *fault)
{
    struct epub_row e = {.id = (uint64_t)query_get_int(q, 0),
                         .edition = (uint64_t)query_get_int(q, 1),
                         .file = query_get_str(q, 2, arena),
                         .partial_md5 = query_get_str(q, 4, arena),
                         .bytes = (uint64_t)query_get_int(q, 5),
                         .version = query_get_str(q, 6, arena),
                         .facts = query_get_str(q, 7, arena),
                         .added = query_get_int(q, 8),
                         .replaced = query_get_int(q, 9),
                         .shop = (uint64_t)query_get_int(q, 10)};
    struct str digest = query_peek(q, 3);
    if (digest.n != sizeof e.digest.b)
        return fault_set(fault, RC_CORRUPT, "an EPUB's digest has %zu bytes", digest.n);
    memcpy(e.digest.b, digest.p, sizeof e.digest.b);
    *(struct epub_row *)ret = e;
    return RC_OK;
}

static struct query of_edition(struct store_conn *conn, uint64_t edition, uint64_t shop)
{
    struct query q = query_start(conn, SQL_EPUB_GET);
    query_int(&q, 1, (int64_t)edition);
    query_int(&q, 2, (int64_t)shop);
    return q;
}

void epub_row_ask(struct store_conn *conn, uint64_t edition, uint64_t shop)
{
    QUERY q = of_edition(conn, edition, shop);
    query_ask(&q);
}

enum rc epub_row_get(struct store_conn *conn, struct arena *arena, uint64_t edition, uint64_t shop,
                     struct epub_row *ret, struct fault *fault)
{
    QUERY q = of_edition(conn, edition, shop);
    enum rc rc = query_step(&q, fault);
    return rc == RC_OK ? read_epub(&q, arena, ret, fault) : rc;
}

static enum rc list_epubs(struct store_conn *conn, struct arena *arena, enum statement name,
                          uint64_t key, size_t room, epub_rows *ret, struct fault *fault)
{
    QUERY q = query_start(conn, name);
    query_int(&q, 1, (int64_t)key);
    query_int(&q, 2, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_epub, &ret->v, &ret->n, fault);
}

enum rc epub_rows_of(struct store_conn *conn, struct arena *arena, uint64_t edition, size_t room,
                     epub_rows *ret, struct fault *fault)
{
    return list_epubs(conn, arena, SQL_EPUBS_OF, edition, room, ret, fault);
}

enum rc epub_files_of(struct store_conn *conn, struct arena *arena, uint64_t edition,
                      struct str shop, int64_t since, size_t latest, epub_rows *ret,
                      struct fault *fault)
{
    QUERY q = query_start(conn, SQL_EPUB_FILES_OF);
    query_int(&q, 1, (int64_t)edition);
    query_int(&q, 2, (int64_t)latest);
    query_str(&q, 3, shop);
    query_int(&q, 4, since);
    return QUERY_ROWS(&q, arena, latest + 1, read_epub, &ret->v, &ret->n, fault);
}

enum rc epub_of_shop(struct store_conn *conn, struct arena *arena, uint64_t edition, uint64_t shop,
                     struct epub_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_EPUB_OF_SHOP);
    query_int(&q, 1, (int64_t)edition);
    query_int(&q, 2, (int64_t)shop);
    enum rc rc = query_step(&q, fault);
    return rc == RC_OK ? read_epub(&q, arena, ret, fault) : rc;
}

static struct query senders_of(struct store_conn *conn, uint64_t edition)
{
    struct query q = query_start(conn, SQL_EPUB_SENDERS);
    query_int(&q, 1, (int64_t)edition);
    return q;
}

void epub_senders_ask(struct store_conn *conn, uint64_t edition)
{
    QUERY q = senders_of(conn, edition);
    query_ask(&q);
}

enum rc epub_senders(struct store_conn *conn, struct arena *arena, uint64_t edition,
                     epub_sender_list *ret, struct fault *fault)
{
    size_t room = 0;
    enum rc rc;
    *ret = (epub_sender_list){NULL, 0};
    QUERY q = senders_of(conn, edition);
    while ((rc = query_step(&q, fault)) == RC_OK) {
        ARENA_ROOM(arena, ret->v, ret->n, room);
        ret->v[ret->n++] = (uint64_t)query_get_int(&q, 0);
    }
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc epub_rows_after(struct store_conn *conn, struct arena *arena, uint64_t after, size_t room,
                        epub_rows *ret, struct fault *fault)
{
    return list_epubs(conn, arena, SQL_EPUBS_AFTER, after, room, ret, fault);
}

bool epub_sent_by(const epub_sender_list *senders, uint64_t shop)
{
    for (size_t i = 0; i < senders->n; i++)
        if (senders->v[i] == shop)
            return true;
    return false;
}

static enum rc run_with(struct store_conn *conn, enum statement name, uint64_t edition,
                        uint64_t shop, int64_t value, struct fault *fault)
{
    QUERY q = query_start(conn, name);
    query_int(&q, 1, (int64_t)edition);
    query_int(&q, 2, value);
    query_int(&q, 3, (int64_t)shop);
    return query_run(&q, fault);
}

static enum rc drop_files(struct store_conn *conn, uint64_t edition, uint64_t shop, int64_t but,
                          struct fault *fault)
{
    enum rc rc = run_with(conn, SQL_EPUB_FILES_LEAVE, edition, shop, but, fault);
    return rc == RC_OK ? run_with(conn, SQL_EPUB_FILES_LEFT, edition, shop, but, fault) : rc;
}

enum rc epub_files_remove(struct store_conn *conn, uint64_t edition, uint64_t shop, int64_t now,
                          struct fault *fault)
{
    enum rc rc = run_with(conn, SQL_EPUB_REPLACE, edition, shop, now, fault);
    if (rc == RC_OK)
        rc = drop_files(conn, edition, shop, 0, fault);
    return rc == RC_OK ? store_change(conn, "epub", edition, fault) : rc;
}

enum rc epub_bytes_of_shop(struct store_conn *conn, uint64_t shop, uint64_t *ret,
                           struct fault *fault)
{
    QUERY q = query_start(conn, SQL_EPUB_BYTES_OF_SHOP);
    query_int(&q, 1, (int64_t)shop);
    return query_number(&q, ret, fault);
}

enum rc epub_row_put(struct store_conn *conn, struct epub_row *row, struct fault *fault)
{
    enum rc rc = store_take_ids(conn, "epub", 1, &row->id, fault);
    if (rc == RC_OK)
        rc = run_with(conn, SQL_EPUB_REPLACE, row->edition, row->shop, row->added, fault);
    if (rc != RC_OK)
        return rc;
    QUERY q = query_start(conn, SQL_EPUB_ADD);
    query_int(&q, 1, (int64_t)row->id);
    query_int(&q, 2, (int64_t)row->edition);
    query_str(&q, 3, row->file);
    query_bytes(&q, 4, row->digest.b, sizeof row->digest.b);
    query_str(&q, 5, row->partial_md5);
    query_int(&q, 6, (int64_t)row->bytes);
    query_str(&q, 7, row->version);
    query_str(&q, 8, row->facts);
    query_int(&q, 9, row->added);
    query_int(&q, 10, (int64_t)row->shop);
    rc = query_run(&q, fault);
    if (rc == RC_OK)
        rc = drop_files(conn, row->edition, row->shop, EPUB_FILES_KEPT, fault);
    return rc == RC_OK ? store_change(conn, "epub", row->edition, fault) : rc;
}

/* ---- samples ---- */

static enum rc read_sample(const struct query *q, struct arena *arena, void *ret,
                           struct fault *fault)
{
    struct sample_row s = {.edition = (uint64_t)query_get_int(q, 0),
                           .epub = (uint64_t)query_get_int(q, 1),
                           .setting = query_get_str(q, 2, arena),
                           .chapters = (uint64_t)query_get_int(q, 3),
                           .text = (uint64_t)query_get_int(q, 4),
                           .whole = (uint64_t)query_get_int(q, 5),
                           .file = query_get_str(q, 6, arena)};
    struct str digest = query_peek(q, 7);
    if (s.file.n > 0 && digest.n != sizeof s.digest.b)
        return fault_set(fault, RC_CORRUPT, "a sample's digest has %zu bytes", digest.n);
    if (s.file.n > 0)
        memcpy(s.digest.b, digest.p, sizeof s.digest.b);
    s.bytes = (uint64_t)query_get_int(q, 8);
    s.parts = query_get_str(q, 9, arena);
    *(struct sample_row *)ret = s;
    return RC_OK;
}

enum rc sample_row_get(struct store_conn *conn, struct arena *arena, uint64_t edition,
                       struct sample_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SAMPLE_GET);
    query_int(&q, 1, (int64_t)edition);
    enum rc rc = query_step(&q, fault);
    return rc == RC_OK ? read_sample(&q, arena, ret, fault) : rc;
}

enum rc sample_rows_after(struct store_conn *conn, struct arena *arena, uint64_t after, size_t room,
                          sample_rows *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SAMPLES_AFTER);
    query_int(&q, 1, (int64_t)after);
    query_int(&q, 2, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_sample, &ret->v, &ret->n, fault);
}

static enum rc read_chapter(const struct query *q, struct arena *arena, void *ret,
                            struct fault *fault)
{
    (void)fault;
    *(struct sample_chapter_row *)ret = (struct sample_chapter_row){
        (uint64_t)query_get_int(q, 0), query_get_str(q, 1, arena), query_get_str(q, 2, arena),
        query_get_str(q, 3, arena), query_get_str(q, 4, arena)};
    return RC_OK;
}

enum rc sample_contents(struct store_conn *conn, struct arena *arena, uint64_t edition, size_t room,
                        sample_chapter_rows *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SAMPLE_CONTENTS);
    query_int(&q, 1, (int64_t)edition);
    query_int(&q, 2, (int64_t)room);
    return QUERY_ROWS(&q, arena, room, read_chapter, &ret->v, &ret->n, fault);
}

enum rc sample_chapter_get(struct store_conn *conn, struct arena *arena, uint64_t edition,
                           uint64_t n, struct sample_chapter_row *ret, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SAMPLE_CHAPTER_GET);
    query_int(&q, 1, (int64_t)edition);
    query_int(&q, 2, (int64_t)n);
    enum rc rc = query_step(&q, fault);
    return rc == RC_OK ? read_chapter(&q, arena, ret, fault) : rc;
}

enum rc sample_row_remove(struct store_conn *conn, uint64_t edition, struct fault *fault)
{
    static const enum statement steps[] = {SQL_SAMPLE_LEAVES, SQL_SAMPLE_REMOVE,
                                           SQL_SAMPLE_CHAPTERS_REMOVE};
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < sizeof steps / sizeof *steps; i++) {
        QUERY q = query_start(conn, steps[i]);
        query_int(&q, 1, (int64_t)edition);
        rc = query_run(&q, fault);
    }
    return rc;
}

static enum rc add_chapter(struct store_conn *conn, uint64_t edition,
                           const struct sample_chapter_row *c, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SAMPLE_CHAPTER_ADD);
    query_int(&q, 1, (int64_t)edition);
    query_int(&q, 2, (int64_t)c->n);
    query_str(&q, 3, c->title);
    query_str(&q, 4, c->language);
    query_str(&q, 5, c->direction);
    query_str(&q, 6, c->html);
    return query_run(&q, fault);
}

enum rc sample_row_add(struct store_conn *conn, const struct sample_row *row,
                       const sample_chapter_rows *chapters, struct fault *fault)
{
    QUERY q = query_start(conn, SQL_SAMPLE_ADD);
    query_int(&q, 1, (int64_t)row->edition);
    query_int(&q, 2, (int64_t)row->epub);
    query_str(&q, 3, row->setting);
    query_int(&q, 4, (int64_t)row->chapters);
    query_int(&q, 5, (int64_t)row->text);
    query_int(&q, 6, (int64_t)row->whole);
    query_str(&q, 7, row->file);
    query_bytes(&q, 8, row->digest.b, sizeof row->digest.b);
    query_int(&q, 9, (int64_t)row->bytes);
    query_bytes(&q, 10, row->parts.p, row->parts.n);
    enum rc rc = query_run(&q, fault);
    for (size_t i = 0; rc == RC_OK && i < chapters->n; i++)
        rc = add_chapter(conn, row->edition, &chapters->v[i], fault);
    return rc;
}
