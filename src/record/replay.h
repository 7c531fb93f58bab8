/* replay(Record): the restrictions that the published entries make, and what
 * the voices entries add up to. A pure function of the entries; the gate and
 * `colophon audit` both use this one. */
#ifndef COLOPHON_RECORD_REPLAY_H
#define COLOPHON_RECORD_REPLAY_H

#include "base/arena.h"
#include "base/fault.h"
#include "domain/restriction.h"
#include "record/entry.h"

/* The works behind a signed root; RC_NOT_FOUND where it is not known. The
 * replayer checks count and root itself. The result must live in `arena`. */
struct replay;
struct list_source {
    /* An earlier replay, or NULL: what it has proved of a list is not proved
     * again (a hash for each of 90,000 works). Read by replay_add alone. */
    const struct replay *earlier;
    void *context;
    enum rc (*read)(void *context, struct arena *arena, const struct hash *root,
                    struct work_set *ret, struct fault *fault);
};

/* What the entries about demands and complaints and sealed things must fit:
 * ids that are there, once each. Opaque; lies in the replay's arena. */
struct replay_papers;

/* All restrictions ever, by id, ascending. Opaque to nobody, changed by nobody
 * but replay_add. Everything lies in the arena it was made with. */
struct replay {
    struct arena *arena;
    struct list_source lists;
    struct restriction **restrictions;
    size_t n, room;
    struct replay_papers *papers;
    uint64_t next;  /* index of the next entry to be added */
    int64_t latest; /* time of the latest entry: the Record's own clock */
};

void replay_init(struct replay *replay, struct arena *arena, struct list_source lists);
/* Adds the decisions entry with this index; indexes ascend, gaps are allowed
 * for entries of kinds that replay_needs says no to. RC_CORRUPT for an entry that
 * contradicts the earlier ones (unknown id, id used twice, list that does not
 * match its root, decision of a demand that nobody made). */
enum rc replay_add(struct replay *replay, uint64_t index, const struct entry *entry,
                   struct fault *fault) MUST_CHECK;
/* Whether what is withheld, or the check of another entry, follows from such
 * entries: the others are read, found good, and passed over. */
bool replay_needs(enum entry_type type);
/* Whether it follows a demand on a set of which it is less: its entry then has the works of
 * that set, unless it is from before there was such a list. */
bool replay_less_of_set(const struct replay *replay, const struct restriction *r);
const struct restriction *replay_find(const struct replay *replay, uint64_t id);
/* RC_CORRUPT where a restriction is neither lifted nor was over by then, about which a complaint
 * was upheld, or which a body out of court reversed. Of what was published in whole batches. */
enum rc replay_check_undone(const struct replay *replay, struct fault *fault) MUST_CHECK;
/* The larger of the clock and the Record's own time. */
int64_t replay_now(const struct replay *replay, int64_t clock);

/* Per work and kind: what the voices log says. */
struct voice_count {
    uint64_t work;
    uint64_t accepted[VOICE_KIND_COUNT];
    uint64_t withdrawn[VOICE_KIND_COUNT];
    uint64_t erased[VOICE_KIND_COUNT];
};
struct voices_replay; /* opaque; malloc'ed because it grows with the log */
struct voices_replay *voices_replay_new(void);
void voices_replay_free(struct voices_replay *voices);
/* Indexes ascend. RC_CORRUPT for an entry that contradicts the earlier ones (of
 * an entry that is not there, is of another work or kind, or stands no more). */
enum rc voices_replay_add(struct voices_replay *voices, uint64_t index, const struct entry *entry,
                          struct fault *fault) MUST_CHECK;
/* Whether what was accepted with this index, of this work and kind, stands still. Of
 * what is gone only the index is known. */
enum voice_standing { VOICE_UNKNOWN, VOICE_STANDS, VOICE_GONE };
enum voice_standing voices_replay_find(const struct voices_replay *voices, uint64_t index,
                                       uint64_t work, enum voice_kind kind);
size_t voices_replay_count(const struct voices_replay *voices);
/* Counts in the order in which the log first names the works. */
const struct voice_count *voices_replay_at(const struct voices_replay *voices, size_t i);

#endif
