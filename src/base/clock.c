#include "base/clock.h"

int64_t clock_now(void)
{
    /* Tests move the clock of a whole process; nothing else does. */
    const char *fixed = getenv("COLOPHON_NOW");
    int64_t t;
    if (fixed != NULL && time_parse(str_of(fixed), &t))
        return t;
    return clock_machine();
}

int64_t clock_machine(void)
{
    return (int64_t)time(NULL);
}

int64_t clock_monotonic_ms(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

int64_t clock_monotonic_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

int64_t clock_thread_us(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* Days since 1970-01-01 of a date in the proleptic Gregorian calendar. */
static int64_t days_of(int64_t year, int64_t month, int64_t day)
{
    year -= month <= 2;
    int64_t era = (year >= 0 ? year : year - 399) / 400;
    int64_t of_era = year - era * 400;
    int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468;
}

static int32_t date_of_days(int64_t days)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t of_era = days - era * 146097;
    int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t mp = (5 * of_year + 2) / 153;
    int64_t day = of_year - (153 * mp + 2) / 5 + 1;
    int64_t month = mp < 10 ? mp + 3 : mp - 9;
    int64_t year = year_of_era + era * 400 + (month <= 2);
    return (int32_t)(year * 10000 + month * 100 + day);
}

bool date_valid(int32_t date)
{
    static const int8_t lengths[] = {31, 31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int32_t year = date / 10000, month = date / 100 % 100, day = date % 100;
    if (date <= 0 || year < 1 || year > 9999 || month > 12 || day > lengths[month])
        return false;
    if (month == 0 && day != 0)
        return false;
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    return !(month == 2 && day == 29 && !leap);
}

int32_t date_of(int64_t t)
{
    int64_t days = t / 86400 - (t % 86400 < 0);
    return date_of_days(days);
}

int64_t date_start(int32_t date)
{
    int32_t month = date / 100 % 100, day = date % 100;
    return days_of(date / 10000, month == 0 ? 1 : month, day == 0 ? 1 : day) * 86400;
}

int64_t date_end(int32_t date)
{
    int32_t year = date / 10000, month = date / 100 % 100, day = date % 100;
    if (month == 0)
        return days_of(year + 1, 1, 1) * 86400;
    if (day == 0)
        return (month == 12 ? days_of(year + 1, 1, 1) : days_of(year, month + 1, 1)) * 86400;
    return date_start(date) + 86400;
}

void date_add(struct buf *b, int32_t date)
{
    buf_printf(b, "%04d", date / 10000);
    if (date / 100 % 100 != 0)
        buf_printf(b, "-%02d", date / 100 % 100);
    if (date % 100 != 0)
        buf_printf(b, "-%02d", date % 100);
}

void time_add(struct buf *b, int64_t t)
{
    int32_t date = date_of(t);
    int64_t second = t - date_start(date);
    date_add(b, date);
    buf_printf(b, "T%02d:%02d:%02dZ", (int)(second / 3600), (int)(second / 60 % 60),
               (int)(second % 60));
}

static bool digits(struct str s, size_t from, size_t n, int32_t *ret)
{
    uint64_t value;
    if (from + n > s.n || !str_to_u64(str_sub(s, from, from + n), &value))
        return false;
    *ret = (int32_t)value;
    return true;
}

bool date_parse(struct str s, int32_t *ret_date)
{
    int32_t year, month, day;
    if (s.n != 10 || s.p[4] != '-' || s.p[7] != '-' || !digits(s, 0, 4, &year) ||
        !digits(s, 5, 2, &month) || !digits(s, 8, 2, &day) || month == 0 || day == 0)
        return false;
    int32_t date = year * 10000 + month * 100 + day;
    if (!date_valid(date))
        return false;
    *ret_date = date;
    return true;
}

bool time_parse(struct str s, int64_t *ret)
{
    int32_t date, hour, minute, second;
    if (s.n != 20 || s.p[10] != 'T' || s.p[13] != ':' || s.p[16] != ':' || s.p[19] != 'Z' ||
        !date_parse(str_sub(s, 0, 10), &date) || !digits(s, 11, 2, &hour) ||
        !digits(s, 14, 2, &minute) || !digits(s, 17, 2, &second))
        return false;
    if (hour > 23 || minute > 59 || second > 59)
        return false;
    *ret = date_start(date) + hour * 3600 + minute * 60 + second;
    return true;
}

bool time_or_date_parse(struct str s, bool end, int64_t *ret)
{
    int32_t date;
    if (!date_parse(s, &date))
        return time_parse(s, ret);
    *ret = end ? date_end(date) : date_start(date);
    return true;
}
