#include "app/feeds.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/file.h"
#include "base/utf8.h"
#include "store/feeds.h"

enum rc feeds_folder(const struct site *site, struct arena *arena, const char **ret,
                     struct fault *fault)
{
    const char *path = site_path(site, arena, "feeds");
    if (mkdir(path, 0700) != 0 && errno != EEXIST)
        return fault_set(fault, RC_IO, "%s: %s", path, strerror(errno));
    *ret = path;
    return RC_OK;
}

enum rc feeds_node(const struct site *site, struct arena *arena, struct str *ret,
                   struct fault *fault)
{
    enum { NODE_MAX = 64 };
    uint8_t id[8];
    const char *path = site_path(site, arena, "node");
    enum rc rc = file_read(path, NODE_MAX, arena, ret, fault);
    if (rc != RC_NOT_FOUND)
        return rc;
    random_bytes(id, sizeof id);
    *ret = hex_str(arena, id, sizeof id);
    return file_replace(path, *ret, fault);
}

struct str feed_name_clean(struct arena *arena, struct str name)
{
    for (size_t i = name.n; i > 0; i--)
        if (name.p[i - 1] == '/' || name.p[i - 1] == '\\') {
            name = str_sub(name, i, name.n);
            break;
        }
    name = str_trim(name);
    bool good = name.n > 0 && utf8_clean(name) && str_find(name, '\n') == name.n &&
                str_find(name, '\t') == name.n;
    return good ? arena_str(arena, utf8_cut(name, FEED_NAME_MAX)) : STR("feed");
}

static enum rc add_work(void *context, struct store_conn *conn, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct feed_row *row = context, *open;
    size_t n = 0;
    uint64_t bytes = row->bytes_all;
    enum rc rc = feed_rows_open_of(conn, &arena, row->shop, FEEDS_OPEN_MAX, &open, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        bytes += str_eq(open[i].source, STR("form")) ? open[i].bytes_all : 0;
    if (rc == RC_OK && (n == FEEDS_OPEN_MAX || bytes > FEED_OPEN_BYTES_MAX))
        return fault_set(fault, RC_INVALID,
                         "feed: too many of this shop wait; send it when one of them is imported");
    return rc == RC_OK ? feed_row_add(conn, row, &row->id, fault) : rc;
}

/* Here, where nobody else waits for the disk: the one who reads forms serves others, too. */
bool feed_file_durable(const char *path, struct stat *ret)
{
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    bool durable = fd >= 0 && fstat(fd, ret) == 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return durable;
}

enum rc feed_add(struct site *site, struct writer *writer, const struct viewer *viewer,
                 const struct partner_shop *shop, struct str name, const char *path,
                 uint64_t *ret_id, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    uint8_t id[12];
    struct stat st;
    random_bytes(id, sizeof id);
    struct feed_row row = {
        .shop = shop->id,
        .name = name,
        .file = arena_printf(&arena, "feeds/%.*s", STR_ARG(hex_str(&arena, id, sizeof id))),
        .source = STR("form"),
        .account = viewer->account,
        .received = clock_now()};
    const char *kept = site_path(site, &arena, arena_z(&arena, row.file));
    enum rc rc = feeds_node(site, &arena, &row.node, fault);
    if (rc == RC_OK && (!feed_file_durable(path, &st) || rename(path, kept) != 0))
        rc = fault_set(fault, RC_IO, "%s: %s", kept, strerror(errno));
    if (rc == RC_OK) {
        file_sync_folder_of(kept);
        row.bytes_all = (uint64_t)st.st_size;
        rc = writer_run(writer, add_work, &row, fault);
        if (rc != RC_OK)
            unlink(kept);
    }
    if (rc == RC_OK)
        *ret_id = row.id;
    return rc;
}

struct stopping {
    uint64_t shop, id;
};

static enum rc stop_work(void *context, struct store_conn *conn, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    const struct stopping *s = context;
    struct feed_row row;
    enum rc rc = feed_row_get(conn, &arena, s->id, &row, fault);
    if (rc == RC_NOT_FOUND || (rc == RC_OK && row.shop != s->shop))
        return fault_set(fault, RC_NOT_FOUND, "there is no such thing");
    return rc == RC_OK ? feed_row_halt(conn, s->id, fault) : rc;
}

enum rc feed_stop(struct writer *writer, const struct partner_shop *shop, uint64_t id,
                  struct fault *fault)
{
    struct stopping s = {shop->id, id};
    return writer_run(writer, stop_work, &s, fault);
}

static enum feed_state state_of(struct str name)
{
    if (str_eq(name, STR("waiting")))
        return FEED_WAITING;
    if (str_eq(name, STR("running")))
        return FEED_RUNNING;
    return str_eq(name, STR("taken")) ? FEED_TAKEN : FEED_HELD;
}

static struct feed feed_of(const struct feed_row *row)
{
    return (struct feed){.id = row->id,
                         .name = row->name,
                         .dropped = str_eq(row->source, STR("folder")),
                         .received = row->received,
                         .started = row->started,
                         .ended = row->ended,
                         .state = state_of(row->state),
                         .attempts = row->attempts,
                         .bytes = row->bytes,
                         .bytes_all = row->bytes_all,
                         .records = row->records,
                         .added = row->added,
                         .changed = row->changed,
                         .unchanged = row->unchanged,
                         .deleted = row->deleted,
                         .refused = row->refused,
                         .reason = row->reason,
                         .halted = row->halted};
}

enum rc feeds_read(struct store_conn *conn, struct arena *arena, const struct partner_shop *shop,
                   size_t offset, size_t room, feed_list *ret, uint64_t *ret_total,
                   struct fault *fault)
{
    struct feed_row *rows;
    size_t n;
    enum rc rc = feed_row_count(conn, shop->id, ret_total, fault);
    if (rc == RC_OK)
        rc = feed_rows_of_shop(conn, arena, shop->id, offset, room, &rows, &n, fault);
    if (rc != RC_OK)
        return rc;
    ret->v = ARENA_ARRAY(arena, struct feed, n);
    ret->n = n;
    for (size_t i = 0; i < n; i++)
        ret->v[i] = feed_of(&rows[i]);
    return RC_OK;
}

enum rc feed_get(struct store_conn *conn, struct arena *arena, const struct partner_shop *shop,
                 uint64_t id, struct feed *ret, struct fault *fault)
{
    struct feed_row row;
    enum rc rc = feed_row_get(conn, arena, id, &row, fault);
    if (rc == RC_NOT_FOUND || (rc == RC_OK && row.shop != shop->id))
        return fault_set(fault, RC_NOT_FOUND, "there is no such thing");
    if (rc != RC_OK)
        return rc;
    *ret = feed_of(&row);
    return finding_row_counts(conn, id, &ret->errors, &ret->warnings, &ret->informations, fault);
}

enum rc feed_compare(struct store_conn *conn, struct arena *arena, const struct partner_shop *shop,
                     const struct feed *feed, struct feed_before *ret, struct fault *fault)
{
    struct feed_row row;
    *ret = (struct feed_before){.found = 0};
    enum rc rc = feed_row_before(conn, arena, shop->id, feed->name, feed->id, &row, fault);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    ret->feed = feed_of(&row);
    rc = finding_rows_beyond(conn, feed->id, row.id, &ret->found, fault);
    return rc == RC_OK ? finding_rows_beyond(conn, row.id, feed->id, &ret->gone, fault) : rc;
}

enum rc feed_findings(struct store_conn *conn, struct arena *arena, uint64_t feed,
                      struct str severity, uint64_t after, size_t room, finding_list *ret,
                      struct fault *fault)
{
    struct finding_row *rows;
    size_t n;
    if (severity.n > 0 && !str_is(severity, "error") && !str_is(severity, "warning") &&
        !str_is(severity, "information"))
        return fault_set(fault, RC_INVALID, "severity: error, warning or information");
    enum rc rc = finding_rows(conn, arena, feed, severity, after, room, &rows, &n, fault);
    if (rc != RC_OK)
        return rc;
    ret->v = ARENA_ARRAY(arena, struct feed_finding, n);
    ret->n = n;
    for (size_t i = 0; i < n; i++)
        ret->v[i] = (struct feed_finding){rows[i].n,         rows[i].severity, rows[i].line,
                                          rows[i].reference, rows[i].isbn,     rows[i].element,
                                          rows[i].code,      rows[i].reason,   rows[i].times};
    return RC_OK;
}
