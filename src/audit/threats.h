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
    const char *how; /* how it is checked, or why it cannot be */
};
extern const struct threat threats[];
extern const size_t threat_count;

/* Every kind of alarm that audit/ raises stands here. */
struct alarm_kind {
    const char *kind;
    unsigned threat; /* that it tells of first; 0: of none in the model */
    const char *says;
};
extern const struct alarm_kind alarm_kinds[];
extern const size_t alarm_kind_count;

unsigned threat_of(const char *kind);
/* The tables in Markdown. */
void threats_write(struct buf *out);
void alarm_kinds_write(struct buf *out);

#endif
