/* The desk's queue: demands that wait, what others of the staff propose. */
#include "app/acknowledge.h"
#include "app/restriction_view.h"
#include "base/clock.h"
#include "templates.h"
#include "web/accounts.h"
#include "web/demands.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/session.h"

#define N_(text) text

enum { QUEUE_MAX = 200 };

static struct url link_desk_demand(const struct context *c, uint64_t id, const char *part)
{
    return (struct url){
        arena_printf(c->arena, "/desk/demands/%llu%s", (unsigned long long)id, part)};
}

/* ---- proposals ---- */

static struct restriction_view wish_of(struct arena *arena, const struct proposal_view *v)
{
    struct restriction *r = ARENA_NEW(arena, struct restriction);
    *r = (struct restriction){.target = v->restriction.target,
                              .target_key = v->restriction.target_key,
                              .storefronts = v->restriction.storefronts.v,
                              .storefront_count = v->restriction.storefronts.n,
                              .features = v->restriction.features,
                              .ground = v->restriction.ground,
                              .authority = v->restriction.authority,
                              .legal_basis = v->restriction.legal_basis,
                              .reference = v->restriction.reference,
                              .state_involved = v->restriction.state_involved,
                              .terms_version = v->restriction.terms_version,
                              .works_count = v->works};
    return (struct restriction_view){.r = r};
}

static struct url link_proposal(const struct context *c, uint64_t id, const char *part)
{
    return (struct url){
        arena_printf(c->arena, "/desk/proposals/%llu/%s", (unsigned long long)id, part)};
}

static enum rc fill_proposals(struct context *c, const struct page *p, struct desk_queue_view *v,
                              struct fault *fault)
{
    struct proposal_view *open;
    size_t n;
    enum rc rc = decide_open(c->server->site, c->arena, &open, &n, fault);
    if (rc != RC_OK)
        return rc;
    v->proposals.v = ARENA_ARRAY(c->arena, struct proposal_line, n);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        struct proposal_line line = {.proposal = &open[i],
                                     .wish = wish_of(c->arena, &open[i]),
                                     .what = open[i].decides ? word_outcome(p, open[i].outcome)
                                                             : word_text(p, N_("a restriction")),
                                     .shown =
                                         hex_str(c->arena, open[i].shown.b, sizeof open[i].shown.b),
                                     .approve = link_proposal(c, open[i].id, "approve"),
                                     .drop = link_proposal(c, open[i].id, "drop"),
                                     .own = open[i].account == c->viewer.account};
        v->proposals.v[v->proposals.n++] = line;
        if (open[i].restricts)
            rc = restriction_titles(c->worker->conn, c->arena,
                                    &v->proposals.v[v->proposals.n - 1].wish, 1, fault);
    }
    return rc;
}

static enum rc fill_queue(struct context *c, const struct page *p, struct desk_queue_view *v,
                          struct fault *fault)
{
    struct demand_view *waiting;
    size_t n;
    int64_t now = clock_now();
    enum rc rc = demand_list(c->worker->conn, c->arena, true, 0, QUEUE_MAX, &waiting, &n, fault);
    if (rc != RC_OK)
        return rc;
    v->demands.v = ARENA_ARRAY(c->arena, struct desk_queue_line, n);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        struct desk_queue_line *line = &v->demands.v[v->demands.n++];
        line->page = link_desk_demand(c, waiting[i].id, "");
        line->late = waiting[i].due < now;
        rc = demand_page_fill(c, p, &waiting[i], &line->demand, fault);
    }
    return rc;
}

static enum rc show_queue(struct context *c, struct str error, struct response *ret,
                          struct fault *fault)
{
    struct page p = desk_begin(c, N_("Demands and proposals"), ret);
    struct desk_queue_view v = {.error = error};
    enum rc rc = fill_queue(c, &p, &v, fault);
    if (rc == RC_OK)
        rc = fill_proposals(c, &p, &v, fault);
    if (rc != RC_OK)
        return rc;
    struct html h = page_html(c, ret);
    desk_queue_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_desk_demands(struct context *c, struct response *ret, struct fault *fault)
{
    return show_queue(c, STR_NONE, ret, fault);
}

enum rc handle_desk_approve(struct context *c, struct response *ret, struct fault *fault)
{
    struct decided done = {0};
    struct hash shown;
    uint64_t id;
    enum rc rc = captured_id(c, 0, &id, fault);
    if (rc == RC_OK && !hex_decode(parameter_get(&c->form, "shown"), shown.b, sizeof shown.b))
        rc = fault_set(fault, RC_INVALID, "proposal: look at it again");
    if (rc == RC_OK)
        rc = decide_approve(c->server->site, c->server->writer, c->viewer.account, id, &shown,
                            &done, fault);
    if (rc == RC_OK) {
        struct page p = page_begin(c, ret);
        go_to(ret, (done.restriction != 0 ? link_restriction(&p, done.restriction)
                                          : link_demand(&p, done.demand))
                       .text);
    }
    return show_refused(c, rc, show_queue, ret, fault);
}

enum rc handle_desk_drop(struct context *c, struct response *ret, struct fault *fault)
{
    uint64_t id;
    enum rc rc = captured_id(c, 0, &id, fault);
    if (rc == RC_OK)
        rc = decide_drop(c->server->writer, c->viewer.account, id, fault);
    if (rc == RC_OK)
        go_to_done(c, ret, STR("/desk/demands"));
    return show_refused(c, rc, show_queue, ret, fault);
}

/* ---- one demand ---- */

/* As demanded, until the form says otherwise. */
static void list_choices(struct context *c, const struct page *p, struct desk_demand_view *v)
{
    const struct demand_entry *d = &v->demand.d->facts;
    bool posted = c->request->method == METHOD_POST;
    v->outcomes.v = ARENA_ARRAY(c->arena, struct page_choice, OUTCOME_COUNT);
    for (int i = 0; i < OUTCOME_COUNT; i++) {
        struct str tag = str_of(outcome_name((enum demand_outcome)i));
        v->outcomes.v[v->outcomes.n++] =
            (struct page_choice){.name = word_outcome(p, (enum demand_outcome)i),
                                 .tag = tag,
                                 .chosen = parameter_has(&c->form, "outcome", tag)};
    }
    v->storefronts.v = ARENA_ARRAY(c->arena, struct page_choice, d->storefronts.n);
    for (size_t i = 0; i < d->storefronts.n; i++) {
        const struct storefront *s = gate_storefront(c->view, d->storefronts.v[i]);
        v->storefronts.v[v->storefronts.n++] = (struct page_choice){
            .name = s == NULL ? d->storefronts.v[i] : word_country(p, s->country),
            .tag = d->storefronts.v[i],
            .chosen = !posted || parameter_has(&c->form, "storefront", d->storefronts.v[i])};
    }
    v->features.v = ARENA_ARRAY(c->arena, struct page_choice, FEATURE_COUNT);
    for (int f = 0; f < FEATURE_COUNT; f++) {
        struct str tag = str_of(feature_name((enum feature)f));
        if (d->features & FEATURE_BIT(f))
            v->features.v[v->features.n++] =
                (struct page_choice){.name = word_feature(p, (enum feature)f),
                                     .tag = tag,
                                     .chosen = !posted || parameter_has(&c->form, "feature", tag)};
    }
}

/* What is complained of, and where it stands: in the first storefront that is named. */
static enum rc fill_voice(struct context *c, struct desk_demand_view *v, struct fault *fault)
{
    const struct demand_entry *d = &v->demand.d->facts;
    v->of_voice = target_is_voice(d->target);
    if (!v->of_voice)
        return RC_OK;
    enum rc rc = demand_voice(c->server->site, c->arena, d, &v->voice, fault);
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    if (rc == RC_OK && d->storefronts.n > 0 && v->voice.key.n > 0)
        v->voice_page = url_path(
            c->arena, 6, d->storefronts.v[0], STR("books"), v->voice.key, STR("reviews"),
            arena_printf(c->arena, "%llu", (unsigned long long)v->voice.review), STR("comments"));
    return rc;
}

static enum rc show_demand(struct context *c, struct str error, struct response *ret,
                           struct fault *fault)
{
    struct page p = desk_begin(c, N_("Demand"), ret);
    struct desk_demand_view v = {.error = error,
                                 .reason = parameter_get(&c->form, "reason"),
                                 .until = parameter_get(&c->form, "until"),
                                 .review = parameter_get(&c->form, "review"),
                                 .scope_reason = parameter_get(&c->form, "scope_reason"),
                                 .state_involved = parameter_get(&c->form, "state_involved"),
                                 .terms_version = parameter_get(&c->form, "terms_version")};
    struct demand_view d;
    uint64_t id;
    enum rc rc = captured_id(c, 0, &id, fault);
    if (rc == RC_OK)
        rc = demand_show(c->worker->conn, c->arena, id, &d, fault);
    if (rc == RC_OK)
        rc = demand_page_fill(c, &p, &d, &v.demand, fault);
    if (rc == RC_OK)
        rc = demand_private(c->server->site, c->arena, id, &v.private, fault);
    if (rc == RC_OK)
        rc = fill_voice(c, &v, fault);
    if (rc == RC_OK)
        rc = acknowledged_is(c->server->site, id, &v.acknowledged, fault);
    if (rc != RC_OK)
        return rc;
    v.sent = parameter_get(&c->form, "sent");
    v.telling = v.sent.n > 0 || fault_is_of(error, "sent");
    v.told_action = link_desk_demand(c, id, "/acknowledge");
    if (v.private.has_document)
        v.demand.document = link_desk_demand(c, id, "/document");
    bool posted = c->request->method == METHOD_POST;
    v.authority = posted ? parameter_get(&c->form, "authority") : d.claims.authority;
    v.legal_basis = posted ? parameter_get(&c->form, "legal_basis") : d.claims.legal_basis;
    v.reference = posted ? parameter_get(&c->form, "reference") : d.claims.reference;
    v.action = link_desk_demand(c, id, "");
    v.copy_action = link_desk_demand(c, id, "/copy");
    v.copy_text = parameter_get(&c->form, "text");
    if (c->request->method == METHOD_GET)
        v.state_involved = d.facts.state_involved;
    list_choices(c, &p, &v);
    struct html h = page_html(c, ret);
    desk_demand_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_desk_demand(struct context *c, struct response *ret, struct fault *fault)
{
    return show_demand(c, STR_NONE, ret, fault);
}

/* That its sender was told that it came in: by post, or in person. */
enum rc handle_desk_acknowledge(struct context *c, struct response *ret, struct fault *fault)
{
    uint64_t id, index;
    enum rc rc = captured_id(c, 0, &id, fault);
    if (rc == RC_OK)
        rc = acknowledge_demand(c->server->site, c->server->writer, id,
                                str_trim(parameter_get(&c->form, "sent")), &index, fault);
    if (rc == RC_OK)
        go_to_done(c, ret, link_desk_demand(c, id, "").text);
    return show_refused(c, rc, show_demand, ret, fault);
}

/* A redacted copy, as a file or as text. */
enum rc handle_desk_copy(struct context *c, struct response *ret, struct fault *fault)
{
    struct paper copy = {parameter_get(&c->request->files, "copy")};
    struct str text = str_trim(parameter_get(&c->form, "text"));
    uint64_t id;
    enum rc rc = captured_id(c, 0, &id, fault);
    if (rc == RC_OK && copy.bytes.n > 0 && text.n > 0)
        rc = fault_set(fault, RC_INVALID, "public copy: a file or a text, not both");
    if (copy.bytes.n == 0)
        copy.bytes = text;
    if (rc == RC_OK)
        rc = demand_copy_put(c->server->site, c->server->writer, id, &copy, fault);
    if (rc == RC_OK)
        go_to_done(c, ret, link_desk_demand(c, id, "").text);
    return show_refused(c, rc, show_demand, ret, fault);
}

static enum rc read_decision(struct context *c, struct decision_order *order, struct fault *fault)
{
    struct restriction_order *r = &order->restriction;
    enum feature feature;
    if (!outcome_parse(parameter_get(&c->form, "outcome"), &order->outcome))
        return fault_set(fault, RC_INVALID, "outcome: choose one");
    r->storefronts.v = ARENA_ARRAY(c->arena, struct str, c->form.n);
    for (size_t i = 0; i < c->form.n; i++) {
        const struct parameter *f = &c->form.v[i];
        if (str_eq(f->name, STR("storefront")))
            r->storefronts.v[r->storefronts.n++] = f->value;
        if (str_eq(f->name, STR("feature")) && feature_parse(f->value, &feature))
            r->features |= FEATURE_BIT(feature);
    }
    r->authority = str_trim(parameter_get(&c->form, "authority"));
    r->legal_basis = str_trim(parameter_get(&c->form, "legal_basis"));
    r->reference = str_trim(parameter_get(&c->form, "reference"));
    r->reason = str_trim(parameter_get(&c->form, "reason"));
    r->scope_reason = str_trim(parameter_get(&c->form, "scope_reason"));
    r->state_involved = str_trim(parameter_get(&c->form, "state_involved"));
    r->terms_version = str_trim(parameter_get(&c->form, "terms_version"));
    r->until = str_trim(parameter_get(&c->form, "until"));
    r->review = str_trim(parameter_get(&c->form, "review"));
    return RC_OK;
}

enum rc handle_desk_decide(struct context *c, struct response *ret, struct fault *fault)
{
    struct decision_order order = {0};
    struct decided done;
    enum rc rc = captured_id(c, 0, &order.demand, fault);
    if (rc == RC_OK)
        rc = read_decision(c, &order, fault);
    if (rc == RC_OK)
        rc = decide_propose(c->server->site, c->server->writer, c->viewer.account, &order, &done,
                            fault);
    if (rc == RC_OK) {
        struct page p = page_begin(c, ret);
        go_to(ret, done.proposal != 0 ? STR("/desk/demands?done=1")
                                      : link_demand(&p, order.demand).text);
    }
    return show_refused(c, rc, show_demand, ret, fault);
}
