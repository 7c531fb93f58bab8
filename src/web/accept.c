#include "web/accept.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum { PAUSE_MS = 20 }; /* until somebody may have left, or numbers are free again */

struct acceptor {
    struct acceptor_order order;
    int enough; /* readable once no more are wanted */
    pthread_t thread;
};

/* False where there is nobody any more, or nothing to take them with. */
static bool take_one(struct acceptor *a, bool *ret_pause)
{
    struct sockaddr_storage from;
    socklen_t n = sizeof from;
    int fd = accept4(a->order.fd, (struct sockaddr *)&from, &n, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (fd >= 0) {
        a->order.take(a->order.context, fd, (const struct sockaddr *)&from, n);
        return true;
    }
    if (errno == EAGAIN)
        return false;
    /* Clients that went meanwhile are no reason to wait; whatever else is may last. */
    *ret_pause = errno != ECONNABORTED && errno != EINTR;
    return !*ret_pause;
}

static void *accept_thread(void *context)
{
    enum { IN_A_ROW = 64 };
    struct acceptor *a = context;
    struct pollfd fds[2] = {{a->enough, POLLIN, 0}, {a->order.fd, POLLIN, 0}};
    bool pause = false;
    for (;;) {
        int n = poll(fds, pause ? 1 : 2, pause ? PAUSE_MS : -1);
        if (fds[0].revents != 0)
            return NULL;
        pause = false;
        if (n < 0 && errno != EINTR)
            pause = true;
        for (int i = 0; !pause && i < IN_A_ROW; i++) {
            pause = !a->order.room(a->order.context);
            if (pause || !take_one(a, &pause))
                break;
        }
    }
}

enum rc acceptor_start(const struct acceptor_order *order, struct acceptor **ret,
                       struct fault *fault)
{
    struct acceptor *a = calloc(1, sizeof *a);
    if (a == NULL)
        abort();
    *a = (struct acceptor){.order = *order, .enough = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    if (a->enough < 0 || pthread_create(&a->thread, NULL, accept_thread, a) != 0) {
        if (a->enough >= 0)
            close(a->enough);
        free(a);
        return fault_set(fault, RC_IO, "no thread takes connections");
    }
    *ret = a;
    return RC_OK;
}

void acceptor_stop(struct acceptor *a)
{
    if (a == NULL)
        return;
    (void)!eventfd_write(a->enough, 1);
    pthread_join(a->thread, NULL);
    close(a->enough);
    free(a);
}
