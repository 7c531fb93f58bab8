/* JSON written as one goes, without a tree of it: for what is made often. It may stand in an
 * element of HTML as it is: "<", ">" and "&" are escapes in it. The caller writes the outermost
 * brackets; `name` is NULL in a list. */
#ifndef COLOPHON_BASE_JSON_TEXT_H
#define COLOPHON_BASE_JSON_TEXT_H

#include "base/buf.h"
#include "base/str.h"

void json_text_str(struct buf *b, const char *name, struct str value);
/* Not within HTML: nothing is an escape that JSON does not ask for, as the canonical form has it.
 * The caller knows that it is UTF-8. */
void json_text_bare(struct buf *b, const char *name, struct str value);
/* What comes before a value that the caller writes. */
void json_text_name(struct buf *b, const char *name);
void json_text_int(struct buf *b, const char *name, int64_t value);
/* Digits as they stand, of a number that no float holds. */
void json_text_digits(struct buf *b, const char *name, struct str digits);
void json_text_true(struct buf *b, const char *name);
void json_text_object(struct buf *b, const char *name);
/* Returns where it begins, for its end. */
size_t json_text_list(struct buf *b, const char *name);
void json_text_object_end(struct buf *b);
/* One without elements is taken back, with its name. */
void json_text_list_end(struct buf *b, size_t begun);

#endif
