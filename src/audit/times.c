/* When: what heads, witnesses' cosignatures and the monitor's own memory say of the
 * time at which an entry was there. */
#include "audit/parts.h"
#include "base/clock.h"

/* Seconds that an entry may wait for its batch, and a policy for its first cosignatures. */
enum { PROMISED = 120, SETTLED = 90 };

/* ---- bounds ---- */

static void add_bound(struct audit_bounds *b, struct audit_bound bound)
{
    size_t at = b->n++;
    for (; at > 0 && b->v[at - 1].size > bound.size; at--)
        b->v[at] = b->v[at - 1];
    b->v[at] = bound;
}

static void add_cosigned(struct audit *a, struct str source, struct str note)
{
    const struct policy *policy = a->policy != NULL ? a->policy : a->own_policy;
    struct checkpoint checkpoint;
    struct audit_bound bound = {.source = source};
    if (policy == NULL || note.n == 0 ||
        key_chain_verify(&checkpoint, note, a->decisions.keys, NULL) != RC_OK ||
        !audit_cosigned_at(policy, note, &bound.from, &bound.until))
        return;
    bound.size = checkpoint.size;
    add_bound(&a->bounds, bound);
}

/* The shop's own policy, as far as it is one; whether the Record names it is seen later. */
static enum rc read_own_policy(struct audit *a, struct fault *fault)
{
    struct str text;
    struct policy *policy = ARENA_NEW(&a->arena, struct policy);
    enum rc rc = fetch_body(a->fetcher, &a->arena, STR("/record/policy"), &text, fault);
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    if (rc != RC_OK)
        return rc;
    a->own_digest = sha256(text.p, text.n);
    if (policy_parse(policy, text, NULL) == RC_OK)
        a->own_policy = policy;
    return RC_OK;
}

enum rc audit_times_begin(struct audit *a, struct fault *fault)
{
    enum rc rc = read_own_policy(a, fault);
    a->bounds.v = ARENA_ARRAY(&a->arena, struct audit_bound, a->order->seen_count + 2);
    if (rc != RC_OK || !a->order->watching)
        return rc;
    add_cosigned(a, STR("the monitor's memory"), a->saved_decisions);
    for (size_t i = 0; i < a->order->seen_count; i++)
        add_cosigned(a, a->order->seen[i].source, a->order->seen[i].note);
    if (a->order->last_at > 0)
        add_bound(&a->bounds, (struct audit_bound){.size = a->order->last_size,
                                                   .from = a->order->last_at,
                                                   .until = INT64_MAX,
                                                   .shown = true});
    return RC_OK;
}

/* ---- entries ---- */

static void pass(struct audit *a, const struct audit_bound *b)
{
    if (a->latest_at > b->until && a->latest_at - b->until > PROMISED)
        contradiction(a, "back-dated",
                      "of the first %llu entries one is dated %lld s after a quorum of witnesses "
                      "cosigned them (%.*s)",
                      (unsigned long long)b->size, (long long)(a->latest_at - b->until),
                      STR_ARG(b->source));
    if (b->shown)
        a->shown_at = b->from;
    else if (b->from > a->cosigned_at)
        a->cosigned_at = b->from;
}

/* The log's order bounds an entry's time from below: none is older than a head that was
 * published before it, or a checkpoint without it that witnesses cosigned or the monitor
 * was shown. A lift is: it worked at once, and may have waited in a journal. */
void audit_times(struct audit *a, uint64_t index, const struct entry *entry)
{
    unsigned long long number = index;
    const char *type = entry_type_name(entry->type);
    if (entry->type == ENTRY_HEAD && a->policy_next > 0 && a->policy_settled == 0 &&
        entry->at > a->policy_at + SETTLED)
        a->policy_settled = index + 1;
    if (!a->order->watching)
        return;
    while (a->bounds.next < a->bounds.n && a->bounds.v[a->bounds.next].size <= index)
        pass(a, &a->bounds.v[a->bounds.next++]);
    if (entry->type != ENTRY_LIFT) {
        if (entry->at + PROMISED < a->head_at)
            contradiction(a, "back-dated",
                          "entry %llu (%s) says it was made %lld s before a head that stands "
                          "before it",
                          number, type, (long long)(a->head_at - entry->at));
        else if (entry->at + PROMISED < a->cosigned_at)
            contradiction(a, "back-dated",
                          "entry %llu (%s) says it was made %lld s before witnesses cosigned a "
                          "log without it",
                          number, type, (long long)(a->cosigned_at - entry->at));
        else if (entry->at + PROMISED < a->shown_at)
            contradiction(a, "late-entry",
                          "entry %llu (%s) says it was made at %lld; the log that was shown at "
                          "%lld did not have it",
                          number, type, (long long)entry->at, (long long)a->shown_at);
    }
    if (entry->at > clock_now() + PROMISED)
        contradiction(a, "back-dated", "entry %llu (%s) lies in the future", number, type);
    if (entry->type == ENTRY_HEAD && entry->at > a->head_at)
        a->head_at = entry->at;
    if (entry->at > a->latest_at)
        a->latest_at = entry->at;
}

/* ---- the quorum ---- */

/* The latest policy that the Record names; before it, others were in force. */
void audit_note_policy(struct audit *a, uint64_t index, const struct entry *entry)
{
    a->policy_next = index + 1;
    a->policy_settled = 0;
    a->policy_at = entry->at;
    a->policy_digest = entry->policy.digest;
}

/* The checkpoint that a witness keeps of a log (tlog-witness, for monitors). */
static enum rc ask_witness(struct audit *a, const struct policy_witness *w,
                           const struct audited_log *log, struct fault *fault)
{
    BUF_AUTO path = BUF_INIT(128);
    struct fetcher *fetcher = NULL;
    struct audit_seen seen = {.source = w->url, .alone = true, .after = true};
    struct hash origin = sha256(log->name.p, log->name.n);
    buf_char(&path, '/');
    hex_add(&path, origin.b, sizeof origin.b);
    BUF_LIT(&path, "/checkpoint");
    enum rc rc = fetcher_open(w->url, &fetcher, fault);
    if (rc == RC_OK)
        rc = fetch_body(fetcher, &a->arena, buf_str(&path), &seen.note, fault);
    fetcher_close(fetcher);
    if (rc == RC_OK)
        audit_check_seen(a, &seen);
    return rc == RC_NOT_FOUND ? RC_OK : rc; /* it is there, and has not seen this log yet */
}

/* The witnesses that the monitor's own policy names: what they were shown must be this
 * log, and there must be enough of them. The shop's own policy sends the monitor nowhere. */
static void ask_witnesses(struct audit *a)
{
    bool there[POLICY_WITNESSES_MAX] = {false};
    size_t away = 0;
    for (unsigned i = 0; i < a->policy->witness_count; i++) {
        const struct policy_witness *w = &a->policy->witnesses[i];
        struct fault why = {""};
        there[i] = w->url.n == 0 || (ask_witness(a, w, &a->decisions, &why) == RC_OK &&
                                     ask_witness(a, w, &a->voices, &why) == RC_OK);
        away += !there[i];
        if (!there[i])
            audit_note(a, "Witness %.*s does not answer: %s", STR_ARG(w->name), why.text);
    }
    if (away > 0 && !policy_satisfied(a->policy, there))
        contradiction(a, "witnesses-away",
                      "the witnesses that answer do not make the quorum: nothing new can be "
                      "published");
}

void audit_times_end(struct audit *a)
{
    int64_t from, until;
    const struct policy *policy = a->policy != NULL ? a->policy : a->own_policy;
    if (a->policy_next > 0 && !hash_eq(&a->own_digest, &a->policy_digest)) {
        contradiction(a, "policy", "/record/policy is not the one that entry %llu names",
                      (unsigned long long)a->policy_next - 1);
        a->own_policy = NULL;
    }
    if (a->policy_next == 0)
        a->own_policy = NULL; /* a file that nothing vouches for */
    if (a->policy == NULL && a->own_policy != NULL && a->policy_settled > 0) {
        audit_check_quorum(a, a->own_policy, &a->decisions, STR("/record/checkpoint"),
                           a->decisions.note);
        audit_check_quorum(a, a->own_policy, &a->voices, STR("/record/voices/checkpoint"),
                           a->voices.note);
    }
    if (!a->order->watching)
        return;
    if (a->policy != NULL)
        ask_witnesses(a);
    while (a->bounds.next < a->bounds.n && a->bounds.v[a->bounds.next].size <= a->decisions.size)
        pass(a, &a->bounds.v[a->bounds.next++]);
    if (policy != NULL && audit_cosigned_at(policy, a->decisions.note, &from, &until))
        pass(a, &(struct audit_bound){.size = a->decisions.size,
                                      .until = until,
                                      .source = STR("/record/checkpoint")});
}
