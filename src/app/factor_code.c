#include "app/factor_code.h"

#include <sodium.h>

#include "app/totp.h"
#include "base/clock.h"

struct hash factor_recovery_hash(uint64_t account, struct str code)
{
    BUF_AUTO text = BUF_INIT(128);
    buf_printf(&text, "recovery %llu ", (unsigned long long)account);
    for (size_t i = 0; i < code.n && i < 64; i++) {
        char c = code.p[i];
        if (c != '-' && c != ' ')
            buf_char(&text, c >= 'a' && c <= 'z' ? (char)(c - 32) : c);
    }
    return sha256(text.p, text.n);
}

enum rc factor_code_denied(struct fault *fault)
{
    return fault_set(fault, RC_DENIED, "code: it is not right, or was used already");
}

enum rc factor_code_take(struct store_conn *conn, uint64_t account, struct str code,
                         const struct factor_row *factor, struct str *ret_what, struct fault *fault)
{
    int64_t now = clock_now(), step;
    *ret_what = factor->confirmed == 0 ? STR("set up second factor") : STR("sign in with a code");
    if (totp_check(factor->secret, FACTOR_SECRET, code, now, &step)) {
        enum rc rc = factor_row_used(conn, account, step, now, fault);
        return rc == RC_CONFLICT ? factor_code_denied(fault) : rc;
    }
    if (factor->confirmed == 0)
        return factor_code_denied(fault);
    struct hash hash = factor_recovery_hash(account, code);
    enum rc rc = recovery_row_use(conn, account, &hash, fault);
    *ret_what = STR("sign in with a recovery code");
    return rc == RC_NOT_FOUND ? factor_code_denied(fault) : rc;
}

enum rc factor_code_use(struct store_conn *conn, uint64_t account, struct str code,
                        struct str *ret_what, struct fault *fault)
{
    struct factor_row factor;
    enum rc rc = factor_row_get(conn, account, &factor, fault);
    if (rc == RC_NOT_FOUND || (rc == RC_OK && factor.confirmed == 0))
        return factor_code_denied(fault);
    if (rc == RC_OK)
        rc = factor_code_take(conn, account, str_trim(code), &factor, ret_what, fault);
    sodium_memzero(factor.secret, sizeof factor.secret);
    return rc;
}
