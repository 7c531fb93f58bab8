#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <unistd.h>

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
