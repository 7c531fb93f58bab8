/* Inside app/: the decisions as exports read them. */
#ifndef COLOPHON_APP_RECORD_EXPORT_PARTS_H
#define COLOPHON_APP_RECORD_EXPORT_PARTS_H

#include "app/record_export.h"
#include "base/json.h"
#include "domain/storefront.h"
#include "record/entry.h"
#include "store/store.h"

struct exported {
    struct arena arena;
    struct store_conn *conn;
    struct {
        uint64_t index;
        struct entry entry;
    } * v; /* every decision but heads, in order */
    size_t n, room;
    struct exported_key *keys; /* of the same, sorted */
    uint64_t voices_before;    /* size of the voices at the last head before `since` */
    struct storefront *storefronts;
    size_t storefront_n;
};

/* exported_free in any case. */
enum rc exported_read(struct site *site, const struct export_order *order, struct exported *ret,
                      struct fault *fault) MUST_CHECK;
void exported_free(struct exported *x);
#define EXPORTED __attribute__((cleanup(exported_free))) struct exported

/* NULL where there is none; of several, the last: a demand that was reopened is decided
 * again. */
const struct entry *exported_demand(const struct exported *x, uint64_t id);
const struct entry *exported_decision(const struct exported *x, uint64_t demand);
const struct entry *exported_lift(const struct exported *x, uint64_t restriction);
const struct entry *exported_restriction(const struct exported *x, uint64_t id);
/* The countries of these storefronts, each once, in order. */
json_t *exported_countries(const struct exported *x, const struct str *slugs, size_t n,
                           bool european);
json_t *exported_date(int64_t t);

/* Writes the JSON and a newline. */
enum rc exported_line(const struct export_order *order, const json_t *json,
                      struct fault *fault) MUST_CHECK;

#endif
