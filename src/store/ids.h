/* Inside store/: the ids that a transaction takes. A counter is read once, counts on in memory, and
 * is written once, when the transaction ends. Writers take turns, so nobody else counts meanwhile.
 */
#ifndef COLOPHON_STORE_IDS_H
#define COLOPHON_STORE_IDS_H

#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/rc.h"
#include "store/store.h"

enum {
    IDS_COUNTERS = 8, /* more of them: what is known is written, and begun anew */
    IDS_MARKS = 4,    /* one within the other */
};

struct ids {
    size_t n;
    struct {
        const char *counter; /* for ever the caller's */
        uint64_t next;
    } v[IDS_COUNTERS];
};

struct ids_taken {
    struct ids now;
    struct ids at_mark[IDS_MARKS];
    unsigned marks;
};

/* A transaction begins, or is no more. */
void ids_forget(struct store_conn *conn);
/* Before it ends well. */
enum rc ids_write(struct store_conn *conn, struct fault *fault) MUST_CHECK;
void ids_mark(struct store_conn *conn);
void ids_mark_release(struct store_conn *conn);
void ids_mark_undo(struct store_conn *conn);

#endif
