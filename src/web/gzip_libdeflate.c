#include <libdeflate.h>
#include <stdlib.h>

#include "web/gzip_fast.h"

enum { LEVEL = 1 };

struct gzip_fast *gzip_fast_new(void)
{
    struct libdeflate_compressor *compressor = libdeflate_alloc_compressor(LEVEL);
    if (compressor == NULL)
        abort();
    return (struct gzip_fast *)compressor;
}

void gzip_fast_free(struct gzip_fast *fast)
{
    libdeflate_free_compressor((struct libdeflate_compressor *)fast);
}

size_t gzip_fast_make(struct gzip_fast *fast, struct str bytes, void *to, size_t room)
{
    return libdeflate_gzip_compress((struct libdeflate_compressor *)fast, bytes.p, bytes.n, to,
                                    room);
}
