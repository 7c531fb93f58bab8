#include "web/choices.h"

enum { AUTHORITIES_SHOWN = 200 };

void choices_add(choice_list *list, struct str value, struct str name, struct str asked)
{
    list->v[list->n++] =
        (struct page_choice){.tag = value, .name = name, .chosen = str_eq(value, asked)};
}

choice_list choices_of_authorities(const struct page *p, const struct str *names, size_t n,
                                   struct str asked)
{
    choice_list list = {ARENA_ARRAY(p->arena, struct page_choice, n + 1), 0};
    bool known = asked.n == 0;
    for (size_t i = 0; i < n; i++) {
        if (names[i].n == 0 || (list.n >= AUTHORITIES_SHOWN && !str_eq(names[i], asked)))
            continue;
        choices_add(&list, names[i], names[i], asked);
        known = known || str_eq(names[i], asked);
    }
    if (!known)
        choices_add(&list, asked, asked, asked);
    return list;
}
