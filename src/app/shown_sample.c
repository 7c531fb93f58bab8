#include "app/shown_sample.h"

#include "app/shown_parts.h"
#include "base/json.h"
#include "store/epubs.h"

/* Reading in a book is what `delivery` withholds; its page and whatever leads to it, `listing`. */
static enum rc ask_gate(const struct visibility *v, struct fault *fault)
{
    if (!visibility_withholds(v, FEATURE_DELIVERY))
        return RC_OK;
    return fault_set(fault, RC_WITHHELD, "the sample is withheld here by restriction %llu",
                     (unsigned long long)v->by[FEATURE_DELIVERY]->id);
}

enum verdict shown_sample_barred(const struct shown_edition *e)
{
    for (size_t i = 0; i < e->offers.n; i++)
        if (e->offers.v[i].barred == VERDICT_OK)
            return VERDICT_OK;
    return e->offers.n > 0 ? e->offers.v[0].barred : VERDICT_RIGHTS_UNKNOWN;
}

static enum rc ask_offers(const struct shown_edition *e, struct fault *fault)
{
    if (!edition_is_digital(e->facts)) /* any more: its offers go by the rules of print */
        return fault_set(fault, RC_NOT_FOUND, "there is no sample of it");
    enum verdict barred = shown_sample_barred(e);
    return barred == VERDICT_OK ? RC_OK
                                : fault_set(fault, RC_CONFLICT, "the sample is not given here: %s",
                                            verdict_name(barred));
}

enum rc shown_sample(const struct visit *visit, const struct shown_edition *e,
                     struct shown_sample *ret, struct fault *fault)
{
    struct sample_row row;
    sample_chapter_rows rows;
    enum rc rc = ask_gate(&e->visibility, fault);
    if (rc == RC_OK)
        rc = sample_row_get(visit->conn, visit->arena, e->id, &row, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no sample of it");
    if (rc == RC_OK)
        rc = ask_offers(e, fault);
    if (rc == RC_OK)
        rc = sample_contents(visit->conn, visit->arena, e->id, SAMPLE_CHAPTERS_MAX, &rows, fault);
    if (rc != RC_OK)
        return rc;
    *ret = (struct shown_sample){.vertical = str_is(row.setting, "vertical"),
                                 .rtl = str_is(row.setting, "rtl"),
                                 .text = row.text,
                                 .whole = row.whole};
    ret->titles.v = ARENA_ARRAY(visit->arena, struct str, rows.n);
    for (size_t i = 0; i < rows.n; i++)
        ret->titles.v[ret->titles.n++] = rows.v[i].title;
    ret->pictures.file = row.file;
    ret->pictures.digest = row.digest;
    if (!renditions_unpack(visit->arena, row.parts, &ret->pictures.parts))
        return fault_set(fault, RC_CORRUPT, "a sample's pictures cannot be read");
    return RC_OK;
}

enum rc shown_sample_chapter(const struct visit *visit, const struct shown_edition *e, uint64_t n,
                             struct shown_chapter *ret, struct fault *fault)
{
    struct sample_chapter_row row;
    enum rc rc = ask_gate(&e->visibility, fault);
    if (rc == RC_OK)
        rc = ask_offers(e, fault);
    if (rc == RC_OK)
        rc = sample_chapter_get(visit->conn, visit->arena, e->id, n, &row, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "the sample has no such chapter");
    if (rc == RC_OK)
        *ret = (struct shown_chapter){row.title, row.language, row.direction, row.html};
    return rc;
}

static void read_words(struct arena *arena, const json_t *json, const char *name, shown_words *ret)
{
    const json_t *list = json_object_get(json, name), *one;
    size_t i;
    ret->v = ARENA_ARRAY(arena, struct str, json_array_size(list));
    json_array_foreach (list, i, one)
        ret->v[ret->n++] = arena_str(arena, str_of(json_string_value(one)));
}

enum rc shown_file(const struct visit *visit, const struct shown_edition *e, struct shown_file *ret,
                   struct fault *fault)
{
    struct epub_row row;
    struct sample_row sample;
    JSON_AUTO *json = NULL;
    *ret = (struct shown_file){.bytes = 0};
    if (!edition_is_digital(e->facts))
        return RC_OK;
    uint64_t seller = e->offers.n > 0 ? e->offers.v[0].shop_id : 0;
    enum rc rc = epub_row_get(visit->conn, visit->arena, e->id, seller, &row, fault);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    rc = json_read(row.facts, &json, fault);
    if (rc != RC_OK)
        return rc;
    const json_t *access = json_object_get(json, "access");
    ret->bytes = row.bytes;
    ret->version = row.version;
    read_words(visit->arena, access, "modes", &ret->modes);
    read_words(visit->arena, access, "sufficient", &ret->sufficient);
    read_words(visit->arena, access, "features", &ret->features);
    read_words(visit->arena, access, "hazards", &ret->hazards);
    ret->summary = arena_str(visit->arena, json_member_str(access, "summary"));
    ret->conforms = arena_str(visit->arena, json_member_str(access, "conforms"));
    ret->withheld = visibility_withholds(&e->visibility, FEATURE_DELIVERY);
    ret->barred = shown_sample_barred(e);
    rc = sample_row_get(visit->conn, visit->arena, e->id, &sample, fault);
    ret->sample = rc == RC_OK;
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}
