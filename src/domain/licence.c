#include "domain/licence.h"

#include "domain/edition.h"

/* ---- words ---- */

const char *licence_format_name(enum licence_format format)
{
    static const char *const names[LICENCE_FORMAT_COUNT] = {
        [LICENCE_PRINT] = "print", [LICENCE_EBOOK] = "ebook", [LICENCE_AUDIO] = "audio"};
    return names[format];
}

const char *licence_activity_name(enum licence_activity activity)
{
    static const char *const names[LICENCE_ACTIVITY_COUNT] = {
        [ACTIVITY_RETAIL] = "retail", [ACTIVITY_PUBLISH_ONLINE] = "publish-online",
        [ACTIVITY_IMPORT] = "import", [ACTIVITY_WHOLESALE] = "wholesale",
        [ACTIVITY_LEND] = "lend",
    };
    return names[activity];
}

const char *licence_kind_name(enum licence_kind kind)
{
    static const char *const names[LICENCE_KIND_COUNT] = {
        [LICENCE_OPERATOR] = "operator",
        [LICENCE_ACTIVITY] = "activity",
        [LICENCE_REGISTRATION] = "registration",
        [LICENCE_NOTIFICATION] = "notification",
    };
    return names[kind];
}

const char *licence_status_name(enum licence_status status)
{
    static const char *const names[LICENCE_STATUS_COUNT] = {
        [LICENCE_APPLIED] = "applied",     [LICENCE_INFO_REQUESTED] = "info-requested",
        [LICENCE_GRANTED] = "granted",     [LICENCE_CONDITIONAL] = "conditional",
        [LICENCE_REFUSED] = "refused",     [LICENCE_WITHDRAWN] = "withdrawn",
        [LICENCE_SUSPENDED] = "suspended", [LICENCE_REVOKED] = "revoked",
    };
    return names[status];
}

const char *licence_need_name(enum licence_need_kind need)
{
    static const char *const names[LICENCE_NEED_COUNT] = {
        [NEED_NOT_RESEARCHED] = "not-researched",
        [NEED_NOT_REQUIRED] = "not-required",
        [NEED_REQUIRED] = "required",
    };
    return names[need];
}

const char *licence_standing_name(enum licence_standing standing)
{
    static const char *const names[LICENCE_STANDING_COUNT] = {
        [LICENCE_FINE] = "none",
        [LICENCE_TOLERATED] = "tolerated",
        [LICENCE_MISSING] = "missing",
        [LICENCE_NOT_RESEARCHED] = "not-researched",
    };
    return names[standing];
}

enum licence_format licence_format_of(const struct edition *e)
{
    if (e->form.n > 0 && e->form.p[0] == 'A')
        return LICENCE_AUDIO;
    return edition_is_digital(e) ? LICENCE_EBOOK : LICENCE_PRINT;
}

/* ---- what was said ---- */

void licence_book_add(struct licence_book *book, struct arena *arena, const struct licence *l)
{
    ARENA_ROOM(arena, book->licences.v, book->licences.n, book->licence_room);
    book->licences.v[book->licences.n++] = *l;
}

bool licence_book_change(struct licence_book *book, const struct licence *change)
{
    for (size_t i = 0; i < book->licences.n; i++) {
        struct licence *l = &book->licences.v[i];
        if (l->id != change->id)
            continue;
        l->status = change->status;
        l->since = change->since;
        l->index = change->index;
        if (change->from != 0)
            l->from = change->from;
        if (change->until != 0)
            l->until = change->until;
        return true;
    }
    return false;
}

void licence_book_state(struct licence_book *book, struct arena *arena,
                        const struct licence_need *need)
{
    ARENA_ROOM(arena, book->needs.v, book->needs.n, book->need_room);
    book->needs.v[book->needs.n++] = *need;
}

/* ---- the rule ---- */

bool licence_sells(enum licence_standing standing)
{
    return standing == LICENCE_FINE || standing == LICENCE_TOLERATED;
}

bool licence_permits(const struct licence *l, int64_t now)
{
    return l->status == LICENCE_GRANTED && l->from != 0 && l->from <= now &&
           (l->until == 0 || now < l->until);
}

bool licence_expired(const struct licence *l, int64_t now)
{
    return l->status == LICENCE_GRANTED && l->until != 0 && l->until <= now;
}

bool licence_ends_soon(const struct licence *l, int64_t now, int64_t within)
{
    return licence_permits(l, now) && l->until != 0 && l->until - now <= within;
}

const struct licence_need *licence_need_of(const struct licence_book *book, struct str country,
                                           enum licence_format format,
                                           enum licence_activity activity)
{
    for (size_t i = book->needs.n; i-- > 0;) {
        const struct licence_need *n = &book->needs.v[i];
        if (n->activity == activity && (n->formats & LICENCE_BIT(format)) &&
            str_eq(n->country, country))
            return n;
    }
    return NULL;
}

static const struct licence *find_held(const struct licence_book *book,
                                       const struct licence_need *need, enum licence_format format,
                                       const struct licence *without, int64_t now)
{
    for (size_t i = 0; i < book->licences.n; i++) {
        const struct licence *l = &book->licences.v[i];
        if (l != without && licence_permits(l, now) && str_eq(l->country, need->country) &&
            str_is(need->kind, licence_kind_name(l->kind)) &&
            (l->activities & LICENCE_BIT(need->activity)) && (l->formats & LICENCE_BIT(format)))
            return l;
    }
    return NULL;
}

struct licence_answer licence_decide_without(const struct licence_book *book, struct str country,
                                             enum licence_format format, bool tolerant,
                                             const struct licence *without, int64_t now)
{
    struct licence_answer answer = {LICENCE_FINE, NULL, NULL};
    const struct licence_need *unknown = NULL, *retail = NULL;
    for (int a = 0; a < LICENCE_ACTIVITY_COUNT; a++) {
        const struct licence_need *need =
            licence_need_of(book, country, format, (enum licence_activity)a);
        if (need == NULL)
            continue;
        if (a == ACTIVITY_RETAIL)
            retail = need;
        if (need->need == NEED_NOT_RESEARCHED)
            unknown = need;
        if (need->need != NEED_REQUIRED)
            continue;
        const struct licence *held = find_held(book, need, format, without, now);
        if (held == NULL)
            return (struct licence_answer){LICENCE_MISSING, need, NULL};
        answer = (struct licence_answer){LICENCE_FINE, need, held};
    }
    if (unknown != NULL || (retail == NULL && !tolerant))
        return (struct licence_answer){LICENCE_NOT_RESEARCHED, unknown, NULL};
    if (retail == NULL)
        answer.standing = LICENCE_TOLERATED;
    else if (answer.need == NULL)
        answer.need = retail;
    return answer;
}

struct licence_answer licence_decide(const struct licence_book *book, struct str country,
                                     enum licence_format format, bool tolerant, int64_t now)
{
    return licence_decide_without(book, country, format, tolerant, NULL, now);
}

static void sooner(int64_t *at, int64_t time, int64_t now)
{
    if (time > now && time < *at)
        *at = time;
}

int64_t licence_boundary(const struct licence_book *book, int64_t now)
{
    int64_t at = INT64_MAX;
    for (size_t i = 0; i < book->licences.n; i++) {
        const struct licence *l = &book->licences.v[i];
        if (l->status != LICENCE_GRANTED)
            continue;
        sooner(&at, l->from, now);
        sooner(&at, l->until, now);
    }
    return at;
}
