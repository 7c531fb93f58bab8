#include "audit/mirror.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <sys/file.h>
#include <unistd.h>

#include "audit/mirror_parts.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/list.h"

/* A cosignature on what did not change is made anew after so many seconds. */
enum { COSIGN_AGAIN = 600 };

/* ---- appending, with every tile written ---- */

struct writing {
    struct mirror *m;
    struct mirrored_log *log;
    bool check; /* what lies here already is compared instead */
};

static enum rc take_tile(void *context, unsigned level, uint64_t n, const struct hash *hashes,
                         unsigned width, struct fault *fault)
{
    struct writing *w = context;
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO path = BUF_INIT(256);
    struct str stored, bytes = {(const char *)hashes, width * sizeof *hashes};
    tile_path_add(&path, level, n, width);
    const char *file = mirror_path(w->m, &arena, w->log->base, buf_str(&path));
    if (!w->check)
        return mirror_put(file, bytes, fault);
    /* Partial ones are passed on the way; the root says whether the last are right. */
    if (width < TILE_WIDTH)
        return RC_OK;
    enum rc rc = file_read(file, FILE_MAX, &arena, &stored, fault);
    if (rc == RC_NOT_FOUND || (rc == RC_OK && !str_eq(stored, bytes)))
        return fault_set(fault, RC_CORRUPT, "damaged: %s is not what its entries make", file);
    return rc;
}

/* ---- what lies here ---- */

/* Reads everything of one log again: entries, tiles, checkpoint must fit. */
static enum rc load_log(struct mirror *m, struct mirrored_log *log, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct writing writing = {m, log, true};
    struct tile_sink sink = {&writing, take_tile};
    struct checkpoint checkpoint;
    struct str note;
    memset(&log->edge, 0, sizeof log->edge);
    const char *path = mirror_path(m, &arena, log->base, STR("checkpoint"));
    enum rc rc = file_read(path, FILE_MAX, &arena, &note, fault);
    if (rc == RC_NOT_FOUND) {
        log->root = merkle_root(NULL, 0);
        log->loaded = true;
        return RC_OK;
    }
    if (rc == RC_OK && key_chain_verify(&checkpoint, note, log->keys, fault) != RC_OK)
        rc = fault_prefix(fault, RC_CORRUPT, "damaged: %s", path);
    for (uint64_t n = 0; rc == RC_OK && n * TILE_WIDTH < checkpoint.size; n++) {
        ARENA_AUTO scratch = ARENA_INIT;
        uint64_t left = checkpoint.size - n * TILE_WIDTH;
        unsigned width = left < TILE_WIDTH ? (unsigned)left : TILE_WIDTH;
        struct hash leaves[TILE_WIDTH];
        struct str bundle, rest;
        const char *file = mirror_bundle(m, &scratch, log, n, width, &rest);
        rc = file_read(file, FILE_MAX, &scratch, &bundle, fault);
        if (rc == RC_NOT_FOUND)
            return fault_prefix(fault, RC_CORRUPT, "damaged");
        if (rc == RC_OK && mirror_leaves(bundle, width, leaves, fault) != RC_OK)
            return fault_prefix(fault, RC_CORRUPT, "damaged: %s", file);
        if (rc == RC_OK)
            rc = log_edge_append(&log->edge, leaves, width, &sink, fault);
    }
    if (rc != RC_OK)
        return rc;
    log->root = log_edge_root(&log->edge);
    if (!hash_eq(&log->root, &checkpoint.root))
        return fault_set(fault, RC_CORRUPT,
                         "damaged: the entries in %s%s do not make the root of its checkpoint",
                         m->order->dir, log->base);
    log->loaded = true;
    return RC_OK;
}

/* ---- what is public now ---- */

/* What is fetched, until the root says that it is right. */
struct fetched_log {
    struct hash *leaves; /* malloc'ed: from the start of the first unfinished bundle on */
    uint64_t n;
    size_t room;        /* in tiles */
    struct arena arena; /* of the last bundle, if it is not full */
    const char *last_path;
    struct str last;
    bool other; /* it begins otherwise than what lies here */
};

static void fetched_clear(struct fetched_log *f)
{
    free(f->leaves);
    arena_free(&f->arena);
    *f = (struct fetched_log){.arena = ARENA_INIT};
}

/* A full bundle that an earlier run left, which was stopped before its checkpoint;
 * else it is fetched. Full ones are kept at once, to go on from after a stop. */
static enum rc take_bundle(struct mirror *m, struct mirrored_log *log, uint64_t n, unsigned width,
                           bool reuse, struct fetched_log *f, struct fault *fault)
{
    ARENA_AUTO scratch = ARENA_INIT;
    struct arena *arena = width < TILE_WIDTH ? &f->arena : &scratch;
    struct hash *leaves = f->leaves + f->n;
    struct str bundle, rest;
    const char *file = mirror_bundle(m, arena, log, n, width, &rest);
    if (reuse && width == TILE_WIDTH && file_read(file, FILE_MAX, arena, &bundle, NULL) == RC_OK &&
        mirror_leaves(bundle, width, leaves, NULL) == RC_OK)
        return RC_OK;
    struct str url = arena_printf(arena, "%s/%.*s", log->base, STR_ARG(rest));
    enum rc rc = fetch_body(m->fetcher, arena, url, &bundle, fault);
    if (rc == RC_NOT_FOUND)
        rc = RC_IO; /* public a moment ago: withheld, or a server between two states */
    if (rc == RC_OK && mirror_leaves(bundle, width, leaves, fault) != RC_OK)
        rc = fault_prefix(fault, RC_CONFLICT, "damaged: what is served at %.*s", STR_ARG(url));
    f->last_path = width < TILE_WIDTH ? file : NULL;
    f->last = bundle;
    return rc == RC_OK && width == TILE_WIDTH ? mirror_put(file, bundle, fault) : rc;
}

static enum rc fetch_log(struct mirror *m, struct mirrored_log *log, const struct checkpoint *to,
                         bool reuse, struct fetched_log *f, struct fault *fault)
{
    unsigned known = (unsigned)(log->edge.size % TILE_WIDTH);
    uint64_t first = log->edge.size - known;
    enum rc rc = RC_OK;
    fetched_clear(f);
    while (rc == RC_OK && log->edge.size < to->size && first + f->n < to->size) {
        uint64_t left = to->size - first - f->n;
        unsigned width = left < TILE_WIDTH ? (unsigned)left : TILE_WIDTH;
        f->leaves =
            list_on_heap(f->leaves, f->n / TILE_WIDTH, &f->room, TILE_WIDTH * sizeof *f->leaves);
        rc = take_bundle(m, log, (first + f->n) / TILE_WIDTH, width, reuse, f, fault);
        f->n += width;
    }
    f->other = rc == RC_OK && f->n > 0 && memcmp(f->leaves, log->edge.hashes[0], known * 32) != 0;
    return rc;
}

/* *edge is what it becomes; with `write` its tiles and last bundle are written. */
static enum rc extend(struct mirror *m, struct mirrored_log *log, const struct fetched_log *f,
                      bool write, struct log_edge *edge, struct fault *fault)
{
    struct writing writing = {m, log, false};
    struct tile_sink sink = {&writing, write ? take_tile : NULL};
    unsigned known = (unsigned)(log->edge.size % TILE_WIDTH);
    *edge = log->edge;
    if (f->n == 0)
        return RC_OK;
    enum rc rc = RC_OK;
    if (write && f->last_path != NULL)
        rc = mirror_put(f->last_path, f->last, fault);
    return rc == RC_OK ? log_edge_append(edge, f->leaves + known, f->n - known, &sink, fault) : rc;
}

static enum rc check_new(struct mirror *m, struct mirrored_log *log, struct str note,
                         struct checkpoint *ret, struct fault *fault)
{
    enum rc rc = key_chain_verify(ret, note, log->keys, fault);
    if (rc != RC_OK)
        return fault_prefix(fault, RC_CONFLICT, "damaged: the checkpoint served at %s", log->base);
    if (m->policy != NULL && policy_check(m->policy, note, fault) != RC_OK)
        return fault_prefix(fault, RC_CONFLICT, "unwitnessed: the checkpoint served at %s",
                            log->base);
    if (ret->size > ENTRIES_MAX)
        return fault_set(fault, RC_LIMIT, "%.*s claims %llu entries", STR_ARG(log->name),
                         (unsigned long long)ret->size);
    if (ret->size < log->edge.size)
        return mirror_tell_old(m, log, ret, fault);
    if (ret->size == log->edge.size && log->edge.size > 0 && !hash_eq(&ret->root, &log->root))
        return fault_set(fault, RC_CORRUPT,
                         "forked: %.*s has another root at %llu entries than was mirrored",
                         STR_ARG(log->name), (unsigned long long)ret->size);
    return RC_OK;
}

/* What is signed and lies here whole is written last, with our own line. */
static enum rc put_checkpoint(struct mirror *m, struct mirrored_log *log, struct str note,
                              struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO signed_note = BUF_INIT(2 * NOTE_MAX);
    struct str text, lines;
    struct hash digest = sha256(note.p, note.n);
    int64_t now = clock_now(), cosigned;
    if (hash_eq(&digest, &log->noted) && now < log->noted_at + COSIGN_AGAIN)
        return RC_OK;
    buf_str_add(&signed_note, note);
    enum rc rc = note_split(note, &text, &lines, fault);
    if (rc == RC_OK && m->cosigns &&
        cosignature_find(note, &m->cosigner.key, &cosigned, NULL) != RC_OK)
        cosignature_add(&signed_note, text, now, &m->cosigner);
    if (rc == RC_OK)
        rc = buf_check(&signed_note);
    if (rc == RC_OK)
        rc = mirror_put(mirror_path(m, &arena, log->base, STR("checkpoint")), buf_str(&signed_note),
                        fault);
    if (rc == RC_OK) {
        log->noted = digest;
        log->noted_at = now;
    }
    return rc;
}

static enum rc mirror_log(struct mirror *m, struct mirrored_log *log, uint64_t *fetched,
                          struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct str note, path = arena_printf(&arena, "%s/checkpoint", log->base);
    struct checkpoint checkpoint;
    enum rc rc = log->loaded ? RC_OK : load_log(m, log, fault);
    if (rc == RC_OK)
        rc = fetch_body(m->fetcher, &arena, path, &note, fault);
    if (rc == RC_NOT_FOUND && log->edge.size == 0)
        return RC_OK; /* nothing is signed yet */
    if (rc == RC_OK)
        rc = check_new(m, log, note, &checkpoint, fault);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_IO : rc;
    struct log_edge *edge = ARENA_NEW(&arena, struct log_edge);
    struct fetched_log f = {.arena = ARENA_INIT};
    struct hash root = {{0}};
    bool good = false;
    for (int reuse = 1; rc == RC_OK && reuse >= 0; reuse--) {
        rc = fetch_log(m, log, &checkpoint, reuse == 1, &f, fault);
        if (rc == RC_OK)
            rc = extend(m, log, &f, false, edge, fault);
        root = log_edge_root(edge);
        good = !f.other && hash_eq(&root, &checkpoint.root);
        if (good)
            break;
    }
    if (rc == RC_OK)
        rc = good ? extend(m, log, &f, true, edge, fault)
                  : mirror_tell_wrong(m, log, &checkpoint, fault);
    fetched_clear(&f);
    if (rc == RC_OK)
        rc = put_checkpoint(m, log, note, fault);
    if (rc != RC_OK)
        return rc;
    *fetched += checkpoint.size - log->edge.size;
    log->edge = *edge;
    log->root = root;
    return RC_OK;
}

/* ---- the key ---- */

/* The keys that were mirrored, or none yet. */
static enum rc read_keys(struct mirror *m, struct str *ret, struct fault *fault)
{
    struct str stored, line;
    const char *path = mirror_path(m, &m->keys_arena, "/record", STR("vkey"));
    enum rc rc = file_read(path, FILE_MAX, &m->keys_arena, &stored, fault);
    *ret = STR_NONE;
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    if (rc == RC_OK && !str_next(&stored, '\n', &line))
        rc = fault_set(fault, RC_CORRUPT, "damaged: %s", path);
    if (rc == RC_OK)
        *ret = line;
    return rc;
}

static enum rc put_keys(struct mirror *m, const struct log_keys *keys, struct fault *fault)
{
    struct arena *arena = &m->keys_arena;
    struct str now =
        arena_printf(arena, "%.*s\n%.*s\n", STR_ARG(key_chain_last(keys->decisions)->vkey),
                     STR_ARG(key_chain_last(keys->voices)->vkey));
    enum rc rc = RC_OK;
    if (keys->text.n > 0)
        rc = mirror_put(mirror_path(m, arena, "/record", STR("vkeys")), keys->text, fault);
    return rc == RC_OK ? mirror_put(mirror_path(m, arena, "/record", STR("vkey")), now, fault) : rc;
}

/* From the key that is known to the one that signs now: at every turn, for it may go
 * over to another. */
static enum rc find_keys(struct mirror *m, struct fault *fault)
{
    struct str known;
    struct log_keys keys;
    struct note_key own;
    arena_reset(&m->keys_arena);
    enum rc rc = read_keys(m, &known, fault);
    if (rc != RC_OK)
        return rc;
    rc = keys_fetch(m->fetcher, &m->keys_arena, known.n > 0 ? known : m->order->vkey, &keys, fault);
    if (rc == RC_OK && known.n > 0 && m->order->vkey.n > 0) {
        rc = note_key_parse(&own, m->order->vkey, fault);
        if (rc == RC_OK && key_chain_find(keys.decisions, &own) == NULL)
            rc = fault_set(fault, RC_INVALID, "--vkey is not the key of what was mirrored");
    }
    /* Other keys than ours know of are no good, and may be put right. */
    if (rc == RC_CORRUPT)
        return fault_prefix(fault, RC_CONFLICT, "damaged: the keys served");
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_IO : rc;
    m->logs[0].keys = keys.decisions;
    m->logs[1].keys = keys.voices;
    for (int i = 0; i < LOGS; i++)
        m->logs[i].name = m->logs[i].keys->v[0].key.name;
    if (keys.own_word && !m->told)
        m->order->note(m->order->context, "The key is the shop's own word: compare it with another "
                                          "source, then pass --vkey.");
    m->told = true;
    return put_keys(m, &keys, fault);
}

enum rc mirror_open(const struct mirror_order *order, struct mirror **ret, struct fault *fault)
{
    if (sodium_init() < 0)
        return fault_set(fault, RC_IO, "libsodium does not start");
    struct mirror *m = calloc(1, sizeof *m);
    if (m == NULL)
        abort();
    m->order = order;
    m->arena = m->keys_arena = ARENA_INIT;
    m->logs[0].base = "/record";
    m->logs[1].base = "/record/voices";
    const char *path = arena_printf(&m->arena, "%s/mirror.lock", order->dir).p;
    enum rc rc = mirror_folders(path, fault);
    m->lock = rc == RC_OK ? open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600) : -1;
    if (rc == RC_OK && m->lock < 0)
        rc = fault_set(fault, RC_IO, "%s: %s", path, strerror(errno));
    if (rc == RC_OK && flock(m->lock, LOCK_EX | LOCK_NB) != 0)
        rc = fault_set(fault, RC_BUSY, "%s: another mirror works there", order->dir);
    if (rc == RC_OK && order->policy.n > 0) {
        m->policy = ARENA_NEW(&m->arena, struct policy);
        rc = policy_parse(m->policy, order->policy, fault);
    }
    if (rc == RC_OK && order->cosign.n > 0) {
        rc = cosigner_parse(&m->cosigner, order->cosign, fault);
        m->cosigns = rc == RC_OK;
    }
    if (rc == RC_OK)
        rc = fetcher_open(order->url, &m->fetcher, fault);
    if (rc != RC_OK) {
        mirror_close(m);
        return rc;
    }
    *ret = m;
    return RC_OK;
}

void mirror_close(struct mirror *m)
{
    if (m == NULL)
        return;
    fetcher_close(m->fetcher);
    if (m->lock >= 0)
        close(m->lock);
    if (m->cosigns)
        cosigner_clear(&m->cosigner);
    arena_free(&m->keys_arena);
    arena_free(&m->arena);
    free(m);
}

enum rc mirror_run(struct mirror *m, struct mirror_result *ret, struct fault *fault)
{
    uint64_t fetched = 0;
    enum rc rc = find_keys(m, fault);
    /* Voices last: heads among the decisions anchor none that are not here then. */
    for (int i = 0; rc == RC_OK && i < LOGS; i++)
        rc = mirror_log(m, &m->logs[i], &fetched, fault);
    if (rc == RC_OK)
        *ret = (struct mirror_result){m->logs[0].edge.size, m->logs[1].edge.size, fetched};
    return rc;
}
