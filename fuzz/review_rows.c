/* Another shop's ratings and reviews, as CSV or JSON lines, in two pieces: what is handed on is
 * UTF-8, holds no more than came, and begins at a line that there is. */
#include <stdint.h>

#include "app/review_rows.h"
#include "base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

struct looking {
    size_t n;
    uint64_t lines;
};

static void insist(bool right)
{
    if (!right)
        abort();
}

static enum rc look(void *context, uint64_t line, const struct review_fields *fields,
                    const char *wrong, struct fault *fault)
{
    const struct looking *l = context;
    size_t all = 0;
    (void)fault;
    insist(line >= 1 && line <= l->lines && (fields == NULL) == (wrong != NULL));
    insist(wrong == NULL || utf8_valid(str_of(wrong), NULL));
    for (int c = 0; fields != NULL && c < REVIEW_COLUMNS; c++) {
        insist(utf8_valid(fields->v[c], NULL));
        all += fields->v[c].n;
    }
    insist(all <= l->n);
    return RC_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct looking l = {n, 1};
    struct fault fault = {""};
    struct str all = {(const char *)bytes, n};
    size_t cut = n > 0 ? bytes[n - 1] % n : 0;
    for (size_t i = 0; i < n; i++)
        l.lines += bytes[i] == '\n' || bytes[i] == '\r';
    struct review_rows *rows = review_rows_new(look, &l);
    enum rc rc = review_rows_push(rows, str_sub(all, 0, cut), &fault);
    if (rc == RC_OK)
        rc = review_rows_push(rows, str_sub(all, cut, n), &fault);
    if (rc == RC_OK)
        rc = review_rows_end(rows, &fault);
    insist(rc == RC_OK || (rc == RC_INVALID && utf8_valid(str_of(fault.text), NULL)));
    review_rows_free(rows);
    return 0;
}
