#include "web/disputes.h"

#include "templates.h"
#include "web/choices.h"
#include "web/desk.h"
#include "web/handlers.h"

#define N_(text) text

enum { LISTED_MAX = 500 };

struct url link_dispute_desk(const struct page *p, uint64_t id)
{
    return (struct url){arena_printf(p->arena, "/desk/disputes/%llu", (unsigned long long)id)};
}

struct url link_dispute_correct(const struct page *p, uint64_t id)
{
    return (struct url){
        arena_printf(p->arena, "/desk/disputes/%llu/correction", (unsigned long long)id)};
}

struct url link_dispute_add(const struct page *p, uint64_t complaint)
{
    return (struct url){arena_printf(p->arena, "/desk/disputes?about=complaint&number=%llu",
                                     (unsigned long long)complaint)};
}

struct str word_dispute_outcome(const struct page *p, enum dispute_outcome outcome)
{
    static const char *const words[DISPUTE_OUTCOME_COUNT] = {
        [DISPUTE_CONFIRMED] = N_("the decision was confirmed"),
        [DISPUTE_REVERSED] = N_("the decision was reversed"),
        [DISPUTE_PARTLY] = N_("the decision was reversed in part"),
        [DISPUTE_NONE] = N_("it ended without a result")};
    return word_text(p, words[outcome]);
}

/* ---- all of them, and a new one ---- */

static const char *const abouts[] = {"complaint", "restriction", "demand"};
enum { ABOUTS = 3 };

/* With room for one more. */
static enum rc fill_bodies(struct context *c, struct str chosen, choice_list *ret,
                           struct fault *fault)
{
    redress_bodies bodies;
    enum rc rc = redress_get(c->server->site, c->arena, &bodies, fault);
    if (rc != RC_OK)
        return rc;
    ret->v = ARENA_ARRAY(c->arena, struct page_choice, bodies.n + 1);
    for (size_t i = 0; i < bodies.n; i++)
        choices_add(ret, bodies.v[i].name, bodies.v[i].name, chosen);
    return RC_OK;
}

/* What the form holds: what was posted, or what a link to it names. */
static enum rc fill_form(struct context *c, const struct page *p, struct desk_disputes_view *v,
                         struct fault *fault)
{
    static const char *const words[ABOUTS] = {N_("A complaint that was made here"),
                                              N_("A restriction"),
                                              N_("A demand that was refused or narrowed")};
    const parameters *from = c->request->method == METHOD_POST ? &c->form : &c->request->query;
    struct str about = parameter_get(from, "about"), body = parameter_get(from, "body");
    v->number = parameter_get(from, "number");
    v->submitted = parameter_get(from, "submitted");
    v->abouts.v = ARENA_ARRAY(c->arena, struct page_choice, ABOUTS);
    for (int i = 0; i < ABOUTS; i++)
        choices_add(&v->abouts, str_of(abouts[i]), word_text(p, words[i]),
                    about.n > 0 ? about : str_of(abouts[0]));
    return fill_bodies(c, body, &v->bodies, fault);
}

static enum rc show_list(struct context *c, struct str error, struct response *ret,
                         struct fault *fault)
{
    struct page p = desk_begin(c, N_("Disputes out of court"), ret);
    struct desk_disputes_view v = {.error = error};
    enum rc rc = dispute_list(c->server->site, c->arena, LISTED_MAX, &v.lines, fault);
    if (rc == RC_OK)
        rc = fill_form(c, &p, &v, fault);
    if (rc != RC_OK)
        return rc;
    struct html h = page_html(c, ret);
    desk_disputes_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_desk_disputes(struct context *c, struct response *ret, struct fault *fault)
{
    return show_list(c, STR_NONE, ret, fault);
}

static enum rc read_order(const struct context *c, struct dispute_order *order, struct fault *fault)
{
    uint64_t *const numbers[ABOUTS] = {&order->complaint, &order->restriction, &order->demand};
    struct str about = parameter_get(&c->form, "about");
    order->body = parameter_get(&c->form, "body");
    order->submitted = str_trim(parameter_get(&c->form, "submitted"));
    for (int i = 0; i < ABOUTS; i++)
        if (str_is(about, abouts[i]))
            return str_to_u64(str_trim(parameter_get(&c->form, "number")), numbers[i]) &&
                           *numbers[i] > 0
                       ? RC_OK
                       : fault_set(fault, RC_INVALID, "number: it is needed");
    return fault_set(fault, RC_INVALID, "about: one complaint, restriction or demand is needed");
}

enum rc handle_desk_dispute_add(struct context *c, struct response *ret, struct fault *fault)
{
    struct dispute_order order = {0};
    struct dispute_made made;
    enum rc rc = read_order(c, &order, fault);
    if (rc == RC_OK)
        rc = dispute_add(c->server->site, c->server->writer, &order, &made, fault);
    if (rc == RC_NOT_FOUND)
        rc = RC_INVALID; /* a number that somebody typed */
    if (rc == RC_OK)
        go_to_done(c, ret,
                   arena_printf(c->arena, "/desk/disputes/%llu", (unsigned long long)made.id));
    return show_refused(c, rc, show_list, ret, fault);
}

/* ---- one ---- */

static struct str day_of(struct arena *arena, int64_t t)
{
    BUF_AUTO text = BUF_INIT(64);
    if (t != 0)
        time_add(&text, t);
    return arena_str(arena, str_sub(buf_str(&text), 0, 10));
}

/* What the correction's form holds: what was posted, else the dispute as it stands. */
static enum rc fill_correction(struct context *c, const struct page *p, struct desk_dispute_view *v,
                               struct fault *fault)
{
    const struct dispute_line *d = &v->line;
    struct str state = parameter_get(&c->form, "state"), body = parameter_get(&c->form, "body");
    v->correcting = state.n > 0;
    v->submitted = parameter_get(&c->form, "submitted");
    v->ended = parameter_get(&c->form, "ended");
    if (!v->correcting) {
        body = d->body;
        v->submitted = day_of(c->arena, d->submitted);
        v->ended = day_of(c->arena, d->settled);
        state = d->settled == 0 ? STR("open") : str_of(dispute_outcome_name(d->outcome));
    }
    v->states.v = ARENA_ARRAY(c->arena, struct page_choice, DISPUTE_OUTCOME_COUNT + 2);
    choices_add(&v->states, STR("open"), word_text(p, N_("it is open")), state);
    for (int i = 0; i < DISPUTE_OUTCOME_COUNT; i++)
        choices_add(&v->states, str_of(dispute_outcome_name((enum dispute_outcome)i)),
                    word_dispute_outcome(p, (enum dispute_outcome)i), state);
    choices_add(&v->states, STR("void"), word_text(p, N_("there was no dispute")), state);
    enum rc rc = fill_bodies(c, body, &v->bodies, fault);
    for (size_t i = 0; rc == RC_OK && i < v->bodies.n; i++)
        if (str_eq(v->bodies.v[i].tag, d->body))
            return RC_OK;
    if (rc == RC_OK) /* statements name it no more */
        choices_add(&v->bodies, d->body, d->body, body);
    return rc;
}

static enum rc show_one(struct context *c, struct str error, struct response *ret,
                        struct fault *fault)
{
    struct page p = desk_begin(c, N_("Dispute out of court"), ret);
    struct desk_dispute_view v = {.error = error, .settled = parameter_get(&c->form, "settled")};
    struct str asked = parameter_get(&c->form, "outcome");
    uint64_t id;
    enum rc rc = captured_id(c, 0, &id, fault);
    if (rc == RC_OK)
        rc = dispute_show(c->server->site, c->arena, id, &v.line, fault);
    if (rc != RC_OK)
        return rc;
    v.outcomes.v = ARENA_ARRAY(c->arena, struct page_choice, DISPUTE_OUTCOME_COUNT);
    for (int i = 0; i < DISPUTE_OUTCOME_COUNT; i++)
        choices_add(&v.outcomes, str_of(dispute_outcome_name((enum dispute_outcome)i)),
                    word_dispute_outcome(&p, (enum dispute_outcome)i), asked);
    rc = fill_correction(c, &p, &v, fault);
    if (rc != RC_OK)
        return rc;
    struct html h = page_html(c, ret);
    desk_dispute_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_desk_dispute(struct context *c, struct response *ret, struct fault *fault)
{
    return show_one(c, STR_NONE, ret, fault);
}

enum rc handle_desk_dispute_settle(struct context *c, struct response *ret, struct fault *fault)
{
    uint64_t id, index;
    enum dispute_outcome outcome = DISPUTE_NONE;
    enum rc rc = captured_id(c, 0, &id, fault);
    if (rc == RC_OK && !dispute_outcome_parse(parameter_get(&c->form, "outcome"), &outcome))
        rc = fault_set(fault, RC_INVALID, "outcome: choose one");
    if (rc == RC_OK)
        rc = dispute_settle(c->server->site, c->server->writer, c->viewer.account, id, outcome,
                            str_trim(parameter_get(&c->form, "settled")), &index, fault);
    if (rc == RC_OK)
        go_to_done(c, ret, STR("/desk/disputes"));
    return show_refused(c, rc, show_one, ret, fault);
}

static enum rc read_correction(const struct context *c, struct dispute_correction *ret,
                               struct fault *fault)
{
    struct str state = parameter_get(&c->form, "state");
    ret->state = str_is(state, "void")   ? DISPUTE_VOID
                 : str_is(state, "open") ? DISPUTE_OPEN
                                         : DISPUTE_SETTLED;
    if (ret->state == DISPUTE_SETTLED && !dispute_outcome_parse(state, &ret->outcome))
        return fault_set(fault, RC_INVALID, "state: choose one");
    ret->body = parameter_get(&c->form, "body");
    ret->submitted = str_trim(parameter_get(&c->form, "submitted"));
    ret->settled = str_trim(parameter_get(&c->form, "ended"));
    return RC_OK;
}

enum rc handle_desk_dispute_correct(struct context *c, struct response *ret, struct fault *fault)
{
    struct dispute_correction correction = {0};
    uint64_t index;
    enum rc rc = captured_id(c, 0, &correction.id, fault);
    if (rc == RC_OK)
        rc = read_correction(c, &correction, fault);
    if (rc == RC_OK)
        rc = dispute_correct(c->server->site, c->server->writer, c->viewer.account, &correction,
                             &index, fault);
    if (rc == RC_OK)
        go_to_done(
            c, ret,
            arena_printf(c->arena, "/desk/disputes/%llu", (unsigned long long)correction.id));
    return show_refused(c, rc, show_one, ret, fault);
}
