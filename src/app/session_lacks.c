#include "app/session_lacks.h"

#include <sodium.h>

#include "store/readers.h"
#include "store/staff_rows.h"
#include "store/store.h"

enum rc session_factor_required(struct store_conn *conn, bool *ret, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct str value = STR_NONE;
    enum rc rc = store_setting(conn, &arena, SESSION_FACTOR, &value, fault);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    *ret = rc == RC_NOT_FOUND || !str_eq(value, STR("off"));
    return RC_OK;
}

enum rc staff_session_lacks(struct store_conn *conn, uint64_t account, enum session_lacks *ret,
                            struct fault *fault)
{
    struct factor_row factor;
    uint8_t secret[FACTOR_SECRET];
    bool required = true;
    enum rc rc = factor_row_get(conn, account, &factor, fault);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    bool begun = rc == RC_OK;
    *ret = LACKS_CODE;
    if (begun && factor.confirmed != 0)
        return RC_OK;
    rc = session_factor_required(conn, &required, fault);
    if (rc != RC_OK)
        return rc;
    *ret = required ? LACKS_FACTOR : LACKS_NOTHING;
    if (!required || begun)
        return RC_OK;
    random_bytes(secret, sizeof secret);
    rc = factor_row_begin(conn, account, secret, fault);
    sodium_memzero(secret, sizeof secret);
    return rc;
}
