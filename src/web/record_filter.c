#include "web/record_filter.h"

#include "web/choices.h"

#define N_(text) text

struct record_query record_filter_read(const struct context *c)
{
    struct record_query q = {0};
    for (int i = 0; i < RECORD_FIELDS; i++)
        q.v[i] =
            str_trim(parameter_get(&c->request->query, record_field_name((enum record_field)i)));
    return q;
}

struct url record_filter_url(struct arena *arena, struct url path, const struct record_query *q)
{
    for (int i = 0; i < RECORD_FIELDS; i++)
        path = url_with(arena, path, str_of(record_field_name((enum record_field)i)), q->v[i]);
    return path;
}

struct url record_filter_with(struct arena *arena, struct url path, const struct record_query *q,
                              enum record_field field, struct str value)
{
    struct record_query other = *q;
    other.v[field] = value;
    return record_filter_url(arena, path, &other);
}

/* ---- the form ---- */

struct str word_target_kind(const struct page *p, enum target_kind kind)
{
    static const char *const words[TARGET_COUNT] = {
        [TARGET_EDITION] = N_("one edition"),
        [TARGET_WORK] = N_("one work"),
        [TARGET_COLLECTION] = N_("a collection"),
        [TARGET_CONTRIBUTOR] = N_("a contributor"),
        [TARGET_SHOP] = N_("a shop"),
        [TARGET_REVIEW] = N_("a review"),
        [TARGET_COMMENT] = N_("a comment"),
        [TARGET_ACCOUNT] = N_("an account"),
    };
    return word_text(p, words[kind]);
}

static choice_list countries(const struct page *p, struct str asked)
{
    choice_list list = {ARENA_ARRAY(p->arena, struct page_choice, p->view->storefronts.n), 0};
    for (size_t i = 0; i < p->view->storefronts.n; i++) {
        struct str country = p->view->storefronts.v[i].country;
        bool again = false;
        for (size_t k = 0; k < list.n; k++)
            again = again || str_eq(list.v[k].tag, country);
        if (!again)
            choices_add(&list, country, word_country(p, country), asked);
    }
    return list;
}

static choice_list authorities(const struct page *p, const record_sums *wishes, struct str asked)
{
    struct str *names = ARENA_ARRAY(p->arena, struct str, wishes->n);
    for (size_t i = 0; i < wishes->n; i++)
        names[i] = wishes->v[i].name;
    return choices_of_authorities(p, names, wishes->n, asked);
}

struct record_form record_form_make(const struct page *p, const struct record_query *q,
                                    const record_sums *wishes)
{
    struct record_form f = {.text = q->v[RECORD_TEXT],
                            .shop = q->v[RECORD_SHOP],
                            .from = q->v[RECORD_FROM],
                            .to = q->v[RECORD_TO],
                            .any = word_text(p, N_("any")),
                            .anything = word_text(p, N_("anything")),
                            .countries = countries(p, q->v[RECORD_COUNTRY]),
                            .authorities = authorities(p, wishes, q->v[RECORD_AUTHORITY]),
                            .open = !record_query_empty(q)};
    f.grounds.v = ARENA_ARRAY(p->arena, struct page_choice, GROUND_COUNT);
    for (int i = 0; i < GROUND_COUNT; i++)
        choices_add(&f.grounds, str_of(ground_name((enum ground)i)), word_ground(p, (enum ground)i),
                    q->v[RECORD_GROUND]);
    f.features.v = ARENA_ARRAY(p->arena, struct page_choice, FEATURE_COUNT);
    for (int i = 0; i < FEATURE_COUNT; i++)
        choices_add(&f.features, str_of(feature_name((enum feature)i)),
                    word_feature(p, (enum feature)i), q->v[RECORD_FEATURE]);
    f.targets.v = ARENA_ARRAY(p->arena, struct page_choice, TARGET_COUNT);
    for (int i = 0; i < TARGET_COUNT; i++)
        choices_add(&f.targets, str_of(target_name((enum target_kind)i)),
                    word_target_kind(p, (enum target_kind)i), q->v[RECORD_TARGET]);
    f.states.v = ARENA_ARRAY(p->arena, struct page_choice, STATE_COUNT);
    for (int i = 0; i < STATE_COUNT; i++)
        choices_add(&f.states, str_of(state_name((enum restriction_state)i)),
                    word_state(p, (enum restriction_state)i), q->v[RECORD_STATE]);
    return f;
}

/* ---- words ---- */

struct str record_filter_words(const struct page *p, const struct record_query *q)
{
    struct str parts[RECORD_FIELDS];
    size_t n = 0;
    enum ground ground;
    enum feature feature;
    enum target_kind target;
    for (int i = 0; i < RECORD_FIELDS; i++) {
        struct str word = q->v[i];
        if (word.n == 0)
            continue;
        if (i == RECORD_TEXT)
            word = word_filled(p, N_("“%1”"), &word, 1);
        else if (i == RECORD_COUNTRY)
            word = word_country(p, word);
        else if (i == RECORD_GROUND && ground_parse(word, &ground))
            word = word_ground(p, ground);
        else if (i == RECORD_FEATURE && feature_parse(word, &feature))
            word = word_feature(p, feature);
        else if (i == RECORD_TARGET && target_parse(word, &target))
            word = word_target_kind(p, target);
        else if (i == RECORD_STATE)
            for (int s = 0; s < STATE_COUNT; s++) {
                if (str_eq(q->v[i], str_of(state_name((enum restriction_state)s))))
                    word = word_state(p, (enum restriction_state)s);
            }
        else if (i == RECORD_FROM)
            word = word_filled(p, N_("from %1"), &word, 1);
        else if (i == RECORD_TO)
            word = word_filled(p, N_("to %1"), &word, 1);
        parts[n++] = word;
    }
    BUF_AUTO text = BUF_INIT(4096);
    for (size_t i = 0; i < n; i++)
        buf_printf(&text, "%s%.*s", i > 0 ? " · " : "", STR_ARG(parts[i]));
    return arena_str(p->arena, buf_str(&text));
}

/* ---- links ---- */

struct url link_authority(const struct page *p, struct str authority)
{
    return link_below_record(p,
                             url_path(p->arena, 3, STR("record"), STR("authorities"), authority));
}
