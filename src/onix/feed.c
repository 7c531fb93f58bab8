#include <archive.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "onix/onix.h"

enum {
    BLOCK = 256 << 10,
    /* Real feeds unpack to ten or thirty times their size. */
    UNPACKED_RATIO = 200,
};
static const uint64_t unpacked_free = (uint64_t)256 << 20, unpacked_max = (uint64_t)16 << 30;

struct feed_file {
    struct arena arena;
    char *name;
    struct archive *archive;
    uint64_t size, unpacked;
};

static enum rc archive_fault(const struct feed_file *file, struct fault *fault)
{
    const char *reason = archive_error_string(file->archive);
    return fault_set(fault, RC_INVALID, "%s: %s", file->name,
                     reason != NULL ? reason : "the compressed data is damaged");
}

enum rc feed_open(const char *path, struct feed_file **ret, struct fault *fault)
{
    struct archive_entry *entry;
    struct stat st;
    bool standard_input = strcmp(path, "-") == 0;
    if (!standard_input && stat(path, &st) != 0)
        return fault_set(fault, RC_NOT_FOUND, "%s: %s", path, strerror(errno));
    if (!standard_input && S_ISDIR(st.st_mode))
        return fault_set(fault, RC_INVALID, "%s: it is a folder", path);
    struct feed_file *file = calloc(1, sizeof *file);
    if (file == NULL)
        abort();
    file->arena = ARENA_INIT;
    file->name = arena_z(&file->arena, str_of(standard_input ? "standard input" : path));
    file->size = standard_input ? 0 : (uint64_t)st.st_size;
    file->archive = archive_read_new();
    archive_read_support_filter_gzip(file->archive);
    archive_read_support_filter_xz(file->archive);
    archive_read_support_format_raw(file->archive);
    archive_read_support_format_empty(file->archive);
    int opened = standard_input ? archive_read_open_fd(file->archive, 0, BLOCK)
                                : archive_read_open_filename(file->archive, path, BLOCK);
    int found = opened == ARCHIVE_OK ? archive_read_next_header(file->archive, &entry) : opened;
    if (found != ARCHIVE_OK && found != ARCHIVE_EOF) {
        enum rc rc = archive_fault(file, fault);
        feed_close(file);
        return rc;
    }
    *ret = file;
    return RC_OK;
}

/* A few bytes that unpack to more than anybody reads. */
static enum rc check_unpacked(const struct feed_file *file, struct fault *fault)
{
    uint64_t packed = file->size > 0 ? file->size : feed_position(file);
    if (archive_filter_count(file->archive) < 2 || file->unpacked <= unpacked_free)
        return RC_OK;
    if (file->unpacked > unpacked_max)
        return fault_set(fault, RC_INVALID, "%s: it unpacks to more than %llu GiB", file->name,
                         (unsigned long long)(unpacked_max >> 30));
    if (file->unpacked / UNPACKED_RATIO > packed)
        return fault_set(fault, RC_INVALID, "%s: it unpacks to more than %d times its size",
                         file->name, UNPACKED_RATIO);
    return RC_OK;
}

enum rc feed_read(struct feed_file *file, void *ret, size_t room, size_t *ret_n,
                  struct fault *fault)
{
    la_ssize_t n = archive_read_data(file->archive, ret, room);
    if (n < 0) {
        /* An empty file has no entry to read from. */
        if (archive_file_count(file->archive) == 0) {
            *ret_n = 0;
            return RC_OK;
        }
        return archive_fault(file, fault);
    }
    *ret_n = (size_t)n;
    file->unpacked += (uint64_t)n;
    return check_unpacked(file, fault);
}

uint64_t feed_position(const struct feed_file *file)
{
    la_int64_t taken = archive_filter_bytes(file->archive, -1);
    return taken > 0 ? (uint64_t)taken : 0;
}

uint64_t feed_size(const struct feed_file *file)
{
    return file->size;
}

void feed_close(struct feed_file *file)
{
    if (file == NULL)
        return;
    archive_read_free(file->archive);
    struct arena arena = file->arena;
    free(file);
    arena_free(&arena);
}
