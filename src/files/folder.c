/* Files in a folder: one each, mode 0600, whole or not there. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "files/engine.h"

struct folder {
    struct files files; /* first */
    struct arena arena;
    const char *path;
};

static enum rc path_of(const struct files *files, struct str name, char ret[PATH_MAX],
                       struct fault *fault)
{
    const struct folder *f = (const struct folder *)files;
    int n = snprintf(ret, PATH_MAX, "%s/%.*s", f->path, STR_ARG(name));
    return n < PATH_MAX ? RC_OK
                        : fault_set(fault, RC_IO, "%s: %s", f->path, strerror(ENAMETOOLONG));
}

static enum rc failed(const char *path, int error, struct fault *fault)
{
    if (error == ENOENT || error == ENOTDIR)
        return fault_set(fault, RC_NOT_FOUND, "%s: there is no such file", path);
    return fault_set(fault, error == EACCES || error == EPERM ? RC_DENIED : RC_IO, "%s: %s", path,
                     strerror(error));
}

/* The folders of the name, from `from` on; each one's name is made durable. */
static enum rc make_folders(char *path, size_t from, struct fault *fault)
{
    for (char *slash = path + from; (slash = strchr(slash, '/')) != NULL; slash++) {
        *slash = '\0';
        bool made = mkdir(path, 0700) == 0;
        int error = errno;
        if (made)
            file_sync_folder_of(path);
        if (!made && error != EEXIST) {
            enum rc rc = failed(path, error, fault);
            *slash = '/';
            return rc == RC_NOT_FOUND ? RC_IO : rc;
        }
        *slash = '/';
    }
    return RC_OK;
}

static enum rc folder_open(const struct files_address *address, const struct files_key *key,
                           const struct files_patience *patience, struct files **ret,
                           struct fault *fault)
{
    (void)key;
    (void)patience;
    (void)fault;
    struct folder *f = calloc(1, sizeof *f);
    if (f == NULL)
        abort();
    f->files.engine = &folder_engine;
    f->arena = ARENA_INIT;
    struct str path = address->folder;
    while (path.n > 1 && path.p[path.n - 1] == '/')
        path.n--;
    f->path = arena_z(&f->arena, path);
    *ret = &f->files;
    return RC_OK;
}

static void folder_close(struct files *files)
{
    struct folder *f = (struct folder *)files;
    arena_free(&f->arena);
    free(f);
}

static enum rc folder_put(struct files *files, struct str name, struct str bytes, const char *type,
                          struct fault *fault)
{
    (void)type; /* its name's ending says it */
    struct folder *f = (struct folder *)files;
    char path[PATH_MAX];
    enum rc rc = path_of(files, name, path, fault);
    if (rc == RC_OK)
        rc = make_folders(path, strlen(f->path), fault);
    return rc == RC_OK ? file_replace(path, bytes, fault) : rc;
}

/* Opened, with its size. Nothing but a file that lies there itself. */
static enum rc open_file(const char *path, int *ret_fd, uint64_t *ret_size, struct fault *fault)
{
    struct stat stat;
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    if (fd < 0)
        return failed(path, errno, fault);
    if (fstat(fd, &stat) != 0 || !S_ISREG(stat.st_mode)) {
        close(fd);
        return fault_set(fault, RC_IO, "%s: it is no file", path);
    }
    *ret_fd = fd;
    *ret_size = (uint64_t)stat.st_size;
    return RC_OK;
}

/* Bytes of an open file; `path` is for what is told. */
static enum rc read_part(int fd, const char *path, uint64_t at, size_t n, struct buf *ret,
                         struct fault *fault)
{
    size_t had = 0;
    char *place = n > ret->max ? NULL : buf_reserve(ret, n);
    if (place == NULL)
        return fault_set(fault, RC_LIMIT, "%s: it is larger than allowed", path);
    while (had < n) {
        ssize_t got = pread(fd, place + had, n - had, (off_t)(at + had));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return fault_set(fault, RC_IO, "%s: %s", path,
                             got < 0 ? strerror(errno) : "it became shorter");
        had += (size_t)got;
    }
    ret->n += n;
    return RC_OK;
}

static enum rc folder_get_part(struct files *files, struct str name, uint64_t at, size_t n,
                               struct buf *ret, struct fault *fault)
{
    char path[PATH_MAX];
    uint64_t size = 0;
    int fd = -1;
    enum rc rc = path_of(files, name, path, fault);
    if (rc == RC_OK)
        rc = open_file(path, &fd, &size, fault);
    if (rc != RC_OK)
        return rc;
    rc = at > size || n > size - at
             ? fault_set(fault, RC_CORRUPT, "%s: it is shorter than it was", path)
             : read_part(fd, path, at, n, ret, fault);
    close(fd);
    return rc;
}

static enum rc folder_get(struct files *files, struct str name, struct buf *ret,
                          struct fault *fault)
{
    char path[PATH_MAX];
    uint64_t size = 0;
    int fd = -1;
    enum rc rc = path_of(files, name, path, fault);
    if (rc == RC_OK)
        rc = open_file(path, &fd, &size, fault);
    if (rc != RC_OK)
        return rc;
    rc = read_part(fd, path, 0, (size_t)size, ret, fault);
    close(fd);
    return rc;
}

static enum rc folder_size(struct files *files, struct str name, uint64_t *ret, struct fault *fault)
{
    char path[PATH_MAX];
    int fd = -1;
    enum rc rc = path_of(files, name, path, fault);
    if (rc == RC_OK)
        rc = open_file(path, &fd, ret, fault);
    if (rc == RC_OK)
        close(fd);
    return rc;
}

static enum rc folder_open_file(struct files *files, struct str name, int *ret_fd,
                                uint64_t *ret_size, struct fault *fault)
{
    char path[PATH_MAX];
    enum rc rc = path_of(files, name, path, fault);
    return rc == RC_OK ? open_file(path, ret_fd, ret_size, fault) : rc;
}

static enum rc folder_remove(struct files *files, struct str name, struct fault *fault)
{
    char path[PATH_MAX];
    enum rc rc = path_of(files, name, path, fault);
    if (rc != RC_OK)
        return rc;
    if (unlink(path) == 0)
        file_sync_folder_of(path);
    else if (errno != ENOENT && errno != ENOTDIR)
        return failed(path, errno, fault);
    return RC_OK;
}

const struct files_engine folder_engine = {
    .open = folder_open,
    .close = folder_close,
    .put = folder_put,
    .get = folder_get,
    .get_part = folder_get_part,
    .size = folder_size,
    .open_file = folder_open_file,
    .remove = folder_remove,
};
