#include "app/record_lines.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <unistd.h>

#include "store/record_log.h"

enum { GATHER = 1 << 20 };

struct record_lines {
    pthread_mutex_t lock;
    struct lines_file {
        int fd; /* -1: not made yet */
        uint64_t entries, bytes;
    } files[LOG_COUNT];
};

struct record_lines *record_lines_new(void)
{
    struct record_lines *lines = calloc(1, sizeof *lines);
    if (lines == NULL)
        abort();
    pthread_mutex_init(&lines->lock, NULL);
    for (int i = 0; i < LOG_COUNT; i++)
        lines->files[i].fd = -1;
    return lines;
}

void record_lines_free(struct record_lines *lines)
{
    if (lines == NULL)
        return;
    for (int i = 0; i < LOG_COUNT; i++)
        if (lines->files[i].fd >= 0)
            close(lines->files[i].fd);
    pthread_mutex_destroy(&lines->lock);
    free(lines);
}

static enum rc make_file(struct site *site, struct lines_file *file, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    char *path = arena_z(&arena, arena_printf(&arena, "%s/lines-XXXXXX", site_dir(site)));
    int fd = mkostemp(path, O_CLOEXEC);
    if (fd < 0)
        return fault_set(fault, RC_IO, "%s: %s", path, strerror(errno));
    unlink(path);
    file->fd = fd;
    return RC_OK;
}

struct gathering {
    struct lines_file *file;
    struct buf buf;
    uint64_t entries; /* with what is gathered */
};

/* What is gathered goes behind what is whole in the file; only then does it count. */
static enum rc put(struct gathering *g, struct fault *fault)
{
    uint64_t at = g->file->bytes;
    for (size_t from = 0; from < g->buf.n;) {
        ssize_t n = pwrite(g->file->fd, g->buf.p + from, g->buf.n - from, (off_t)(at + from));
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return fault_set(fault, RC_IO, "the Record's lines: %s", strerror(errno));
        from += (size_t)n;
    }
    g->file->bytes += g->buf.n;
    g->file->entries = g->entries;
    buf_clear(&g->buf);
    return RC_OK;
}

static enum rc gather(void *context, const struct log_entry *entry, struct fault *fault)
{
    struct gathering *g = context;
    buf_str_add(&g->buf, entry->bytes);
    buf_char(&g->buf, '\n');
    g->entries = entry->index + 1;
    return g->buf.n >= GATHER ? put(g, fault) : RC_OK;
}

enum rc record_lines_get(struct record_lines *lines, struct site *site, struct store_conn *conn,
                         enum public_log log, int *ret_fd, uint64_t *ret_bytes,
                         uint64_t *ret_entries, struct fault *fault)
{
    enum log_id id = log == PUBLIC_DECISIONS ? LOG_DECISIONS : LOG_VOICES;
    struct lines_file *file = &lines->files[id];
    struct published_head head = {0};
    ARENA_AUTO arena = ARENA_INIT;
    enum rc rc = publication_head(conn, &arena, log, &head, fault);
    if (rc == RC_NOT_FOUND)
        rc = RC_OK;
    if (rc != RC_OK)
        return rc;
    pthread_mutex_lock(&lines->lock);
    if (file->fd < 0)
        rc = make_file(site, file, fault);
    if (rc == RC_OK && file->entries < head.size) {
        struct gathering g = {.file = file, .buf = BUF_INIT(2 * GATHER), .entries = file->entries};
        rc = record_log_range(conn, id, file->entries, head.size, gather, &g, fault);
        if (rc == RC_OK)
            rc = put(&g, fault);
        buf_free(&g.buf);
    }
    int fd = rc == RC_OK ? fcntl(file->fd, F_DUPFD_CLOEXEC, 3) : -1;
    if (rc == RC_OK && fd < 0)
        rc = fault_set(fault, RC_IO, "the Record's lines: %s", strerror(errno));
    if (rc == RC_OK) {
        *ret_fd = fd;
        *ret_bytes = file->bytes;
        *ret_entries = file->entries;
    }
    pthread_mutex_unlock(&lines->lock);
    return rc;
}
