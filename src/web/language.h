/* Languages of the interface: texts from the catalogues in po/ (compiled in),
 * numbers, dates and money by ICU. A `struct language` is one thread's: its
 * formatters are made once and kept. */
#ifndef COLOPHON_WEB_LANGUAGE_H
#define COLOPHON_WEB_LANGUAGE_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"

struct language;

/* By a BCP 47 tag: "de-AT" is the German texts with Austria's numbers; English where there
 * are no texts that come near. */
struct language *language_new(struct str tag);
void language_free(struct language *language);
/* The interface's languages, English first; empty behind the last. */
struct str language_offered(size_t i);
bool language_is_offered(struct str tag);
/* The one of these that its speaker reads best: zh-Hant for "zh-TW", de for "de-CH". */
struct str language_nearest(struct str tag);
/* By an Accept-Language header; English where it names none of ours. */
struct str language_negotiated(struct str header);

struct str language_tag(const struct language *language); /* "zh-Hans" */
/* Whether it runs from right to left. */
bool language_rtl(const struct language *language);

/* Texts; the msgid itself where there is no translation. */
struct str language_text(const struct language *language, const char *msgid);
struct str language_plural(const struct language *language, const char *singular,
                           const char *plural, uint64_t n);

/* The language's own way of writing these. Results lie in the arena. */
struct str language_number(const struct language *language, struct arena *arena, int64_t n);
/* Thousandths with one decimal: 4250 is "4.3". */
struct str language_decimal(const struct language *language, struct arena *arena, int64_t milli);
struct str language_money(const struct language *language, struct arena *arena, int64_t minor,
                          struct str currency);
/* "24 November 2026", "November 2026", "2026": as much as the date says. */
struct str language_date(const struct language *language, struct arena *arena, int32_t date);
/* A day, or day and minute (UTC) where the second is not the day's first. */
struct str language_time(const struct language *language, struct arena *arena, int64_t t);
/* The name of a language or country in this language; the code where unknown. */
struct str language_of_language(const struct language *language, struct arena *arena,
                                struct str tag);
struct str language_of_country(const struct language *language, struct arena *arena,
                               struct str code);
/* "US dollars"; the code where unknown. */
struct str language_of_currency(const struct language *language, struct arena *arena,
                                struct str code);
/* "ratings, reviews and comments". */
struct str language_list(const struct language *language, struct arena *arena,
                         const struct str *items, size_t n);
/* As the language sorts: "Österreich" beside "Oman". */
int language_compare(const struct language *language, struct str a, struct str b);
/* A language's name in itself: "简体中文". */
struct str language_own_name(struct language *language, struct arena *arena, struct str tag);

#endif
