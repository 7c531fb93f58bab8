#include "domain/correction.h"

#include <string.h>

static const char *const names[CORRECTION_FIELDS] = {
    [CORRECT_TITLE] = "title",
    [CORRECT_SUBTITLE] = "subtitle",
    [CORRECT_CONTRIBUTOR] = "contributor",
    [CORRECT_DESCRIPTION] = "description",
    [CORRECT_COVER] = "cover",
};

const char *correction_field_name(enum correction_field field)
{
    return names[field];
}

bool correction_field_parse(struct str name, enum correction_field *ret)
{
    for (int i = 0; i < CORRECTION_FIELDS; i++)
        if (str_eq(name, str_of(names[i]))) {
            *ret = (enum correction_field)i;
            return true;
        }
    return false;
}

static void correct_contributor(struct edition *e, const struct correction *c, struct arena *arena)
{
    struct contributor *v = ARENA_ARRAY(arena, struct contributor, e->contributors.n);
    for (size_t i = 0; i < e->contributors.n; i++) {
        v[i] = e->contributors.v[i];
        if (!str_eq(v[i].name, c->said))
            continue;
        v[i].name = c->value;
        v[i].inverted = STR_NONE; /* it is of the other spelling */
    }
    e->contributors.v = v;
}

static size_t description_at(const struct edition *e)
{
    size_t at = 0;
    while (at < e->texts.n && !str_eq(e->texts.v[at].type, STR("03")))
        at++;
    return at;
}

const struct text_content *edition_description(const struct edition *e)
{
    size_t at = description_at(e);
    return at < e->texts.n ? &e->texts.v[at] : NULL;
}

static void correct_description(struct edition *e, struct str html, struct arena *arena)
{
    size_t n = e->texts.n, at = description_at(e);
    struct text_content *v = ARENA_ARRAY(arena, struct text_content, n + 1);
    if (n > 0)
        memcpy(v, e->texts.v, n * sizeof *v);
    if (at == n)
        v[n++] = (struct text_content){.type = STR("03")};
    v[at].html = html;
    e->texts.v = v;
    e->texts.n = n;
}

void edition_correct(struct edition *e, const struct correction *corrections, size_t n,
                     struct arena *arena)
{
    for (size_t i = 0; i < n; i++) {
        const struct correction *c = &corrections[i];
        switch (c->field) {
        case CORRECT_TITLE:
            e->title.prefix = STR_NONE;
            e->title.text = c->value;
            break;
        case CORRECT_SUBTITLE:
            e->title.subtitle = c->value;
            break;
        case CORRECT_CONTRIBUTOR:
            correct_contributor(e, c, arena);
            break;
        case CORRECT_DESCRIPTION:
            correct_description(e, c->value, arena);
            break;
        case CORRECT_COVER:
            break;
        }
    }
}
