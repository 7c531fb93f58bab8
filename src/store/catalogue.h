/* The catalogue as it stands: storefronts, shops, editions, works,
 * contributors, collections. Reading works on any connection; what adds needs an
 * open write transaction. Results lie in the arena; lists come as an array and a
 * count. RC_NOT_FOUND where one thing is asked for that is not there; an empty
 * list is RC_OK.
 *
 * An edition all of whose records are deleted is not shown: it is found by
 * nothing here but catalogue_edition_known. */
#ifndef COLOPHON_STORE_CATALOGUE_H
#define COLOPHON_STORE_CATALOGUE_H

#include "base/arena.h"
#include "base/fault.h"
#include "domain/edition.h"
#include "domain/rating.h"
#include "domain/storefront.h"
#include "store/covers.h"
#include "store/store.h"

/* ---- storefronts ---- */

/* `s->id` is not read: the next free number is given. RC_CONFLICT for a slug
 * that is taken. */
enum rc catalogue_storefront_add(struct store_conn *conn, const struct storefront *s,
                                 unsigned *ret_id, struct fault *fault) MUST_CHECK;
enum rc catalogue_storefronts(struct store_conn *conn, struct arena *arena, struct storefront **ret,
                              size_t *ret_n, struct fault *fault) MUST_CHECK;
/* Another number whenever one was added or its host changed. */
enum rc catalogue_storefront_version(struct store_conn *conn, uint64_t *ret,
                                     struct fault *fault) MUST_CHECK;
/* An empty host takes it away. RC_NOT_FOUND for a slug that is none. */
enum rc catalogue_storefront_host_put(struct store_conn *conn, struct str slug, struct str host,
                                      struct fault *fault) MUST_CHECK;
/* Something else of a storefront was changed: what catalogue_storefront_version tells is another.
 */
enum rc catalogue_storefronts_changed(struct store_conn *conn, struct fault *fault) MUST_CHECK;
/* The first is the usual one. RC_LIMIT for more than STOREFRONT_LANGUAGES_MAX. */
enum rc catalogue_storefront_languages_put(struct store_conn *conn, struct str slug,
                                           const struct str *languages, size_t n,
                                           struct fault *fault) MUST_CHECK;
/* What its prices are in, and whether with tax; the index is made anew. */
enum rc catalogue_storefront_prices_put(struct store_conn *conn, struct str slug,
                                        struct str currency, bool tax_included,
                                        struct fault *fault) MUST_CHECK;
/* Whether it sells print whose rights nobody stated; the index is made anew. */
enum rc catalogue_storefront_unstated_put(struct store_conn *conn, struct str slug, bool sell,
                                          struct fault *fault) MUST_CHECK;

/* ---- shops ---- */

struct shop {
    uint64_t id;
    struct str slug;
    struct str name;
    struct str controlled_by; /* the disclosure; empty where nothing was said */
    int64_t created;
};

/* `s->id` is not read. RC_CONFLICT for a slug that is taken. */
enum rc catalogue_shop_add(struct store_conn *conn, const struct shop *s, uint64_t *ret_id,
                           struct fault *fault) MUST_CHECK;
enum rc catalogue_shop(struct store_conn *conn, struct arena *arena, struct str slug,
                       struct shop *ret, struct fault *fault) MUST_CHECK;
/* By slug; at most `room`. */
enum rc catalogue_shops(struct store_conn *conn, struct arena *arena, size_t room,
                        struct shop **ret, size_t *ret_n, struct fault *fault) MUST_CHECK;
/* Works of which a shop has a record, ascending. */
enum rc catalogue_shop_works(struct store_conn *conn, struct arena *arena, uint64_t shop,
                             uint64_t **ret, size_t *ret_n, struct fault *fault) MUST_CHECK;

/* ---- editions and works ---- */

struct catalogue_edition {
    uint64_t id;
    uint64_t work;
    struct str product_key; /* the ISBN-13, else "type:name:value" of another identifier */
    uint64_t shop;          /* whose record describes it */
    uint64_t record;        /* that record */
    bool disputed;          /* other records, of whatever shop, tell of it too */
    struct shop describer;  /* the shop of that record */
    struct cover_row cover; /* `file` empty: there is none; without bytes, created, source */
    struct edition facts;   /* as the record with precedence tells them */
};

enum rc catalogue_edition(struct store_conn *conn, struct arena *arena, uint64_t id,
                          struct catalogue_edition *ret, struct fault *fault) MUST_CHECK;
/* By product key: an ISBN-13 as digits (domain/isbn.h reads other notations). */
enum rc catalogue_edition_by_key(struct store_conn *conn, struct arena *arena, struct str key,
                                 struct catalogue_edition *ret, struct fault *fault) MUST_CHECK;
/* The id alone, without unpacking anything. */
enum rc catalogue_edition_id(struct store_conn *conn, struct str key, uint64_t *ret,
                             struct fault *fault) MUST_CHECK;
/* Id and work of an edition, also of one that is no longer shown. */
enum rc catalogue_edition_known(struct store_conn *conn, struct str key, uint64_t *ret_id,
                                uint64_t *ret_work, struct fault *fault) MUST_CHECK;
/* Editions of a work, oldest entry in the catalogue first; at most `room`. */
enum rc catalogue_work_editions(struct store_conn *conn, struct arena *arena, uint64_t work,
                                size_t room, struct catalogue_edition **ret, size_t *ret_n,
                                struct fault *fault) MUST_CHECK;
/* The same of as many works in one question, where they are not extraordinarily many; those of
 * one work stand together. */
#define CATALOGUE_WORKS_AT_ONCE 24
enum rc catalogue_editions_of_works(struct store_conn *conn, struct arena *arena,
                                    const uint64_t *works, size_t n, size_t room,
                                    struct catalogue_edition **ret, size_t *ret_n,
                                    struct fault *fault) MUST_CHECK;
/* The keys of all that are shown, and no more of them. */
enum rc catalogue_work_keys(struct store_conn *conn, uint64_t work,
                            enum rc (*each)(void *context, struct str key, struct fault *fault),
                            void *context, struct fault *fault) MUST_CHECK;
/* All but one of them. */
enum rc catalogue_other_editions(struct store_conn *conn, struct arena *arena, uint64_t work,
                                 uint64_t without, size_t room, struct catalogue_edition **ret,
                                 size_t *ret_n, struct fault *fault) MUST_CHECK;
/* How much of what follows need not be looked at. */
enum enough { ENOUGH_NOT, ENOUGH_OF_WORK, ENOUGH_OF_ALL };
/* Of `works` works of the contributor of a key, the latest first, without one, the editions until
 * `each` has enough: the others are not unpacked. False in *ret_all where they have so many
 * editions that not all were looked at: works may be missing. */
enum rc catalogue_author_editions(struct store_conn *conn, struct arena *arena, struct str key,
                                  uint64_t without, size_t works,
                                  enum rc (*each)(void *context,
                                                  const struct catalogue_edition *edition,
                                                  enum enough *ret_enough, struct fault *fault),
                                  void *context, bool *ret_all, struct fault *fault) MUST_CHECK;
/* The same of works that readers of this one liked, too (liked.h), the first place first; at
 * most `room` editions are looked at. */
enum rc
catalogue_liked_editions(struct store_conn *conn, struct arena *arena, uint64_t work, size_t room,
                         enum rc (*each)(void *context, const struct catalogue_edition *edition,
                                         enum enough *ret_enough, struct fault *fault),
                         void *context, struct fault *fault) MUST_CHECK;
/* RC_OK where the work was ever given out. */
enum rc catalogue_work_known(struct store_conn *conn, uint64_t work,
                             struct fault *fault) MUST_CHECK;
/* Editions that came last, latest first. */
enum rc catalogue_latest(struct store_conn *conn, struct arena *arena, size_t room,
                         struct catalogue_edition **ret, size_t *ret_n,
                         struct fault *fault) MUST_CHECK;
/* The next editions after an id, ascending: pages through all of them. */
enum rc catalogue_editions_after(struct store_conn *conn, struct arena *arena, uint64_t after,
                                 size_t room, struct catalogue_edition **ret, size_t *ret_n,
                                 struct fault *fault) MUST_CHECK;
/* How many are shown; reads an index from end to end, so not for every page. */
enum rc catalogue_edition_count(struct store_conn *conn, uint64_t *ret,
                                struct fault *fault) MUST_CHECK;

/* Whether there never was an edition, not even one that is deleted now. */
enum rc catalogue_untouched(struct store_conn *conn, bool *ret, struct fault *fault) MUST_CHECK;

/* What one shop says of an edition: the base of its offer. */
struct shop_record {
    struct shop shop;
    struct edition facts;
};

/* Whose word counts: ONIX RecordSourceType, list 3. */
enum precedence { PRECEDENCE_PUBLISHER = 1, PRECEDENCE_DISTRIBUTOR = 2, PRECEDENCE_OTHER = 3 };

/* Hints (db.h, query_ask): what a page of this edition will read, the one from the
 * catalogue, the second of its work besides, `room` other editions of it and its voices'
 * counts, the third of its author. */
void catalogue_edition_ask(struct store_conn *conn, const struct catalogue_edition *edition);
void catalogue_others_ask(struct store_conn *conn, const struct catalogue_edition *edition,
                          size_t room);
void catalogue_author_ask(struct store_conn *conn, struct str key, uint64_t without, size_t works);

/* One per shop that has the edition, that shop's best record; by shop id. The
 * record that describes the edition is not read again: its facts are shared. */
enum rc catalogue_edition_shops(struct store_conn *conn, struct arena *arena,
                                const struct catalogue_edition *edition, struct shop_record **ret,
                                size_t *ret_n, struct fault *fault) MUST_CHECK;

/* ---- contributors ---- */

struct contributor_row {
    uint64_t id;
    struct str key; /* catalogue_contributor_key */
    struct str name;
};

/* What makes two contributors one: the identifier, else the folded name; empty
 * where there is neither. Matches a record's contributors to the rows. */
struct str catalogue_contributor_key(struct arena *arena, const struct contributor *c);
enum rc catalogue_contributor(struct store_conn *conn, struct arena *arena, uint64_t id,
                              struct contributor_row *ret, struct fault *fault) MUST_CHECK;
/* Those whose name is this one, however it is spelled (case, diacritics). */
enum rc catalogue_contributors_named(struct store_conn *conn, struct arena *arena, struct str name,
                                     struct contributor_row **ret, size_t *ret_n,
                                     struct fault *fault) MUST_CHECK;
enum rc catalogue_contributor_works(struct store_conn *conn, struct arena *arena,
                                    uint64_t contributor, uint64_t **ret, size_t *ret_n,
                                    struct fault *fault) MUST_CHECK;
enum rc catalogue_work_contributors(struct store_conn *conn, struct arena *arena, uint64_t work,
                                    struct contributor_row **ret, size_t *ret_n,
                                    struct fault *fault) MUST_CHECK;

/* What several names have, by the key of each. */
struct named_works {
    struct str key, slug; /* a contributor has no slug */
    uint64_t id;
    LIST(uint64_t) works; /* ascending */
};
#define CATALOGUE_KEYS_AT_ONCE 24
/* The first works of each: one more than `most` where there are more. */
enum rc catalogue_works_of_contributors(struct store_conn *conn, struct arena *arena, size_t most,
                                        const struct str *keys, size_t n, struct named_works *ret,
                                        size_t *ret_n, struct fault *fault) MUST_CHECK;
/* The same of collections that feeds brought. */
enum rc catalogue_works_of_collections(struct store_conn *conn, struct arena *arena, size_t most,
                                       const struct str *keys, size_t n, struct named_works *ret,
                                       size_t *ret_n, struct fault *fault) MUST_CHECK;

/* ---- collections ---- */

struct collection {
    uint64_t id;
    struct str slug;
    struct str name;
    int64_t created;
    bool own; /* staff made it; said by catalogue_collection and catalogue_collections_latest alone
               */
};

/* A work's place in a collection. */
struct collection_place {
    struct collection collection;
    struct str part; /* the number as printed; may be empty */
};

/* What makes two collections of feeds one. */
struct str catalogue_collection_key(struct arena *arena, struct str name);
/* A collection of staff's own, with these works; slug and name are read.
 * RC_CONFLICT for a slug that is taken. */
enum rc catalogue_collection_add(struct store_conn *conn, const struct collection *c,
                                 const uint64_t *works, size_t n, uint64_t *ret_id,
                                 struct fault *fault) MUST_CHECK;
enum rc catalogue_collection(struct store_conn *conn, struct arena *arena, struct str slug,
                             struct collection *ret, struct fault *fault) MUST_CHECK;
enum rc catalogue_collection_by_id(struct store_conn *conn, struct arena *arena, uint64_t id,
                                   struct collection *ret, struct fault *fault) MUST_CHECK;
/* The latest first. */
enum rc catalogue_collections_latest(struct store_conn *conn, struct arena *arena, size_t most,
                                     struct collection **ret, size_t *ret_n,
                                     struct fault *fault) MUST_CHECK;
/* Its works, ascending: what a restriction on it covers. */
enum rc catalogue_collection_works(struct store_conn *conn, struct arena *arena,
                                   uint64_t collection, uint64_t **ret, size_t *ret_n,
                                   struct fault *fault) MUST_CHECK;
/* The same in order of part (numbers before other words), a page of it. */
enum rc catalogue_collection_members(struct store_conn *conn, struct arena *arena,
                                     uint64_t collection, size_t offset, size_t room,
                                     uint64_t **ret, size_t *ret_n, struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND where the work is none of its members. */
enum rc catalogue_collection_has(struct store_conn *conn, uint64_t collection, uint64_t work,
                                 struct fault *fault) MUST_CHECK;
/* A page of its members in reading order. */
struct collection_member {
    uint64_t work;
    struct str part;  /* the number as printed; may be empty */
    int64_t position; /* thousandths of the number; PART_POSITION_NONE where it is none */
};
#define PART_POSITION_NONE INT64_C(1000000000000)
enum rc catalogue_collection_parts(struct store_conn *conn, struct arena *arena,
                                   uint64_t collection, size_t offset, size_t room,
                                   struct collection_member **ret, size_t *ret_n,
                                   struct fault *fault) MUST_CHECK;
/* The member that is numbered after this one; RC_NOT_FOUND where none is. */
enum rc catalogue_collection_next(struct store_conn *conn, struct arena *arena, uint64_t collection,
                                  uint64_t work, uint64_t *ret_work, struct str *ret_part,
                                  struct fault *fault) MUST_CHECK;
enum rc catalogue_collection_count(struct store_conn *conn, uint64_t collection, uint64_t *ret,
                                   struct fault *fault) MUST_CHECK;
enum rc catalogue_work_collections(struct store_conn *conn, struct arena *arena, uint64_t work,
                                   struct collection_place **ret, size_t *ret_n,
                                   struct fault *fault) MUST_CHECK;

/* ---- what the index asks ---- */

/* Stars of a work; all zero where nobody rated. */
enum rc catalogue_work_stars(struct store_conn *conn, uint64_t work, struct rating_sum *ret,
                             struct fault *fault) MUST_CHECK;
/* Stars of all works together, for the catalogue's mean. */
enum rc catalogue_all_stars(struct store_conn *conn, struct rating_sum *ret,
                            struct fault *fault) MUST_CHECK;

#endif
