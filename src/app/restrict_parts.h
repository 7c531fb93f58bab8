/* Inside app/: what adding, lifting and extending share. */
#ifndef COLOPHON_APP_RESTRICT_PARTS_H
#define COLOPHON_APP_RESTRICT_PARTS_H

#include "app/restrict.h"
#include "app/site.h"
#include "record/entry.h"

/* Puts the entry in line, with the text beside it and the tie to its restriction. */
enum rc restriction_entry(struct site *site, struct store_conn *conn, struct entry *entry,
                          uint64_t restriction, struct str text, uint64_t *ret_entry_id,
                          struct fault *fault) MUST_CHECK;
/* When it begins and ends; r->decided is there. */
enum rc restriction_times(const struct restriction_order *order, struct restriction *r,
                          struct fault *fault) MUST_CHECK;
/* A version of the terms that is named is one that every storefront concerned has published. */
enum rc restriction_terms(struct store_conn *conn, struct arena *arena,
                          const struct restriction_order *order, int64_t now,
                          struct fault *fault) MUST_CHECK;
/* An order without a demand: whether it says why it reaches so far (decide.c). */
enum rc restriction_reach(struct store_conn *conn, struct arena *arena,
                          const struct restriction_order *order, struct fault *fault) MUST_CHECK;
/* As restriction_reason_check, for at most so many bytes. */
enum rc restriction_reason_within(struct str reason, size_t max, struct fault *fault) MUST_CHECK;

#endif
