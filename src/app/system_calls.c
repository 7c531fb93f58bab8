#include "app/system_calls.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

/* What a program needs that reads one file, reckons on threads of its own, and writes another, all
 * of them open already: nothing that makes a file, a process or a connection. Whatever is not here
 * kills it. */
static const int usual[] = {
    /* what is open, and libraries */
    SCMP_SYS(read), SCMP_SYS(readv), SCMP_SYS(pread64), SCMP_SYS(write), SCMP_SYS(writev),
    SCMP_SYS(pwrite64), SCMP_SYS(lseek), SCMP_SYS(close), SCMP_SYS(fstat), SCMP_SYS(stat),
    SCMP_SYS(lstat), SCMP_SYS(newfstatat), SCMP_SYS(statx), SCMP_SYS(statfs), SCMP_SYS(fstatfs),
    SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink),
    SCMP_SYS(readlinkat), SCMP_SYS(getcwd), SCMP_SYS(getdents64), SCMP_SYS(dup), SCMP_SYS(dup2),
    SCMP_SYS(dup3), SCMP_SYS(fadvise64), SCMP_SYS(umask),
    /* memory */
    SCMP_SYS(brk), SCMP_SYS(mmap), SCMP_SYS(munmap), SCMP_SYS(mprotect), SCMP_SYS(mremap),
    SCMP_SYS(madvise), SCMP_SYS(get_mempolicy), SCMP_SYS(set_mempolicy),
    /* threads, signals, time */
    SCMP_SYS(futex), SCMP_SYS(set_robust_list), SCMP_SYS(set_tid_address), SCMP_SYS(rseq),
    SCMP_SYS(arch_prctl), SCMP_SYS(sched_getaffinity), SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getparam), SCMP_SYS(sched_getscheduler), SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigprocmask), SCMP_SYS(rt_sigreturn), SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall), SCMP_SYS(clock_gettime), SCMP_SYS(clock_getres),
    SCMP_SYS(clock_nanosleep), SCMP_SYS(nanosleep), SCMP_SYS(gettimeofday), SCMP_SYS(poll),
    SCMP_SYS(ppoll), SCMP_SYS(pipe2), SCMP_SYS(eventfd2), SCMP_SYS(exit), SCMP_SYS(exit_group),
    /* what it is told of itself and the machine */
    SCMP_SYS(getpid), SCMP_SYS(gettid), SCMP_SYS(getppid), SCMP_SYS(getuid), SCMP_SYS(geteuid),
    SCMP_SYS(getgid), SCMP_SYS(getegid), SCMP_SYS(getrandom), SCMP_SYS(getrlimit),
    SCMP_SYS(getrusage), SCMP_SYS(uname), SCMP_SYS(sysinfo)};

/* To connect, and to be answered; nobody connects to it. */
static const int connecting[] = {
    SCMP_SYS(connect),    SCMP_SYS(bind),       SCMP_SYS(getsockname), SCMP_SYS(getpeername),
    SCMP_SYS(setsockopt), SCMP_SYS(getsockopt), SCMP_SYS(sendto),      SCMP_SYS(recvfrom),
    SCMP_SYS(sendmsg),    SCMP_SYS(recvmsg),    SCMP_SYS(sendmmsg),    SCMP_SYS(recvmmsg),
    SCMP_SYS(shutdown),   SCMP_SYS(select),     SCMP_SYS(pselect6),    SCMP_SYS(epoll_create1),
    SCMP_SYS(epoll_ctl),  SCMP_SYS(epoll_wait), SCMP_SYS(epoll_pwait)};

/* A call that this machine does not have is no rule. */
static bool allow(scmp_filter_ctx f, const int *calls, size_t n)
{
    bool good = true;
    for (size_t i = 0; i < n; i++)
        good = seccomp_rule_add(f, SCMP_ACT_ALLOW, calls[i], 0) == 0 && good;
    return good;
}

/* Files are opened to be read. To write is refused, and does not kill: liborc tries it, and then
 * does without. */
static bool allow_reading(scmp_filter_ctx f, int call, unsigned flags)
{
    const scmp_datum_t all = O_ACCMODE | O_CREAT | O_TRUNC;
    struct scmp_arg_cmp reads = SCMP_CMP(flags, SCMP_CMP_MASKED_EQ, all, O_RDONLY),
                        writes = SCMP_CMP(flags, SCMP_CMP_MASKED_EQ, O_ACCMODE, O_WRONLY),
                        both = SCMP_CMP(flags, SCMP_CMP_MASKED_EQ, O_ACCMODE, O_RDWR);
    return seccomp_rule_add_array(f, SCMP_ACT_ALLOW, call, 1, &reads) == 0 &&
           seccomp_rule_add_array(f, SCMP_ACT_ERRNO(EACCES), call, 1, &writes) == 0 &&
           seccomp_rule_add_array(f, SCMP_ACT_ERRNO(EACCES), call, 1, &both) == 0;
}

/* What fontconfig tries of a cache that is not its own, and does without. */
static bool refuse_making(scmp_filter_ctx f)
{
    static const int making[] = {SCMP_SYS(chmod), SCMP_SYS(fchmodat), SCMP_SYS(mkdir),
                                 SCMP_SYS(mkdirat)};
    bool good = true;
    for (size_t i = 0; i < sizeof making / sizeof *making; i++)
        good = seccomp_rule_add(f, SCMP_ACT_ERRNO(EACCES), making[i], 0) == 0 && good;
    return good;
}

static bool rule(scmp_filter_ctx f, uint32_t action, int call, struct scmp_arg_cmp asked)
{
    return seccomp_rule_add_array(f, action, call, 1, &asked) == 0;
}

/* Its own limits alone. What a descriptor tells of itself; but not that its owner, which may be any
 * process of the server's user, is sent a signal. */
static bool allow_own(scmp_filter_ctx f)
{
    return rule(f, SCMP_ACT_ALLOW, SCMP_SYS(prlimit64), SCMP_CMP(0, SCMP_CMP_EQ, 0)) &&
           rule(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prlimit64), SCMP_CMP(0, SCMP_CMP_NE, 0)) &&
           rule(f, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), SCMP_CMP(1, SCMP_CMP_LE, F_SETLKW)) &&
           rule(f, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), SCMP_CMP(1, SCMP_CMP_EQ, F_DUPFD_CLOEXEC)) &&
           rule(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(fcntl), SCMP_CMP(1, SCMP_CMP_EQ, F_SETOWN)) &&
           rule(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(fcntl), SCMP_CMP(1, SCMP_CMP_EQ, F_SETSIG)) &&
           rule(f, SCMP_ACT_ERRNO(EPERM), SCMP_SYS(fcntl), SCMP_CMP(1, SCMP_CMP_EQ, F_SETOWN_EX));
}

/* The Internet, and what tells of addresses; no service of this machine that listens on a path. A
 * pair of stream sockets stays a pair, one of datagrams could be turned to any path. */
static bool allow_sockets(scmp_filter_ctx f)
{
    const scmp_datum_t kind = 0xf; /* without SOCK_CLOEXEC and SOCK_NONBLOCK */
    struct scmp_arg_cmp told[] = {SCMP_CMP(0, SCMP_CMP_EQ, AF_NETLINK),
                                  SCMP_CMP(2, SCMP_CMP_EQ, NETLINK_ROUTE)};
    return rule(f, SCMP_ACT_ALLOW, SCMP_SYS(socket), SCMP_CMP(0, SCMP_CMP_EQ, AF_INET)) &&
           rule(f, SCMP_ACT_ALLOW, SCMP_SYS(socket), SCMP_CMP(0, SCMP_CMP_EQ, AF_INET6)) &&
           rule(f, SCMP_ACT_ERRNO(EAFNOSUPPORT), SCMP_SYS(socket),
                SCMP_CMP(0, SCMP_CMP_EQ, AF_UNIX)) &&
           seccomp_rule_add_array(f, SCMP_ACT_ALLOW, SCMP_SYS(socket), 2, told) == 0 &&
           rule(f, SCMP_ACT_ALLOW, SCMP_SYS(socketpair),
                SCMP_CMP(1, SCMP_CMP_MASKED_EQ, kind, SOCK_STREAM)) &&
           rule(f, SCMP_ACT_ERRNO(EACCES), SCMP_SYS(socketpair),
                SCMP_CMP(1, SCMP_CMP_MASKED_EQ, kind, SOCK_DGRAM));
}

static bool allow_some(scmp_filter_ctx f, const struct system_calls_order *o)
{
    struct scmp_arg_cmp become[] = {
        SCMP_CMP(0, SCMP_CMP_EQ, (scmp_datum_t)(uintptr_t)o->path),
        SCMP_CMP(1, SCMP_CMP_EQ, (scmp_datum_t)(uintptr_t)o->argv),
        SCMP_CMP(2, SCMP_CMP_EQ, (scmp_datum_t)(uintptr_t)o->environment)};
    struct scmp_arg_cmp thread = SCMP_CMP(0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD),
                        named = SCMP_CMP(0, SCMP_CMP_EQ, PR_SET_NAME),
                        otherwise = SCMP_CMP(0, SCMP_CMP_NE, PR_SET_NAME),
                        waiting = SCMP_CMP(1, SCMP_CMP_EQ, FIONREAD),
                        terminal = SCMP_CMP(1, SCMP_CMP_NE, FIONREAD);
    return seccomp_rule_add_array(f, SCMP_ACT_ALLOW, SCMP_SYS(execve), 3, become) == 0 &&
           seccomp_rule_add_array(f, SCMP_ACT_ALLOW, SCMP_SYS(clone), 1, &thread) == 0 &&
           /* Its flags lie in memory, where no filter sees them: clone is asked instead. */
           seccomp_rule_add(f, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0 &&
           seccomp_rule_add_array(f, SCMP_ACT_ALLOW, SCMP_SYS(prctl), 1, &named) == 0 &&
           seccomp_rule_add_array(f, SCMP_ACT_ERRNO(EINVAL), SCMP_SYS(prctl), 1, &otherwise) == 0 &&
           seccomp_rule_add_array(f, SCMP_ACT_ALLOW, SCMP_SYS(ioctl), 1, &waiting) == 0 &&
           seccomp_rule_add_array(f, SCMP_ACT_ERRNO(ENOTTY), SCMP_SYS(ioctl), 1, &terminal) == 0 &&
           allow_reading(f, SCMP_SYS(openat), 2) && allow_reading(f, SCMP_SYS(open), 1);
}

/* As the kernel takes it. */
static bool read_filter(scmp_filter_ctx f, struct sock_fprog *ret)
{
    struct stat stat;
    int fd = memfd_create("filter", MFD_CLOEXEC);
    bool good = fd >= 0 && seccomp_export_bpf(f, fd) == 0 && fstat(fd, &stat) == 0 &&
                stat.st_size > 0 && (size_t)stat.st_size % sizeof(struct sock_filter) == 0 &&
                (size_t)stat.st_size / sizeof(struct sock_filter) <= BPF_MAXINSNS;
    if (good) {
        struct sock_filter *steps = malloc((size_t)stat.st_size);
        if (steps == NULL)
            abort();
        *ret = (struct sock_fprog){
            (unsigned short)((size_t)stat.st_size / sizeof(struct sock_filter)), steps};
        good = pread(fd, steps, (size_t)stat.st_size, 0) == stat.st_size;
        if (!good)
            system_calls_free(ret);
    }
    if (fd >= 0)
        close(fd);
    return good;
}

enum rc system_calls_filter(const struct system_calls_order *order, struct sock_fprog *ret,
                            struct fault *fault)
{
    scmp_filter_ctx f = seccomp_init(SCMP_ACT_KILL_PROCESS);
    bool good =
        f != NULL && allow(f, usual, sizeof usual / sizeof *usual) &&
        (!order->network ||
         (allow_sockets(f) && allow(f, connecting, sizeof connecting / sizeof *connecting))) &&
        allow_own(f) && refuse_making(f) && allow_some(f, order) && read_filter(f, ret);
    if (f != NULL)
        seccomp_release(f);
    return good ? RC_OK
                : fault_set(fault, RC_IO, "a filter of system calls cannot be made (libseccomp)");
}

void system_calls_free(struct sock_fprog *filter)
{
    free(filter->filter);
    *filter = (struct sock_fprog){0};
}

bool system_calls_obey(const struct sock_fprog *filter)
{
    return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, filter) == 0;
}
