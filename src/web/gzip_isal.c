#include <isa-l.h>
#include <stdlib.h>
#include <string.h>

#include "web/gzip_counts.h"
#include "web/gzip_fast.h"

struct gzip_fast {
    struct isal_hufftables tables;
    struct isal_zstream stream;
};

_Static_assert(sizeof gzip_lengths / sizeof *gzip_lengths == ISAL_DEF_LIT_LEN_SYMBOLS, "all");
_Static_assert(sizeof gzip_distances / sizeof *gzip_distances == ISAL_DEF_DIST_SYMBOLS, "all");

/* Its lowest level does not count what a page consists of, but takes a code that is given: one
 * for pages of ours makes them a tenth shorter than its own. */
static void make_tables(struct isal_hufftables *ret)
{
    struct isal_huff_histogram *counts = calloc(1, sizeof *counts);
    if (counts == NULL)
        abort();
    for (size_t i = 0; i < ISAL_DEF_LIT_LEN_SYMBOLS; i++)
        counts->lit_len_histogram[i] = gzip_lengths[i];
    for (size_t i = 0; i < ISAL_DEF_DIST_SYMBOLS; i++)
        counts->dist_histogram[i] = gzip_distances[i];
    if (isal_create_hufftables(ret, counts) != 0)
        abort();
    free(counts);
}

struct gzip_fast *gzip_fast_new(void)
{
    struct gzip_fast *fast = calloc(1, sizeof *fast);
    if (fast == NULL)
        abort();
    make_tables(&fast->tables);
    return fast;
}

void gzip_fast_free(struct gzip_fast *fast)
{
    free(fast);
}

size_t gzip_fast_make(struct gzip_fast *fast, struct str bytes, void *to, size_t room)
{
    struct isal_zstream *s = &fast->stream;
    if (bytes.n > UINT32_MAX || room > UINT32_MAX)
        return 0;
    isal_deflate_stateless_init(s);
    s->gzip_flag = IGZIP_GZIP;
    s->next_in = (uint8_t *)bytes.p;
    s->avail_in = (uint32_t)bytes.n;
    s->next_out = to;
    s->avail_out = (uint32_t)room;
    s->end_of_stream = 1;
    if (isal_deflate_set_hufftables(s, &fast->tables, IGZIP_HUFFTABLE_CUSTOM) != COMP_OK ||
        isal_deflate_stateless(s) != COMP_OK)
        return 0;
    return s->total_out;
}
