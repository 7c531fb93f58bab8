#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

static enum rc read_all(int fd, const char *path, size_t max, struct arena *arena, struct str *ret,
                        struct fault *fault)
{
    enum { PIECE = 64 * 1024 };
    BUF_AUTO bytes = BUF_INIT(max + PIECE);
    ssize_t n = 1;
    while (n > 0 && bytes.n <= max) {
        char *to = buf_reserve(&bytes, PIECE);
        n = to == NULL ? 0 : read(fd, to, PIECE);
        if (n < 0 && errno == EINTR)
            n = 1; /* again */
        else if (n < 0)
            return fault_set(fault, RC_IO, "%s: %s", path, strerror(errno));
        else
            bytes.n += (size_t)n;
    }
    if (bytes.n > max)
        return max >> 20 > 0 ? fault_set(fault, RC_LIMIT, "%s: larger than %zu MB", path, max >> 20)
                             : fault_set(fault, RC_LIMIT, "%s: larger than %zu bytes", path, max);
    *ret = arena_str(arena, buf_str(&bytes));
    return RC_OK;
}

static enum rc read_path(const char *path, bool secret, size_t max, struct arena *arena,
                         struct str *ret, struct fault *fault)
{
    struct stat info;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return fault_set(fault, errno == ENOENT ? RC_NOT_FOUND : RC_IO, "%s: %s", path,
                         strerror(errno));
    enum rc rc = RC_OK;
    if (secret && fstat(fd, &info) != 0)
        rc = fault_set(fault, RC_IO, "%s: %s", path, strerror(errno));
    else if (secret && (info.st_mode & 077) != 0)
        rc = fault_set(fault, RC_DENIED, "%s: others may read it; chmod 600 it", path);
    if (rc == RC_OK)
        rc = read_all(fd, path, max, arena, ret, fault);
    close(fd);
    return rc;
}

enum rc file_read(const char *path, size_t max, struct arena *arena, struct str *ret,
                  struct fault *fault)
{
    return read_path(path, false, max, arena, ret, fault);
}

enum rc file_read_secret(const char *path, size_t max, struct arena *arena, struct str *ret,
                         struct fault *fault)
{
    return read_path(path, true, max, arena, ret, fault);
}

enum rc file_read_or_input(const char *path, size_t max, struct arena *arena, struct str *ret,
                           struct fault *fault)
{
    return strcmp(path, "-") == 0 ? read_all(STDIN_FILENO, path, max, arena, ret, fault)
                                  : file_read(path, max, arena, ret, fault);
}

enum rc file_write(const char *path, struct str bytes, struct fault *fault)
{
    unlink(path); /* never through a link that somebody laid there */
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool good = fd >= 0 && write(fd, bytes.p, bytes.n) == (ssize_t)bytes.n && fsync(fd) == 0;
    int error = errno;
    if (fd >= 0)
        close(fd);
    if (good)
        return RC_OK;
    if (fd >= 0)
        unlink(path);
    return fault_set(fault, RC_IO, "%s: %s", path, strerror(error));
}

enum rc file_replace(const char *path, struct str bytes, struct fault *fault)
{
    char fresh[PATH_MAX];
    if (snprintf(fresh, sizeof fresh, "%s.part", path) >= (int)sizeof fresh)
        return fault_set(fault, RC_IO, "%s: %s", path, strerror(ENAMETOOLONG));
    enum rc rc = file_write(fresh, bytes, fault);
    if (rc == RC_OK && rename(fresh, path) != 0) {
        rc = fault_set(fault, RC_IO, "%s: %s", path, strerror(errno));
        unlink(fresh);
    }
    if (rc == RC_OK)
        file_sync_folder_of(path);
    return rc;
}

void file_sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0) {
        fsync(fd);
        close(fd);
    }
}

void file_sync_folder_of(const char *path)
{
    char folder[PATH_MAX];
    const char *slash = strrchr(path, '/');
    int n = slash == NULL ? 0 : slash == path ? 1 : (int)(slash - path);
    snprintf(folder, sizeof folder, "%.*s", n > 0 ? n : 1, n > 0 ? path : ".");
    file_sync_folder(folder);
}
