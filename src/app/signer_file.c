/* Keys in files: DIR/key, and DIR/key.next where one is prepared. Which of the two
 * signs, the published entries say, so that no moment at which the process dies
 * between the entry and the renaming of files matters. */
#include <errno.h>
#include <unistd.h>

#include "app/key.h"
#include "app/sequencer.h"
#include "app/signer_parts.h"
#include "base/crash.h"
#include "base/file.h"

struct file_signer {
    struct signer signer; /* first: what others see of it */
    struct arena arena;
    const char *next_path;
    struct note_signer own[LOG_COUNT];
};

static struct file_signer *of(struct signer *signer)
{
    return (struct file_signer *)signer;
}

enum rc key_load_both(const char *path, struct str origin, struct arena *arena,
                      struct note_signer ret[LOG_COUNT], struct fault *fault)
{
    enum rc rc = key_load(path, arena, &ret[LOG_DECISIONS], fault);
    if (rc == RC_OK && !str_eq(ret[LOG_DECISIONS].key.name, origin))
        rc = fault_set(fault, RC_INVALID, "%s: the key is for %.*s, the Record is %.*s", path,
                       STR_ARG(ret[LOG_DECISIONS].key.name), STR_ARG(origin));
    if (rc == RC_OK)
        rc = note_signer_rename(&ret[LOG_VOICES], &ret[LOG_DECISIONS],
                                arena_printf(arena, "%.*s/voices", STR_ARG(origin)), fault);
    return rc;
}

void key_clear_both(struct note_signer signers[LOG_COUNT])
{
    for (int log = 0; log < LOG_COUNT; log++)
        note_signer_clear(&signers[log]);
}

struct str key_vkey(const struct note_key *key, struct arena *arena)
{
    BUF_AUTO text = BUF_INIT(2048);
    note_key_add(&text, key);
    return arena_str(arena, buf_str(&text));
}

enum rc handover_sign(struct key_entry *handover, const struct note_signer *old,
                      const struct note_signer *next, struct fault *fault)
{
    BUF_AUTO text = BUF_INIT(4096);
    key_handover_add(&text, handover->log, handover->from, handover->old_vkey, handover->new_vkey);
    enum rc rc = buf_check(&text);
    if (rc != RC_OK)
        return rc;
    note_sign_bytes(handover->by_old, buf_str(&text), old);
    note_sign_bytes(handover->by_new, buf_str(&text), next);
    return key_handover_check(handover, fault);
}

/* ---- what is asked of it ---- */

static enum rc sign(struct signer *signer, enum log_id log, const struct asked *asked, bool both,
                    struct buf *lines, struct fault *fault)
{
    struct file_signer *f = of(signer);
    ARENA_AUTO arena = ARENA_INIT;
    struct note_signer next[LOG_COUNT] = {0};
    enum rc rc = RC_OK;
    if (both)
        rc = key_load_both(f->next_path, f->own[LOG_DECISIONS].key.name, &arena, next, fault);
    if (rc == RC_OK)
        note_sign_line(lines, asked->text, &f->own[log]);
    if (rc == RC_OK && both)
        note_sign_line(lines, asked->text, &next[log]);
    key_clear_both(next);
    return rc == RC_OK ? buf_check(lines) : rc;
}

static enum rc find_next(struct signer *signer, struct arena *arena,
                         struct str ret_vkeys[LOG_COUNT], struct fault *fault)
{
    struct file_signer *f = of(signer);
    struct note_signer next[LOG_COUNT] = {0};
    enum rc rc = key_load_both(f->next_path, f->own[LOG_DECISIONS].key.name, arena, next, fault);
    for (int log = 0; rc == RC_OK && log < LOG_COUNT; log++)
        ret_vkeys[log] = key_vkey(&next[log].key, arena);
    key_clear_both(next);
    return rc;
}

static enum rc hand_over(struct signer *signer, enum log_id log, struct key_entry *handover,
                         struct fault *fault)
{
    struct file_signer *f = of(signer);
    ARENA_AUTO arena = ARENA_INIT;
    struct note_signer next[LOG_COUNT] = {0};
    enum rc rc = key_load_both(f->next_path, f->own[LOG_DECISIONS].key.name, &arena, next, fault);
    if (rc == RC_OK)
        rc = handover_sign(handover, &f->own[log], &next[log], fault);
    key_clear_both(next);
    return rc;
}

static void close_file(struct signer *signer)
{
    struct file_signer *f = of(signer);
    key_clear_both(f->own);
    arena_free(&f->arena);
    free(f);
}

static const struct signer_kind file_kind = {false, sign, find_next, hand_over, close_file};

/* ---- finding the key ---- */

void key_adopt(const char *path, const char *next_path, uint32_t old_id)
{
    ARENA_AUTO arena = ARENA_INIT;
    const char *retired = arena_printf(&arena, "%s.retired-%08x", path, old_id).p;
    if (link(path, retired) != 0 && errno != EEXIST && errno != ENOENT)
        return;
    crash_point("key-retired");
    if (rename(next_path, path) == 0)
        file_sync_folder_of(path);
    crash_point("key-adopted");
}

static bool is(const struct note_signer *signer, const struct key_link *link)
{
    return memcmp(signer->key.public_key, link->key.public_key, 32) == 0;
}

enum rc key_load_in_force(const char *path, struct str origin, struct key_chain *const chains[],
                          struct arena *arena, struct note_signer ret[LOG_COUNT],
                          struct fault *fault)
{
    const struct key_chain *chain = chains[LOG_DECISIONS];
    const struct key_link *last = key_chain_last(chain);
    const char *next_path = arena_printf(arena, "%s" KEY_NEXT_SUFFIX, path).p;
    enum rc rc = key_load_both(path, origin, arena, ret, fault);
    if (rc == RC_OK && is(&ret[LOG_DECISIONS], last))
        return RC_OK;
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    const struct key_link *retired =
        rc == RC_OK ? key_chain_find(chain, &ret[LOG_DECISIONS].key) : NULL;
    uint32_t old_id = ret[LOG_DECISIONS].key.id;
    enum rc found = key_load_both(next_path, origin, arena, ret, NULL);
    if (found == RC_OK && is(&ret[LOG_DECISIONS], last)) {
        key_adopt(path, next_path, old_id);
        return RC_OK;
    }
    /* Somebody may have renamed it between the two. */
    if (rc == RC_OK && key_load_both(path, origin, arena, ret, NULL) == RC_OK &&
        is(&ret[LOG_DECISIONS], last))
        return RC_OK;
    key_clear_both(ret);
    if (rc != RC_OK)
        return rc;
    if (retired != NULL)
        return fault_set(fault, RC_DENIED,
                         "%s: the log went over to another key when it had %llu entries; whoever "
                         "signs needs that one (%.*s)",
                         path, (unsigned long long)retired[1].from, STR_ARG(last->vkey));
    return fault_set(fault, RC_DENIED, "%s: it is not the key of this log (%.*s)", path,
                     STR_ARG(last->vkey));
}

static enum rc open_file(struct site *site, struct key_chain *const chains[LOG_COUNT],
                         struct signer **ret, struct fault *fault)
{
    struct file_signer *f = calloc(1, sizeof *f);
    if (f == NULL)
        abort();
    f->signer.kind = &file_kind;
    f->arena = ARENA_INIT;
    f->next_path = arena_printf(&f->arena, "%s" KEY_NEXT_SUFFIX, site_key_path(site)).p;
    enum rc rc =
        key_load_in_force(site_key_path(site), site_origin(site), chains, &f->arena, f->own, fault);
    if (rc == RC_OK)
        *ret = &f->signer;
    else
        close_file(&f->signer);
    return rc;
}

enum rc signer_open(struct site *site, struct key_chain *const chains[LOG_COUNT],
                    struct signer **ret, struct fault *fault)
{
    const char *path = site_signer_path(site);
    return path != NULL ? signer_connect(path, chains, ret, fault)
                        : open_file(site, chains, ret, fault);
}

void signer_close(struct signer *signer)
{
    if (signer != NULL)
        signer->kind->close(signer);
}
