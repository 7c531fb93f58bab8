#include "app/thumbnail.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

enum {
    MEMORY_MAX = 1 << 30, /* 50 million pixels with alpha are 200 MB */
    CPU_SECONDS = 20,
    WALL_MS = 30000,
    TOLD_MAX = 4096, /* of what it says on standard error */
};

/* Files without a name: the child reads and writes them as its standard input,
 * output and error, so that it has no path of ours and nobody has to pump. */
struct pipes {
    int in, out, told;
};

static void close_pipes(struct pipes *p)
{
    int const fds[] = {p->in, p->out, p->told};
    for (size_t i = 0; i < 3; i++)
        if (fds[i] >= 0)
            close(fds[i]);
}

static enum rc open_pipes(struct str bytes, struct pipes *ret, struct fault *fault)
{
    ret->in = memfd_create("picture", MFD_CLOEXEC);
    ret->out = memfd_create("thumbnail", MFD_CLOEXEC);
    ret->told = memfd_create("told", MFD_CLOEXEC);
    size_t done = 0;
    ssize_t n = 0;
    while (ret->in >= 0 && done < bytes.n &&
           (n = write(ret->in, bytes.p + done, bytes.n - done)) > 0)
        done += (size_t)n;
    if (ret->in < 0 || ret->out < 0 || ret->told < 0 || done < bytes.n ||
        lseek(ret->in, 0, SEEK_SET) != 0)
        return fault_set(fault, RC_IO, "a picture's copy: %s", strerror(errno));
    return RC_OK;
}

/* In the child, between fork and exec: nothing that takes a lock. */
static void limit(int what, rlim_t most)
{
    struct rlimit r = {most, most};
    setrlimit(what, &r);
}

static void become_vips(const struct pipes *p, const char *const argv[],
                        const char *const environment[], rlim_t output_max)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    limit(RLIMIT_AS, MEMORY_MAX);
    limit(RLIMIT_CPU, CPU_SECONDS);
    limit(RLIMIT_FSIZE, output_max);
    limit(RLIMIT_NOFILE, 64);
    limit(RLIMIT_CORE, 0);
    /* Away from the network; where the system forbids that, it stays as it is. */
    if (unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
        (void)!unshare(CLONE_NEWNET);
    if (dup2(p->in, 0) < 0 || dup2(p->out, 1) < 0 || dup2(p->told, 2) < 0)
        _exit(126);
    execvpe(argv[0], (char *const *)argv, (char *const *)environment);
    _exit(127);
}

/* Its status; killed once it takes too long. */
static bool wait_for(pid_t child, int *ret_status)
{
    int64_t end = clock_monotonic_ms() + WALL_MS;
    for (;;) {
        pid_t ended = waitpid(child, ret_status, WNOHANG);
        if (ended == child)
            return true;
        if (ended < 0 && errno != EINTR)
            return false;
        if (clock_monotonic_ms() > end) {
            kill(child, SIGKILL);
            waitpid(child, ret_status, 0);
            return false;
        }
        usleep(2000);
    }
}

/* The last line it said that tells of anything, printable. */
static struct str reason_of(int fd, char room[TOLD_MAX])
{
    ssize_t n = pread(fd, room, TOLD_MAX, 0);
    struct str rest = {room, n > 0 ? (size_t)n : 0}, line, last = STR_NONE;
    for (size_t i = 0; i < rest.n; i++)
        if (room[i] != '\n' && (room[i] < ' ' || room[i] > '~'))
            room[i] = '?';
    while (str_next(&rest, '\n', &line))
        if (str_trim(line).n > 0)
            last = str_trim(line);
    return str_sub(last, 0, 200);
}

/* How vipsthumbnail is told what to write to its standard output. */
static bool say_output(const struct thumbnail_order *o, char *ret, size_t room)
{
    if (o->format == PICTURE_JPEG)
        snprintf(ret, room, ".jpg[Q=%u,strip,background=255,optimize_coding]", o->quality);
    else if (o->format == PICTURE_WEBP)
        snprintf(ret, room, ".webp[Q=%u,strip]", o->quality);
    else if (o->format == PICTURE_AVIF)
        snprintf(ret, room, ".avif[Q=%u,strip,effort=2,compression=av1]", o->quality);
    else
        return false;
    return true;
}

static enum rc run_vips(const struct pipes *p, const struct thumbnail_order *order,
                        size_t output_max, struct fault *fault)
{
    char size[40], output[100], path[PATH_MAX + 8], told[TOLD_MAX];
    const char *found = getenv("PATH");
    snprintf(size, sizeof size, "%ux%u>", order->width, order->height);
    if (!say_output(order, output, sizeof output))
        return fault_set(fault, RC_INVALID, "a thumbnail is a JPEG, a WebP or an AVIF");
    snprintf(path, sizeof path, "PATH=%s", found == NULL ? "/usr/bin:/bin" : found);
    const char *const argv[] = {"vipsthumbnail",
                                "stdin[fail_on=truncated]",
                                "--size",
                                size,
                                "--eprofile",
                                "srgb",
                                "--output",
                                output,
                                NULL};
    const char *const environment[] = {
        path, "VIPS_BLOCK_UNTRUSTED=1", "VIPS_CONCURRENCY=1", "VIPS_WARNING=0", "LC_ALL=C", NULL};
    int status = 0;
    pid_t child = fork();
    if (child < 0)
        return fault_set(fault, RC_IO, "vipsthumbnail does not start: %s", strerror(errno));
    if (child == 0)
        become_vips(p, argv, environment, output_max);
    if (!wait_for(child, &status))
        return fault_set(fault, RC_IO, "vipsthumbnail did not end within %d s", WALL_MS / 1000);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        return fault_set(fault, RC_IO,
                         "vipsthumbnail is not installed (Debian's package libvips-tools)");
    struct str reason = reason_of(p->told, told);
    if (WIFSIGNALED(status))
        return fault_set(fault, WTERMSIG(status) == SIGXFSZ ? RC_LIMIT : RC_INVALID,
                         "the picture cannot be read: its reader ended by signal %d",
                         WTERMSIG(status));
    if (status != 0)
        return fault_set(fault, RC_INVALID, "the picture cannot be read: %.*s", STR_ARG(reason));
    return RC_OK;
}

static enum rc read_output(int fd, struct buf *ret, struct fault *fault)
{
    struct stat stat;
    char *place = NULL;
    if (fstat(fd, &stat) != 0)
        return fault_set(fault, RC_IO, "a thumbnail: %s", strerror(errno));
    size_t n = (size_t)stat.st_size;
    if (n > ret->max || (place = buf_reserve(ret, n)) == NULL)
        return fault_set(fault, RC_LIMIT, "the picture made small is still larger than %zu bytes",
                         ret->max);
    if (pread(fd, place, n, 0) != (ssize_t)n)
        return fault_set(fault, RC_IO, "a thumbnail: %s", strerror(errno));
    ret->n += n;
    return RC_OK;
}

enum rc thumbnail_make(struct str bytes, const struct thumbnail_order *order, struct buf *ret,
                       struct picture *ret_picture, struct fault *fault)
{
    struct picture given, made;
    if (bytes.n > PICTURE_BYTES_MAX)
        return fault_set(fault, RC_LIMIT, "a picture of %zu bytes; at most %d are taken", bytes.n,
                         PICTURE_BYTES_MAX);
    enum rc rc = picture_read(bytes, &given, fault);
    if (rc == RC_OK && given.format == PICTURE_AVIF)
        rc = fault_set(fault, RC_INVALID, "a picture is needed: JPEG, PNG, WebP, GIF or TIFF");
    if (rc == RC_OK && (uint64_t)given.width * given.height > PICTURE_PIXELS_MAX)
        rc = fault_set(fault, RC_LIMIT, "a picture of %u × %u pixels; at most %d are taken",
                       given.width, given.height, PICTURE_PIXELS_MAX);
    if (rc != RC_OK)
        return rc;
    struct pipes p = {-1, -1, -1};
    size_t had = ret->n;
    rc = open_pipes(bytes, &p, fault);
    if (rc == RC_OK)
        rc = run_vips(&p, order, ret->max, fault);
    if (rc == RC_OK)
        rc = read_output(p.out, ret, fault);
    close_pipes(&p);
    /* What it made is looked at, too: its reader may have been led astray. */
    if (rc == RC_OK &&
        (picture_read(str_sub(buf_str(ret), had, ret->n), &made, NULL) != RC_OK ||
         made.format != order->format || made.width > order->width || made.height > order->height))
        rc = fault_set(fault, RC_INVALID, "the picture cannot be read: nothing came of it");
    if (rc == RC_OK)
        *ret_picture = made;
    else
        ret->n = had;
    return rc;
}
