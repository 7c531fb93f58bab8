#include "domain/hint.h"

static const char *const names[HINT_KINDS] = {
    [HINT_TITLE] = "title", [HINT_CONTRIBUTOR] = "contributor",
    [HINT_COVER] = "cover", [HINT_DESCRIPTION] = "description",
    [HINT_PRICE] = "price", [HINT_OTHER] = "other",
};

const char *hint_what_name(enum hint_what what)
{
    return names[what];
}

bool hint_what_parse(struct str name, enum hint_what *ret)
{
    for (int i = 0; i < HINT_KINDS; i++)
        if (str_is(name, names[i])) {
            *ret = (enum hint_what)i;
            return true;
        }
    return false;
}
