#include "domain/names.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

bool slug_valid(struct str slug)
{
    if (slug.n == 0 || slug.n > SLUG_MAX || slug.p[0] == '-' || slug.p[slug.n - 1] == '-')
        return false;
    for (size_t i = 0; i < slug.n; i++)
        if (!is_lower(slug.p[i]) && !is_digit(slug.p[i]) && slug.p[i] != '-')
            return false;
    return true;
}

bool language_tag_valid(struct str tag)
{
    if (tag.n < 2 || tag.n > 20 || tag.p[tag.n - 1] == '-')
        return false;
    for (size_t i = 0; i < tag.n; i++) {
        char c = tag.p[i];
        if (!is_lower(c) && !(c >= 'A' && c <= 'Z') && !is_digit(c) && !(c == '-' && i > 1))
            return false;
    }
    return true;
}

bool country_code_valid(struct str code)
{
    return code.n == 2 && code.p[0] >= 'A' && code.p[0] <= 'Z' && code.p[1] >= 'A' &&
           code.p[1] <= 'Z';
}
