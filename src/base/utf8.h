/* UTF-8, checked at the edge and walked afterwards. */
#ifndef COLOPHON_BASE_UTF8_H
#define COLOPHON_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/fault.h"
#include "base/str.h"

/* True for well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms).
 * Otherwise `*ret_at` (may be NULL) is the offset of the first bad byte. */
bool utf8_valid(struct str s, size_t *ret_at);
/* How many bytes it begins with that are ASCII. */
size_t utf8_plain(struct str s);
/* True if it also holds no control character but TAB and LF. */
bool utf8_clean(struct str s);
/* What somebody wrote into a field: clean UTF-8, of at most `max` bytes, not blank where it
 * is needed. RC_INVALID names the field. */
enum text_rule { TEXT_OPTIONAL, TEXT_NEEDED, TEXT_LINE /* needed, and of one line */ };
enum rc text_check(const char *field, struct str s, enum text_rule rule, size_t max,
                   struct fault *fault) MUST_CHECK;
/* Takes the next code point off `*s`, which must be valid. False at the end. */
bool utf8_next(struct str *s, uint32_t *ret_point);
size_t utf8_length(struct str s); /* in code points */
/* The longest prefix of at most `points` code points. */
struct str utf8_cut(struct str s, size_t points);
/* Han, kana, hangul and their punctuation: text set without spaces. */
bool utf8_is_cjk(uint32_t point);
bool utf8_has_cjk(struct str s);
/* Hebrew, Arabic and their kin: text that runs from right to left. */
bool utf8_has_rtl(struct str s);

#endif
