#include "app/apart.h"

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

#include "app/fence.h"
#include "app/system_calls.h"
#include "base/clock.h"

enum { ENVIRONMENT_MAX = 16 };

/* A sanitizer's shadow takes more of the address space than there is memory. */
#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SHADOWED 1
#endif
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SHADOWED 1
#endif
#ifndef SHADOWED
#define SHADOWED 0
#endif

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
    ret->in = memfd_create("input", MFD_CLOEXEC);
    ret->out = memfd_create("output", MFD_CLOEXEC);
    ret->told = memfd_create("told", MFD_CLOEXEC);
    size_t done = 0;
    ssize_t n = 0;
    while (ret->in >= 0 && done < bytes.n &&
           (n = write(ret->in, bytes.p + done, bytes.n - done)) > 0)
        done += (size_t)n;
    if (ret->in < 0 || ret->out < 0 || ret->told < 0 || done < bytes.n ||
        lseek(ret->in, 0, SEEK_SET) != 0)
        return fault_set(fault, RC_IO, "a copy in memory: %s", strerror(errno));
    return RC_OK;
}

/* What it may open and ask for; made before the fork, as it takes memory. */
struct walls {
    int fence; /* -1: none */
    struct sock_fprog filter;
};

static void walls_free(struct walls *w)
{
    system_calls_free(&w->filter);
    if (w->fence >= 0)
        close(w->fence);
}

/* A sanitizer asks for more than a program does. */
static enum rc make_walls(const struct apart_order *o, const struct system_calls_order *program,
                          struct walls *ret, struct fault *fault)
{
    struct fence_order fence = {program->path, o->reads, o->writes, o->network,
                                o->any_call || (o->ours && SHADOWED)};
    enum rc rc = fence_make(&fence, &ret->fence, fault);
    return rc != RC_OK || o->any_call || (o->ours && SHADOWED)
               ? rc
               : system_calls_filter(program, &ret->filter, fault);
}

/* In the child, between fork and exec: nothing that takes a lock. */
static void limit(int what, rlim_t most)
{
    struct rlimit r = {most, most};
    setrlimit(what, &r);
}

static void become(const struct apart_order *o, const struct pipes *p,
                   const struct system_calls_order *program, const struct walls *walls,
                   rlim_t output_max)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_DFL);
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
    if (!o->ours || !SHADOWED)
        limit(RLIMIT_AS, o->memory_max);
    limit(RLIMIT_CPU, o->cpu_seconds);
    limit(RLIMIT_FSIZE, output_max);
    limit(RLIMIT_NOFILE, 64);
    limit(RLIMIT_CORE, 0);
    /* Away from the network; where the system forbids that, it stays as it is. */
    if (!o->network && unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
        (void)!unshare(CLONE_NEWNET);
    if (dup2(p->in, 0) < 0 || dup2(p->out, 1) < 0 || dup2(p->told, 2) < 0)
        _exit(126);
    if ((walls->fence >= 0 && !fence_obey(walls->fence)) ||
        (walls->filter.len > 0 && !system_calls_obey(&walls->filter)))
        _exit(125);
    execve(program->path, program->argv, program->environment);
    _exit(127);
}

/* Where it lies: this very program, the path it is named by, or the first of that name on PATH. */
static void find_program(const struct apart_order *o, const char *places, char *ret, size_t room)
{
    struct str rest = str_of(places), folder;
    snprintf(ret, room, "%s", o->ours ? "/proc/self/exe" : o->argv[0]);
    bool named = !o->ours && strchr(o->argv[0], '/') == NULL;
    while (named && str_next(&rest, ':', &folder)) {
        snprintf(ret, room, "%.*s/%s", STR_ARG(folder), o->argv[0]);
        if (access(ret, X_OK) == 0)
            return;
    }
}

bool apart_finds(const char *program)
{
    const char *const argv[] = {program, NULL};
    const struct apart_order order = {.argv = argv};
    const char *found = getenv("PATH");
    char place[PATH_MAX];
    find_program(&order, found == NULL ? "/usr/bin:/bin" : found, place, sizeof place);
    return access(place, X_OK) == 0;
}

/* Killed once it takes too long, or nobody wants it any more. */
static void wait_for(const struct apart_order *o, pid_t child, struct apart_outcome *ret)
{
    int64_t end = clock_monotonic_ms() + o->wall_ms;
    int status = 0;
    for (;;) {
        pid_t ended = waitpid(child, &status, WNOHANG);
        if (ended == child) {
            ret->end = WIFSIGNALED(status) ? APART_SIGNAL : APART_EXITED;
            ret->status = WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status);
            return;
        }
        bool late = (ended < 0 && errno != EINTR) || clock_monotonic_ms() > end;
        bool stopped = o->stop != NULL && o->stop(o->context);
        if (late || stopped) {
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            ret->end = late ? APART_TOO_LONG : APART_STOPPED;
            return;
        }
        usleep(2000);
    }
}

const char *apart_lack(void)
{
    return fence_version() > 0
               ? NULL
               : "this kernel has no Landlock: what decodes strangers' pictures and books, and "
                 "what "
                 "fetches covers, could read the files that the server's user may read";
}

void apart_close_memory(void)
{
    /* A sanitizer's look for leaks is one into itself. */
    if (!SHADOWED)
        (void)!prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
}

static void read_told(int fd, struct apart_outcome *ret)
{
    ssize_t n = pread(fd, ret->told, sizeof ret->told - 1, 0);
    ret->told[n > 0 ? n : 0] = '\0';
    for (char *c = ret->told; *c != '\0'; c++)
        if (*c != '\n' && (*c < ' ' || *c > '~'))
            *c = '?';
}

struct str apart_reason(const struct apart_outcome *outcome)
{
    struct str rest = str_of(outcome->told), line, last = STR_NONE;
    while (str_next(&rest, '\n', &line))
        if (str_trim(line).n > 0)
            last = str_trim(line);
    return str_sub(last, 0, 200);
}

static enum rc read_output(int fd, struct buf *ret, struct fault *fault)
{
    struct stat stat;
    char *place = NULL;
    if (fstat(fd, &stat) != 0)
        return fault_set(fault, RC_IO, "what a process apart said: %s", strerror(errno));
    size_t n = (size_t)stat.st_size;
    if (n == 0)
        return RC_OK;
    if (n > ret->max || (place = buf_reserve(ret, n)) == NULL)
        return fault_set(fault, RC_LIMIT, "larger than %zu bytes", ret->max);
    if (pread(fd, place, n, 0) != (ssize_t)n)
        return fault_set(fault, RC_IO, "what a process apart said: %s", strerror(errno));
    ret->n += n;
    return RC_OK;
}

static enum rc run(const struct apart_order *o, const struct pipes *p, rlim_t output_max,
                   struct apart_outcome *ret, struct fault *fault)
{
    char path[PATH_MAX + 8], place[PATH_MAX];
    const char *found = getenv("PATH"), *environment[ENVIRONMENT_MAX] = {path};
    struct walls walls = {.fence = -1};
    size_t n = 1;
    for (const char *const *e = o->environment; *e != NULL && n < ENVIRONMENT_MAX - 1; e++)
        environment[n++] = *e;
    found = found == NULL ? "/usr/bin:/bin" : found;
    snprintf(path, sizeof path, "PATH=%s", found);
    find_program(o, found, place, sizeof place);
    struct system_calls_order program = {place, (char *const *)o->argv, (char *const *)environment,
                                         o->network};
    enum rc rc = make_walls(o, &program, &walls, fault);
    pid_t child = rc == RC_OK ? fork() : -1;
    int why = errno;
    if (child == 0)
        become(o, p, &program, &walls, output_max);
    walls_free(&walls);
    if (rc != RC_OK)
        return rc;
    if (child < 0)
        return fault_set(fault, RC_IO, "%s does not start: %s", o->argv[0], strerror(why));
    wait_for(o, child, ret);
    read_told(p->told, ret);
    return RC_OK;
}

enum rc apart_run(const struct apart_order *order, struct buf *ret, struct apart_outcome *outcome,
                  struct fault *fault)
{
    struct pipes p = {-1, -1, -1};
    enum rc rc = open_pipes(order->input, &p, fault);
    if (rc == RC_OK)
        rc = run(order, &p, ret->max, outcome, fault);
    if (rc == RC_OK && outcome->end == APART_EXITED && (outcome->status == 0 || order->any_status))
        rc = read_output(p.out, ret, fault);
    close_pipes(&p);
    return rc;
}
