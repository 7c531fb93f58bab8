/* Inside app/: what a sender's records looked like when they were last taken, by the digest
 * of their bytes (onix/passing.h), in memory for the length of a message. It is of one moment:
 * whoever else changes a record meanwhile comes after what is passed over here. */
#ifndef COLOPHON_APP_KNOWN_RECORDS_H
#define COLOPHON_APP_KNOWN_RECORDS_H

#include "app/site.h"
#include "onix/onix.h"

struct known_records;
/* Empty where the sender is new. */
enum rc known_records_load(struct site *site, struct str shop, struct str sender,
                           struct known_records **ret, struct fault *fault) MUST_CHECK;
void known_records_free(struct known_records *known); /* NULL: nothing */

/* The RecordReference of the record of these bytes, which lives as long as the list. */
bool known_records_find(const struct known_records *known, const uint8_t bytes[16],
                        struct str *ret_reference);
/* Whether there is not one. */
bool known_records_none(const struct known_records *known);

#endif
