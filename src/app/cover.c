#include "app/cover.h"

#include <pthread.h>
#include <unistd.h>

#include "app/byte_cache.h"
#include "app/counters.h"
#include "app/renditions.h"
#include "app/site_files.h"
#include "base/clock.h"
#include "base/crash.h"
#include "base/file.h"
#include "domain/isbn.h"
#include "store/catalogue.h"
#include "store/cover_queue.h"
#include "store/store.h"

enum { SWEEP_AT_ONCE = 200 };

/* ---- giving one ---- */

/* "covers/3f/3f9c…-0011223344556677.jpg": by its bytes, and never used again, so
 * that removing it takes nothing from anybody else. */
static struct str name_of(struct arena *arena, const struct hash *digest)
{
    uint8_t own[8];
    BUF_AUTO hex = BUF_INIT(200);
    random_bytes(own, sizeof own);
    hex_add(&hex, digest->b, sizeof digest->b);
    buf_char(&hex, '-');
    hex_add(&hex, own, sizeof own);
    return arena_printf(arena, "covers/%.2s/%.*s.jpg", hex.p, STR_ARG(buf_str(&hex)));
}

static const struct str sources[] = {
    [COVER_GIVEN] = {"given", 5}, [COVER_OF_FEED] = {"feed", 4}, [COVER_OF_EPUB] = {"epub", 4}};

/* Whether what is there stands over what comes. */
static bool stands_over(struct str before, enum cover_source source)
{
    return (source != COVER_GIVEN && str_eq(before, sources[COVER_GIVEN])) ||
           (source == COVER_OF_EPUB && str_eq(before, sources[COVER_OF_FEED]));
}

struct giving {
    struct site *site;
    struct str isbn;
    struct cover_row row, before;
    struct str address; /* where its file was put */
    size_t missing;     /* forms that could not be made */
    bool put;           /* the row names it, once that is committed */
    enum cover_source source;
    write_work note; /* besides; may be NULL */
    void *context;
    struct arena arena;
};

static enum rc edition_of(struct store_conn *conn, struct str isbn, uint64_t *ret,
                          struct fault *fault)
{
    uint64_t work;
    enum rc rc = catalogue_edition_known(conn, isbn, ret, &work, fault);
    return rc == RC_NOT_FOUND ? fault_set(fault, rc, "%.*s is not in the catalogue", STR_ARG(isbn))
                              : rc;
}

static enum rc put_row(void *context, struct store_conn *conn, struct fault *fault)
{
    struct giving *g = context;
    struct str now;
    enum rc rc =
        g->source != COVER_GIVEN ? RC_OK : edition_of(conn, g->isbn, &g->row.edition, fault);
    if (rc == RC_OK)
        rc = site_files_address(g->site, conn, &g->arena, &now, fault);
    if (rc == RC_OK && !str_eq(now, g->address))
        rc = fault_set(fault, RC_BUSY, "the files moved meanwhile; run it again");
    if (rc != RC_OK)
        return rc;
    rc = cover_row_get(conn, &g->arena, g->row.edition, &g->before, fault);
    bool stays = rc == RC_OK && stands_over(g->before.source, g->source);
    if (rc == RC_NOT_FOUND)
        rc = RC_OK;
    if (rc == RC_OK && !stays)
        rc = cover_row_put(conn, &g->row, fault);
    if (rc == RC_OK && g->note != NULL)
        rc = g->note(g->context, conn, fault);
    g->put = rc == RC_OK && !stays;
    return rc;
}

static enum rc remove_row(void *context, struct store_conn *conn, struct fault *fault)
{
    struct giving *g = context;
    enum rc rc = edition_of(conn, g->isbn, &g->row.edition, fault);
    if (rc == RC_OK)
        rc = site_files_address(g->site, conn, &g->arena, &g->address, fault);
    if (rc == RC_OK)
        rc = cover_row_get(conn, &g->arena, g->row.edition, &g->before, fault);
    if (rc == RC_NOT_FOUND && fault != NULL && g->row.edition != 0)
        rc = fault_set(fault, rc, "no cover was given for %.*s", STR_ARG(g->isbn));
    if (rc == RC_OK)
        rc = cover_row_remove(conn, g->row.edition, fault);
    return rc == RC_OK ? cover_fetch_anew(conn, g->row.edition, 0, fault) : rc;
}

static enum rc open_files(struct giving *g, struct files **ret, struct fault *fault)
{
    struct store_conn *conn = NULL;
    enum rc rc = site_connect_wholly(g->site, &conn, fault);
    if (rc == RC_OK)
        rc = site_files_address(g->site, conn, &g->arena, &g->address, fault);
    if (rc == RC_OK)
        rc = site_files_open(g->site, g->address, FILES_KEPT, ret, fault);
    site_disconnect(conn);
    return rc;
}

/* The edition is known and the files can be opened: before anything is decoded. */
static enum rc prepare(struct site *site, struct giving *g, struct str isbn, char ret_isbn[14],
                       struct files **ret, struct fault *fault)
{
    struct store_conn *conn = NULL;
    uint64_t edition;
    if (!isbn_parse(isbn, ret_isbn))
        return fault_set(fault, RC_INVALID, "--isbn: “%.*s” is no ISBN", STR_ARG(isbn));
    g->site = site;
    g->isbn = str_of(ret_isbn);
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = edition_of(conn, g->isbn, &edition, fault);
    if (rc == RC_OK)
        rc = site_files_address(site, conn, &g->arena, &g->address, fault);
    if (rc == RC_OK)
        rc = site_files_open(site, g->address, FILES_KEPT, ret, fault);
    site_disconnect(conn);
    return rc;
}

/* Decoded, and its row but for the edition. */
static enum rc make_row(struct giving *g, struct str bytes, struct buf *ret, struct fault *fault)
{
    rendition_list parts;
    size_t missing = 0;
    BUF_AUTO packed = BUF_INIT(4096);
    enum rc rc = renditions_make(&g->arena, bytes, ret, &parts, &missing, fault);
    if (rc != RC_OK)
        return rc;
    g->missing = missing;
    count(&site_counters(g->site)->cover_forms_missing, missing);
    renditions_pack(&parts, &packed);
    g->row = (struct cover_row){.digest = sha256(ret->p, ret->n),
                                .bytes = ret->n,
                                .width = parts.v[0].width,
                                .height = parts.v[0].height,
                                .created = clock_now(),
                                .source = sources[g->source],
                                .edition = g->row.edition,
                                .parts = arena_str(&g->arena, buf_str(&packed))};
    g->row.file = name_of(&g->arena, &g->row.digest);
    return RC_OK;
}

/* The file, then the row that names it; then the file before it goes. */
static enum rc put_both(struct giving *g, struct writer *writer, struct files *files,
                        struct str made, struct fault *fault)
{
    enum rc rc = kept_file_put(files, g->row.file, &g->row.digest, made, "image/jpeg", fault);
    crash_point("cover-put");
    if (rc == RC_OK)
        rc = writer_run(writer, put_row, g, fault);
    crash_point("cover-named");
    /* Nobody names the one that lost; a file too many does no harm, one that a row names
     * after all does: an answer to a commit may be lost. */
    if (!g->put)
        (void)!files_remove(files, g->row.file, NULL);
    else if (rc == RC_OK && g->before.file.n > 0)
        (void)!covers_sweep(g->site, writer, NULL);
    return rc;
}

enum rc cover_put(struct site *site, struct writer *writer, struct str isbn, const char *path,
                  struct cover_taken *ret, struct fault *fault)
{
    struct giving g = {.arena = ARENA_INIT};
    struct files *files = NULL;
    char digits[14];
    struct str given = STR_NONE;
    BUF_AUTO made = BUF_INIT(COVER_FILE_MAX);
    enum rc rc = prepare(site, &g, isbn, digits, &files, fault);
    if (rc == RC_OK)
        rc = file_read(path, PICTURE_BYTES_MAX, &g.arena, &given, fault);
    if (rc == RC_OK) {
        rc = make_row(&g, given, &made, fault);
        if (rc != RC_OK)
            fault_prefix(fault, rc, "%s", path);
    }
    if (rc == RC_OK)
        rc = put_both(&g, writer, files, buf_str(&made), fault);
    files_close(files);
    if (rc == RC_OK)
        *ret =
            (struct cover_taken){g.row.width, g.row.height, g.row.bytes, g.row.digest, g.missing};
    arena_free(&g.arena);
    return rc;
}

enum rc cover_take(struct site *site, struct writer *writer, uint64_t edition,
                   enum cover_source source, struct str bytes, write_work note, void *context,
                   struct fault *fault)
{
    struct giving g = {.site = site,
                       .row = {.edition = edition},
                       .source = source,
                       .note = note,
                       .context = context,
                       .arena = ARENA_INIT};
    struct files *files = NULL;
    BUF_AUTO made = BUF_INIT(COVER_FILE_MAX);
    enum rc rc = open_files(&g, &files, fault);
    if (rc == RC_OK)
        rc = make_row(&g, bytes, &made, fault);
    if (rc == RC_OK)
        rc = put_both(&g, writer, files, buf_str(&made), fault);
    files_close(files);
    arena_free(&g.arena);
    return rc;
}

/* ---- what goes ---- */

struct dropping {
    const uint64_t *editions;
    size_t n;
};

static enum rc drop_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct dropping *d = context;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < d->n; i++) {
        ARENA_AUTO arena = ARENA_INIT;
        struct cover_row before;
        rc = cover_fetch_remove(conn, d->editions[i], fault);
        if (rc == RC_OK)
            rc = cover_row_get(conn, &arena, d->editions[i], &before, fault);
        if (rc == RC_OK && str_eq(before.source, STR("feed")))
            rc = cover_row_remove(conn, d->editions[i], fault);
        if (rc == RC_NOT_FOUND)
            rc = RC_OK;
    }
    return rc;
}

enum rc cover_drop(struct writer *writer, const uint64_t *editions, size_t n, struct fault *fault)
{
    struct dropping d = {editions, n};
    return writer_run(writer, drop_work, &d, fault);
}

struct sweeping {
    struct str *names;
    size_t n;
};

static enum rc left_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct sweeping *s = context;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < s->n; i++)
        rc = file_left(conn, s->names[i], fault);
    return rc;
}

/* One batch; `ret_n` were in it. */
static enum rc sweep_some(struct site *site, struct writer *writer, struct store_conn *conn,
                          size_t *ret_n, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct sweeping s = {0};
    struct files *files = NULL;
    struct str address;
    enum rc rc = files_leaving(conn, &arena, SWEEP_AT_ONCE, &s.names, &s.n, fault);
    *ret_n = 0;
    if (rc != RC_OK || s.n == 0)
        return rc;
    rc = site_files_address(site, conn, &arena, &address, fault);
    if (rc == RC_OK)
        rc = site_files_open(site, address, FILES_KEPT, &files, fault);
    for (size_t i = 0; rc == RC_OK && i < s.n; i++)
        rc = files_remove(files, s.names[i], fault);
    files_close(files);
    if (rc == RC_OK)
        rc = writer_run(writer, left_work, &s, fault);
    *ret_n = s.n;
    return rc;
}

enum rc covers_sweep(struct site *site, struct writer *writer, struct fault *fault)
{
    struct store_conn *conn = NULL;
    size_t n = SWEEP_AT_ONCE;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    while (rc == RC_OK && n == SWEEP_AT_ONCE)
        rc = sweep_some(site, writer, conn, &n, fault);
    site_disconnect(conn);
    return rc;
}

enum rc cover_remove(struct site *site, struct writer *writer, struct str isbn, struct fault *fault)
{
    struct giving g = {.site = site, .arena = ARENA_INIT};
    char digits[14];
    if (!isbn_parse(isbn, digits))
        return fault_set(fault, RC_INVALID, "--isbn: “%.*s” is no ISBN", STR_ARG(isbn));
    g.isbn = str_of(digits);
    enum rc rc = writer_run(writer, remove_row, &g, fault);
    if (rc == RC_OK) {
        crash_point("cover-unnamed");
        rc = covers_sweep(site, writer, fault);
        if (rc != RC_OK)
            fault_prefix(fault, rc, "the cover is shown no more, but its file is still there");
    }
    arena_free(&g.arena);
    return rc;
}

/* ---- reading for pages ---- */

enum { KEPT_MAX = 256, KEPT_BYTES_MAX = 32 << 20 };

/* A place for files, opened; closed by the last who uses it. */
struct opened {
    struct arena arena;
    struct str address;
    struct files *files; /* NULL where it cannot be opened */
    struct files *parts; /* of a remote one, for whole files: these keep no cover waiting */
    enum rc rc;
    struct fault fault;
    unsigned holders;
};

struct cover_reader {
    struct site *site;
    pthread_mutex_t lock;
    struct opened *opened;
    struct byte_cache *kept; /* of a remote store */
};

struct cover_reader *cover_reader_new(struct site *site)
{
    struct cover_reader *r = calloc(1, sizeof *r);
    if (r == NULL)
        abort();
    r->site = site;
    r->kept = byte_cache_new(KEPT_MAX, KEPT_BYTES_MAX);
    pthread_mutex_init(&r->lock, NULL);
    return r;
}

static void drop(struct cover_reader *r, struct opened *o)
{
    if (o == NULL)
        return;
    pthread_mutex_lock(&r->lock);
    bool last = --o->holders == 0;
    pthread_mutex_unlock(&r->lock);
    if (!last)
        return;
    files_close(o->files);
    files_close(o->parts);
    struct arena arena = o->arena;
    arena_free(&arena); /* it lies there itself */
}

void cover_reader_free(struct cover_reader *r)
{
    if (r == NULL)
        return;
    drop(r, r->opened);
    byte_cache_free(r->kept);
    pthread_mutex_destroy(&r->lock);
    free(r);
}

bool cover_reader_waits(struct cover_reader *r)
{
    pthread_mutex_lock(&r->lock);
    /* Before the first one was read nobody knows. */
    bool waits = r->opened == NULL || files_is_remote(r->opened->address);
    pthread_mutex_unlock(&r->lock);
    return waits;
}

/* Where the database says; the same again as long as it says the same. */
static struct opened *hold(struct cover_reader *r, struct str address)
{
    struct opened *old = NULL;
    pthread_mutex_lock(&r->lock);
    if (r->opened == NULL || !str_eq(r->opened->address, address) || r->opened->files == NULL) {
        struct arena arena = ARENA_INIT;
        struct opened *fresh = ARENA_NEW(&arena, struct opened);
        fresh->address = arena_str(&arena, address);
        fresh->holders = 1;
        fresh->rc = site_files_open(r->site, address, FILES_SERVED, &fresh->files, &fresh->fault);
        if (fresh->rc == RC_OK && files_is_remote(address))
            (void)!site_files_open(r->site, address, FILES_SENT, &fresh->parts, NULL);
        fresh->arena = arena;
        old = r->opened;
        r->opened = fresh;
    }
    struct opened *o = r->opened;
    o->holders++;
    pthread_mutex_unlock(&r->lock);
    drop(r, old);
    return o;
}

enum rc cover_read(struct cover_reader *r, const struct visit *visit,
                   const struct shown_cover *cover, const struct rendition *part, struct buf *ret,
                   struct fault *fault)
{
    struct str address;
    if (part == NULL && cover->parts.n > 0)
        part = &cover->parts.v[0];
    /* What is remembered goes by the file's name and where in it the part begins. */
    const char *name = arena_printf(visit->arena, "%.*s+%llu", STR_ARG(cover->file),
                                    (unsigned long long)(part == NULL ? 0 : part->at))
                           .p;
    enum rc rc = site_files_address(r->site, visit->conn, visit->arena, &address, fault);
    if (rc != RC_OK)
        return rc;
    bool remote = files_is_remote(address);
    if (remote && byte_cache_get(r->kept, name, ret))
        return RC_OK;
    struct opened *o = hold(r, address);
    if (o->files == NULL)
        rc = fault_set(fault, o->rc, "%s", o->fault.text);
    else if (part == NULL)
        rc = kept_file_get(o->files, cover->file, &cover->digest, ret, fault);
    else
        rc = kept_part_get(o->files, cover->file, part, ret, fault);
    drop(r, o);
    if (rc == RC_OK && remote)
        byte_cache_put(r->kept, name, buf_str(ret));
    return rc;
}

/* ---- whole files, as they are sent ---- */

struct file_source {
    struct cover_reader *reader;
    struct opened *opened;
    char *name;
    int fd; /* -1: it is remote */
};

static enum rc source_begin(struct file_source *s, uint64_t bytes, struct fault *fault)
{
    uint64_t size = bytes;
    const struct opened *o = s->opened;
    if (o->files == NULL)
        return fault_set(fault, o->rc, "%s", o->fault.text);
    if (files_is_remote(o->address))
        return RC_OK;
    enum rc rc = files_open_file(o->files, str_of(s->name), &s->fd, &size, fault);
    return rc == RC_OK && size != bytes
               ? fault_set(fault, RC_CORRUPT, "%s: a file is not the one that was kept", s->name)
               : rc;
}

enum rc file_source_open(struct cover_reader *r, const struct visit *visit, struct str file,
                         uint64_t bytes, struct file_source **ret, struct fault *fault)
{
    struct str address;
    enum rc rc = site_files_address(r->site, visit->conn, visit->arena, &address, fault);
    if (rc != RC_OK)
        return rc;
    struct file_source *s = calloc(1, sizeof *s);
    char *name = strndup(file.p, file.n);
    if (s == NULL || name == NULL)
        abort();
    *s = (struct file_source){.reader = r, .opened = hold(r, address), .name = name, .fd = -1};
    rc = source_begin(s, bytes, fault);
    if (rc == RC_OK)
        *ret = s;
    else
        file_source_close(s);
    return rc;
}

void file_source_close(struct file_source *s)
{
    if (s == NULL)
        return;
    if (s->fd >= 0)
        close(s->fd);
    drop(s->reader, s->opened);
    free(s->name);
    free(s);
}

int file_source_take_fd(struct file_source *s)
{
    int fd = s->fd;
    s->fd = -1;
    return fd;
}

enum rc file_source_read(struct file_source *s, uint64_t at, size_t n, struct buf *ret,
                         struct fault *fault)
{
    struct files *files = s->opened->parts != NULL ? s->opened->parts : s->opened->files;
    return files_get_part(files, str_of(s->name), at, n, ret, fault);
}
