/* Restrictions as they are shown: those in force and those that wait, with their entries. */
#ifndef COLOPHON_APP_RESTRICTION_VIEW_H
#define COLOPHON_APP_RESTRICTION_VIEW_H

#include "app/gate.h"

/* One restriction with everything that is known of it: for the Record's pages,
 * the desk and `restriction list`. */
struct restriction_entry_view {
    uint64_t index; /* UINT64_MAX while it waits */
    struct str type;
    struct str json;
    struct str text; /* the reasons beside it; empty */
    int64_t at;
};
struct restriction_view {
    const struct restriction *r;
    enum restriction_state state;
    struct str
        title; /* of the edition or work, from restriction_titles: an ISBN alone says little */
    LIST(struct restriction_entry_view) entries; /* only from restriction_show */
};
/* Published ones from the view, and those whose entry waits; newest first. */
enum rc restriction_all(struct store_conn *conn, struct arena *arena, const struct gate_view *view,
                        struct restriction_view **ret, size_t *ret_n,
                        struct fault *fault) MUST_CHECK;
/* Fills in the titles of those that are about one edition or work. They are facts of
 * the catalogue as it stands; the entries hold none. */
enum rc restriction_titles(struct store_conn *conn, struct arena *arena, struct restriction_view *v,
                           size_t n, struct fault *fault) MUST_CHECK;
enum rc restriction_show(struct store_conn *conn, struct arena *arena, const struct gate_view *view,
                         uint64_t id, struct restriction_view *ret, struct fault *fault) MUST_CHECK;

#endif
