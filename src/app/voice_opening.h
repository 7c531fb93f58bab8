/* Inside app/: the bytes that a voice's commitment is of, and their domain. */
#ifndef COLOPHON_APP_VOICE_OPENING_H
#define COLOPHON_APP_VOICE_OPENING_H

#include "app/prove.h"
#include "record/entry.h"
#include "store/voices.h"

/* One canonical object per kind, of what `said` holds of it. The salt in `ret` is
 * left alone; what it names lies in the arena. */
enum rc voice_opening(struct site *site, struct arena *arena, enum voice_kind kind,
                      const struct voice_row *said, struct proof_opening *ret,
                      struct fault *fault) MUST_CHECK;

/* What an `erased` entry's commitment is of, beside the salt, which is left alone: what was
 * asked for, in lines. Whoever has the salt can show that they were given it for this. */
void erase_opening(struct site *site, struct arena *arena, const struct entry *entry,
                   struct proof_opening *ret);

#endif
