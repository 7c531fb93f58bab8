#include "app/site_files.h"

#include "base/file.h"
#include "store/store.h"

enum { KEY_MAX = 1000 };

static const struct files_patience patient = {.timeout_ms = 60000, .tries = 4};
static const struct files_patience serving_patience = {
    .timeout_ms = 3000, .tries = 2, .rest_ms = 5000};
/* A file on its way to somebody would end short, where a cover is drawn instead. */
static const struct files_patience sending_patience = {
    .timeout_ms = 3000, .tries = 2, .rest_ms = 5000, .turn_ms = 10000};
static const struct files_patience *const patiences[] = {
    [FILES_KEPT] = &patient, [FILES_SERVED] = &serving_patience, [FILES_SENT] = &sending_patience};

/* ---- the address and the key ---- */

enum rc site_files_check(struct str address, struct fault *fault)
{
    enum rc rc = files_check(address, fault);
    if (rc == RC_OK && !files_is_remote(address) && address.p[0] != '/')
        rc = fault_set(fault, RC_INVALID,
                       "files %.*s: an absolute folder or s3://bucket/prefix is needed",
                       STR_ARG(address));
    return rc;
}

enum rc site_files_address(const struct site *site, struct store_conn *conn, struct arena *arena,
                           struct str *ret, struct fault *fault)
{
    enum rc rc = files_place_get(conn, arena, ret, fault);
    if (rc != RC_NOT_FOUND)
        return rc;
    *ret = str_of(site_path(site, arena, "files"));
    return RC_OK;
}

static enum rc read_key_file(const char *path, struct arena *arena, struct files_key *ret,
                             struct fault *fault)
{
    struct str text, id, secret;
    enum rc rc = file_read_secret(path, KEY_MAX, arena, &text, fault);
    if (rc == RC_OK && (!str_next(&text, '\n', &id) || !str_next(&text, '\n', &secret)))
        rc = fault_set(fault, RC_INVALID, "%s: the key's id and its secret, a line each", path);
    if (rc == RC_OK)
        *ret = (struct files_key){str_trim(id), str_trim(secret)};
    return rc;
}

static enum rc find_key(const struct site *site, struct arena *arena, struct files_key *ret,
                        struct fault *fault)
{
    const char *path = site_path(site, arena, "files-key");
    enum rc rc = read_key_file(path, arena, ret, fault);
    if (rc != RC_NOT_FOUND)
        return rc;
    ret->id = str_of(getenv("AWS_ACCESS_KEY_ID"));
    ret->secret = str_of(getenv("AWS_SECRET_ACCESS_KEY"));
    if (ret->id.n == 0 || ret->secret.n == 0)
        return fault_set(fault, RC_DENIED,
                         "the files' store needs a key: in %s, or in AWS_ACCESS_KEY_ID and "
                         "AWS_SECRET_ACCESS_KEY",
                         path);
    return RC_OK;
}

enum rc site_files_open(const struct site *site, struct str address, enum files_use use,
                        struct files **ret, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct files_key key = {0};
    enum rc rc = files_is_remote(address) ? find_key(site, &arena, &key, fault) : RC_OK;
    return rc == RC_OK ? files_open(address, &key, patiences[use], ret, fault) : rc;
}

/* ---- one file ---- */

/* What was added to `ret` since `had`; taken back where it is something else. */
static enum rc check_digest(struct buf *ret, size_t had, struct str name, const struct hash *digest,
                            struct fault *fault)
{
    struct hash real = sha256(ret->p == NULL ? "" : ret->p + had, ret->n - had);
    if (hash_eq(&real, digest))
        return RC_OK;
    ret->n = had;
    return fault_set(fault, RC_CORRUPT, "%.*s: these are not the bytes that were put there",
                     STR_ARG(name));
}

enum rc kept_file_get(struct files *files, struct str name, const struct hash *digest,
                      struct buf *ret, struct fault *fault)
{
    size_t had = ret->n;
    enum rc rc = files_get(files, name, ret, fault);
    return rc == RC_OK ? check_digest(ret, had, name, digest, fault) : rc;
}

enum rc kept_part_get(struct files *files, struct str name, const struct rendition *part,
                      struct buf *ret, struct fault *fault)
{
    size_t had = ret->n;
    enum rc rc = files_get_part(files, name, part->at, (size_t)part->bytes, ret, fault);
    return rc == RC_OK ? check_digest(ret, had, name, &part->digest, fault) : rc;
}

enum rc kept_file_put(struct files *files, struct str name, const struct hash *digest,
                      struct str bytes, const char *type, struct fault *fault)
{
    BUF_AUTO again = BUF_INIT(bytes.n + 1);
    enum rc rc = files_put(files, name, bytes, type, fault);
    if (rc == RC_OK)
        rc = kept_file_get(files, name, digest, &again, fault);
    /* A store that took it and has it not lies. */
    return rc == RC_NOT_FOUND ? fault_set(fault, RC_IO, "%.*s: put, and not there", STR_ARG(name))
                              : rc;
}
