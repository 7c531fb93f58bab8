#include "domain/payment_reference.h"

/* Of each that look alike one at most: 0 O Q, 1 I L, 2 Z, 5 S, 6 G, 8 B, U V. Twenty-three, a
 * prime, so that weights that differ find what changed places. */
static const char letters[] = "ACDEFGHJKLMNPRTVWXY3479";
enum { LETTERS = sizeof letters - 1 };

static int value_of(char c)
{
    if (c >= 'a' && c <= 'z')
        c = (char)(c - 'a' + 'A');
    for (int i = 0; i < LETTERS; i++)
        if (letters[i] == c)
            return i;
    return -1;
}

static char check_of(const char *reference)
{
    int sum = 0;
    for (int i = 0; i < PAYMENT_REFERENCE - 1; i++)
        sum += (i + 2) * value_of(reference[i]);
    return letters[sum % LETTERS];
}

void payment_reference_make(uint64_t chance, char ret[PAYMENT_REFERENCE + 1])
{
    for (int i = 0; i < PAYMENT_REFERENCE - 1; i++, chance /= LETTERS)
        ret[i] = letters[chance % LETTERS];
    ret[PAYMENT_REFERENCE - 1] = check_of(ret);
    ret[PAYMENT_REFERENCE] = 0;
}

void payment_reference_typed(struct str reference, char ret[PAYMENT_REFERENCE_TYPED + 1])
{
    size_t n = 0;
    for (size_t i = 0; i < reference.n && n < PAYMENT_REFERENCE_TYPED; i++) {
        if (i == 3 || i == 6)
            ret[n++] = '-';
        ret[n++] = reference.p[i];
    }
    ret[n] = 0;
}

static bool between(char c)
{
    return c == ' ' || c == '-' || c == '\n' || c == '\r';
}

/* From a place in a text on; *ret_end is behind it. */
static bool read_at(struct str s, size_t at, char ret[PAYMENT_REFERENCE + 1], size_t *ret_end)
{
    size_t n = 0;
    for (; at < s.n && n < PAYMENT_REFERENCE; at++) {
        int value = value_of(s.p[at]);
        if (value >= 0)
            ret[n++] = letters[value];
        else if (n == 0 || !between(s.p[at]))
            return false;
    }
    ret[n] = 0;
    *ret_end = at;
    return n == PAYMENT_REFERENCE && ret[n - 1] == check_of(ret);
}

bool payment_reference_read(struct str s, char ret[PAYMENT_REFERENCE + 1])
{
    char found[PAYMENT_REFERENCE + 1];
    size_t end;
    s = str_trim(s);
    if (!read_at(s, 0, found, &end) || end != s.n)
        return false;
    memcpy(ret, found, sizeof found);
    return true;
}

bool payment_reference_find(struct str text, size_t *at, char ret[PAYMENT_REFERENCE + 1])
{
    size_t end;
    while (*at < text.n)
        if (read_at(text, (*at)++, ret, &end))
            return true;
    return false;
}
