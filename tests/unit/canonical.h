/* Shared by the tests of entries: what is written as one goes is what a tree of it would be. */
#ifndef TESTS_CANONICAL_H
#define TESTS_CANONICAL_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/json.h"

static inline void assert_canonical(struct str bytes)
{
    struct fault fault = {""};
    JSON_AUTO *tree = NULL;
    BUF_AUTO again = BUF_INIT(1 << 20);
    if (json_read(bytes, &tree, &fault) != RC_OK ||
        json_write_canonical(tree, &again, &fault) != RC_OK)
        fail_msg("%s: %.*s", fault.text, STR_ARG(bytes));
    if (!str_eq(buf_str(&again), bytes))
        fail_msg("%.*s\nis not\n%.*s", STR_ARG(bytes), STR_ARG(buf_str(&again)));
}

#endif
