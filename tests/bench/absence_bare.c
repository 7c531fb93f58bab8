/* Proofs of absence beside so many restrictions: COUNT works of a storefront are
 * restricted, each by an entry of its own, and one set of a hundred. Proofs are made of
 * works that are restricted and of others, and checked. Prints a line of JSON: bytes of a
 * proof, microseconds to make and to check one, seconds to take in all the entries.
 *
 *     absence_bare COUNT */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "record/absence.h"
#include "record/entry.h"
#include "record/merkle.h"

enum { PROOFS = 500, SET = 100, AT = 1790000000 };

static double now_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void must(enum rc rc, const struct fault *fault)
{
    if (rc != RC_OK) {
        fprintf(stderr, "absence_bare: %s\n", fault->text);
        exit(1);
    }
}

static enum rc read_set(void *context, struct arena *arena, const struct hash *root,
                        struct work_set *ret, struct fault *fault)
{
    (void)arena, (void)root, (void)fault;
    *ret = *(struct work_set *)context;
    return RC_OK;
}

/* Every other work is restricted by itself. */
static struct entry restricted(struct arena *arena, uint64_t id)
{
    static struct str us[] = {{"us", 2}};
    struct entry e = {.type = ENTRY_RESTRICTION, .at = AT, .work = 2 * id};
    e.restriction = (struct restriction){
        .id = id,
        .target = TARGET_WORK,
        .target_key = arena_printf(arena, "%llu", (unsigned long long)(2 * id)),
        .works_count = 1,
        .ground = GROUND_OPERATOR,
        .features = FEATURE_BIT(FEATURE_REVIEWS),
        .storefronts = us,
        .storefront_count = 1,
        .from = AT,
        .review = AT + 86400};
    return e;
}

static struct entry restricted_set(struct arena *arena, uint64_t id, const struct work_set *set)
{
    struct entry e = restricted(arena, id);
    e.work = 0;
    e.restriction.target = TARGET_COLLECTION;
    e.restriction.target_key = STR("set");
    e.restriction.works_count = set->n;
    e.restriction.works_root = work_list_root(set->v, set->n);
    return e;
}

static void take(struct replay *replay, struct record_state *state, uint64_t index,
                 const struct entry *e)
{
    struct fault fault = {""};
    must(replay_add(replay, index, e, &fault), &fault);
    record_state_take(state, replay, e);
}

/* A log of one entry, the head that carries the map's root, signed. */
static struct absence_head sign_head(struct arena *arena, struct record_state *state,
                                     const struct note_signer *signer)
{
    struct fault fault = {""};
    BUF_AUTO entry = BUF_INIT(4096);
    BUF_AUTO note = BUF_INIT(4096);
    struct entry head = {.type = ENTRY_HEAD, .at = AT, .origin = STR("bench.example/voices")};
    head.root = sha256("", 0);
    head.map = record_state_root(state);
    must(entry_write(&head, &entry, &fault), &fault);
    struct checkpoint checkpoint = {signer->key.name, 1, merkle_leaf(buf_str(&entry))};
    checkpoint_sign(&note, &checkpoint, signer);
    return (struct absence_head){.checkpoint = arena_str(arena, buf_str(&note)),
                                 .entry = arena_str(arena, buf_str(&entry))};
}

static void measure(struct record_state *state, const struct absence_head *head,
                    const struct key_chain *keys, uint64_t count, double taking)
{
    struct absence_key const of[] = {{STR("edition"), STR("9780000000040")},
                                     {STR("contributor"), STR("1")},
                                     {STR("shop"), STR("bench")},
                                     {STR("collection"), STR("set")}};
    struct fault fault = {""};
    double making = 0, checking = 0;
    size_t bytes = 0;
    for (int i = 0; i < PROOFS; i++) {
        ARENA_AUTO arena = ARENA_INIT;
        JSON_AUTO *json = NULL;
        BUF_AUTO text = BUF_INIT(ABSENCE_MAX);
        struct absence_result result;
        double begun = now_seconds();
        must(absence_write(state, head, STR("us"), 1 + (uint64_t)i * 7919 % (2 * count + 1), of, 4,
                           &json, &fault),
             &fault);
        json_write(json, &text);
        double between = now_seconds();
        must(absence_check(&arena, buf_str(&text), keys, &result, &fault), &fault);
        checking += now_seconds() - between;
        making += between - begun;
        bytes += text.n;
    }
    printf("{\"restrictions\": %llu, \"bytes\": %zu, \"make_us\": %.1f, \"check_us\": %.1f, "
           "\"taking_s\": %.3f}\n",
           (unsigned long long)count, bytes / PROOFS, making / PROOFS * 1e6,
           checking / PROOFS * 1e6, taking);
}

int main(int argc, char **argv)
{
    uint64_t count;
    struct fault fault = {""};
    if (argc != 2 || !str_to_u64(str_of(argv[1]), &count) || count == 0) {
        fprintf(stderr, "usage: absence_bare COUNT\n");
        return 2;
    }
    ARENA_AUTO arena = ARENA_INIT;
    struct note_signer signer;
    uint64_t works[SET];
    for (size_t i = 0; i < SET; i++)
        works[i] = 3 * i + 1;
    struct work_set set = {works, SET};
    struct replay replay;
    struct record_state *state = record_state_new();
    replay_init(&replay, &arena, (struct list_source){NULL, &set, read_set});
    double begun = now_seconds();
    for (uint64_t i = 0; i < count; i++) {
        struct entry e = restricted(&arena, i + 1);
        take(&replay, state, i, &e);
    }
    struct entry e = restricted_set(&arena, count + 1, &set);
    take(&replay, state, count, &e);
    (void)record_state_root(state);
    double taking = now_seconds() - begun;
    must(note_signer_generate(&signer, STR("bench.example"), &fault), &fault);
    struct absence_head head = sign_head(&arena, state, &signer);
    BUF_AUTO vkey = BUF_INIT(1024);
    struct key_chain keys;
    note_key_add(&vkey, &signer.key);
    must(key_chain_begin(&keys, buf_str(&vkey), &fault), &fault);
    measure(state, &head, &keys, count, taking);
    record_state_free(state);
    return 0;
}
