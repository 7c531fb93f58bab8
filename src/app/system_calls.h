/* Inside app/: what a process apart (apart.h) may ask of the system, as a filter of seccomp. */
#ifndef COLOPHON_APP_SYSTEM_CALLS_H
#define COLOPHON_APP_SYSTEM_CALLS_H

#include <linux/filter.h>
#include <stdbool.h>

#include "base/fault.h"

/* The one program that it may become, by the very pointers that execve is given: in the program it
 * becomes they lead nowhere. */
struct system_calls_order {
    const char *path;
    char *const *argv;
    char *const *environment;
    bool network;
};

/* To be freed with system_calls_free; nothing of it is allocated in the child. RC_IO where there is
 * none for this machine. */
enum rc system_calls_filter(const struct system_calls_order *order, struct sock_fprog *ret,
                            struct fault *fault) MUST_CHECK;
void system_calls_free(struct sock_fprog *filter);

/* In the child, last of all before it becomes the program; false where the system takes none. */
bool system_calls_obey(const struct sock_fprog *filter);

#endif
