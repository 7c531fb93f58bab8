/* Readers who are signed in, made without hashing a password for each, which a
 * measurement of writing should not wait for.
 *
 *     make_readers DIR COUNT
 *
 * Prints a bearer token a line. */
#include <sodium.h>
#include <stdio.h>

#include "app/account.h"
#include "app/site.h"
#include "base/clock.h"
#include "store/readers.h"

/* `run` tells these from the readers of an earlier run. */
static enum rc make_one(struct store_conn *conn, uint32_t run, size_t i,
                        char ret_token[TOKEN_SIZE + 1], struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    uint8_t secret[32];
    uint64_t id;
    int64_t now = clock_now();
    struct account account = {.email = arena_printf(&arena, "measured-%u-%zu@example.org", run, i),
                              .name = arena_printf(&arena, "Measured %zu", i),
                              .password = STR("none fits"),
                              .role = STR("reader"),
                              .created = now};
    random_bytes(secret, sizeof secret);
    sodium_bin2base64(ret_token, TOKEN_SIZE + 1, secret, sizeof secret,
                      sodium_base64_VARIANT_URLSAFE_NO_PADDING);
    struct hash hash = sha256(ret_token, TOKEN_SIZE);
    enum rc rc = readers_account_add(conn, &account, &id, fault);
    if (rc == RC_OK)
        rc = readers_session_add(
            conn, &(struct session_row){.token = hash, .kind = STR("bearer"), .created = now}, id,
            now + 86400, fault);
    return rc;
}

static enum rc make_all(struct site *site, size_t count, struct fault *fault)
{
    struct store_conn *conn;
    char token[TOKEN_SIZE + 1];
    uint32_t run;
    random_bytes(&run, sizeof run);
    enum rc rc = store_connect(site_store(site), true, &conn, fault);
    if (rc != RC_OK)
        return rc;
    rc = store_begin(conn, fault);
    for (size_t i = 0; rc == RC_OK && i < count; i++) {
        rc = make_one(conn, run, i, token, fault);
        if (rc == RC_OK)
            puts(token);
    }
    if (rc == RC_OK)
        rc = store_commit(conn, fault);
    store_disconnect(conn);
    return rc;
}

int main(int argc, char **argv)
{
    struct fault fault = {""};
    struct site *site = NULL;
    uint64_t count;
    if (argc != 3 || !str_to_u64(str_of(argv[2]), &count) || count == 0 || count > 1000000) {
        fprintf(stderr, "usage: make_readers DIR COUNT\n");
        return 2;
    }
    enum rc rc = site_open(argv[1], &site, &fault);
    if (rc == RC_OK)
        rc = make_all(site, count, &fault);
    if (rc != RC_OK)
        fprintf(stderr, "make_readers: %s\n", fault.text);
    site_close(site);
    return rc == RC_OK ? 0 : 1;
}
