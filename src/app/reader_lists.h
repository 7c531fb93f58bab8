/* Lists that readers keep: what they want to read, and others under names of their own, each
 * private or shared under an address that nobody guesses. Works stand in them whatever is
 * withheld: who looks is shown what the gate lets through, and in the place of the rest by
 * which restriction it is withheld. What their owner calls a list, and the owner's name, are free
 * text that no restriction reaches: others are shown neither. */
#ifndef COLOPHON_APP_READER_LISTS_H
#define COLOPHON_APP_READER_LISTS_H

#include "app/secret.h"
#include "app/shown.h"
#include "app/writer.h"

/* LISTS_MAX: of names of their own, beside what they want to read. */
enum { LISTS_MAX = 100, LIST_WORKS_MAX = 2000, LIST_NAME_MAX = 120 };

struct reader_list {
    struct str secret;
    struct str name, owner; /* empty where it is somebody else's */
    bool want;              /* what its owner wants to read: it has no name */
    bool shared;            /* whoever has the address may see it */
    bool own;               /* the viewer's */
    bool has;               /* the work that was asked for */
    uint64_t works;
};
typedef LIST(struct reader_list) reader_lists;

/* The viewer's own. `work`: 0, or one of which is asked where it stands. */
enum rc reader_lists_own(const struct visit *visit, uint64_t work, reader_lists *ret,
                         struct fault *fault) MUST_CHECK;

struct listed_work {
    uint64_t work;
    const struct restriction *withheld; /* by; then there is no card */
    bool gone;                          /* it is in no catalogue any more, nor is there a card */
    struct shown_card card;
};
struct shown_list {
    struct reader_list list;
    LIST(struct listed_work) works; /* of the page */
};
/* RC_NOT_FOUND where there is none, or it is somebody else's and not shared. */
enum rc shown_list(const struct visit *visit, struct str secret, size_t offset, size_t limit,
                   struct shown_list *ret, struct fault *fault) MUST_CHECK;

struct kept_work {
    uint64_t work;
    struct str key, title; /* as in struct own_review */
};
typedef LIST(struct kept_work) kept_works;
/* All that stands in one of the viewer's own; RC_NOT_FOUND for any other. */
enum rc reader_list_kept(const struct visit *visit, struct str secret, kept_works *ret,
                         struct fault *fault) MUST_CHECK;

/* Of whose lists, and which one; "want" is what they want to read, made where there is none. */
struct list_order {
    uint64_t account;
    struct str secret;
    struct str name; /* of a list to be made or changed */
    bool shared;
};
/* RC_INVALID names the field; RC_CONFLICT where there are too many. *ret_secret in the arena. */
enum rc reader_list_make(struct writer *writer, struct arena *arena, const struct list_order *order,
                         struct str *ret_secret, struct fault *fault) MUST_CHECK;
enum rc reader_list_change(struct writer *writer, const struct list_order *order,
                           struct fault *fault) MUST_CHECK;
enum rc reader_list_remove(struct writer *writer, const struct list_order *order,
                           struct fault *fault) MUST_CHECK;
/* Puts a work there, or takes it away; where it is so already, nothing changes. */
enum rc reader_list_keep(struct writer *writer, const struct list_order *order, uint64_t work,
                         bool keep, struct fault *fault) MUST_CHECK;

#endif
