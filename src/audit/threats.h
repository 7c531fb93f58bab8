/* What a dishonest operator can still try, and what an outsider's monitor does about
 * it: the one source of `colophon watch --threats` and of the table in docs/monitor.md. */
#ifndef COLOPHON_AUDIT_THREATS_H
#define COLOPHON_AUDIT_THREATS_H

#include <stddef.h>

#include "base/buf.h"

enum threat_check { THREAT_CHECKED, THREAT_PARTLY, THREAT_NOT };

struct threat {
    unsigned number; /* of the threat model */
    const char *what;
    enum threat_check check;
    const char *how;    /* how it is checked, or why it cannot be */
    const char *alarms; /* the kinds of alarm that tell of it, with spaces between */
};
extern const struct threat threats[];
extern const size_t threat_count;

/* The first threat that this kind of alarm tells of; 0: none. */
unsigned threat_of(const char *kind);
/* The table in Markdown. */
void threats_write(struct buf *out);

#endif
