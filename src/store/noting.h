/* Inside store/: what db.c hands to held.c in the place of the engine. */
#ifndef COLOPHON_STORE_NOTING_H
#define COLOPHON_STORE_NOTING_H

#include "statements.h"
#include "store/store.h"

void *held_note(struct store_conn *conn, enum statement name);
void held_note_int(void *noted, int parameter, int64_t value);
void held_note_str(void *noted, int parameter, struct str value);
void held_note_bytes(void *noted, int parameter, const void *bytes, size_t n);
void held_note_end(void *noted);
void held_note_change(struct store_conn *conn, const char *kind, uint64_t key);

#endif
