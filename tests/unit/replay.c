/* Replay: restrictions as the published entries make them, contradictions
 * found, voices counted. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "record/merkle.h"
#include "record/papers.h"
#include "record/replay.h"

#define AT 1790000000

static const struct str storefronts[] = {{"cn", 2}};

/* The lists that the operator serves, by their roots; `wrong` is served in
 * place of each where a test wants a liar. */
#define WORKS(...)                                                                                 \
    ((struct work_set){(const uint64_t[]){__VA_ARGS__},                                            \
                       sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t)})

struct shelf {
    struct work_set lists[8];
    size_t n;
    const struct work_set *wrong;
};

static enum rc read_list(void *context, struct arena *arena, const struct hash *root,
                         struct work_set *ret, struct fault *fault)
{
    const struct shelf *shelf = context;
    (void)fault;
    for (size_t i = 0; i < shelf->n; i++) {
        struct hash h = work_list_root(shelf->lists[i].v, shelf->lists[i].n);
        if (!hash_eq(&h, root))
            continue;
        struct work_set set = shelf->wrong != NULL ? *shelf->wrong : shelf->lists[i];
        uint64_t *v = ARENA_ARRAY(arena, uint64_t, set.n);
        if (set.n > 0)
            memcpy(v, set.v, set.n * sizeof *v);
        *ret = (struct work_set){v, set.n};
        return RC_OK;
    }
    return RC_NOT_FOUND;
}

struct world {
    struct arena arena;
    struct shelf shelf;
    struct replay replay;
    struct fault fault;
};

static int world_make(void **state)
{
    static struct world world;
    world = (struct world){.arena = ARENA_INIT};
    replay_init(&world.replay, &world.arena, (struct list_source){NULL, &world.shelf, read_list});
    *state = &world;
    return 0;
}

static int world_end(void **state)
{
    struct world *w = *state;
    arena_free(&w->arena);
    return 0;
}

static struct hash root_of(struct work_set set)
{
    return work_list_root(set.v, set.n);
}

/* A restriction on a collection of these works; they stand on the shelf. */
static struct entry on_set(struct world *w, uint64_t id, struct work_set works)
{
    w->shelf.lists[w->shelf.n++] = works;
    return (struct entry){.type = ENTRY_RESTRICTION,
                          .at = AT,
                          .restriction = {.id = id,
                                          .target = TARGET_COLLECTION,
                                          .target_key = STR("speeches"),
                                          .works_count = works.n,
                                          .works_root = root_of(works),
                                          .storefronts = storefronts,
                                          .storefront_count = 1,
                                          .features = FEATURE_BIT(FEATURE_RATINGS),
                                          .decided = AT,
                                          .from = AT,
                                          .until = AT + 1000}};
}

static struct entry on_work(uint64_t id, uint64_t work)
{
    return (struct entry){.type = ENTRY_RESTRICTION,
                          .at = AT,
                          .work = work,
                          .restriction = {.id = id,
                                          .target = TARGET_WORK,
                                          .target_key = STR("12"),
                                          .works_count = 1,
                                          .storefronts = storefronts,
                                          .storefront_count = 1,
                                          .features = FEATURE_BIT(FEATURE_SALE),
                                          .from = AT,
                                          .until = AT + 1000}};
}

static struct entry lift(uint64_t id, int64_t at)
{
    return (struct entry){.type = ENTRY_LIFT, .at = at, .restriction = {.id = id}};
}

static struct entry extended(struct world *w, uint64_t id, struct work_set works)
{
    w->shelf.lists[w->shelf.n++] = works;
    return (struct entry){
        .type = ENTRY_EXTENDED,
        .at = AT + 5,
        .restriction = {.id = id, .works_count = works.n, .works_root = root_of(works)}};
}

static void add(struct world *w, uint64_t index, struct entry e)
{
    if (replay_add(&w->replay, index, &e, &w->fault) != RC_OK)
        fail_msg("entry %d: %s", (int)index, w->fault.text);
}

/* Refused as a contradiction; the replay stands where it stood. */
static void contradict(struct world *w, uint64_t index, struct entry e, const char *about)
{
    size_t n = w->replay.n;
    uint64_t next = w->replay.next;
    assert_int_equal(replay_add(&w->replay, index, &e, &w->fault), RC_CORRUPT);
    assert_int_equal(w->replay.n, n);
    assert_int_equal(w->replay.next, next);
    if (strstr(w->fault.text, about) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", w->fault.text, about);
}

/* ---- decisions ---- */

static void a_restriction_works_from_its_entry(void **state)
{
    struct world *w = *state;
    add(w, 3, on_set(w, 7, WORKS(1, 5, 9)));
    const struct restriction *r = replay_find(&w->replay, 7);
    assert_non_null(r);
    assert_int_equal(r->record_index, 3);
    assert_true(r->published);
    assert_int_equal(r->lifted, 0);
    assert_true(work_set_has(r->works, 5));
    assert_false(work_set_has(r->works, 6));
    assert_int_equal(restriction_state(r, AT), STATE_IN_EFFECT);
    assert_null(replay_find(&w->replay, 8));
    assert_null(replay_find(&w->replay, 0));
}

static void a_restriction_on_one_work_needs_no_list(void **state)
{
    struct world *w = *state;
    add(w, 0, on_work(1, 12));
    const struct restriction *r = replay_find(&w->replay, 1);
    assert_int_equal(r->works.n, 1);
    assert_true(work_set_has(r->works, 12));
}

static void an_entry_cannot_bring_its_own_state(void **state)
{
    struct world *w = *state;
    struct entry e = on_work(1, 12);
    e.restriction.lifted = AT;
    e.restriction.lift_pending = true;
    e.restriction.lift_index = 99;
    add(w, 0, e);
    const struct restriction *r = replay_find(&w->replay, 1);
    assert_int_equal(r->lifted, 0);
    assert_false(r->lift_pending);
}

static void a_lift_ends_it(void **state)
{
    struct world *w = *state;
    add(w, 0, on_work(1, 12));
    add(w, 1, on_work(2, 12));
    add(w, 4, lift(1, AT + 10));
    const struct restriction *r = replay_find(&w->replay, 1);
    assert_int_equal(r->lifted, AT + 10);
    assert_int_equal(r->lift_index, 4);
    assert_int_equal(restriction_state(r, AT + 11), STATE_LIFTED);
    assert_int_equal(restriction_state(replay_find(&w->replay, 2), AT + 11), STATE_IN_EFFECT);
}

static void works_that_join_are_covered_once_the_entry_says_so(void **state)
{
    struct world *w = *state;
    add(w, 0, on_set(w, 7, WORKS(10, 20, 30)));
    add(w, 1, extended(w, 7, WORKS(5, 20, 25, 40)));
    const struct restriction *r = replay_find(&w->replay, 7);
    static const uint64_t want[] = {5, 10, 20, 25, 30, 40};
    assert_int_equal(r->works.n, 6);
    assert_memory_equal(r->works.v, want, sizeof want);
    add(w, 2, extended(w, 7, WORKS(41)));
    assert_int_equal(r->works.n, 7);
    assert_int_equal(r->works_count, 3); /* as its entry says */
}

static void entries_that_contradict_are_found(void **state)
{
    struct world *w = *state;
    add(w, 0, on_set(w, 7, WORKS(1, 2)));
    add(w, 1, on_work(8, 12));
    contradict(w, 2, on_work(7, 12), "twice");
    contradict(w, 2, lift(9, AT), "unknown restriction 9");
    contradict(w, 2, extended(w, 9, WORKS(1)), "unknown restriction 9");
    contradict(w, 2, extended(w, 8, WORKS(1)), "on no set");
    add(w, 2, lift(7, AT));
    contradict(w, 3, lift(7, AT + 1), "again");
    struct entry voice = {.type = ENTRY_ACCEPTED, .work = 1};
    contradict(w, 3, voice, "does not belong");
}

/* An extension that was on its way when the lift came is late, and no lie. */
static void an_extension_after_the_lift_brings_nothing_back(void **state)
{
    struct world *w = *state;
    add(w, 0, on_set(w, 7, WORKS(1, 2)));
    add(w, 1, lift(7, AT + 1));
    add(w, 2, extended(w, 7, WORKS(3)));
    assert_int_equal(restriction_state(replay_find(&w->replay, 7), AT + 10), STATE_LIFTED);
}

static void entries_come_in_order(void **state)
{
    struct world *w = *state;
    add(w, 5, on_work(1, 12));
    struct entry e = on_work(2, 12);
    assert_int_equal(replay_add(&w->replay, 5, &e, &w->fault), RC_INVALID);
    assert_int_equal(replay_add(&w->replay, 0, &e, &w->fault), RC_INVALID);
    assert_null(replay_find(&w->replay, 2));
    add(w, 6, e);
}

static void restrictions_lie_by_id(void **state)
{
    struct world *w = *state;
    for (uint64_t i = 0; i < 100; i++)
        add(w, i, on_work(1 + (i * 37) % 100, 12));
    assert_int_equal(w->replay.n, 100);
    for (size_t i = 0; i < 100; i++) {
        assert_int_equal(w->replay.restrictions[i]->id, i + 1);
        assert_ptr_equal(replay_find(&w->replay, i + 1), w->replay.restrictions[i]);
    }
}

/* The list behind a root is whatever somebody serves: it must be the one signed. */
static void lists_that_are_not_the_signed_ones_are_found(void **state)
{
    struct world *w = *state;
    struct entry e = on_set(w, 7, WORKS(1, 2, 3));
    const struct work_set wrong[] = {WORKS(1, 2),    WORKS(1, 2, 4), WORKS(1, 2, 3, 4),
                                     WORKS(3, 2, 1), WORKS(1, 1, 2), WORKS(1, 2, 3, 3)};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        w->shelf.wrong = &wrong[i];
        contradict(w, 0, e, "list of works");
    }
    struct work_set none = {NULL, 0};
    w->shelf.wrong = &none;
    contradict(w, 0, e, "list of works");
    w->shelf.wrong = NULL;
    e.restriction.works_count = 4;
    contradict(w, 0, e, "list of works");
    w->shelf.n = 0;
    e.restriction.works_count = 3;
    contradict(w, 0, e, "missing");
    assert_int_equal(w->replay.n, 0);
}

static void an_extension_with_a_wrong_list_changes_nothing(void **state)
{
    struct world *w = *state;
    add(w, 0, on_set(w, 7, WORKS(1, 2)));
    struct work_set wrong = WORKS(8, 9);
    struct entry e = extended(w, 7, WORKS(3, 4));
    w->shelf.wrong = &wrong;
    contradict(w, 1, e, "list of works");
    assert_int_equal(replay_find(&w->replay, 7)->works.n, 2);
}

static void the_records_clock_never_goes_back(void **state)
{
    struct world *w = *state;
    assert_int_equal(replay_now(&w->replay, 5), 5);
    struct entry head = {.type = ENTRY_HEAD, .at = AT + 100, .origin = STR("a")};
    add(w, 0, head);
    head.at = AT;
    add(w, 1, head);
    assert_int_equal(replay_now(&w->replay, AT), AT + 100);
    assert_int_equal(replay_now(&w->replay, AT + 200), AT + 200);
    /* A contradiction does not move it. */
    contradict(w, 2, lift(1, AT + 900), "unknown");
    assert_int_equal(replay_now(&w->replay, AT), AT + 100);
}

/* ---- demands, complaints, sealed things ---- */

static struct entry demand(uint64_t id)
{
    return (struct entry){.type = ENTRY_DEMAND,
                          .at = AT,
                          .demand = {.id = id,
                                     .target = TARGET_WORK,
                                     .target_key = STR("12"),
                                     .storefronts = {storefronts, 1},
                                     .features = FEATURE_BIT(FEATURE_SALE)}};
}

static struct entry decision(uint64_t id, enum demand_outcome outcome, uint64_t restriction)
{
    return (struct entry){.type = ENTRY_DECISION,
                          .at = AT,
                          .decision = {id, outcome, restriction, .approvals = {.n = 1}}};
}

static struct entry complaint(uint64_t id, uint64_t restriction, uint64_t decided)
{
    return (struct entry){
        .type = ENTRY_COMPLAINT, .at = AT, .complaint = {id, restriction, decided}};
}

static struct entry answer(uint64_t id, enum complaint_outcome outcome)
{
    return (struct entry){
        .type = ENTRY_COMPLAINT_DECISION, .at = AT, .complaint_decision = {id, outcome, {.n = 1}}};
}

static void demands_are_decided_once_and_known(void **state)
{
    struct world *w = *state;
    struct entry granted = on_work(1, 12);
    contradict(w, 0, decision(1, OUTCOME_REFUSED, 0), "demand 1");
    add(w, 0, demand(1));
    contradict(w, 1, demand(1), "twice");
    granted.restriction.demand = 2;
    contradict(w, 1, granted, "demand 2");
    contradict(w, 1, decision(1, OUTCOME_GRANTED, 1), "restriction 1");
    granted.restriction.demand = 1;
    /* Nothing else than what was demanded. */
    static const struct str others[] = {{"us", 2}, {"zz", 2}};
    struct entry beyond = granted;
    beyond.restriction.features |= FEATURE_BIT(FEATURE_REVIEWS);
    contradict(w, 1, beyond, "did not ask");
    beyond = on_work(1, 13);
    beyond.restriction.demand = 1;
    contradict(w, 1, beyond, "did not ask");
    beyond = granted;
    beyond.restriction.storefronts = others;
    beyond.restriction.storefront_count = 2;
    contradict(w, 1, beyond, "did not ask");
    add(w, 1, granted);
    add(w, 2, decision(1, OUTCOME_GRANTED, 1));
    contradict(w, 3, decision(1, OUTCOME_REFUSED, 0), "before");
    /* A restriction that follows no demand is nobody's answer to one. */
    add(w, 3, demand(2));
    add(w, 4, on_work(2, 12));
    contradict(w, 5, decision(2, OUTCOME_NARROWED, 2), "restriction 2");
    add(w, 5, decision(2, OUTCOME_REFUSED, 0));
    assert_int_equal(w->replay.n, 2);
}

/* Less of a set that was demanded names the works of that set, and is of them. */
static void less_of_a_demanded_set_is_of_its_works(void **state)
{
    struct world *w = *state;
    struct entry asked = demand(1), less = on_set(w, 1, WORKS(7, 12));
    struct work_set set = WORKS(7, 12, 30);
    asked.demand.target = TARGET_SHOP;
    asked.demand.target_key = STR("press");
    asked.demand.features |= FEATURE_BIT(FEATURE_RATINGS);
    add(w, 0, asked);
    less.restriction.demand = 1;
    less.restriction.demanded_count = set.n;
    less.restriction.demanded_root = root_of(set);
    contradict(w, 1, less, "missing");
    w->shelf.lists[w->shelf.n++] = set;
    struct entry beyond = on_set(w, 1, WORKS(7, 13));
    beyond.restriction.demand = 1;
    beyond.restriction.demanded_count = set.n;
    beyond.restriction.demanded_root = root_of(set);
    contradict(w, 1, beyond, "work 13");
    less.restriction.demanded_count = 2;
    contradict(w, 1, less, "match");
    less.restriction.demanded_count = set.n;
    assert_true(replay_less_of_set(&w->replay, &less.restriction));
    add(w, 1, less);
    struct entry one = on_work(2, 30);
    one.restriction.demand = 1;
    one.restriction.demanded_count = set.n;
    one.restriction.demanded_root = root_of(set);
    add(w, 2, one);
    one = on_work(3, 31);
    one.restriction.demand = 1;
    one.restriction.demanded_count = set.n;
    one.restriction.demanded_root = root_of(set);
    contradict(w, 3, one, "work 31");
    /* Of one title there are no works to name. */
    struct entry title = demand(2);
    title.demand.features = FEATURE_BIT(FEATURE_SALE);
    add(w, 3, title);
    one = on_work(3, 12);
    one.restriction.demand = 2;
    one.restriction.demanded_count = set.n;
    one.restriction.demanded_root = root_of(set);
    contradict(w, 4, one, "no part");
    /* An entry from before there was such a list does not say. */
    one = on_work(3, 31);
    one.restriction.demand = 1;
    add(w, 4, one);
    /* What was found good once is not read again. */
    struct replay again;
    replay_init(&again, &w->arena, (struct list_source){&w->replay, &w->shelf, read_list});
    w->shelf.n -= 2;
    assert_int_equal(replay_add(&again, 0, &asked, &w->fault), RC_OK);
    assert_int_equal(replay_add(&again, 1, &less, &w->fault), RC_OK);
}

static void complaints_are_about_something_and_decided_once(void **state)
{
    struct world *w = *state;
    contradict(w, 0, complaint(1, 1, 0), "restriction 1");
    contradict(w, 0, complaint(1, 0, 1), "demand 1");
    add(w, 0, demand(1));
    contradict(w, 1, complaint(1, 0, 1), "demand 1");
    add(w, 1, decision(1, OUTCOME_REFUSED, 0));
    contradict(w, 2, answer(1, COMPLAINT_UPHELD), "complaint 1");
    add(w, 2, complaint(1, 0, 1));
    contradict(w, 3, complaint(1, 0, 1), "twice");
    add(w, 3, answer(1, COMPLAINT_UPHELD));
    contradict(w, 4, answer(1, COMPLAINT_REJECTED), "before");
    /* Upheld: the demand may be decided anew. */
    add(w, 4, decision(1, OUTCOME_REFUSED, 0));
    contradict(w, 5, decision(1, OUTCOME_REFUSED, 0), "before");
}

static struct entry dispute(uint64_t id, uint64_t restriction, uint64_t decided, uint64_t after)
{
    return (struct entry){.type = ENTRY_DISPUTE,
                          .at = AT,
                          .dispute = {id, restriction, decided, after, .submitted = AT}};
}

static struct entry settled(uint64_t id, enum dispute_outcome outcome, int64_t when)
{
    return (struct entry){
        .type = ENTRY_SETTLEMENT, .at = AT, .settlement = {id, outcome, when, {.n = 1}}};
}

static void disputes_are_about_something_and_settled_once(void **state)
{
    struct world *w = *state;
    contradict(w, 0, dispute(1, 1, 0, 0), "restriction 1");
    contradict(w, 0, dispute(1, 0, 1, 0), "demand 1");
    add(w, 0, demand(1));
    add(w, 1, decision(1, OUTCOME_REFUSED, 0));
    contradict(w, 2, dispute(1, 0, 1, 3), "complaint 3");
    contradict(w, 2, settled(1, DISPUTE_NONE, AT), "dispute 1");
    add(w, 2, dispute(1, 0, 1, 0));
    add(w, 3, complaint(1, 0, 1));
    add(w, 4, dispute(2, 0, 1, 1));
    contradict(w, 5, settled(1, DISPUTE_CONFIRMED, AT - 1), "before");
    contradict(w, 5, decision(1, OUTCOME_REFUSED, 0), "before");
    /* Reversed: the demand may be decided anew; what was said of the former decision does
     * not concern the new one. */
    add(w, 5, settled(1, DISPUTE_REVERSED, AT));
    contradict(w, 6, settled(1, DISPUTE_NONE, AT), "before");
    add(w, 6, decision(1, OUTCOME_REFUSED, 0));
    add(w, 7, answer(1, COMPLAINT_UPHELD));
    contradict(w, 8, decision(1, OUTCOME_REFUSED, 0), "before");
    add(w, 8, settled(2, DISPUTE_REVERSED, AT));
    contradict(w, 9, decision(1, OUTCOME_REFUSED, 0), "before");
}

static struct entry corrected(uint64_t id, enum dispute_state state, const char *outcome)
{
    return (struct entry){.type = ENTRY_DISPUTE_CORRECTED,
                          .at = AT,
                          .corrected = {id, state, STR("User Rights"), AT, str_of(outcome),
                                        .settled = AT, .approvals = {.n = 1}}};
}

/* What was noted before counts no more, and may be noted again where it is open. */
static void a_dispute_that_was_noted_wrongly_is_corrected(void **state)
{
    struct world *w = *state;
    add(w, 0, demand(1));
    add(w, 1, decision(1, OUTCOME_REFUSED, 0));
    contradict(w, 2, corrected(1, DISPUTE_OPEN, ""), "dispute 1");
    add(w, 2, dispute(1, 0, 1, 0));
    add(w, 3, settled(1, DISPUTE_CONFIRMED, AT));
    add(w, 4, corrected(1, DISPUTE_OPEN, ""));
    add(w, 5, settled(1, DISPUTE_CONFIRMED, AT));
    contradict(w, 6, decision(1, OUTCOME_REFUSED, 0), "before");
    /* It was reversed, really: the demand may be decided anew. */
    add(w, 6, corrected(1, DISPUTE_SETTLED, "reversed"));
    contradict(w, 7, settled(1, DISPUTE_NONE, AT), "before");
    add(w, 7, decision(1, OUTCOME_REFUSED, 0));
    /* There was none, and what the first correction made possible is done. */
    add(w, 8, corrected(1, DISPUTE_VOID, ""));
    contradict(w, 9, corrected(1, DISPUTE_OPEN, ""), "void");
    contradict(w, 9, settled(1, DISPUTE_NONE, AT), "before");
    contradict(w, 9, decision(1, OUTCOME_REFUSED, 0), "before");
}

/* A restriction that was found wrong is lifted, or was over by then. */
static void what_was_found_wrong_is_lifted(void **state)
{
    struct world *w = *state;
    struct entry lift = {.type = ENTRY_LIFT, .at = AT, .restriction = {.id = 1}};
    add(w, 0, on_work(1, 12));
    add(w, 1, on_work(2, 13));
    add(w, 2, dispute(1, 1, 0, 0));
    add(w, 3, settled(1, DISPUTE_CONFIRMED, AT));
    add(w, 4, complaint(1, 2, 0));
    assert_int_equal(replay_check_undone(&w->replay, &w->fault), RC_OK);
    add(w, 5, corrected(1, DISPUTE_SETTLED, "reversed"));
    assert_int_equal(replay_check_undone(&w->replay, &w->fault), RC_CORRUPT);
    assert_non_null(strstr(w->fault.text, "restriction 1"));
    add(w, 6, lift);
    assert_int_equal(replay_check_undone(&w->replay, &w->fault), RC_OK);
    struct entry upheld = answer(1, COMPLAINT_UPHELD);
    upheld.at = INT64_MAX; /* when all is over */
    add(w, 7, upheld);
    assert_int_equal(replay_check_undone(&w->replay, &w->fault), RC_OK);
}

#define REFUSER_1 "books.example/refusals+54f8b3ef+AQMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMD"
#define REFUSER_2 "books.example/refusals+ee92aacc+AQQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"

static struct entry refuser(const char *key, const char *before)
{
    return (struct entry){
        .type = ENTRY_REFUSAL_KEY, .at = AT, .refusal_key = {str_of(key), str_of(before)}};
}

static void keys_of_refusals_follow_each_other(void **state)
{
    struct world *w = *state;
    struct refusal_key line;
    BUF_AUTO text = BUF_INIT(1000);
    contradict(w, 0, refuser(REFUSER_1, REFUSER_2), "unknown");
    add(w, 0, refuser(REFUSER_1, ""));
    contradict(w, 1, refuser(REFUSER_1, ""), "twice");
    add(w, 1, refuser(REFUSER_2, REFUSER_1));
    const struct refusal_keys *keys = papers_refusal_keys(w->replay.papers);
    assert_int_equal(keys->list.n, 2);
    assert_int_equal(keys->list.v[0].until, AT);
    assert_int_equal(keys->list.v[1].until, INT64_MAX);
    /* Each line of the list comes back. */
    for (size_t i = 0; i < 2; i++) {
        buf_clear(&text);
        refusal_key_write(&text, &keys->list.v[i]);
        assert_int_equal(refusal_key_read(&line, str_sub(buf_str(&text), 0, text.n - 1), NULL),
                         RC_OK);
        assert_int_equal(line.until, keys->list.v[i].until);
        assert_true(str_eq(line.vkey, keys->list.v[i].vkey));
    }
    static const char *const bad[] = {"", "key", REFUSER_1 " ", REFUSER_1 " soon",
                                      REFUSER_1 "  2026-11-30T05:25:00Z"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(refusal_key_read(&line, str_of(bad[i]), NULL), RC_INVALID);
}

static void what_is_opened_is_what_was_sealed(void **state)
{
    struct world *w = *state;
    struct entry sealed = {.type = ENTRY_SEALED, .at = AT, .sealed = {1, AT}};
    struct entry opened = {.type = ENTRY_OPENED, .at = AT, .opened = {1, {{7}}, STR("{}")}};
    contradict(w, 0, opened, "1");
    sealed.commitment = commitment_make(SEALED_DOMAIN, opened.opened.salt.b, STR("{}"));
    add(w, 0, sealed);
    opened.opened.content = STR("{ }");
    contradict(w, 1, opened, "sealed as 1");
}

static void a_demand_is_acknowledged_once(void **state)
{
    struct world *w = *state;
    struct entry told = {.type = ENTRY_ACKNOWLEDGED, .at = AT, .acknowledged = {1, AT}};
    contradict(w, 0, told, "demand 1");
    add(w, 0, demand(1));
    add(w, 1, told);
    contradict(w, 2, told, "twice");
}

/* What changes nothing of what is withheld is passed over. */
static void other_kinds_change_nothing(void **state)
{
    struct world *w = *state;
    static const enum entry_type kinds[] = {
        ENTRY_AGREEMENT,       ENTRY_DISCLOSURE,      ENTRY_POLICY,     ENTRY_LISTING,
        ENTRY_UNLISTED,        ENTRY_RANKING_VERSION, ENTRY_KEY,        ENTRY_LICENCE,
        ENTRY_LICENCE_CHANGED, ENTRY_LICENCE_NEED,    ENTRY_LICENCE_GAP};
    add(w, 0, on_work(1, 12));
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        add(w, 1 + i, (struct entry){.type = kinds[i], .at = AT});
    assert_int_equal(w->replay.n, 1);
    assert_int_equal(w->replay.next, 12);
}

/* ---- voices ---- */

static struct entry voice(enum entry_type type, enum voice_kind kind, uint64_t work, uint64_t of)
{
    return (struct entry){.type = type, .kind = kind, .work = work, .of = of};
}

static void voices_are_counted(void **state)
{
    (void)state;
    struct voices_replay *v = voices_replay_new();
    const struct entry log[] = {
        voice(ENTRY_ACCEPTED, VOICE_REVIEW, 12, 0),  voice(ENTRY_ACCEPTED, VOICE_RATING, 99, 0),
        voice(ENTRY_ACCEPTED, VOICE_REVIEW, 12, 0),  voice(ENTRY_CHANGED, VOICE_REVIEW, 12, 0),
        voice(ENTRY_WITHDRAWN, VOICE_REVIEW, 12, 0), voice(ENTRY_ERASED, VOICE_REVIEW, 12, 2),
        voice(ENTRY_ACCEPTED, VOICE_COMMENT, 7, 0)};
    for (uint64_t i = 0; i < sizeof log / sizeof *log; i++)
        assert_int_equal(voices_replay_add(v, i, &log[i], NULL), RC_OK);
    static const struct voice_count want[] = {
        {.work = 12, .accepted = {0, 2, 0}, .withdrawn = {0, 1, 0}, .erased = {0, 1, 0}},
        {.work = 99, .accepted = {1, 0, 0}},
        {.work = 7, .accepted = {0, 0, 1}}};
    assert_int_equal(voices_replay_count(v), 3);
    for (size_t i = 0; i < 3; i++)
        assert_memory_equal(voices_replay_at(v, i), &want[i], sizeof want[i]);
    voices_replay_free(v);
    voices_replay_free(NULL);
}

static void voices_that_contradict_are_found(void **state)
{
    (void)state;
    struct voices_replay *v = voices_replay_new();
    struct fault fault;
    struct entry e = voice(ENTRY_WITHDRAWN, VOICE_REVIEW, 12, 0);
    assert_int_equal(voices_replay_add(v, 0, &e, &fault), RC_CORRUPT); /* nothing there yet */
    e = voice(ENTRY_ACCEPTED, VOICE_REVIEW, 12, 0);
    assert_int_equal(voices_replay_add(v, 0, &e, &fault), RC_OK);
    const struct entry bad[] = {voice(ENTRY_WITHDRAWN, VOICE_REVIEW, 12, 1), /* no such entry */
                                voice(ENTRY_WITHDRAWN, VOICE_REVIEW, 12, UINT64_MAX),
                                voice(ENTRY_WITHDRAWN, VOICE_REVIEW, 13, 0), /* another work's */
                                voice(ENTRY_CHANGED, VOICE_RATING, 12, 0),   /* another kind */
                                {.type = ENTRY_LIFT, .at = AT, .restriction = {.id = 1}}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(voices_replay_add(v, 1, &bad[i], &fault), RC_CORRUPT);
    assert_int_equal(voices_replay_count(v), 1);
    e = voice(ENTRY_ERASED, VOICE_REVIEW, 12, 0);
    assert_int_equal(voices_replay_add(v, 1, &e, &fault), RC_OK);
    const enum entry_type gone[] = {ENTRY_CHANGED, ENTRY_WITHDRAWN, ENTRY_ERASED};
    for (size_t i = 0; i < 3; i++) {
        e.type = gone[i];
        assert_int_equal(voices_replay_add(v, 2, &e, &fault), RC_CORRUPT);
    }
    assert_int_equal(voices_replay_at(v, 0)->erased[VOICE_REVIEW], 1);
    voices_replay_free(v);
}

/* Each entry counts once, whoever feeds the log twice. */
static void voices_come_in_order(void **state)
{
    (void)state;
    struct voices_replay *v = voices_replay_new();
    struct entry e = voice(ENTRY_ACCEPTED, VOICE_REVIEW, 12, 0);
    assert_int_equal(voices_replay_add(v, 4, &e, NULL), RC_OK);
    assert_int_equal(voices_replay_add(v, 4, &e, NULL), RC_INVALID);
    assert_int_equal(voices_replay_add(v, 3, &e, NULL), RC_INVALID);
    assert_int_equal(voices_replay_at(v, 0)->accepted[VOICE_REVIEW], 1);
    voices_replay_free(v);
}

static void many_voices_are_counted(void **state)
{
    (void)state;
    enum { WORKS_N = 5000, EACH = 8 };
    struct voices_replay *v = voices_replay_new();
    uint64_t index = 0;
    for (int round = 0; round < EACH; round++)
        for (uint64_t work = 0; work < WORKS_N; work++) {
            struct entry e =
                voice(ENTRY_ACCEPTED, (enum voice_kind)(round % 3), 1 + work * 1000000007, 0);
            assert_int_equal(voices_replay_add(v, index++, &e, NULL), RC_OK);
        }
    assert_int_equal(voices_replay_count(v), WORKS_N);
    for (size_t i = 0; i < WORKS_N; i++) {
        const struct voice_count *c = voices_replay_at(v, i);
        assert_int_equal(c->work, 1 + i * 1000000007);
        assert_int_equal(c->accepted[0] + c->accepted[1] + c->accepted[2], EACH);
    }
    voices_replay_free(v);
}

#define IN_WORLD(test) cmocka_unit_test_setup_teardown(test, world_make, world_end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_WORLD(a_restriction_works_from_its_entry),
        IN_WORLD(a_restriction_on_one_work_needs_no_list),
        IN_WORLD(an_entry_cannot_bring_its_own_state),
        IN_WORLD(a_lift_ends_it),
        IN_WORLD(works_that_join_are_covered_once_the_entry_says_so),
        IN_WORLD(entries_that_contradict_are_found),
        IN_WORLD(an_extension_after_the_lift_brings_nothing_back),
        IN_WORLD(entries_come_in_order),
        IN_WORLD(restrictions_lie_by_id),
        IN_WORLD(lists_that_are_not_the_signed_ones_are_found),
        IN_WORLD(an_extension_with_a_wrong_list_changes_nothing),
        IN_WORLD(the_records_clock_never_goes_back),
        IN_WORLD(demands_are_decided_once_and_known),
        IN_WORLD(less_of_a_demanded_set_is_of_its_works),
        IN_WORLD(complaints_are_about_something_and_decided_once),
        IN_WORLD(disputes_are_about_something_and_settled_once),
        IN_WORLD(keys_of_refusals_follow_each_other),
        IN_WORLD(what_was_found_wrong_is_lifted),
        IN_WORLD(a_dispute_that_was_noted_wrongly_is_corrected),
        IN_WORLD(a_demand_is_acknowledged_once),
        IN_WORLD(what_is_opened_is_what_was_sealed),
        IN_WORLD(other_kinds_change_nothing),
        cmocka_unit_test(voices_are_counted),
        cmocka_unit_test(voices_that_contradict_are_found),
        cmocka_unit_test(voices_come_in_order),
        cmocka_unit_test(many_voices_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
