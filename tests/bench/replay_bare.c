/* The yardstick for an audit: COUNT entries of a voices log, hashed into their tree
 * alone, and verified and replayed (read strictly, checked, counted, hashed into the same
 * tree, the root compared). Both from memory, by turns, in time of the processor, the best
 * of three. Prints a line
 * of JSON.
 *
 *     replay_bare COUNT */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "record/entry.h"
#include "record/merkle.h"
#include "record/replay.h"

enum { ROUNDS = 3, WORKS = 20000 };

static double now_seconds(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void must(enum rc rc, const struct fault *fault)
{
    if (rc != RC_OK) {
        fprintf(stderr, "replay_bare: %s\n", fault->text);
        exit(1);
    }
}

/* Of twenty entries fifteen are accepted ones; of the first of each twenty, one changes it,
 * one takes it back, and so on with those after it. */
static struct entry entry_at(uint64_t i)
{
    uint64_t first = i / 20 * 20, at = i % 20;
    struct entry e = {.type = ENTRY_ACCEPTED, .kind = (enum voice_kind)(at % 3)};
    uint64_t of = at < 15 ? i : first + (at - 15);
    e.work = 1 + of * 2654435761u % WORKS;
    if (at < 15) {
        e.commitment = sha256(&i, sizeof i);
        return e;
    }
    static const enum entry_type later[] = {ENTRY_CHANGED, ENTRY_CHANGED, ENTRY_CHANGED,
                                            ENTRY_WITHDRAWN, ENTRY_ERASED};
    e.type = later[at - 15];
    e.kind = (enum voice_kind)((at - 15) % 3);
    e.of = of;
    if (e.type == ENTRY_CHANGED)
        e.commitment = sha256(&i, sizeof i);
    if (e.type == ENTRY_ERASED) {
        e.basis = STR("author");
        e.at = 1790000000;
        e.commitment = sha256(&i, sizeof i);
    }
    return e;
}

static struct hash root_of(const struct hash *leaves, size_t n)
{
    static struct log_edge edge;
    struct tile_sink nobody = {NULL, NULL};
    struct fault fault = {""};
    edge = (struct log_edge){0};
    must(log_edge_append(&edge, leaves, n, &nobody, &fault), &fault);
    return log_edge_root(&edge);
}

static struct hash hash_alone(struct str bundles, struct hash *leaves)
{
    struct str entry;
    size_t n = 0;
    while (bundle_next(&bundles, &entry) == RC_OK)
        leaves[n++] = merkle_leaf(entry);
    return root_of(leaves, n);
}

static struct hash replay(struct str bundles, struct hash *leaves)
{
    struct str bytes;
    struct fault fault = {""};
    struct voices_replay *voices = voices_replay_new();
    size_t n = 0;
    while (bundle_next(&bundles, &bytes) == RC_OK) {
        ARENA_AUTO arena = ARENA_INIT;
        struct entry e;
        leaves[n] = merkle_leaf(bytes);
        must(entry_read(&arena, bytes, &e, &fault), &fault);
        must(voices_replay_add(voices, n++, &e, &fault), &fault);
    }
    voices_replay_free(voices);
    return root_of(leaves, n);
}

int main(int argc, char **argv)
{
    uint64_t count;
    struct fault fault = {""};
    if (argc != 2 || !str_to_u64(str_of(argv[1]), &count) || count == 0) {
        fprintf(stderr, "usage: replay_bare COUNT\n");
        return 2;
    }
    BUF_AUTO bundles = BUF_INIT(400 * count);
    struct hash *leaves = calloc(count, sizeof *leaves);
    double alone = 1e9, replayed = 1e9;
    for (uint64_t i = 0; i < count; i++) {
        BUF_AUTO bytes = BUF_INIT(4096);
        struct entry e = entry_at(i);
        must(entry_write(&e, &bytes, &fault), &fault);
        bundle_add(&bundles, buf_str(&bytes));
    }
    must(buf_check(&bundles), &fault);
    for (int round = 0; round < ROUNDS; round++) {
        double begun = now_seconds();
        struct hash wanted = hash_alone(buf_str(&bundles), leaves);
        double between = now_seconds();
        struct hash found = replay(buf_str(&bundles), leaves);
        double end = now_seconds();
        if (!hash_eq(&wanted, &found))
            return 1;
        alone = between - begun < alone ? between - begun : alone;
        replayed = end - between < replayed ? end - between : replayed;
    }
    printf("{\"entries\": %llu, \"bytes\": %zu, \"hashing\": %.4f, \"replay\": %.4f}\n",
           (unsigned long long)count, bundles.n, alone, replayed);
    free(leaves);
    return 0;
}
