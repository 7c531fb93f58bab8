#include "app/licence_orders.h"

#include "base/clock.h"

/* ---- words ---- */

struct vocabulary {
    const char *field;
    int n;
    const char *(*name)(int word);
};

#define NAME_OF(function, type)                                                                    \
    static const char *function##_of(int word)                                                     \
    {                                                                                              \
        return function((enum type)word);                                                          \
    }
NAME_OF(licence_format_name, licence_format)
NAME_OF(licence_activity_name, licence_activity)
NAME_OF(licence_kind_name, licence_kind)
NAME_OF(licence_status_name, licence_status)
NAME_OF(licence_need_name, licence_need_kind)

static const struct vocabulary formats = {"formats", LICENCE_FORMAT_COUNT, licence_format_name_of};
static const struct vocabulary activities = {"activities", LICENCE_ACTIVITY_COUNT,
                                             licence_activity_name_of};
static const struct vocabulary activity = {"activity", LICENCE_ACTIVITY_COUNT,
                                           licence_activity_name_of};
static const struct vocabulary kinds = {"kind", LICENCE_KIND_COUNT, licence_kind_name_of};
static const struct vocabulary statuses = {"status", LICENCE_STATUS_COUNT, licence_status_name_of};
static const struct vocabulary needs = {"need", LICENCE_NEED_COUNT, licence_need_name_of};

static enum rc read_word(const struct vocabulary *of, struct str word, int *ret,
                         struct fault *fault)
{
    char all[200];
    int n = 0;
    for (int i = 0; i < of->n; i++) {
        if (str_is(word, of->name(i))) {
            *ret = i;
            return RC_OK;
        }
        n += snprintf(all + n, sizeof all - (size_t)n, "%s%s", i > 0 ? ", " : "", of->name(i));
    }
    return fault_set(fault, RC_INVALID, "%s: %.*s is none of %s", of->field, STR_ARG(word), all);
}

static enum rc read_mask(const struct vocabulary *of, struct str list, licence_mask *ret,
                         struct fault *fault)
{
    licence_mask mask = 0;
    struct str word;
    enum rc rc = RC_OK;
    while (rc == RC_OK && str_next(&list, ',', &word)) {
        int i = 0;
        rc = read_word(of, str_trim(word), &i, fault);
        mask |= LICENCE_BIT(i);
    }
    if (rc == RC_OK && mask == 0)
        rc = fault_set(fault, RC_INVALID, "%s: choose one at least", of->field);
    if (rc == RC_OK)
        *ret = mask;
    return rc;
}

/* Nothing is typed: `ret` stays as it is. */
static enum rc read_day(const char *field, struct str day, bool last, int64_t *ret,
                        struct fault *fault)
{
    day = str_trim(day);
    if (day.n == 0 || time_or_date_parse(day, last, ret))
        return RC_OK;
    return fault_set(fault, RC_INVALID, "%s: %.*s: a day as 2026-12-31", field, STR_ARG(day));
}

/* ---- orders ---- */

static enum rc read_term(const struct licence_words *w, struct licence *l, struct fault *fault)
{
    int status = (int)l->status;
    bool stays = l->status == LICENCE_AS_IT_IS && str_trim(w->status).n == 0;
    enum rc rc = stays ? RC_OK : read_word(&statuses, w->status, &status, fault);
    l->status = (enum licence_status)status;
    if (rc == RC_OK)
        rc = read_day("from", w->from, false, &l->from, fault);
    return rc == RC_OK ? read_day("until", w->until, true, &l->until, fault) : rc;
}

enum rc licence_words_read(const struct licence_words *w, struct licence *ret, struct fault *fault)
{
    struct licence l = {.country = str_trim(w->country),
                        .authority = str_trim(w->authority),
                        .holder = str_trim(w->holder),
                        .number = str_trim(w->number)};
    int kind = 0;
    enum rc rc = read_word(&kinds, w->kind, &kind, fault);
    l.kind = (enum licence_kind)kind;
    if (rc == RC_OK)
        rc = read_mask(&activities, w->activities, &l.activities, fault);
    if (rc == RC_OK)
        rc = read_mask(&formats, w->formats, &l.formats, fault);
    if (rc == RC_OK)
        rc = read_term(w, &l, fault);
    if (rc == RC_OK)
        *ret = l;
    return rc;
}

enum rc licence_change_read(const struct licence_words *w, uint64_t id, struct licence *ret,
                            struct fault *fault)
{
    struct licence l = {.id = id, .status = LICENCE_AS_IT_IS};
    enum rc rc = read_term(w, &l, fault);
    if (rc == RC_OK && l.status == LICENCE_AS_IT_IS && l.from == 0 && l.until == 0)
        rc = fault_set(fault, RC_INVALID, "status: nothing would change");
    if (rc == RC_OK)
        *ret = l;
    return rc;
}

enum rc licence_need_read(const struct licence_need_words *w, struct licence_need *ret,
                          struct fault *fault)
{
    struct licence_need n = {.country = str_trim(w->country)};
    int need = 0, way = 0, kind = 0;
    enum rc rc = read_word(&needs, w->need, &need, fault);
    n.need = (enum licence_need_kind)need;
    if (rc == RC_OK)
        rc = read_mask(&formats, w->formats, &n.formats, fault);
    if (rc == RC_OK)
        rc = read_word(&activity, w->activity, &way, fault);
    n.activity = (enum licence_activity)way;
    if (rc == RC_OK && n.need == NEED_REQUIRED) {
        rc = read_word(&kinds, w->kind, &kind, fault);
        n.kind = str_of(licence_kind_name((enum licence_kind)kind));
    }
    if (rc == RC_OK && n.need != NEED_NOT_RESEARCHED) {
        n.source = str_trim(w->source);
        n.read = date_start(date_of(clock_now()));
        rc = n.source.n > 0 ? read_day("read", w->read, false, &n.read, fault)
                            : fault_set(fault, RC_INVALID, "source: name the law it was read in");
    }
    if (rc == RC_OK)
        *ret = n;
    return rc;
}
