/* Proofs of absence (record/absence.h), asked for some of the works that are compared: each
 * must say of its work what the entries say, which is what is held against the pages. */
#include "audit/work.h"
#include "base/json.h"
#include "record/absence.h"

/* What the entries say: published, not lifted, or lifted where the log does not know yet. */
static bool is_due(const struct restriction *r, struct str storefront, uint64_t work)
{
    return (r->lifted == 0 || r->lift_pending) && restriction_in_storefront(r, storefront) &&
           work_set_has(r->works, work);
}

static const struct absence_restriction *proved(const struct absence_result *result, uint64_t id)
{
    for (size_t i = 0; i < result->restrictions.n; i++)
        if (result->restrictions.v[i].id == id)
            return &result->restrictions.v[i];
    return NULL;
}

static void compare_proved(struct auditing *w, struct str path, const struct absence_result *result)
{
    const struct replay *replay = &w->a->replay;
    for (size_t i = 0; i < result->restrictions.n; i++) {
        const struct restriction *r = replay_find(replay, result->restrictions.v[i].id);
        if (r == NULL || !is_due(r, result->storefront, w->work))
            contradiction(w->a, "absence",
                          "%.*s proves restriction %llu, of which the entries know no effect here",
                          STR_ARG(path), (unsigned long long)result->restrictions.v[i].id);
    }
    for (size_t i = 0; i < replay->n; i++) {
        const struct restriction *r = replay->restrictions[i];
        const struct absence_restriction *p = proved(result, r->id);
        if (!is_due(r, result->storefront, w->work))
            continue;
        if (p == NULL)
            contradiction(w->a, "absence", "%.*s does not prove restriction %llu, which stands",
                          STR_ARG(path), (unsigned long long)r->id);
        else if (p->features != r->features || p->from != r->from || p->until != r->until)
            contradiction(w->a, "absence", "%.*s proves restriction %llu to be another than it is",
                          STR_ARG(path), (unsigned long long)r->id);
    }
}

/* The log it is of must be the one that was read; it may have grown since. */
static bool is_of_this_log(struct auditing *w, struct str path, struct str text, uint64_t size)
{
    JSON_AUTO *json = NULL;
    if (json_read(text, &json, NULL) != RC_OK)
        return false;
    audit_check_seen(w->a, &(struct audit_seen){.source = path,
                                                .note = json_member_str(json, "checkpoint"),
                                                .live = true,
                                                .after = true});
    if (size < w->a->decisions.size)
        contradiction(w->a, "absence", "%.*s is of %llu entries, there are %llu", STR_ARG(path),
                      (unsigned long long)size, (unsigned long long)w->a->decisions.size);
    return size == w->a->decisions.size;
}

enum rc audit_proof(struct auditing *w, struct str storefront, struct fault *fault)
{
    struct fetched fetched;
    struct absence_result result = {0};
    struct fault why = {""};
    struct str path = arena_printf(w->arena, "/api/v1/record/absence?storefront=%.*s&work=%llu",
                                   STR_ARG(storefront), (unsigned long long)w->work);
    if (!w->a->mapped)
        return RC_OK;
    enum rc rc = fetch(w->a->fetcher, w->arena, path, &fetched, fault);
    if (rc != RC_OK)
        return rc;
    w->a->result->proofs++;
    if (fetched.status != 200)
        contradiction(w->a, "absence", "%.*s: status %ld instead of a proof", STR_ARG(path),
                      fetched.status);
    else if (absence_check(w->arena, fetched.body, w->a->decisions.keys, &result, &why) != RC_OK)
        contradiction(w->a, "absence", "%.*s: %s", STR_ARG(path), why.text);
    else if (result.work != w->work || !str_eq(result.storefront, storefront))
        contradiction(w->a, "absence", "%.*s is the proof of another work or storefront",
                      STR_ARG(path));
    else if (is_of_this_log(w, path, fetched.body, result.size))
        compare_proved(w, path, &result);
    return RC_OK;
}
