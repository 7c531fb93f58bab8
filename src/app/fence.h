/* Inside app/: which files a process apart (apart.h) may open, and whom it may reach, by the
 * kernel's Landlock: it reads what programs are made of, and nothing of the server's. */
#ifndef COLOPHON_APP_FENCE_H
#define COLOPHON_APP_FENCE_H

#include <stdbool.h>

#include "base/fault.h"

struct fence_order {
    const char *program; /* read and executed, wherever it lies */
    const char *reads;   /* one file or folder more; may be NULL */
    const char *writes;  /* a folder it makes files in and removes them; may be NULL */
    bool network;        /* it connects; else not even that, where the kernel can forbid it */
    bool machine;        /* it looks at processes and the machine: a virtual machine does */
};

/* What the kernel has of Landlock, as it numbers it; 0 is none. */
int fence_version(void);

/* A descriptor for fence_obey, to be closed; -1 where the kernel has none, which is no failure. */
enum rc fence_make(const struct fence_order *order, int *ret, struct fault *fault) MUST_CHECK;

/* In the child, before it becomes the program; it has given up new privileges by then. False where
 * the system does not take it. */
bool fence_obey(int fence);

#endif
