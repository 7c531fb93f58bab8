#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "onix/tree.h"

/* ---- dates ---- */

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

/* YYYY, YYYYMM or YYYYMMDD, as long as it is. */
static bool read_digits(struct str s, int32_t *ret)
{
    uint64_t n;
    if (!all_digits(s) || (s.n != 4 && s.n != 6 && s.n != 8) || !str_to_u64(s, &n))
        return false;
    int32_t date = (int32_t)n * (s.n == 4 ? 10000 : s.n == 6 ? 100 : 1);
    if (!date_valid(date))
        return false;
    *ret = date;
    return true;
}

/* Monday of a week (ISO 8601): week 1 is the one with 4 January. */
static bool read_week(struct str s, int32_t *ret)
{
    enum { DAY = 86400 };
    int32_t year;
    uint64_t week;
    if (s.n != 6 || !read_digits(str_sub(s, 0, 4), &year) || !str_to_u64(str_sub(s, 4, 6), &week) ||
        week < 1 || week > 53 || year < 19000000)
        return false;
    int64_t fourth = date_start(year + 104);
    int64_t weekday = (fourth / DAY % 7 + 7 + 3) % 7; /* 1970 began on a Thursday */
    *ret = date_of(fourth + ((int64_t)(week - 1) * 7 - weekday) * DAY);
    return true;
}

static bool read_quarter(struct str s, int32_t *ret)
{
    int32_t year;
    if (s.n != 5 || s.p[4] < '1' || s.p[4] > '4' || !read_digits(str_sub(s, 0, 4), &year))
        return false;
    *ret = year + ((s.p[4] - '1') * 3 + 1) * 100;
    return true;
}

/* 2015-03-01 and 2015-03, which can mean nothing else, without their hyphens. */
static struct str without_hyphens(struct str s, char room[8])
{
    bool day = s.n == 10 && s.p[4] == '-' && s.p[7] == '-';
    size_t n = 0;
    if (!day && !(s.n == 7 && s.p[4] == '-'))
        return s;
    for (size_t i = 0; i < s.n; i++)
        if (i != 4 && i != 7)
            room[n++] = s.p[i];
    return (struct str){room, n};
}

/* List 55. A range is read as its first day. */
static bool read_date(struct str text, uint64_t format, int32_t *ret)
{
    static const uint8_t first[] = {[6] = 8, [7] = 6, [9] = 4, [10] = 4, [11] = 4};
    char room[8];
    switch (format) {
    case 2:
        return read_week(text, ret);
    case 3:
        return read_quarter(text, ret);
    case 4: /* season; which months that is depends on where */
    case 8: /* quarters */
    case 12:
        return false;
    default:
        if (format > 14)
            return false;
    }
    if (format < sizeof first && first[format] != 0)
        text = str_sub(text, 0, first[format]);
    size_t clock = str_find(text, 'T');
    return read_digits(without_hyphens(str_sub(text, 0, clock), room), ret);
}

int32_t value_date(struct finding_place *place, const struct node *date, enum date_use use)
{
    struct str format = date->format.n > 0 ? date->format : node_text(date->parent, TAG_DateFormat);
    bool bars = use == DATE_BARS;
    int32_t value = 0;
    uint64_t kind = 0;
    if ((format.n > 0 && !str_to_u64(format, &kind)) || !read_date(date->text, kind, &value)) {
        /* Seasons, free text and other calendars are dates that we cannot read;
         * anything else is no date. */
        bool foreign = kind == 4 || kind == 8 || kind == 12 || kind > 14;
        find_fault(place, bars || !foreign ? SEVERITY_ERROR : SEVERITY_WARNING, date, TAG_UNKNOWN,
                   "date", "“%.*s” is no date of format %02u", STR_ARG(shown(date->text)),
                   (unsigned)kind);
        return 0;
    }
    if (value != 19000101 && value < 20980101)
        return value;
    /* A far day that bars a sale goes on barring it. */
    bool kept = bars && value != 19000101;
    find_fault(place, SEVERITY_WARNING, date, TAG_UNKNOWN, "date-placeholder",
               "%.*s seems to stand for no date and is %s", STR_ARG(shown(date->text)),
               kept ? "kept, as it bars a sale" : "left out");
    return kept ? value : 0;
}

/* "+hhmm", "-hhmm", "Z" or nothing, in seconds. */
static bool read_zone(struct str zone, int64_t *ret)
{
    uint64_t n;
    *ret = 0;
    if (zone.n == 0 || str_eq(zone, STR("Z")))
        return true;
    if (zone.n != 5 || (zone.p[0] != '+' && zone.p[0] != '-') ||
        !str_to_u64(str_sub(zone, 1, 5), &n) || n % 100 > 59 || n > 1400)
        return false;
    *ret = (int64_t)(n / 100 * 3600 + n % 100 * 60) * (zone.p[0] == '-' ? -1 : 1);
    return true;
}

bool value_time(struct str text, int64_t *ret)
{
    int32_t date;
    int64_t zone;
    uint64_t clock = 0;
    if (!read_digits(str_sub(text, 0, 8), &date) || date % 100 == 0)
        return false;
    struct str rest = str_sub(text, 8, text.n);
    size_t digits = 0;
    if (rest.n > 0 && rest.p[0] == 'T') {
        rest = str_sub(rest, 1, rest.n);
        while (digits < rest.n && rest.p[digits] >= '0' && rest.p[digits] <= '9')
            digits++;
        if ((digits != 4 && digits != 6) || !str_to_u64(str_sub(rest, 0, digits), &clock))
            return false;
        if (digits == 4)
            clock *= 100;
        if (clock / 10000 > 23 || clock / 100 % 100 > 59 || clock % 100 > 60)
            return false;
    }
    if (!read_zone(str_sub(rest, digits, rest.n), &zone))
        return false;
    *ret = date_start(date) +
           (int64_t)(clock / 10000 * 3600 + clock / 100 % 100 * 60 + clock % 100) - zone;
    return true;
}
