/* Loaded before a program (LD_PRELOAD) to have one of its writes fail: the n-th, or the
 * n-th and all after it, as on a disk that is full. FAULTS names a file that is shared with
 * the test (tests/blackbox/faults.py), which arms it while the program runs and reads how
 * many writes have passed, or has reads from the database hang; FAULTS_IN says below which folder
 * writes count. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <unistd.h>

struct control {
    _Atomic uint32_t at;       /* which write fails, from 1; 0: none */
    _Atomic uint32_t error;    /* with this errno */
    _Atomic uint32_t lasts;    /* and all after it */
    _Atomic uint32_t passed;   /* since it was armed */
    _Atomic uint32_t epoll_ms; /* taking something out of an epoll set takes so long */
    _Atomic uint32_t hangs;    /* reading from the database does not come back meanwhile */
    _Atomic uint32_t waiting;  /* so many reads */
};

static struct control *control(void)
{
    static struct control none, *_Atomic found;
    struct control *c = atomic_load(&found);
    if (c != NULL)
        return c;
    const char *name = getenv("FAULTS");
    int fd = name == NULL ? -1 : open(name, O_RDWR | O_CLOEXEC);
    c = fd < 0 ? &none : mmap(NULL, sizeof *c, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (fd >= 0)
        close(fd);
    if (c == MAP_FAILED)
        c = &none;
    atomic_store(&found, c);
    return c;
}

static bool meant(const char *path)
{
    const char *in = getenv("FAULTS_IN");
    return in != NULL && strncmp(path, in, strlen(in)) == 0 && strstr(path, "/index/") == NULL;
}

static bool fails_at(const char *path)
{
    struct control *c = control();
    uint32_t at = atomic_load(&c->at);
    if (at == 0 || !meant(path))
        return false;
    /* A disk that is full goes on taking what is overwritten in place. */
    if (atomic_load(&c->lasts) && strstr(path, "/lifts.journal") != NULL)
        return false;
    uint32_t n = atomic_fetch_add(&c->passed, 1) + 1;
    if (n < at || (n > at && !atomic_load(&c->lasts)))
        return false;
    if (getenv("FAULTS_SAY") != NULL)
        dprintf(2, "faults: write %u, of %s, fails\n", n, path);
    errno = (int)atomic_load(&c->error);
    return true;
}

static bool fails(int fd)
{
    char name[64], path[4096];
    if (atomic_load(&control()->at) == 0)
        return false;
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(name, path, sizeof path - 1);
    if (n < 0)
        return false;
    path[n] = '\0';
    return fails_at(path);
}

/* What the program would have called. */
#define REAL(type, name)                                                                           \
    static type real;                                                                              \
    if (real == NULL)                                                                              \
    *(void **)&real = dlsym(RTLD_NEXT, name)

typedef ssize_t (*write_call)(int, const void *, size_t);
ssize_t write(int fd, const void *p, size_t n)
{
    REAL(write_call, "write");
    return fails(fd) ? -1 : real(fd, p, n);
}

typedef ssize_t (*pwrite_call)(int, const void *, size_t, off64_t);
ssize_t pwrite64(int fd, const void *p, size_t n, off64_t at)
{
    REAL(pwrite_call, "pwrite64");
    return fails(fd) ? -1 : real(fd, p, n, at);
}
ssize_t pwrite(int fd, const void *p, size_t n, off_t at)
{
    return pwrite64(fd, p, n, at);
}

static bool is_of_database(int fd)
{
    char name[64], path[4096];
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    ssize_t n = readlink(name, path, sizeof path - 1);
    path[n < 0 ? 0 : n] = '\0';
    return meant(path) && strstr(path, "/colophon.db") != NULL;
}

typedef ssize_t (*pread_call)(int, void *, size_t, off64_t);
ssize_t pread64(int fd, void *p, size_t n, off64_t at)
{
    REAL(pread_call, "pread64");
    struct control *c = control();
    if (atomic_load(&c->hangs) && is_of_database(fd)) {
        atomic_fetch_add(&c->waiting, 1);
        while (atomic_load(&c->hangs))
            usleep(1000);
        atomic_fetch_sub(&c->waiting, 1);
    }
    return real(fd, p, n, at);
}

typedef int (*fd_call)(int);
int fsync(int fd)
{
    REAL(fd_call, "fsync");
    return fails(fd) ? -1 : real(fd);
}
int fdatasync(int fd)
{
    REAL(fd_call, "fdatasync");
    return fails(fd) ? -1 : real(fd);
}

typedef int (*truncate_call)(int, off64_t);
int ftruncate64(int fd, off64_t n)
{
    REAL(truncate_call, "ftruncate64");
    return fails(fd) ? -1 : real(fd, n);
}
int ftruncate(int fd, off_t n)
{
    return ftruncate64(fd, n);
}

typedef int (*rename_call)(const char *, const char *);
int rename(const char *from, const char *to)
{
    REAL(rename_call, "rename");
    return fails_at(to) ? -1 : real(from, to);
}

typedef int (*epoll_call)(int, int, int, struct epoll_event *);
int epoll_ctl(int set, int what, int fd, struct epoll_event *event)
{
    REAL(epoll_call, "epoll_ctl");
    uint32_t ms = atomic_load(&control()->epoll_ms);
    if (what == EPOLL_CTL_DEL && ms > 0)
        usleep(ms * 1000);
    return real(set, what, fd, event);
}
