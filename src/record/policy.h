/* C2SP tlog-policy: which witnesses' cosignatures a checkpoint needs.
 *
 *     log <vkey> [<url>]
 *     witness <name> <vkey> [<url>]
 *     group <name> all|any|<k> <member>…
 *     quorum <name>|none
 *
 * Members are named before they are used, each in one group at most. */
#ifndef COLOPHON_RECORD_POLICY_H
#define COLOPHON_RECORD_POLICY_H

#include "base/arena.h"
#include "base/fault.h"
#include "record/cosignature.h"
#include "record/note.h"

#define POLICY_TEXT_MAX (64 * 1024)
#define POLICY_WITNESSES_MAX 32
#define POLICY_GROUPS_MAX 32
#define POLICY_LOGS_MAX 32

struct policy_log {
    struct note_key key;
    struct str url; /* empty: none */
};
struct policy_witness {
    struct str name; /* in the file; the key has one of its own */
    struct cosigner_key key;
    struct str url; /* "http://…" without a slash at its end; empty: it cannot be asked */
};
struct policy_group {
    struct str name;
    unsigned needed;
    /* Up to POLICY_WITNESSES_MAX name witnesses, the rest earlier groups. */
    unsigned members[POLICY_WITNESSES_MAX + POLICY_GROUPS_MAX];
    unsigned member_count;
};
struct policy {
    struct str text;
    struct policy_log logs[POLICY_LOGS_MAX];
    struct policy_witness witnesses[POLICY_WITNESSES_MAX];
    struct policy_group groups[POLICY_GROUPS_MAX];
    unsigned log_count, witness_count, group_count;
    bool none;       /* no cosignature is needed */
    unsigned quorum; /* as a member */
};

/* Strict: RC_INVALID names the line. Slices point into `text`, which must live on. */
enum rc policy_parse(struct policy *ret, struct str text, struct fault *fault) MUST_CHECK;
/* Whether these witnesses are enough; `cosigned` by number. */
bool policy_satisfied(const struct policy *policy, const bool *cosigned);
/* Whether the note carries enough of them. RC_DENIED where it does not, RC_INVALID
 * where a known witness's cosignature is bad. The log's signature is checked by
 * checkpoint_verify. */
enum rc policy_check(const struct policy *policy, struct str note, struct fault *fault) MUST_CHECK;

#endif
