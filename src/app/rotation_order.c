#include "app/rotation_order.h"

#include "base/clock.h"
#include "store/store.h"

/* The setting: "SECONDS VKEY". Who leads takes it up; one that nobody could is void. */
#define ORDER "key-order"
enum { ORDER_SECONDS = 60 };

enum rc rotation_order(struct store_conn *conn, struct str vkey, struct fault *fault)
{
    BUF_AUTO text = BUF_INIT(2048);
    buf_printf(&text, "%lld %.*s", (long long)clock_now(), STR_ARG(vkey));
    return store_setting_put(conn, ORDER, buf_str(&text), fault);
}

enum rc rotation_ordered(struct store_conn *conn, struct arena *arena, struct str *ret_vkey,
                         struct fault *fault)
{
    struct str text, seconds;
    uint64_t at;
    enum rc rc = store_setting(conn, arena, ORDER, &text, fault);
    if (rc != RC_OK)
        return rc;
    if (!str_next(&text, ' ', &seconds) || !str_to_u64(seconds, &at) ||
        clock_now() > (int64_t)at + ORDER_SECONDS)
        return RC_NOT_FOUND;
    *ret_vkey = text;
    return RC_OK;
}

enum rc rotation_settle(struct store_conn *conn, struct fault *fault)
{
    return store_setting_remove(conn, ORDER, fault);
}
