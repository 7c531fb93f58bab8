/* The beginnings of pictures. Whatever is read has a size that a picture can have. */
#include <stdint.h>
#include <stdlib.h>

#include "domain/picture.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    struct picture p;
    struct fault fault;
    if (picture_read((struct str){(const char *)bytes, n}, &p, &fault) == RC_OK &&
        (p.width == 0 || p.height == 0 || p.width > 65535 || p.height > 65535))
        abort();
    return 0;
}
