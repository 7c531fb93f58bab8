#include "record/entry_flat.h"

struct scan {
    const char *at, *end;
};

static bool take(struct scan *s, char c)
{
    if (s->at == s->end || *s->at != c)
        return false;
    s->at++;
    return true;
}

static bool take_text(struct scan *s, struct str *ret)
{
    if (!take(s, '"'))
        return false;
    const char *from = s->at;
    while (s->at < s->end && *s->at >= ' ' && *s->at < 0x7f && *s->at != '"' && *s->at != '\\')
        s->at++;
    *ret = (struct str){from, (size_t)(s->at - from)};
    return take(s, '"');
}

static bool take_number(struct scan *s, uint64_t *ret)
{
    const char *from = s->at;
    uint64_t value = 0;
    while (s->at < s->end && *s->at >= '0' && *s->at <= '9' && s->at - from < 16)
        value = 10 * value + (uint64_t)(*s->at++ - '0');
    *ret = value;
    return s->at > from && (*from != '0' || s->at == from + 1) && value < (uint64_t)1 << 53;
}

static bool take_member(struct scan *s, struct flat_member *ret)
{
    if (!take_text(s, &ret->name) || !take(s, ':'))
        return false;
    ret->is_text = s->at < s->end && *s->at == '"';
    return ret->is_text ? take_text(s, &ret->text) : take_number(s, &ret->number);
}

bool flat_read(struct str bytes, struct flat *ret)
{
    struct scan s = {bytes.p, bytes.p + bytes.n};
    ret->n = 0;
    if (!take(&s, '{'))
        return false;
    do {
        struct flat_member *m = &ret->v[ret->n];
        if (ret->n == FLAT_MAX || !take_member(&s, m) ||
            (ret->n > 0 && str_cmp(ret->v[ret->n - 1].name, m->name) >= 0))
            return false;
        ret->n++;
    } while (take(&s, ','));
    return take(&s, '}') && s.at == s.end;
}

const struct flat_member *flat_find(const struct flat *flat, const char *name)
{
    for (size_t i = 0; i < flat->n; i++)
        if (str_is(flat->v[i].name, name))
            return &flat->v[i];
    return NULL;
}
