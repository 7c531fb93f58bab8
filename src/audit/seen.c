/* What others saw of the same logs, and what an author took home: against what is
 * served to the auditor. */
#include "audit/parts.h"
#include "base/json.h"
#include "domain/visibility.h"

enum { A_PAGE = 100, PAGES_MAX = 1000, DEPTH_MAX = 6 };

/* ---- checkpoints of others ---- */

static void check_note(struct audit *a, const struct audited_log *log,
                       const struct audit_seen *from, const struct checkpoint *seen)
{
    struct str source = from->source;
    audit_seen_quorum(a, from, log == &a->decisions, seen->size);
    if (seen->size > log->size && from->after)
        return; /* it grew since it was read */
    if (seen->size > log->size) {
        contradiction(a, "split-view", "%.*s saw %llu entries of %.*s, here are %llu",
                      STR_ARG(source), (unsigned long long)seen->size, STR_ARG(log->name),
                      (unsigned long long)log->size);
        return;
    }
    struct hash root = merkle_root(log->leaves, seen->size);
    if (!hash_eq(&root, &seen->root))
        contradiction(a, "split-view",
                      "%.*s saw another log under the name %.*s: both are signed, and of their "
                      "first %llu entries some differ",
                      STR_ARG(source), STR_ARG(log->name), (unsigned long long)seen->size);
}

/* Of this log, by a key that held no more when the log was so long. */
static bool check_retired(struct audit *a, const struct audited_log *log,
                          const struct audit_seen *seen)
{
    struct checkpoint checkpoint;
    for (size_t i = 0; i + 1 < log->keys->n; i++)
        if (checkpoint_verify(&checkpoint, seen->note, &log->keys->v[i].key, NULL) == RC_OK) {
            contradiction(a, "key",
                          "%.*s: %llu entries of %.*s, signed with a key that held up to %llu",
                          STR_ARG(seen->source), (unsigned long long)checkpoint.size,
                          STR_ARG(log->name), (unsigned long long)log->keys->v[i + 1].from);
            return true;
        }
    return false;
}

void audit_check_seen(struct audit *a, const struct audit_seen *seen)
{
    struct checkpoint checkpoint;
    if (key_chain_verify(&checkpoint, seen->note, a->decisions.keys, NULL) == RC_OK)
        check_note(a, &a->decisions, seen, &checkpoint);
    else if (key_chain_verify(&checkpoint, seen->note, a->voices.keys, NULL) == RC_OK)
        check_note(a, &a->voices, seen, &checkpoint);
    else if (!check_retired(a, &a->decisions, seen) && !check_retired(a, &a->voices, seen))
        audit_note(a, "%.*s: no checkpoint of these logs, signed with their key.",
                   STR_ARG(seen->source));
}

void audit_seen(struct audit *a)
{
    for (size_t i = 0; i < a->order->seen_count; i++)
        audit_check_seen(a, &a->order->seen[i]);
}

/* ---- an author's receipts ---- */

void audit_receipt_fate(struct audit *a, const struct entry *entry)
{
    for (size_t i = 0; i < a->order->receipt_count; i++) {
        struct audit_receipt *r = &a->order->receipts[i];
        if (r->voices && r->index == entry->of &&
            (entry->type == ENTRY_WITHDRAWN || entry->type == ENTRY_ERASED)) {
            r->withdrawn = entry->type == ENTRY_WITHDRAWN;
            r->erased = entry->type == ENTRY_ERASED;
            r->basis = arena_str(&a->arena, entry->basis);
        }
    }
}

/* Whether an object somewhere in this has the receipt's number in the log. */
static bool holds(const json_t *json, uint64_t index, int depth)
{
    int64_t value;
    size_t i;
    json_t *item;
    if (depth == DEPTH_MAX)
        return false;
    if (json_is_object(json)) {
        if (json_member_int(json, "record_index", &value) && value >= 0 && (uint64_t)value == index)
            return true;
        for (void *at = json_object_iter((json_t *)(uintptr_t)json); at != NULL;
             at = json_object_iter_next((json_t *)(uintptr_t)json, at))
            if (holds(json_object_iter_value(at), index, depth + 1))
                return true;
    }
    json_array_foreach (json, i, item)
        if (holds(item, index, depth + 1))
            return true;
    return false;
}

static enum rc look_below(struct audit *a, struct str resource, uint64_t index, bool *ret,
                          struct fault *fault);

/* Comments that do not stand with their review in its list. */
static enum rc look_at_comments(struct audit *a, struct str storefront, const json_t *json,
                                uint64_t index, bool *ret, struct fault *fault)
{
    const json_t *list = json_object_get(json, "reviews");
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && !*ret && i < json_array_size(list); i++) {
        const json_t *review = json_array_get(list, i);
        int64_t id, count;
        if (!json_member_int(review, "id", &id) ||
            !json_member_int(review, "comment_count", &count) ||
            (size_t)count <= json_array_size(json_object_get(review, "comments")))
            continue;
        struct str path = arena_printf(&a->arena, "/api/v1/%.*s/reviews/%lld/comments",
                                       STR_ARG(storefront), (long long)id);
        rc = look_below(a, path, index, ret, fault);
    }
    return rc;
}

static enum rc look_below(struct audit *a, struct str resource, uint64_t index, bool *ret,
                          struct fault *fault)
{
    for (uint64_t page = 0; !*ret && page < PAGES_MAX; page++) {
        ARENA_AUTO arena = ARENA_INIT;
        JSON_AUTO *json = NULL;
        long status;
        struct str path = arena_printf(&arena, "%.*s?limit=%d&offset=%llu", STR_ARG(resource),
                                       A_PAGE, (unsigned long long)page * A_PAGE);
        enum rc rc = fetch_json(a->fetcher, &arena, path, &json, &status, fault);
        if (rc == RC_NOT_FOUND)
            return RC_OK;
        if (rc != RC_OK)
            return rc;
        *ret = holds(json, index, 0);
        struct str rest = str_sub(resource, strlen("/api/v1/"), resource.n);
        if (!*ret && str_ends(resource, STR("/reviews")))
            rc =
                look_at_comments(a, str_sub(rest, 0, str_find(rest, '/')), json, index, ret, fault);
        if (rc != RC_OK)
            return rc;
        size_t n = json_array_size(json_object_get(json, "reviews")) +
                   json_array_size(json_object_get(json, "comments"));
        if (n < A_PAGE)
            break;
    }
    return RC_OK;
}

/* A review or comment that stands: shown to this stranger, or withheld by an entry. */
static enum rc check_shown(struct audit *a, const struct audit_receipt *r, struct fault *fault)
{
    enum feature feature = r->kind == VOICE_REVIEW ? FEATURE_REVIEWS : FEATURE_COMMENTS;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < a->storefront_count; i++) {
        struct str storefront = a->storefronts[i].slug;
        struct visibility_facts facts = {.work = r->work};
        struct visibility v =
            visibility_decide(a->in_effect, a->in_effect_count, storefront, &facts, a->now);
        bool found = visibility_withholds(&v, feature);
        struct str path = arena_printf(&a->arena, "/api/v1/%.*s/works/%llu/reviews",
                                       STR_ARG(storefront), (unsigned long long)r->work);
        if (!found)
            rc = look_below(a, path, r->index, &found, fault);
        if (rc == RC_OK && !found && feature == FEATURE_COMMENTS) {
            path = arena_printf(&a->arena, "/api/v1/%.*s/works/%llu/comments", STR_ARG(storefront),
                                (unsigned long long)r->work);
            rc = look_below(a, path, r->index, &found, fault);
        }
        if (rc == RC_OK && !found)
            contradiction(a, "receipt",
                          "%.*s: a stranger is not shown this %s in %.*s, and no entry says why",
                          STR_ARG(r->name), voice_kind_name(r->kind), STR_ARG(storefront));
    }
    return rc;
}

enum rc audit_receipts(struct audit *a, struct fault *fault)
{
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < a->order->receipt_count; i++) {
        const struct audit_receipt *r = &a->order->receipts[i];
        const struct audited_log *log = r->voices ? &a->voices : &a->decisions;
        if (r->index >= log->size || !hash_eq(&log->leaves[r->index], &r->leaf))
            contradiction(a, "receipt", "%.*s: entry %llu, which was promised, is not in %.*s",
                          STR_ARG(r->name), (unsigned long long)r->index, STR_ARG(log->name));
        else if (r->erased && str_eq(r->basis, STR("author")))
            audit_note(a, "%.*s: erased, at its author's wish, says the Record.", STR_ARG(r->name));
        else if (r->erased)
            contradiction(a, "receipt-erased",
                          "%.*s: erased, on the basis “%.*s”, says the Record: whether that is so, "
                          "only its author knows",
                          STR_ARG(r->name), STR_ARG(r->basis));
        else if (r->withdrawn)
            audit_note(a, "%.*s: withdrawn, says the Record.", STR_ARG(r->name));
        else if (r->voices && r->kind != VOICE_RATING)
            rc = check_shown(a, r, fault);
    }
    return rc;
}
