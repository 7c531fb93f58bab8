/* The trail: who of the staff did what, when, on what. A row is written in the
 * transaction of what was done, by whoever commits it (store_act in store/store.h), so
 * that no use case can forget it: commands say once what they are (site_act), the
 * server says so for each form of the desk (writer_act_begin). Rows are chained by
 * their hashes (store/trail.h), hold no secrets and no free text. */
#ifndef COLOPHON_APP_TRAIL_H
#define COLOPHON_APP_TRAIL_H

#include "app/site.h"
#include "app/writer.h"
#include "base/encode.h"
#include "domain/edition.h"

/* `account` 0: on the command line. In the arena. */
struct store_act *trail_act(struct arena *arena, uint64_t account, struct str who, struct str what);
/* What it is done on: "storefront=us". Of what holds spaces, is long, or is named like
 * a secret or like what people write, only that it was there. */
void trail_about(struct arena *arena, struct store_act *act, struct str name, struct str value);
bool trail_noted(const struct store_act *act);
/* A row by itself, where nothing that was written had it. */
enum rc trail_note(struct writer *writer, struct store_act *act, struct fault *fault) MUST_CHECK;

struct trail_entry {
    uint64_t id;
    int64_t at;
    struct str who, what, subject;
    struct str hash; /* hex */
};
typedef LIST(struct trail_entry) trail_list;

struct trail_choice {
    struct str who; /* empty: everybody */
    struct str day; /* "2026-11-30", UTC; empty: all */
};
/* The newest first. RC_INVALID for a day that is none. */
enum rc trail_read(struct site *site, struct arena *arena, const struct trail_choice *choice,
                   size_t offset, size_t room, trail_list *ret, uint64_t *ret_total,
                   struct fault *fault) MUST_CHECK;
/* From the first row to the last. RC_CORRUPT names the row that was changed, or the
 * one that is missing. *ret_head is the last hash: kept elsewhere, it shows later
 * whether rows at the end were taken away. */
enum rc trail_verify(struct site *site, uint64_t *ret_rows, struct hash *ret_head,
                     struct fault *fault) MUST_CHECK;

#endif
