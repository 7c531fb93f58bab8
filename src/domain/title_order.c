#include "domain/title_order.h"

#include <pthread.h>
#include <unicode/ucol.h>
#include <unicode/ustring.h>

#include "base/encode.h"
#include "base/utf8.h"

/* Opened once, never changed. */
static pthread_once_t once = PTHREAD_ONCE_INIT;
static UCollator *root_order;

static void open_order(void)
{
    UErrorCode status = U_ZERO_ERROR;
    root_order = ucol_open("", &status);
}

void title_order_key(struct str title, uint64_t *ret_1, uint64_t *ret_2)
{
    enum { TITLE_MAX = 256 };
    uint8_t key[1024] = {0};
    UChar text[TITLE_MAX];
    int32_t n = 0;
    UErrorCode status = U_ZERO_ERROR;
    pthread_once(&once, open_order);
    title = utf8_cut(title, 100);
    u_strFromUTF8(text, TITLE_MAX, &n, title.p, (int32_t)title.n, &status);
    if (U_SUCCESS(status) && root_order != NULL)
        ucol_getSortKey(root_order, text, n, key, sizeof key);
    *ret_1 = big_endian(key);
    *ret_2 = big_endian(key + 8);
}
