#include "app/witness.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/key.h"
#include "base/clock.h"
#include "base/crash.h"
#include "base/file.h"
#include "record/add_checkpoint.h"
#include "record/cosignature.h"
#include "record/key_chain.h"
#include "record/merkle.h"

enum { STORED_MAX = 2 * NOTE_MAX, KEYS_MAX = 64 << 10 };

struct watched_log {
    struct key_chain *keys; /* followed from the one that is trusted */
    const char *path, *keys_path;
};

struct witness {
    struct arena arena;
    struct cosigner cosigner;
    struct watched_log *logs;
    size_t log_count;
    int lock;
    pthread_mutex_t turn; /* check, store and answer are one */
};

/* ---- the folder ---- */

enum rc witness_key_create(const char *dir, struct str name, struct arena *arena,
                           struct str *ret_vkey, struct fault *fault)
{
    struct cosigner cosigner;
    BUF_AUTO secret = BUF_INIT(4096);
    BUF_AUTO vkey = BUF_INIT(4096);
    if (sodium_init() < 0)
        return fault_set(fault, RC_IO, "libsodium does not start");
    enum rc rc = cosigner_generate(&cosigner, name, fault);
    if (rc != RC_OK)
        return rc;
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        return fault_set(fault, RC_IO, "%s: %s", dir, strerror(errno));
    cosigner_add(&secret, &cosigner);
    buf_char(&secret, '\n');
    cosigner_key_add(&vkey, &cosigner.key);
    cosigner_clear(&cosigner);
    rc = key_write(arena_printf(arena, "%s/witness.key", dir).p, buf_str(&secret), fault);
    sodium_memzero(secret.p, secret.n);
    if (rc == RC_OK)
        *ret_vkey = arena_str(arena, buf_str(&vkey));
    return rc;
}

static enum rc load_cosigner(struct witness *w, const char *dir, struct fault *fault)
{
    struct str text;
    enum rc rc =
        key_read(arena_printf(&w->arena, "%s/witness.key", dir).p, &w->arena, &text, fault);
    if (rc != RC_OK)
        return rc;
    rc = cosigner_parse(&w->cosigner, text, fault);
    if (rc == RC_OK)
        w->cosigner.key.name = arena_str(&w->arena, w->cosigner.key.name);
    else
        rc = fault_prefix(fault, rc, "%s/witness.key", dir);
    sodium_memzero((char *)text.p, text.n);
    return rc;
}

static const char *path_of(struct arena *arena, const char *dir, struct str origin)
{
    BUF_AUTO path = BUF_INIT(8192);
    struct hash h = sha256(origin.p, origin.n);
    buf_printf(&path, "%s/", dir);
    hex_add(&path, h.b, sizeof h.b);
    return arena_str(arena, buf_str(&path)).p;
}

static enum rc take_lock(struct witness *w, const char *dir, struct fault *fault)
{
    const char *path = arena_printf(&w->arena, "%s/witness.lock", dir).p;
    w->lock = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (w->lock < 0)
        return fault_set(fault, RC_IO, "%s: %s", path, strerror(errno));
    if (flock(w->lock, LOCK_EX | LOCK_NB) != 0)
        return fault_set(fault, RC_BUSY, "%s: another witness runs on this folder", dir);
    return RC_OK;
}

static struct str name_of(const struct watched_log *log)
{
    return log->keys->v[0].key.name;
}

/* What it was told of the keys that follow the one it trusts. */
static enum rc read_keys(struct watched_log *log, struct str vkey, struct arena *arena,
                         struct fault *fault)
{
    struct str list = STR_NONE;
    enum rc rc = file_read(log->keys_path, KEYS_MAX, arena, &list, fault);
    if (rc == RC_OK || rc == RC_NOT_FOUND)
        rc = key_chain_follow(log->keys, vkey, list, fault);
    return rc;
}

/* The last checkpoint of a log; RC_NOT_FOUND before the first. */
static enum rc read_last(const struct watched_log *log, struct arena *arena, struct str *ret_note,
                         struct checkpoint *ret, struct fault *fault)
{
    enum rc rc = file_read(log->path, STORED_MAX, arena, ret_note, fault);
    if (rc != RC_OK)
        return rc;
    struct str signed_text, lines;
    rc = note_split(*ret_note, &signed_text, &lines, fault);
    if (rc == RC_OK)
        rc = checkpoint_parse_text(ret, signed_text, fault);
    if (rc == RC_OK && !str_eq(ret->origin, name_of(log)))
        rc = fault_set(fault, RC_INVALID, "it is of another log");
    return rc == RC_OK ? RC_OK : fault_prefix(fault, RC_CORRUPT, "%s", log->path);
}

enum rc witness_open(const char *dir, const struct str *vkeys, size_t n, struct witness **ret,
                     struct fault *fault)
{
    ARENA_AUTO scratch = ARENA_INIT;
    if (sodium_init() < 0)
        return fault_set(fault, RC_IO, "libsodium does not start");
    struct witness *w = calloc(1, sizeof *w);
    if (w == NULL)
        abort();
    w->arena = ARENA_INIT;
    w->lock = -1;
    pthread_mutex_init(&w->turn, NULL);
    w->logs = ARENA_ARRAY(&w->arena, struct watched_log, n);
    enum rc rc = load_cosigner(w, dir, fault);
    if (rc == RC_OK)
        rc = take_lock(w, dir, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        struct watched_log *log = &w->logs[w->log_count++];
        struct checkpoint checkpoint;
        struct str note;
        struct note_key key;
        struct str vkey = arena_str(&w->arena, vkeys[i]);
        rc = note_key_parse(&key, vkey, fault);
        if (rc != RC_OK) {
            rc = fault_prefix(fault, rc, "--log %.*s", STR_ARG(vkeys[i]));
            break;
        }
        log->keys = ARENA_NEW(&w->arena, struct key_chain);
        log->path = path_of(&w->arena, dir, key.name);
        log->keys_path = arena_printf(&w->arena, "%s.keys", log->path).p;
        rc = read_keys(log, vkey, &w->arena, fault);
        if (rc != RC_OK)
            break;
        rc = read_last(log, &scratch, &note, &checkpoint, fault);
        rc = rc == RC_NOT_FOUND ? RC_OK : rc;
    }
    if (rc != RC_OK) {
        witness_close(w);
        return rc;
    }
    *ret = w;
    return RC_OK;
}

void witness_close(struct witness *w)
{
    if (w == NULL)
        return;
    cosigner_clear(&w->cosigner);
    if (w->lock >= 0)
        close(w->lock);
    pthread_mutex_destroy(&w->turn);
    arena_free(&w->arena);
    free(w);
}

/* ---- add-checkpoint ---- */

static struct witness_answer refuse(struct arena *arena, int status, const char *why)
{
    return (struct witness_answer){status, "text/plain; charset=utf-8",
                                   arena_printf(arena, "%s\n", why)};
}

/* The log's checkpoint, by any key that is trusted for its origin. */
static int check_note(const struct witness *w, struct str note, struct checkpoint *ret,
                      const struct watched_log **ret_log, struct fault *fault)
{
    struct str text, lines;
    struct checkpoint claimed;
    bool known = false;
    if (note_split(note, &text, &lines, fault) != RC_OK ||
        checkpoint_parse_text(&claimed, text, fault) != RC_OK)
        return 400;
    for (size_t i = 0; i < w->log_count; i++) {
        if (!str_eq(name_of(&w->logs[i]), claimed.origin))
            continue;
        known = true;
        if (key_chain_verify(ret, note, w->logs[i].keys, fault) == RC_OK) {
            *ret_log = &w->logs[i];
            return 200;
        }
    }
    if (known)
        return 403;
    (void)!fault_set(fault, RC_NOT_FOUND, "%.*s is not watched here", STR_ARG(claimed.origin));
    return 404;
}

/* Whether the new one continues what was cosigned last. */
static int check_continues(const struct add_checkpoint *a, const struct checkpoint *last,
                           const struct checkpoint *next, struct fault *fault)
{
    struct hash empty = merkle_root(NULL, 0);
    if ((a->old_size == 0 || a->old_size == next->size) && a->proof_n > 0) {
        (void)!fault_set(fault, RC_INVALID, "the proof should be empty");
        return 422;
    }
    if (next->size == 0 && !hash_eq(&next->root, &empty)) {
        (void)!fault_set(fault, RC_INVALID, "this is not the root of nothing");
        return 422;
    }
    if (a->old_size == next->size && a->old_size > 0 && !hash_eq(&next->root, &last->root)) {
        (void)!fault_set(fault, RC_INVALID, "another root was cosigned at this size");
        return 422;
    }
    if (a->old_size > 0 && a->old_size < next->size &&
        merkle_check_consistency(a->old_size, &last->root, next->size, &next->root, a->proof,
                                 a->proof_n) != RC_OK) {
        (void)!fault_set(fault, RC_INVALID, "the proof does not show that this continues it");
        return 422;
    }
    return 200;
}

static struct witness_answer decide(struct witness *w, struct arena *arena, struct str body)
{
    struct add_checkpoint *a = ARENA_NEW(arena, struct add_checkpoint);
    struct checkpoint next, last = {.size = 0, .root = merkle_root(NULL, 0)};
    const struct watched_log *log = NULL;
    struct fault fault = {""};
    struct str stored, text, lines;
    if (add_checkpoint_parse(a, body, &fault) != RC_OK)
        return refuse(arena, 400, fault.text);
    int status = check_note(w, a->note, &next, &log, &fault);
    if (status != 200)
        return refuse(arena, status, fault.text);
    if (a->old_size > next.size)
        return refuse(arena, 400, "the old size is larger than the checkpoint's");
    enum rc rc = read_last(log, arena, &stored, &last, &fault);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return refuse(arena, 500, fault.text);
    if (a->old_size != last.size)
        return (struct witness_answer){
            409, "text/x.tlog.size", arena_printf(arena, "%llu\n", (unsigned long long)last.size)};
    status = check_continues(a, &last, &next, &fault);
    if (status != 200)
        return refuse(arena, status, fault.text);
    BUF_AUTO line = BUF_INIT(4096);
    BUF_AUTO note = BUF_INIT(STORED_MAX);
    if (note_split(a->note, &text, &lines, &fault) != RC_OK)
        return refuse(arena, 400, fault.text);
    cosignature_add(&line, text, clock_now(), &w->cosigner);
    buf_str_add(&note, a->note);
    buf_str_add(&note, buf_str(&line));
    crash_point("witness-checked");
    rc = buf_check(&note) == RC_OK && !line.failed ? file_replace(log->path, buf_str(&note), &fault)
                                                   : RC_LIMIT;
    crash_point("witness-stored");
    if (rc != RC_OK)
        return refuse(arena, 500, "it could not be stored");
    return (struct witness_answer){200, "text/plain; charset=utf-8",
                                   arena_str(arena, buf_str(&line))};
}

struct witness_answer witness_add_checkpoint(struct witness *w, struct arena *arena,
                                             struct str body)
{
    pthread_mutex_lock(&w->turn);
    struct witness_answer answer = decide(w, arena, body);
    pthread_mutex_unlock(&w->turn);
    return answer;
}

/* ---- add-key ---- */

/* The chain it has is a beginning of the other: nobody hands a log over twice. */
static bool continues(const struct key_chain *old, const struct key_chain *next)
{
    struct key_chain *cut = malloc(sizeof *cut);
    if (cut == NULL)
        abort();
    *cut = *next;
    cut->n = old->n < next->n ? old->n : next->n;
    bool same = key_chain_eq(old, cut);
    free(cut);
    return same;
}

static int learn(struct witness *w, struct watched_log *log, struct str list, struct arena *arena,
                 struct fault *fault)
{
    struct key_chain *next = ARENA_NEW(arena, struct key_chain);
    BUF_AUTO text = BUF_INIT(KEYS_MAX);
    if (key_chain_follow(next, log->keys->v[0].vkey, list, fault) != RC_OK)
        return 403;
    if (next->n <= log->keys->n)
        return continues(next, log->keys) ? 200 : 409;
    if (!continues(log->keys, next))
        return 409;
    key_chain_write(&text, next);
    crash_point("witness-key-checked");
    if (buf_check(&text) != RC_OK || file_replace(log->keys_path, buf_str(&text), fault) != RC_OK)
        return 500;
    crash_point("witness-key-stored");
    /* Only what is good stays in memory: anybody may ask. */
    log->keys = ARENA_NEW(&w->arena, struct key_chain);
    return key_chain_follow(log->keys, next->v[0].vkey, arena_str(&w->arena, buf_str(&text)),
                            fault) == RC_OK
               ? 200
               : 500;
}

struct witness_answer witness_add_key(struct witness *w, struct arena *arena, struct str body)
{
    struct fault fault = {"this log is not watched here"};
    int status = 404;
    struct str origin = str_sub(body, 0, str_find(body, '+'));
    pthread_mutex_lock(&w->turn);
    for (size_t i = 0; i < w->log_count && status != 500; i++)
        if (str_eq(name_of(&w->logs[i]), origin) && status != 200)
            status = learn(w, &w->logs[i], body, arena, &fault);
    pthread_mutex_unlock(&w->turn);
    return status == 200
               ? (struct witness_answer){200, "text/plain; charset=utf-8", STR("good\n")}
               : refuse(arena, status,
                        status == 409 ? "another key follows the one it knows" : fault.text);
}

struct witness_answer witness_checkpoint(struct witness *w, struct arena *arena,
                                         struct str origin_hex)
{
    struct hash asked;
    struct fault fault = {""};
    if (hex_decode(origin_hex, asked.b, sizeof asked.b))
        for (size_t i = 0; i < w->log_count; i++) {
            struct str name = name_of(&w->logs[i]), note;
            struct hash origin = sha256(name.p, name.n);
            struct checkpoint checkpoint;
            if (!hash_eq(&origin, &asked))
                continue;
            enum rc rc = read_last(&w->logs[i], arena, &note, &checkpoint, &fault);
            if (rc == RC_OK)
                return (struct witness_answer){200, "text/plain; charset=utf-8", note};
            return rc == RC_NOT_FOUND ? refuse(arena, 404, "nothing was cosigned yet")
                                      : refuse(arena, 500, fault.text);
        }
    return refuse(arena, 404, "no such log is watched here");
}
