#include "web/staff.h"

#include "templates.h"
#include "web/desk.h"
#include "web/handlers.h"

#define N_(text) text

enum { A_PAGE = 50, PAGES_MAX = 100000 };

struct url link_trail(const struct page *p, struct str who, struct str day)
{
    struct url all = {STR("/desk/trail")};
    return url_with(p->arena, url_with(p->arena, all, STR("who"), who), STR("day"), day);
}

enum rc handle_desk_trail(struct context *c, struct response *ret, struct fault *fault)
{
    uint64_t number;
    struct trail_view v = {.who = str_trim(parameter_get(&c->request->query, "who")),
                           .day = str_trim(parameter_get(&c->request->query, "day"))};
    struct trail_choice choice = {v.who, v.day};
    enum rc rc = page_number(c, PAGES_MAX, &number, fault);
    if (rc == RC_OK)
        rc = trail_read(c->server->site, c->arena, &choice, (number - 1) * A_PAGE, A_PAGE,
                        &v.entries, &v.total, fault);
    if (rc == RC_INVALID) {
        v.error = arena_str(c->arena, str_of(fault->text));
        ret->status = 422;
    } else if (rc != RC_OK) {
        return rc;
    }
    struct page p = desk_begin(c, N_("The trail"), ret);
    v.pager =
        pager_make(&p, link_trail(&p, v.who, v.day), v.total, A_PAGE, v.error.n > 0 ? 1 : number);
    struct html h = page_html(c, ret);
    desk_trail_page(&h, &p, &v);
    return RC_OK;
}
