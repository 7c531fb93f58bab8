/* The gate: the one piece of code that decides what a viewer may see.
 *
 * It holds what replay(Record) says as an immutable snapshot, a `gate_view`,
 * and makes the only types that pages, feeds and JSON are built from
 * (shown.h). A view has a number, the epoch: it goes up whenever what is
 * withheld may have changed, by an entry, a lift or by time. */
#ifndef COLOPHON_APP_GATE_H
#define COLOPHON_APP_GATE_H

#include "app/site.h"
#include "domain/storefront.h"
#include "domain/visibility.h"

struct gate;
struct demand_index;

/* Works and editions whose listing, search, stars or sale a storefront withholds: sorted. */
struct gate_filter {
    const uint64_t *works;
    size_t work_count;
    const uint64_t *editions;
    size_t edition_count;
};

struct gate_view {
    uint64_t epoch;
    int64_t now; /* the time it decides for: the larger of clock and Record */
    LIST(struct storefront) storefronts;
    /* Everything published, whatever its state; by id. */
    LIST(const struct restriction *) restrictions;
    /* Head of the decisions log at the last commit. */
    uint64_t head_size;
    struct hash head_root;
    uint64_t version;  /* another number after every commit anybody made */
    uint64_t standing; /* after every one that takes something back: a restriction's beginning
                        * or end, a withdrawn or erased voice */
    uint64_t state; /* the database's (site_state) that it took in last, where replicas are read */
    struct demand_index *demands; /* the gate's: it goes on growing */
    const struct gate_rules *rules;
};

enum rc gate_open(struct site *site, struct gate **ret, struct fault *fault) MUST_CHECK;
void gate_close(struct gate *gate);
/* Takes in what was committed. On failure the view stays as it was: what is not
 * known cannot be withheld. What pages show of a database that does not answer is
 * good for some minutes; time and lifts in the journal are taken in without it. */
enum rc gate_reload(struct gate *gate, struct fault *fault) MUST_CHECK;
/* The same, where nothing but voices of these works was committed since the last time,
 * as whoever committed it knows: what was made of other works is good still. */
enum rc gate_reload_voices(struct gate *gate, const uint64_t *works, size_t n,
                           struct fault *fault) MUST_CHECK;
/* Whether what rests on the catalogue, the decisions and this work's voices alone, and was
 * made under that version, would be the same now; of a version that gate_version says is
 * fresh. */
bool gate_still_good(struct gate *gate, uint64_t version, uint64_t work);

/* A view in the arena, good until gate_drop. */
const struct gate_view *gate_hold(struct gate *gate, struct arena *arena);
/* The same as it stands, maybe out of date: for what must not wait for a database
 * and shows nothing. */
const struct gate_view *gate_hold_present(struct gate *gate, struct arena *arena);
/* Version and standing of what gate_hold would give; false where it would have to make
 * a new view first. */
bool gate_version(struct gate *gate, uint64_t *ret_version, uint64_t *ret_standing);
void gate_drop(const struct gate_view *view);
#define GATE_HELD __attribute__((cleanup(gate_drop_at_end))) const struct gate_view *
void gate_drop_at_end(const struct gate_view **view);

/* The head of the decisions log at the last commit. */
void gate_head(struct gate *gate, uint64_t *ret_size, struct hash *ret_root);

/* Seconds since the database last answered it. Never waits. */
double gate_silent(struct gate *gate);
/* Whether it could take in what was committed last. Never waits. */
bool gate_sound(const struct gate *gate);

const struct storefront *gate_storefront(const struct gate_view *view, struct str slug);
/* The one whose own host name this is, with or without a port; NULL: none. */
const struct storefront *gate_storefront_at(const struct gate_view *view, struct str host);
const struct restriction *gate_restriction(const struct gate_view *view, uint64_t id);
/* What a shop published last about who owns it; NULL: nothing. */
struct disclosure;
const struct disclosure *gate_disclosure(const struct gate_view *view, struct str shop);

/* Whether the licences that its country asks for are held: by enum licence_format. */
const struct licence_answer *gate_licences(const struct gate_view *view,
                                           const struct storefront *storefront);
/* All that is published of licences. */
struct licences;
const struct licences *gate_licences_published(const struct gate_view *view);

/* How many restrictions are in effect in the storefront. */
size_t gate_in_effect(const struct gate_view *view, const struct storefront *storefront);

/* The decision. */
struct visibility gate_decide(const struct gate_view *view, const struct storefront *storefront,
                              const struct visibility_facts *facts);
/* The same for one review or comment of a work: what is decided of all around it, and
 * what is about it alone. `facts` names it. */
struct visibility gate_decide_voice(const struct gate_view *view,
                                    const struct storefront *storefront,
                                    const struct visibility *around,
                                    const struct visibility_facts *facts);
/* And for what an account may submit about a work. */
struct visibility gate_decide_account(const struct gate_view *view,
                                      const struct storefront *storefront,
                                      const struct visibility_facts *facts, uint64_t account);
/* The restrictions here on single reviews and comments of a work, in the arena. */
const struct restriction **gate_voices(const struct gate_view *view, struct arena *arena,
                                       const struct storefront *storefront, uint64_t work,
                                       size_t *ret_n);
/* Works whose stars lack some here, withheld with single reviews: ascending. */
const uint64_t *gate_restarred(const struct gate_view *view, const struct storefront *storefront,
                               size_t *ret_n);
/* Those on an account. */
const struct restriction **gate_accounts(const struct gate_view *view, struct arena *arena,
                                         const struct storefront *storefront, uint64_t account,
                                         size_t *ret_n);
/* What lists (FEATURE_LISTING) and results (FEATURE_SEARCH) leave out, and whose
 * stars order nothing (FEATURE_RATINGS). */
const struct gate_filter *gate_filter(const struct gate_view *view,
                                      const struct storefront *storefront, enum feature feature);
/* The restriction that withholds this work, or this edition of it (empty: the
 * work as a whole), from lists or results; NULL: none. */
const struct restriction *gate_withholder(const struct gate_view *view,
                                          const struct storefront *storefront, enum feature feature,
                                          uint64_t work, struct str isbn13);

#endif
