#include "cli/stop.h"

#include <signal.h>
#include <time.h>

static sigset_t stop_signals(void)
{
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    return signals;
}

void stop_wait_to_be_asked(void)
{
    sigset_t signals = stop_signals();
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
}

bool stop_asked(int milliseconds)
{
    sigset_t signals = stop_signals();
    struct timespec pause = {milliseconds / 1000, milliseconds % 1000 * 1000000L};
    return sigtimedwait(&signals, NULL, &pause) > 0;
}
