/* Inside app/: what adding, lifting and extending share. */
#ifndef COLOPHON_APP_RESTRICT_PARTS_H
#define COLOPHON_APP_RESTRICT_PARTS_H

#include "app/site.h"
#include "record/entry.h"

/* Puts the entry in line, with the text beside it and the tie to its restriction. */
enum rc restriction_entry(struct site *site, struct store_conn *conn, struct entry *entry,
                          uint64_t restriction, struct str text, uint64_t *ret_entry_id,
                          struct fault *fault) MUST_CHECK;
/* As restriction_reason_check, for at most so many bytes. */
enum rc restriction_reason_within(struct str reason, size_t max, struct fault *fault) MUST_CHECK;

#endif
