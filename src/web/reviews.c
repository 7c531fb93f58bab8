/* What readers find of each other's reviews. */
#include "app/helpful.h"
#include "templates.h"
#include "web/book.h"
#include "web/handlers.h"
#include "web/limits.h"

/* Told where the button was, with the signed statement as of any refusal. What is withheld says
 * so on a page of its own. */
static enum rc refuse_vote(struct context *c, enum rc rc, struct response *ret, struct fault *fault)
{
    if (rc != RC_DENIED && rc != RC_LIMIT && rc != RC_INVALID && rc != RC_NOT_FOUND)
        return rc;
    struct str why = arena_str(c->arena, str_of(fault->text));
    refuse(c, rc, status_of(rc), true);
    enum rc again = show_vote_refused(c, why, ret, fault);
    if (again != RC_OK)
        return again;
    ret->status = status_of(rc);
    ret->retry_after = c->retry_after;
    return RC_OK;
}

enum rc handle_helpful(struct context *c, struct response *ret, struct fault *fault)
{
    uint64_t review, n;
    bool helpful = str_is(parameter_get(&c->form, "helpful"), "1");
    enum rc rc = captured_id(c, 1, &review, fault);
    if (rc == RC_OK)
        rc = limits_helpful(c, fault);
    if (rc == RC_OK)
        rc = helpful_put(c->server->writer, &c->visit, review, helpful, &n, &c->withheld,
                         &c->reason, fault);
    if (rc != RC_OK)
        return refuse_vote(c, rc, ret, fault);
    struct page p = page_begin(c, ret);
    struct url list = link_book_part(&p, c->captures[0], "reviews");
    list.text = safe_return(parameter_get(&c->form, "return"), list.text);
    struct str anchor = review_anchor(&p, review);
    go_to(ret, url_fragment(c->arena, list, arena_z(c->arena, anchor)).text);
    return RC_OK;
}
