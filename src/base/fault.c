#include "base/fault.h"

#include <stdarg.h>

/* A sentence cut in the middle of a character would be no text any more. */
static void end_at_character(char *text, size_t room)
{
    size_t n = strlen(text);
    if (n + 1 < room)
        return;
    while (n > 0 && ((unsigned char)text[n - 1] & 0xC0) == 0x80)
        n--;
    if (n > 0 && (unsigned char)text[n - 1] >= 0xC0)
        n--;
    text[n] = 0;
}

enum rc fault_set(struct fault *fault, enum rc rc, const char *format, ...)
{
    if (fault == NULL)
        return rc;
    va_list args;
    va_start(args, format);
    vsnprintf(fault->text, sizeof fault->text, format, args);
    va_end(args);
    end_at_character(fault->text, sizeof fault->text);
    return rc;
}

enum rc fault_prefix(struct fault *fault, enum rc rc, const char *format, ...)
{
    if (fault == NULL)
        return rc;
    struct fault before = *fault;
    char context[200];
    va_list args;
    va_start(args, format);
    vsnprintf(context, sizeof context, format, args);
    va_end(args);
    end_at_character(context, sizeof context);
    return fault_set(fault, rc, "%s: %s", context, before.text);
}
