/* The cache of pages: it stays within its size, and what is asked for stays in it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "web/page_cache.h"

enum { BYTES = 256 << 10, PAGE = 2000, PAGES = 2000 };

static bool never(void *context, uint64_t view, uint64_t work)
{
    (void)context;
    (void)view;
    (void)work;
    return false;
}

static void put(struct page_cache *cache, unsigned page, uint64_t version)
{
    char key[32], text[PAGE];
    struct page_state made = {.version = version, .view = version};
    struct response response = {
        .content_type = "text/plain", .body = BUF_INIT(PAGE), .caching = CACHING_REVALIDATE};
    snprintf(key, sizeof key, "/page/%u", page);
    memset(text, 'a', sizeof text);
    buf_add(&response.body, text, sizeof text);
    struct reply *reply = reply_seal(&response, STR(""), NULL);
    page_cache_put(cache, str_of(key), &made, reply);
    reply_drop(reply);
}

static bool has(struct page_cache *cache, unsigned page, uint64_t version)
{
    char key[32];
    struct page_state now = {.version = version, .view = version};
    snprintf(key, sizeof key, "/page/%u", page);
    struct reply *reply = page_cache_get(cache, str_of(key), &now, false);
    if (reply != NULL)
        reply_drop(reply);
    return reply != NULL;
}

/* Crawlers ask for each page once; that drives nothing out that readers come back to. */
static void what_is_asked_for_stays(void **state)
{
    (void)state;
    struct page_cache *cache = page_cache_new(BYTES, never, NULL);
    unsigned lost = 0;
    put(cache, 0, 1);
    for (unsigned i = 1; i <= PAGES; i++) {
        put(cache, i, 1);
        assert_true(page_cache_read(cache).bytes <= BYTES);
        if (has(cache, 0, 1))
            continue;
        lost++;
        put(cache, 0, 1);
    }
    assert_true(lost <= 2); /* a page that hashes alike takes its place */
    assert_true(page_cache_read(cache).bytes > BYTES / 2);
    page_cache_free(cache);
}

static void what_is_stale_is_not_kept_for_that(void **state)
{
    (void)state;
    struct page_cache *cache = page_cache_new(BYTES, never, NULL);
    put(cache, 0, 1);
    assert_true(has(cache, 0, 1));
    for (unsigned i = 1; i <= PAGES; i++)
        put(cache, i, 2);
    assert_false(has(cache, 0, 1));
    page_cache_free(cache);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_asked_for_stays),
        cmocka_unit_test(what_is_stale_is_not_kept_for_that),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
