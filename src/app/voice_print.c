#include "app/voice_print.h"

#include "base/encode.h"

enum { PRINTED_LEAST = 60 };

struct str voice_print(struct arena *arena, struct str text)
{
    char *kept = arena_z(arena, text);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c & 0x80) != 0;
        if (c >= 'A' && c <= 'Z')
            kept[n++] = (char)(c - 'A' + 'a');
        else if (letter)
            kept[n++] = c;
    }
    if (n < PRINTED_LEAST)
        return STR_NONE;
    struct hash hash = sha256(kept, n);
    return hex_str(arena, hash.b, sizeof hash.b);
}
