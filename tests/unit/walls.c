/* What a process apart may not: asked of the system by one that has taken the walls upon itself. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/fence.h"
#include "app/system_calls.h"

/* 0 where `good`, else the case's own number, which is what the parent is told. */
#define CASE(n, good)                                                                              \
    do {                                                                                           \
        if (!(good))                                                                               \
            _exit(n);                                                                              \
    } while (0)

static int status_of(pid_t child)
{
    int status;
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static bool refused(int answer, int why)
{
    return answer < 0 && errno == why;
}

/* In the child; no text is written, as no stream may be opened. */
static void ask(const struct sock_fprog *filter, bool network)
{
    struct rlimit none = {0, 0};
    int pair[2];
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    CASE(1, system_calls_obey(filter));
    CASE(2, refused(prlimit(getppid(), RLIMIT_NOFILE, &none, NULL), EPERM));
    CASE(3, prlimit(0, RLIMIT_NOFILE, NULL, &none) == 0);
    CASE(4, refused(fcntl(0, F_SETOWN, getppid()), EPERM));
    CASE(5, refused(fcntl(0, F_SETSIG, 9), EPERM));
    CASE(6, fcntl(0, F_GETFD) >= 0 && fcntl(0, F_DUPFD_CLOEXEC, 3) >= 3);
    if (!network)
        _exit(0);
    CASE(7, refused(socket(AF_UNIX, SOCK_STREAM, 0), EAFNOSUPPORT));
    CASE(8, refused(socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair), EACCES));
    CASE(9, socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) == 0);
    CASE(10, socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0) >= 0);
    _exit(0);
}

static void make_filter(bool network, struct sock_fprog *ret)
{
    static char *const words[] = {NULL};
    struct system_calls_order order = {"/bin/true", words, words, network};
    assert_int_equal(system_calls_filter(&order, ret, NULL), RC_OK);
}

static void others_are_left_alone(void **state)
{
    (void)state;
    for (int network = 0; network < 2; network++) {
        struct sock_fprog filter;
        make_filter(network == 1, &filter);
        pid_t child = fork();
        if (child == 0)
            ask(&filter, network == 1);
        system_calls_free(&filter);
        assert_int_equal(status_of(child), 0);
    }
}

static void other_families_kill(void **state)
{
    (void)state;
    struct sock_fprog filter;
    make_filter(true, &filter);
    pid_t child = fork();
    if (child == 0) {
        prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
        CASE(1, system_calls_obey(&filter));
        (void)!socket(AF_PACKET, SOCK_RAW, 0);
        _exit(2);
    }
    system_calls_free(&filter);
    assert_int_equal(status_of(child), -SIGSYS);
}

/* Nobody listens there; behind the fence not even that is found out. */
static int connects(void)
{
    struct sockaddr_in there = {.sin_family = AF_INET, .sin_port = htons(9)};
    there.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return connect(fd, (struct sockaddr *)&there, sizeof there);
}

static void look(int fence, const char *ours, bool network)
{
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    CASE(1, fence_obey(fence));
    CASE(2, refused(open(ours, O_RDONLY | O_CLOEXEC), EACCES));
    CASE(3, refused(open(ours, O_WRONLY | O_CLOEXEC), EACCES));
    CASE(4, refused(open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC), EACCES));
    CASE(5, refused(open("/proc/self/status", O_RDONLY | O_CLOEXEC), EACCES));
    CASE(6, open("/usr", O_RDONLY | O_DIRECTORY | O_CLOEXEC) >= 0);
    CASE(7, open("/dev/null", O_RDONLY | O_CLOEXEC) >= 0);
    CASE(8, fence_version() < 4 || network || refused(connects(), EACCES));
    CASE(9, fence_version() < 4 || !network || !refused(connects(), EACCES));
    CASE(10, fence_version() < 6 || refused(kill(getppid(), 0), EPERM));
    _exit(0);
}

static void nothing_of_ours_is_read(void **state)
{
    (void)state;
    char ours[] = "/tmp/colophon-walls-XXXXXX";
    if (fence_version() == 0) {
        print_message("this kernel has no Landlock\n");
        skip();
    }
    int fd = mkstemp(ours);
    assert_true(fd >= 0);
    for (int network = 0; network < 2; network++) {
        int fence;
        struct fence_order order = {"/bin/true", NULL, NULL, network == 1, false};
        assert_int_equal(fence_make(&order, &fence, NULL), RC_OK);
        pid_t child = fork();
        if (child == 0)
            look(fence, ours, network == 1);
        close(fence);
        assert_int_equal(status_of(child), 0);
    }
    close(fd);
    unlink(ours);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(others_are_left_alone),
        cmocka_unit_test(other_families_kill),
        cmocka_unit_test(nothing_of_ours_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
