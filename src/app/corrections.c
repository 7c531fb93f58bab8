#include "app/corrections.h"

#include "app/cover.h"
#include "app/import_apply.h"
#include "base/clean.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "store/corrections.h"
#include "store/pack.h"
#include "store/shop_titles.h"
#include "store/store.h"

enum { LINE_BYTES = 1000, DESCRIPTION_BYTES = 60000 };

/* ---- as they stand ---- */

static void list_fields(struct arena *arena, const struct edition *said, corrected_fields *ret)
{
    const struct text_content *description = edition_description(said);
    struct str title = said->title.prefix.n == 0
                           ? said->title.text
                           : arena_printf(arena, "%.*s %.*s", STR_ARG(said->title.prefix),
                                          STR_ARG(said->title.text));
    ret->v = ARENA_ARRAY(arena, struct corrected_field, said->contributors.n + 4);
    ret->n = 0;
    ret->v[ret->n++] = (struct corrected_field){.field = CORRECT_TITLE, .said = title};
    ret->v[ret->n++] =
        (struct corrected_field){.field = CORRECT_SUBTITLE, .said = said->title.subtitle};
    for (size_t i = 0; i < said->contributors.n; i++)
        if (said->contributors.v[i].name.n > 0)
            ret->v[ret->n++] = (struct corrected_field){.field = CORRECT_CONTRIBUTOR,
                                                        .said = said->contributors.v[i].name};
    ret->v[ret->n++] = (struct corrected_field){
        .field = CORRECT_DESCRIPTION, .said = description != NULL ? description->html : STR_NONE};
    for (size_t i = 0; i < ret->n; i++)
        ret->v[i].value = ret->v[i].said;
}

static bool is_about(const struct correction *c, const struct corrected_field *f)
{
    return c->field == f->field && (c->field != CORRECT_CONTRIBUTOR || str_eq(c->said, f->said));
}

static void lay_over(const struct correction_row *row, corrected_fields *fields)
{
    const struct correction *c = &row->correction;
    if (c->field == CORRECT_COVER)
        fields->v[fields->n++] =
            (struct corrected_field){CORRECT_COVER, STR_NONE, STR_NONE, true, row->at, row->who};
    for (size_t i = 0; i < fields->n; i++) {
        struct corrected_field *f = &fields->v[i];
        if (c->field == CORRECT_COVER || !is_about(c, f))
            continue;
        f->value = c->value;
        f->corrected = true;
        f->at = row->at;
        f->who = row->who;
    }
}

static enum rc read_said(struct store_conn *conn, struct arena *arena,
                         const struct partner_shop *shop, struct str key, struct edition *ret,
                         struct fault *fault)
{
    struct shop_title_row row;
    struct str facts;
    enum rc rc = shop_title_by_key(conn, arena, shop->id, key, &row, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no such thing");
    if (rc == RC_OK)
        rc = record_said(conn, arena, row.record, &facts, fault);
    if (rc == RC_OK)
        return unpack_edition(facts, arena, ret, fault);
    if (rc == RC_NOT_FOUND) {
        *ret = row.facts;
        rc = RC_OK;
    }
    return rc;
}

enum rc corrections_read(struct store_conn *conn, struct arena *arena,
                         const struct partner_shop *shop, struct str key, corrected_fields *ret,
                         struct fault *fault)
{
    struct edition said;
    struct correction_row *rows;
    size_t n = 0;
    enum rc rc = read_said(conn, arena, shop, key, &said, fault);
    if (rc == RC_OK)
        rc = correction_rows(conn, arena, shop->id, key, &rows, &n, fault);
    if (rc != RC_OK)
        return rc;
    list_fields(arena, &said, ret);
    for (size_t i = 0; i < n; i++)
        lay_over(&rows[i], ret);
    return RC_OK;
}

/* ---- changing them ---- */

static enum rc check_value(const struct correction *c, struct fault *fault)
{
    const char *name = correction_field_name(c->field);
    bool html = c->field == CORRECT_DESCRIPTION;
    size_t max = html ? DESCRIPTION_BYTES : LINE_BYTES;
    if (c->value.n > max)
        return fault_set(fault, RC_INVALID, "%s: at most %zu bytes", name, max);
    if (!utf8_clean(c->value) || (!html && str_find(c->value, '\n') < c->value.n))
        return fault_set(fault, RC_INVALID, "%s: one line of text", name);
    if (c->value.n == 0 && c->field != CORRECT_SUBTITLE)
        return fault_set(fault, RC_INVALID, "%s: it cannot be empty", name);
    return RC_OK;
}

struct putting {
    const struct viewer *viewer;
    const struct partner_shop *shop;
    struct str key;
    const struct correction *wished;
    size_t n, changed;
};

static enum rc put_one(struct putting *p, struct store_conn *conn, struct arena *arena,
                       const corrected_fields *fields, const struct correction *wish,
                       struct fault *fault)
{
    const struct corrected_field *f = NULL;
    struct correction c = *wish;
    for (size_t i = 0; i < fields->n && f == NULL; i++)
        if (is_about(wish, &fields->v[i]))
            f = &fields->v[i];
    if (f == NULL)
        return fault_set(fault, RC_INVALID, "%s: the record does not say so any more",
                         correction_field_name(c.field));
    if (c.field == CORRECT_DESCRIPTION && !str_eq(c.value, f->value) && !str_eq(c.value, f->said))
        c.value = html_clean(arena, c.value);
    if (c.field != CORRECT_DESCRIPTION)
        c.value = str_trim(c.value);
    if (c.field != CORRECT_CONTRIBUTOR)
        c.said = STR_NONE;
    if (str_eq(c.value, f->value))
        return RC_OK;
    p->changed++;
    if (str_eq(c.value, f->said))
        return correction_row_remove(conn, p->shop->id, p->key, c.field, c.said, fault);
    enum rc rc = check_value(&c, fault);
    return rc == RC_OK ? correction_row_put(conn, p->shop->id, p->key, &c, p->viewer->account,
                                            clock_now(), fault)
                       : rc;
}

static enum rc put_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct putting *p = context;
    ARENA_AUTO arena = ARENA_INIT;
    corrected_fields fields;
    p->changed = 0;
    enum rc rc = corrections_read(conn, &arena, p->shop, p->key, &fields, fault);
    for (size_t i = 0; rc == RC_OK && i < p->n; i++)
        rc = put_one(p, conn, &arena, &fields, &p->wished[i], fault);
    if (rc != RC_OK || p->changed == 0)
        return rc;
    struct applying a = {.conn = conn, .shop = p->shop->id};
    rc = apply_corrections(&a, &arena, p->key, fault);
    applying_forget(&a);
    return rc;
}

enum rc corrections_put(struct writer *writer, const struct viewer *viewer,
                        const struct partner_shop *shop, struct str key,
                        const struct correction *wished, size_t n, size_t *ret_n,
                        struct fault *fault)
{
    struct putting p = {viewer, shop, key, wished, n, 0};
    enum rc rc = writer_run(writer, put_work, &p, fault);
    *ret_n = rc == RC_OK ? p.changed : 0;
    return rc;
}

/* ---- covers ---- */

struct cover_wish {
    const struct viewer *viewer;
    const struct partner_shop *shop;
    struct str key;
    bool given;
};

/* The picture belongs to the edition, whoever's offers it has. */
static enum rc check_describes(struct site *site, const struct cover_wish *w, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct store_conn *conn = NULL;
    struct shop_title_row row;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = shop_title_by_key(conn, &arena, w->shop->id, w->key, &row, fault);
    site_disconnect(conn);
    if (rc == RC_OK && !row.describes && !w->viewer->operator_role)
        rc = fault_set(fault, RC_DENIED,
                       "cover: another shop's record describes this title; ask the operator");
    return rc;
}

static enum rc note_cover(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct cover_wish *w = context;
    struct correction c = {.field = CORRECT_COVER};
    return w->given
               ? correction_row_put(conn, w->shop->id, w->key, &c, w->viewer->account, clock_now(),
                                    fault)
               : correction_row_remove(conn, w->shop->id, w->key, CORRECT_COVER, STR_NONE, fault);
}

enum rc correction_cover_put(struct site *site, struct writer *writer, const struct viewer *viewer,
                             const struct partner_shop *shop, struct str key, const char *path,
                             struct fault *fault)
{
    struct cover_wish w = {viewer, shop, key, true};
    struct cover_taken taken;
    enum rc rc = check_describes(site, &w, fault);
    if (rc == RC_OK)
        rc = cover_put(site, writer, key, path, &taken, fault);
    return rc == RC_OK ? writer_run(writer, note_cover, &w, fault) : rc;
}

enum rc correction_cover_remove(struct site *site, struct writer *writer,
                                const struct viewer *viewer, const struct partner_shop *shop,
                                struct str key, struct fault *fault)
{
    struct cover_wish w = {viewer, shop, key, false};
    enum rc rc = check_describes(site, &w, fault);
    if (rc == RC_OK)
        rc = cover_remove(site, writer, key, fault);
    return rc == RC_OK ? writer_run(writer, note_cover, &w, fault) : rc;
}
