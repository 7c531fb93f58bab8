#include "app/publication.h"

#include "app/key.h"
#include "app/policy.h"
#include "app/record_keys.h"
#include "app/refusal_list.h"
#include "app/stored_tiles.h"
#include "base/file.h"
#include "base/json.h"
#include "record/entry.h"
#include "record/merkle.h"
#include "record/note.h"
#include "record/policy.h"
#include "store/record_log.h"
#include "store/store.h"

enum { BUNDLE_MAX = 64 << 20, NOTE_FILE_MAX = 64 << 10, KEYS_MAX = 256 << 10 };

static enum log_id log_of(enum public_log log)
{
    return log == PUBLIC_DECISIONS ? LOG_DECISIONS : LOG_VOICES;
}

enum rc publication_head(struct store_conn *conn, struct arena *arena, enum public_log log,
                         struct published_head *ret, struct fault *fault)
{
    struct stored_checkpoint stored;
    enum rc rc = record_log_checkpoint(conn, arena, log_of(log), &stored, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "nothing has been signed yet");
    if (rc == RC_OK)
        *ret = (struct published_head){stored.size, stored.at, stored.note};
    return rc;
}

/* ---- tiles ---- */

struct bundling {
    struct buf *out;
};

static enum rc bundle_one(void *context, const struct log_entry *entry, struct fault *fault)
{
    struct bundling *b = context;
    bundle_add(b->out, entry->bytes);
    return buf_check(b->out) == RC_OK ? RC_OK : fault_set(fault, RC_LIMIT, "the tile is too large");
}

static enum rc read_bundle(struct store_conn *conn, struct arena *arena, enum log_id log,
                           uint64_t n, unsigned width, struct str *ret, struct fault *fault)
{
    BUF_AUTO bytes = BUF_INIT(BUNDLE_MAX);
    struct bundling bundling = {&bytes};
    enum rc rc = record_log_range(conn, log, n * TILE_WIDTH, n * TILE_WIDTH + width, bundle_one,
                                  &bundling, fault);
    if (rc == RC_OK)
        *ret = arena_str(arena, buf_str(&bytes));
    return rc;
}

/* How many hashes level `level` has in a tree of this size. */
static uint64_t hashes_at(uint64_t size, unsigned level)
{
    return level >= 8 ? 0 : size >> 8 * level;
}

enum rc publication_tile(struct store_conn *conn, struct arena *arena, enum public_log log,
                         struct str path, struct str *ret, bool *ret_full, struct fault *fault)
{
    struct published_head head;
    unsigned level, width, stored;
    uint64_t n;
    if (tile_path_parse(path, &level, &n, &width) != RC_OK)
        return fault_set(fault, RC_NOT_FOUND, "no tile has this path");
    enum rc rc = publication_head(conn, arena, log, &head, fault);
    if (rc != RC_OK)
        return rc;
    uint64_t there = hashes_at(head.size, level == TILE_ENTRIES ? 0 : level);
    if (n > there / TILE_WIDTH || there - n * TILE_WIDTH < width)
        return fault_set(fault, RC_NOT_FOUND, "the tile lies beyond the signed head");
    *ret_full = width == TILE_WIDTH;
    if (level == TILE_ENTRIES)
        return read_bundle(conn, arena, log_of(log), n, width, ret, fault);
    struct hash *hashes = ARENA_ARRAY(arena, struct hash, TILE_WIDTH);
    rc = record_log_tile_get(conn, log_of(log), level, n, hashes, &stored, fault);
    if (rc == RC_OK && stored < width)
        rc = fault_set(fault, RC_CORRUPT, "the stored tile is not as wide as the head says");
    if (rc == RC_OK)
        *ret = (struct str){(const char *)hashes, width * sizeof *hashes};
    return rc;
}

enum rc publication_list(struct store_conn *conn, struct arena *arena, struct str root_hex,
                         struct str *ret, struct fault *fault)
{
    BUF_AUTO text = BUF_INIT(BUNDLE_MAX);
    struct hash root;
    const uint64_t *works;
    size_t n;
    if (!hex_decode(root_hex, root.b, sizeof root.b))
        return fault_set(fault, RC_NOT_FOUND, "a root is 64 hexadecimal digits");
    enum rc rc = record_log_list_get(conn, arena, &root, &works, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        buf_u64(&text, works[i]);
        buf_char(&text, '\n');
    }
    if (rc == RC_OK)
        *ret = arena_str(arena, buf_str(&text));
    return rc;
}

/* ---- proofs ---- */

enum rc publication_entry(struct store_conn *conn, struct tile_trees *trees, struct arena *arena,
                          enum public_log log, uint64_t index, struct published_entry *ret,
                          struct fault *fault)
{
    struct published_head head;
    struct log_entry entry;
    struct hash proof[64];
    size_t n;
    struct stored_tiles tiles = {conn, log_of(log), trees};
    struct tile_source source = stored_tile_source(&tiles);
    enum rc rc = publication_head(conn, arena, log, &head, fault);
    if (rc == RC_OK && index >= head.size)
        rc = fault_set(fault, RC_NOT_FOUND, "the Record has %llu entries",
                       (unsigned long long)head.size);
    if (rc == RC_OK)
        rc = record_log_at(conn, arena, log_of(log), index, &entry, fault);
    if (rc == RC_OK)
        rc = tiles_inclusion(&source, index, head.size, proof, &n, fault);
    if (rc != RC_OK)
        return rc;
    *ret = (struct published_entry){.index = index,
                                    .json = entry.bytes,
                                    .size = head.size,
                                    .note = head.note,
                                    .leaf = merkle_leaf(entry.bytes)};
    ret->path.v = ARENA_ARRAY(arena, struct hash, n);
    ret->path.n = n;
    if (n > 0)
        memcpy(ret->path.v, proof, n * sizeof *proof);
    return RC_OK;
}

/* ---- keys ---- */

/* Of both logs, over `conn` or a connection of its own. */
static enum rc load_keys(struct site *site, struct store_conn *conn, struct arena *arena,
                         struct key_chain *ret[LOG_COUNT], struct fault *fault)
{
    struct store_conn *own = NULL;
    enum rc rc = key_check_private(site_key_path(site), fault);
    if (rc == RC_OK && conn == NULL)
        rc = site_connect_wholly(site, &own, fault);
    if (rc == RC_OK)
        rc = record_keys_load(site, conn != NULL ? conn : own, arena, ret, fault);
    site_disconnect(own);
    return rc;
}

enum rc publication_vkey(struct site *site, struct store_conn *conn, struct arena *arena,
                         enum public_log log, struct str *ret, struct fault *fault)
{
    struct key_chain *keys[LOG_COUNT];
    enum rc rc = load_keys(site, conn, arena, keys, fault);
    if (rc == RC_OK)
        *ret = key_chain_last(keys[log_of(log)])->vkey;
    return rc;
}

enum rc publication_vkeys(struct site *site, struct store_conn *conn, struct arena *arena,
                          struct str *ret, struct fault *fault)
{
    BUF_AUTO text = BUF_INIT(KEYS_MAX);
    struct key_chain *keys[LOG_COUNT];
    enum rc rc = load_keys(site, conn, arena, keys, fault);
    for (int log = 0; rc == RC_OK && log < LOG_COUNT; log++)
        key_chain_write(&text, keys[log]);
    if (rc == RC_OK)
        *ret = arena_str(arena, buf_str(&text));
    return rc;
}

enum rc publication_all_vkeys(struct site *site, struct store_conn *conn, struct arena *arena,
                              struct str *ret, struct fault *fault)
{
    BUF_AUTO text = BUF_INIT(KEYS_MAX);
    struct key_chain *keys[LOG_COUNT];
    enum rc rc = load_keys(site, conn, arena, keys, fault);
    for (int log = 0; rc == RC_OK && log < LOG_COUNT; log++)
        for (size_t i = keys[log]->n; i-- > 0;)
            buf_printf(&text, "%.*s\n", STR_ARG(keys[log]->v[i].vkey));
    if (rc == RC_OK)
        *ret = arena_str(arena, buf_str(&text));
    return rc;
}

/* ---- the kinds of entries ---- */

enum { SCHEMA_MAX = 64 << 10 };

enum rc publication_schema(struct arena *arena, struct str kind, struct str *ret,
                           struct fault *fault)
{
    BUF_AUTO text = BUF_INIT(SCHEMA_MAX);
    enum entry_type type;
    if (!entry_type_parse(kind, &type))
        return fault_set(fault, RC_NOT_FOUND, "no kind of entry is called %.*s",
                         STR_ARG(str_sub(kind, 0, 40)));
    entry_schema(type, &text);
    enum rc rc = buf_check(&text);
    if (rc == RC_OK)
        *ret = arena_str(arena, buf_str(&text));
    return rc;
}

struct str publication_schemas(struct arena *arena)
{
    BUF_AUTO text = BUF_INIT(SCHEMA_MAX);
    JSON_AUTO *list = json_array();
    for (int i = 0; i < ENTRY_TYPE_COUNT; i++) {
        enum entry_type type = (enum entry_type)i;
        struct str const schema =
            arena_printf(arena, "/record/schemas/%s.json", entry_type_name(type));
        json_t *kind = json_pack(
            "{s:s, s:s, s:s, s:o}", "type", entry_type_name(type), "says", entry_type_says(type),
            "log", entry_is_voice(type) ? "voices" : "decisions", "schema", json_from_str(schema));
        json_array_append_new(list, kind);
    }
    JSON_AUTO *all = json_pack("{s:O}", "kinds", list);
    json_write(all, &text);
    return arena_str(arena, buf_str(&text));
}

/* ---- the policy ---- */

enum rc publication_policy(struct store_conn *conn, struct arena *arena, struct str *ret,
                           struct fault *fault)
{
    return policy_text(conn, arena, ret, fault);
}

enum rc publication_verify_quorum(struct site *site, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct policy *policy = ARENA_NEW(&arena, struct policy);
    struct store_conn *conn = NULL;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = policy_in_force(conn, &arena, policy, fault);
    for (int log = 0; rc == RC_OK && log < LOG_COUNT; log++) {
        struct published_head head;
        rc = publication_head(conn, &arena, (enum public_log)log, &head, fault);
        if (rc == RC_OK)
            rc = policy_check(policy, head.note, fault);
        else if (rc == RC_NOT_FOUND)
            rc = RC_OK; /* nothing is published */
        if (rc != RC_OK)
            rc = fault_prefix(fault, rc, "%.*s",
                              STR_ARG(log_origin(site, &arena, (enum log_id)log)));
    }
    site_disconnect(conn);
    return rc;
}

/* ---- checking what is stored ---- */

struct verifying {
    struct log_edge edge;
    struct store_conn *conn;
    enum log_id log;
    uint64_t next;
};

/* A tile as it should be against the one that is stored. */
static enum rc compare_tile(void *context, unsigned level, uint64_t n, const struct hash *hashes,
                            unsigned width, struct fault *fault)
{
    struct verifying *v = context;
    struct hash stored[TILE_WIDTH];
    unsigned stored_width;
    if (width < TILE_WIDTH)
        return RC_OK; /* passed on the way; the last ones are checked by the root */
    enum rc rc = record_log_tile_get(v->conn, v->log, level, n, stored, &stored_width, fault);
    if (rc == RC_OK &&
        (stored_width != width || memcmp(stored, hashes, width * sizeof *stored) != 0))
        rc = fault_set(fault, RC_CORRUPT, "tile %llu of level %u is not what its entries make",
                       (unsigned long long)n, level);
    return rc;
}

static enum rc verify_entry(void *context, const struct log_entry *entry, struct fault *fault)
{
    struct verifying *v = context;
    struct tile_sink sink = {v, compare_tile};
    struct hash leaf = merkle_leaf(entry->bytes);
    if (entry->index != v->next)
        return fault_set(fault, RC_CORRUPT, "entry %llu is missing", (unsigned long long)v->next);
    v->next++;
    return log_edge_append(&v->edge, &leaf, 1, &sink, fault);
}

static enum rc verify_log(struct site *site, struct store_conn *conn, enum public_log log,
                          uint64_t *ret_size, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct published_head head;
    struct checkpoint checkpoint;
    struct key_chain *keys[LOG_COUNT];
    struct verifying *v = ARENA_NEW(&arena, struct verifying);
    v->conn = conn;
    v->log = log_of(log);
    enum rc rc = load_keys(site, conn, &arena, keys, fault);
    struct str name = rc == RC_OK ? keys[v->log]->v[0].key.name : site_origin(site);
    if (rc == RC_OK)
        rc = publication_head(conn, &arena, log, &head, fault);
    if (rc == RC_NOT_FOUND) {
        *ret_size = 0; /* nothing signed yet, nothing to doubt */
        return RC_OK;
    }
    if (rc == RC_OK)
        rc = key_chain_verify(&checkpoint, head.note, keys[v->log], fault);
    if (rc == RC_OK)
        rc = record_log_range(conn, v->log, 0, checkpoint.size, verify_entry, v, fault);
    if (rc != RC_OK)
        return fault_prefix(fault, rc, "%.*s", STR_ARG(name));
    struct hash root = log_edge_root(&v->edge);
    if (v->next != checkpoint.size || !hash_eq(&root, &checkpoint.root))
        return fault_set(fault, RC_CORRUPT,
                         "%.*s: the %llu stored entries do not make the root that was signed",
                         STR_ARG(name), (unsigned long long)v->next);
    *ret_size = checkpoint.size;
    return RC_OK;
}

enum rc publication_verify(struct site *site, uint64_t ret_sizes[2], struct fault *fault)
{
    struct store_conn *conn = NULL;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = store_begin(conn, fault);
    if (rc == RC_OK)
        rc = verify_log(site, conn, PUBLIC_DECISIONS, &ret_sizes[0], fault);
    if (rc == RC_OK)
        rc = verify_log(site, conn, PUBLIC_VOICES, &ret_sizes[1], fault);
    if (rc == RC_OK)
        rc = refusal_list_verify(conn, fault);
    if (conn != NULL)
        store_rollback(conn);
    site_disconnect(conn);
    return rc;
}

/* ---- going on after a restore ---- */

/* The public checkpoint must be a state this copy has been in: the same root at
 * its size, and nothing signed that this copy does not know. */
static enum rc compare_head(struct site *site, struct store_conn *conn, struct arena *arena,
                            const char *path, bool seen[2], struct fault *fault)
{
    struct str note;
    struct checkpoint checkpoint;
    enum rc rc = file_read(path, NOTE_FILE_MAX, arena, &note, fault);
    if (rc != RC_OK)
        return rc;
    struct key_chain *keys[LOG_COUNT];
    rc = load_keys(site, conn, arena, keys, fault);
    if (rc != RC_OK)
        return rc;
    for (int log = 0; log < 2; log++) {
        const struct key_chain *chain = keys[log_of((enum public_log)log)];
        struct str name = chain->v[0].key.name;
        struct published_head head;
        struct hash root;
        struct stored_tiles tiles = {conn, log_of((enum public_log)log)};
        struct tile_source source = stored_tile_source(&tiles);
        if (key_chain_verify(&checkpoint, note, chain, NULL) != RC_OK)
            continue;
        rc = publication_head(conn, arena, (enum public_log)log, &head, fault);
        if (rc != RC_OK)
            return rc;
        if (checkpoint.size > head.size)
            return fault_set(
                fault, RC_DENIED,
                "%s: %llu entries of %.*s are public, this copy has %llu; signing would "
                "fork the log",
                path, (unsigned long long)checkpoint.size, STR_ARG(name),
                (unsigned long long)head.size);
        rc = tiles_root(&source, checkpoint.size, &root, fault);
        if (rc == RC_OK && !hash_eq(&root, &checkpoint.root))
            rc = fault_set(fault, RC_DENIED,
                           "%s: this copy of %.*s is not the one that was published", path,
                           STR_ARG(name));
        if (rc == RC_OK)
            seen[log] = true;
        return rc;
    }
    return fault_set(fault, RC_INVALID,
                     "%s: no checkpoint of this shop's logs, signed with its key", path);
}

enum rc publication_resume(struct site *site, const char *const *files, size_t n,
                           struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct store_conn *conn = NULL;
    bool seen[2] = {false, false};
    enum rc rc = store_connect(site_store(site), true, &conn, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        rc = compare_head(site, conn, &arena, files[i], seen, fault);
    if (rc == RC_OK && !(seen[0] && seen[1]))
        rc =
            fault_set(fault, RC_INVALID,
                      "the last public checkpoints of both logs are needed: /record/checkpoint and "
                      "/record/voices/checkpoint");
    if (rc == RC_OK)
        rc = store_begin(conn, fault);
    if (rc == RC_OK)
        rc = store_setting_remove(conn, "restored", fault);
    if (rc == RC_OK)
        rc = store_commit(conn, fault);
    store_disconnect(conn);
    return rc;
}
