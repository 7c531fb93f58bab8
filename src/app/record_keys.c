#include "app/record_keys.h"

#include "app/key.h"
#include "app/sequencer.h"
#include "record/entry.h"

struct following {
    struct arena *arena;
    struct key_chain **chains;
};

static enum rc take(void *context, const struct log_entry *stored, struct fault *fault)
{
    struct following *f = context;
    struct entry entry;
    struct str bytes = arena_str(f->arena, stored->bytes);
    enum rc rc = entry_read(f->arena, bytes, &entry, fault);
    for (int log = 0; rc == RC_OK && log < LOG_COUNT; log++)
        if (str_eq(entry.key.log, f->chains[log]->v[0].key.name))
            rc = key_chain_add(f->chains[log], &entry.key, fault);
    return rc == RC_OK
               ? rc
               : fault_prefix(fault, RC_CORRUPT, "entry %llu", (unsigned long long)stored->index);
}

/* The first key: as the database names it, of a shop made before it did, the file. */
static enum rc first_key(struct site *site, struct arena *arena, struct note_key *ret,
                         struct fault *fault)
{
    struct note_signer signer = {0};
    if (site_public_key(site).n > 0)
        return note_key_parse(ret, site_public_key(site), fault);
    enum rc rc = key_load(site_key_path(site), arena, &signer, fault);
    *ret = signer.key;
    note_signer_clear(&signer);
    return rc;
}

enum rc record_keys_load(struct site *site, struct store_conn *conn, struct arena *arena,
                         struct key_chain *ret[LOG_COUNT], struct fault *fault)
{
    struct note_key first;
    enum rc rc = first_key(site, arena, &first, fault);
    for (int log = 0; rc == RC_OK && log < LOG_COUNT; log++) {
        BUF_AUTO vkey = BUF_INIT(1024);
        struct note_key key = first;
        ret[log] = ARENA_NEW(arena, struct key_chain);
        if (log != LOG_DECISIONS)
            rc = note_key_rename(&key, &first, log_origin(site, arena, (enum log_id)log), fault);
        note_key_add(&vkey, &key);
        if (rc == RC_OK)
            rc = key_chain_begin(ret[log], arena_str(arena, buf_str(&vkey)), fault);
    }
    struct following following = {arena, ret};
    return rc == RC_OK ? record_log_of_type(conn, LOG_DECISIONS, entry_type_name(ENTRY_KEY), 0,
                                            take, &following, fault)
                       : rc;
}
