/* Inside store/: what query.c hands to held_note.c in the place of the engine, and held.c
 * keeps and runs. */
#ifndef COLOPHON_STORE_NOTING_H
#define COLOPHON_STORE_NOTING_H

#include "base/json.h"
#include "statements.h"
#include "store/store.h"

/* No statement: an entry of the change feed. */
#define HELD_CHANGE "change"
enum { HELD_MAX = 16 << 20 };

struct held {
    json_t *list; /* of ["statement", parameter…]; bytes are {"hex": "…"} */
    uint64_t work, account, review;
};

void *held_note(struct store_conn *conn, enum statement name);
void held_note_int(void *noted, int parameter, int64_t value);
void held_note_str(void *noted, int parameter, struct str value);
void held_note_bytes(void *noted, int parameter, const void *bytes, size_t n);
void held_note_end(void *noted);
void held_note_change(struct store_conn *conn, const char *kind, uint64_t key);

#endif
