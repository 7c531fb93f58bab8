/* Inside audit/: a mirror at work. */
#ifndef COLOPHON_AUDIT_MIRROR_PARTS_H
#define COLOPHON_AUDIT_MIRROR_PARTS_H

#include "audit/keys.h"
#include "audit/mirror.h"
#include "record/merkle.h"
#include "record/policy.h"

enum { FILE_MAX = 32 << 20, LOGS = 2 };

/* The same as an auditor's: a shop does not fill our disk with one number. */
#define ENTRIES_MAX ((uint64_t)1 << 34)

struct mirrored_log {
    const char *base; /* "/record" or "/record/voices" */
    struct str name;
    struct key_chain *keys;
    bool loaded;
    struct log_edge edge; /* of what lies here, verified */
    struct hash root;
    struct hash noted; /* SHA-256 of the checkpoint as it was served, once it lies here */
    int64_t noted_at;
};

struct mirror {
    const struct mirror_order *order;
    struct arena arena;
    struct arena keys_arena; /* of the keys below, at each turn anew */
    struct fetcher *fetcher;
    struct policy *policy; /* NULL: none */
    struct cosigner cosigner;
    bool cosigns;
    int lock;
    bool told; /* whose word the key is */
    struct mirrored_log logs[LOGS];
};

/* mirror_files.c: where something lies here; `base` is its log's. */
const char *mirror_path(struct mirror *m, struct arena *arena, const char *base, struct str rest);
/* The folders above it. */
enum rc mirror_folders(const char *path, struct fault *fault) MUST_CHECK;
/* Durable, its folders too. */
enum rc mirror_put(const char *path, struct str bytes, struct fault *fault) MUST_CHECK;
/* Where a bundle lies here; `ret_rest`: the same below the log's base. */
const char *mirror_bundle(struct mirror *m, struct arena *arena, const struct mirrored_log *log,
                          uint64_t n, unsigned width, struct str *ret_rest);
/* RC_INVALID where the bundle is no bundle of so many entries. */
enum rc mirror_leaves(struct str bundle, unsigned width, struct hash ret[TILE_WIDTH],
                      struct fault *fault) MUST_CHECK;

/* mirror_wrong.c: what exactly is wrong. RC_CORRUPT: two signed checkpoints contradict each
 * other; RC_CONFLICT: what is served now is no good. A shorter checkpoint than what lies
 * here; entries that do not make a signed root, or begin otherwise. */
enum rc mirror_tell_old(struct mirror *m, const struct mirrored_log *log,
                        const struct checkpoint *c, struct fault *fault) MUST_CHECK;
enum rc mirror_tell_wrong(struct mirror *m, const struct mirrored_log *log,
                          const struct checkpoint *c, struct fault *fault) MUST_CHECK;

#endif
