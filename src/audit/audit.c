#include "audit/audit.h"

#include <curl/curl.h>
#include <stdarg.h>

#include "audit/parts.h"
#include "base/clock.h"
#include "base/json.h"
#include "base/list.h"

/* Of each kind so many are told one by one: none drowns another. */
enum { HEAD_LATE = 90, ATTEMPTS = 3, TOLD_OF_A_KIND = 50, KINDS_MAX = 64 };

/* What one attempt found. It is told only once nothing was published meanwhile:
 * a review that came between two requests is no contradiction. */
struct told {
    const char *kind;
    char text[400];
};

struct told_kind {
    const char *kind;
    uint64_t n;
};

struct attempt {
    struct audit audit;
    struct told *told;
    size_t n, room;
    struct told_kind kinds[KINDS_MAX]; /* those that were met */
    size_t kind_n;
};

static struct attempt *attempt_of(struct audit *a)
{
    return (struct attempt *)a; /* its first member */
}

static struct told_kind *kind_of(struct attempt *attempt, const char *kind)
{
    size_t i = 0;
    while (i < attempt->kind_n && strcmp(attempt->kinds[i].kind, kind) != 0)
        i++;
    if (i == KINDS_MAX) /* there are not so many */
        abort();
    if (i == attempt->kind_n)
        attempt->kinds[attempt->kind_n++].kind = kind;
    return &attempt->kinds[i];
}

void contradiction(struct audit *a, const char *kind, const char *format, ...)
{
    struct attempt *attempt = attempt_of(a);
    a->result->contradictions++;
    if (kind_of(attempt, kind)->n++ >= TOLD_OF_A_KIND)
        return;
    HEAP_ROOM(attempt->told, attempt->n, attempt->room);
    struct told *told = &attempt->told[attempt->n++];
    va_list args;
    told->kind = kind;
    va_start(args, format);
    vsnprintf(told->text, sizeof told->text, format, args);
    va_end(args);
}

void audit_note(struct audit *a, const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (a->order->note != NULL)
        a->order->note(a->order->context, text);
}

static enum rc read_storefronts(struct audit *a, struct fault *fault)
{
    JSON_AUTO *json = NULL;
    long status;
    enum rc rc =
        fetch_json(a->fetcher, &a->arena, STR("/api/v1/storefronts"), &json, &status, fault);
    if (rc != RC_OK)
        return rc;
    const json_t *list = json_object_get(json, "storefronts");
    a->storefront_count = json_array_size(list);
    a->storefronts = ARENA_ARRAY(&a->arena, struct audited_storefront, a->storefront_count);
    for (size_t i = 0; i < a->storefront_count; i++)
        a->storefronts[i].slug =
            arena_str(&a->arena, json_member_str(json_array_get(list, i), "slug"));
    return RC_OK;
}

/* Its place among the restrictions of the Record; their count: none has that number. */
static size_t place_of(const struct audit *a, int64_t id)
{
    size_t low = 0, high = a->replay.n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (a->replay.restrictions[middle]->id < (uint64_t)id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < a->replay.n && a->replay.restrictions[low]->id == (uint64_t)id ? low : a->replay.n;
}

/* A lift that waits for the log is in effect and no error. What the shop lists
 * must otherwise be what the Record says. */
static enum rc read_restrictions(struct audit *a, struct fault *fault)
{
    JSON_AUTO *json = NULL;
    long status;
    enum rc rc =
        fetch_json(a->fetcher, &a->arena, STR("/api/v1/restrictions"), &json, &status, fault);
    if (rc != RC_OK)
        return rc;
    const json_t *list = json_object_get(json, "restrictions");
    bool *listed = ARENA_ARRAY(&a->arena, bool, a->replay.n);
    for (size_t i = 0; i < json_array_size(list); i++) {
        const json_t *item = json_array_get(list, i);
        int64_t id = 0;
        struct str state = json_member_str(item, "state");
        if (!json_member_int(item, "id", &id) || str_eq(state, STR("pending")))
            continue;
        size_t at = place_of(a, id);
        if (at == a->replay.n) {
            contradiction(a, "withheld-without-entry",
                          "restriction %lld is listed, but has no entry", (long long)id);
            continue;
        }
        struct restriction *r = a->replay.restrictions[at];
        listed[at] = true;
        if (json_is_true(json_object_get(item, "lift_pending")) && r->lifted == 0) {
            r->lifted = a->now;
            r->lift_pending = true;
            a->result->lifts_pending++;
            audit_note(a, "Restriction %lld: lift pending.", (long long)id);
        }
        if (!str_eq(state, str_of(state_name(restriction_state(r, a->now)))))
            contradiction(a, "state", "restriction %lld is listed as %.*s; the Record says %s",
                          (long long)id, STR_ARG(state), state_name(restriction_state(r, a->now)));
    }
    for (size_t i = 0; i < a->replay.n; i++)
        if (!listed[i])
            contradiction(a, "restriction-missing",
                          "restriction %llu of the Record is not listed by the shop",
                          (unsigned long long)a->replay.restrictions[i]->id);
    return RC_OK;
}

static void check_heartbeat(struct audit *a)
{
    int64_t clock = clock_now();
    if (a->decisions.size > 0 && a->replay.latest + HEAD_LATE < clock)
        audit_note(a, "The last head was signed %lld s ago: the log stands still.",
                   (long long)(clock - a->replay.latest));
    if (!a->order->watching)
        return;
    if (a->head_at + HEAD_LATE < clock)
        contradiction(a, "stopped-log",
                      "no head was signed since the one of %lld: the log stands still",
                      (long long)a->head_at);
    else if (a->order->last_at > 0 && a->order->last_at + HEAD_LATE < a->result->shown_at &&
             a->order->last_size == a->result->shown_size)
        contradiction(a, "stopped-log",
                      "%lld s ago the log had as many entries as now: its heads are dated ahead",
                      (long long)(a->result->shown_at - a->order->last_at));
}

static enum rc run_once(struct audit *a, struct fault *fault)
{
    enum rc rc = fetcher_open(a->order->url, &a->fetcher, fault);
    if (rc == RC_OK)
        rc = audit_load_saved(a, fault);
    if (rc == RC_OK)
        rc = audit_logs(a, fault);
    if (rc != RC_OK)
        return rc;
    a->now = replay_now(&a->replay, clock_now());
    /* First what asks nothing of the shop: it may not answer any more. */
    audit_seen(a);
    check_heartbeat(a);
    rc = read_storefronts(a, fault);
    if (rc == RC_OK)
        rc = read_restrictions(a, fault);
    a->result->restrictions = a->replay.n;
    a->in_effect = ARENA_ARRAY(&a->arena, const struct restriction *, a->replay.n);
    for (size_t i = 0; i < a->replay.n; i++)
        if (restriction_state(a->replay.restrictions[i], a->now) == STATE_IN_EFFECT)
            a->in_effect[a->in_effect_count++] = a->replay.restrictions[i];
    a->result->in_effect = a->in_effect_count;
    if (rc == RC_OK)
        rc = audit_listings(a, fault);
    if (rc == RC_OK)
        rc = audit_works(a, fault);
    if (rc == RC_OK)
        rc = audit_order_of_results(a, fault);
    if (rc == RC_OK)
        rc = audit_receipts(a, fault);
    return rc;
}

/* Whether something was published since the logs were read. */
static bool moved_on(struct audit *a)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct str decisions, voices;
    return fetch_body(a->fetcher, &arena, STR("/record/checkpoint"), &decisions, NULL) == RC_OK &&
           fetch_body(a->fetcher, &arena, STR("/record/voices/checkpoint"), &voices, NULL) ==
               RC_OK &&
           !(str_eq(decisions, a->decisions.note) && str_eq(voices, a->voices.note));
}

static void tell(const struct attempt *attempt)
{
    const struct audit_order *order = attempt->audit.order;
    for (size_t i = 0; i < attempt->n; i++)
        order->contradiction(order->context, attempt->told[i].kind, attempt->told[i].text);
    for (size_t i = 0; i < attempt->kind_n; i++)
        if (attempt->kinds[i].n > TOLD_OF_A_KIND) {
            char text[80];
            snprintf(text, sizeof text, "and %llu more of this kind, which are left out",
                     (unsigned long long)(attempt->kinds[i].n - TOLD_OF_A_KIND));
            order->contradiction(order->context, attempt->kinds[i].kind, text);
        }
}

static void close_attempt(struct attempt *attempt)
{
    struct audit *a = &attempt->audit;
    free(attempt->told);
    fetcher_close(a->fetcher);
    voices_replay_free(a->counts);
    record_state_free(a->state);
    free(a->decisions.leaves);
    free(a->voices.leaves);
    arena_free(&a->arena);
}

enum rc audit_run(const struct audit_order *order, struct audit_result *ret, struct fault *fault)
{
    enum rc rc = RC_OK;
    curl_global_init(CURL_GLOBAL_DEFAULT);
    for (int i = 1; i <= ATTEMPTS; i++) {
        struct attempt attempt = {0};
        struct audit *a = &attempt.audit;
        *ret = (struct audit_result){0};
        a->order = order;
        a->result = ret;
        a->arena = ARENA_INIT;
        rc = run_once(a, fault);
        bool again = rc == RC_OK && ret->contradictions > 0 && i < ATTEMPTS && moved_on(a);
        if (rc == RC_OK && !again)
            rc = ret->contradictions == 0 ? audit_save(a, fault) : RC_OK;
        if (!again)
            tell(&attempt);
        close_attempt(&attempt);
        if (!again)
            break;
    }
    curl_global_cleanup();
    return rc;
}
