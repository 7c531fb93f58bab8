#include "web/desk.h"

#include "app/complaint.h"
#include "app/decide.h"
#include "app/demand.h"
#include "app/lifting.h"
#include "app/partner.h"
#include "app/payments.h"
#include "app/restriction_view.h"
#include "app/sales_check.h"
#include "templates.h"
#include "web/handlers.h"
#include "web/passkeys.h"
#include "web/session.h"
#include "web/sign.h"

#define N_(text) text

enum { COUNTED_MAX = 500 };

struct url link_lift(const struct page *p, uint64_t id)
{
    return (struct url){
        arena_printf(p->arena, "/desk/restrictions/%llu/lift", (unsigned long long)id)};
}

/* An account's pages belong to a storefront; one that is at this host knows the session. */
static struct url link_security(const struct context *c)
{
    for (size_t i = 0; i < c->view->storefronts.n; i++) {
        const struct storefront *s = &c->view->storefronts.v[i];
        struct str spoken = s->languages.v[0];
        for (size_t l = 0; context_spoken(c, s, l).n > 0; l++)
            if (str_eq(context_spoken(c, s, l), language_tag(c->language)))
                spoken = language_tag(c->language);
        if (s->host.n == 0 || s == c->at_host)
            return (struct url){
                ARENA_JOIN(c->arena, page_root_of(c, s, spoken), STR("/account/security"))};
    }
    return (struct url){STR_NONE};
}

struct page desk_begin(struct context *c, const char *title, struct response *ret)
{
    struct page p = page_begin(c, ret);
    p.desk = p.noindex = true;
    p.title = word_text(&p, title);
    p.token = session_form_token(c, ret);
    p.own = link_security(c);
    p.done =
        c->request->method != METHOD_POST && parameter_has(&c->request->query, "done", STR("1"));
    return p;
}

void go_to_done(struct context *c, struct response *ret, struct str path)
{
    go_to(ret, url_with(c->arena, (struct url){path}, STR("done"), STR("1")).text);
}

/* ---- signing in ---- */

static void show_sign_in(struct context *c, struct str error, struct response *ret)
{
    struct page p = desk_begin(c, N_("Sign in"), ret);
    bool posted = c->request->method == METHOD_POST;
    const parameters *from = posted ? &c->form : &c->request->query;
    struct sign_view v = {.error = error,
                          .back = safe_return(parameter_get(from, "return"), STR("/desk/")),
                          .email = posted ? parameter_get(from, "email") : STR_NONE,
                          .action = {STR("/desk/sign-in")}};
    sign_with_passkeys(c, &p, (struct url){STR("/desk/sign-in/passkey")},
                       (struct url){STR("/desk/sign-in/challenge")}, &v, ret);
    struct html h = page_html(c, ret);
    sign_in_page(&h, &p, &v);
}

enum rc handle_desk_sign_in_page(struct context *c, struct response *ret, struct fault *fault)
{
    (void)fault;
    show_sign_in(c, STR_NONE, ret);
    return RC_OK;
}

static enum rc answer_sign_in(struct context *c, enum rc rc, struct response *ret,
                              struct fault *fault)
{
    if (rc != RC_DENIED && rc != RC_LIMIT && rc != RC_INVALID)
        return rc;
    show_sign_in(c, arena_str(c->arena, str_of(fault->text)), ret);
    ret->status = rc == RC_LIMIT ? 429 : 422;
    ret->retry_after = c->retry_after;
    return RC_OK;
}

enum rc handle_desk_sign_in(struct context *c, struct response *ret, struct fault *fault)
{
    return answer_sign_in(c, sign_in(c, STR("/desk/"), ret, fault), ret, fault);
}

enum rc handle_desk_passkey(struct context *c, struct response *ret, struct fault *fault)
{
    return answer_sign_in(c, passkey_use(c, STR("/desk/"), ret, fault), ret, fault);
}

enum rc handle_desk_sign_out(struct context *c, struct response *ret, struct fault *fault)
{
    enum rc rc = account_sign_out(c->server->writer, c->session, fault);
    if (rc == RC_OK) {
        ret->set_cookie[0] = session_cookie_end(c);
        go_to(ret, STR("/desk/sign-in"));
    }
    return rc;
}

/* ---- the list ---- */

/* What waits for whoever works here: a number beside each way there. */
static enum rc count_waiting(struct context *c, struct desk_view *v, struct fault *fault)
{
    struct demand_view *demands;
    struct proposal_view *proposals;
    complaint_lines complaints;
    partner_shop_list shops = {0};
    size_t demands_n, proposals_n;
    enum rc rc =
        demand_list(c->worker->conn, c->arena, true, 0, COUNTED_MAX, &demands, &demands_n, fault);
    if (rc == RC_OK)
        rc = decide_open(c->server->site, c->arena, &proposals, &proposals_n, fault);
    if (rc == RC_OK)
        rc = complaint_list(c->server->site, c->arena, COUNTED_MAX, &complaints, fault);
    if (rc == RC_OK)
        rc = partner_shops(c->worker->conn, c->arena, &c->viewer, &shops, fault);
    if (rc != RC_OK)
        return rc;
    v->demands = demands_n;
    v->proposals = proposals_n;
    for (size_t i = 0; i < complaints.n; i++)
        v->complaints += complaints.v[i].decided == 0;
    for (size_t i = 0; i < shops.n; i++)
        v->hints += shops.v[i].hints;
    return RC_OK;
}

/* On a connection that sees everything. */
static enum rc count_money(void *context, struct store_conn *conn, struct fault *fault)
{
    struct desk_view *v = context;
    uint64_t held = 0;
    enum rc rc = payments_held_count(conn, &held, fault);
    if (rc == RC_OK)
        rc = sales_check_count(conn, &v->findings, fault);
    v->payments = held + v->findings;
    return rc;
}

enum rc handle_desk(struct context *c, struct response *ret, struct fault *fault)
{
    if (!c->viewer.operator_role) { /* a partner's is another one */
        go_to(ret, STR("/desk/partner/"));
        return RC_OK;
    }
    struct page p = desk_begin(c, N_("The operator’s desk"), ret);
    struct desk_view v = {.lifts_waiting = restriction_lifts_waiting(c->server->site)};
    enum rc rc = restriction_all(c->worker->conn, c->arena, c->view, &v.restrictions.v,
                                 &v.restrictions.n, fault);
    if (rc == RC_OK)
        rc = restriction_titles(c->worker->conn, c->arena, v.restrictions.v, v.restrictions.n,
                                fault);
    if (rc == RC_OK)
        rc = count_waiting(c, &v, fault);
    if (rc == RC_OK)
        rc = site_look_wholly(c->server->site, count_money, &v, fault);
    if (rc == RC_OK)
        rc = running_read(c->server->site, c->worker->conn, c->arena, &v.running, fault);
    if (rc != RC_OK)
        return rc;
    struct pulse_state pulse = pulse_read(c->server->pulse);
    v.letters_waiting = pulse.letters_waiting;
    v.letters_failed = pulse.letters_failed;
    v.licence = link_module(c->arena, "LICENSE");
    v.zip_licence = link_module(c->arena, "vendor/zip.js.LICENSE");
    struct html h = page_html(c, ret);
    desk_page(&h, &p, &v);
    return RC_OK;
}

/* ---- adding ---- */

static void list_choices(struct context *c, const struct page *p, struct desk_add_view *v)
{
    static const char *const targets[] = {
        [TARGET_EDITION] = N_("an edition (ISBN)"),
        [TARGET_WORK] = N_("a work (its number)"),
        [TARGET_COLLECTION] = N_("a collection (its short name)"),
        [TARGET_CONTRIBUTOR] = N_("a contributor (their number)"),
        [TARGET_SHOP] = N_("a shop (its short name)"),
        [TARGET_REVIEW] = N_("a review (its entry of the voices)"),
        [TARGET_COMMENT] = N_("a comment (its entry of the voices)"),
        [TARGET_ACCOUNT] = N_("an account (its e-mail address)"),
    };
    v->targets.v = ARENA_ARRAY(c->arena, struct page_choice, TARGET_COUNT);
    for (int t = 0; t < TARGET_COUNT; t++) {
        struct str tag = str_of(target_name((enum target_kind)t));
        v->targets.v[v->targets.n++] =
            (struct page_choice){.name = word_text(p, targets[t]),
                                 .tag = tag,
                                 .chosen = parameter_has(&c->form, "target", tag)};
    }
    v->storefronts.v = ARENA_ARRAY(c->arena, struct page_choice, c->view->storefronts.n);
    for (size_t i = 0; i < c->view->storefronts.n; i++) {
        const struct storefront *s = &c->view->storefronts.v[i];
        v->storefronts.v[v->storefronts.n++] =
            (struct page_choice){.name = word_country(p, s->country),
                                 .tag = s->slug,
                                 .chosen = parameter_has(&c->form, "storefront", s->slug)};
    }
    v->features.v = ARENA_ARRAY(c->arena, struct page_choice, FEATURE_COUNT);
    for (int f = 0; f < FEATURE_COUNT; f++) {
        struct str tag = str_of(feature_name((enum feature)f));
        v->features.v[v->features.n++] =
            (struct page_choice){.name = word_feature(p, (enum feature)f),
                                 .tag = tag,
                                 .chosen = parameter_has(&c->form, "feature", tag)};
    }
    v->grounds.v = ARENA_ARRAY(c->arena, struct page_choice, GROUND_COUNT);
    for (int g = 0; g < GROUND_COUNT; g++) {
        struct str tag = str_of(ground_name((enum ground)g));
        v->grounds.v[v->grounds.n++] =
            (struct page_choice){.name = word_ground(p, (enum ground)g),
                                 .tag = tag,
                                 .chosen = parameter_has(&c->form, "ground", tag)};
    }
}

/* "there is no work 7 here", "edition: 12 is no ISBN", "collection x holds no work …". */
static bool is_of_key(struct str error)
{
    if (str_starts(error, STR("there is no ")))
        return true;
    for (int t = 0; t < TARGET_COUNT; t++) {
        struct str name = str_of(target_name((enum target_kind)t));
        struct str after = str_sub(error, name.n, name.n + 1);
        if (str_starts(error, name) && (str_eq(after, STR(":")) || str_eq(after, STR(" "))))
            return true;
    }
    return false;
}

bool fault_is_of_key(struct str errors)
{
    struct str line;
    while (str_next(&errors, '\n', &line))
        if (is_of_key(line))
            return true;
    return false;
}

static void show_add(struct context *c, struct str error, struct response *ret)
{
    struct page p = desk_begin(c, N_("Add a restriction"), ret);
    struct desk_add_view v = {.error = error,
                              .key_wrong = fault_is_of_key(error),
                              .key = parameter_get(&c->form, "key"),
                              .authority = parameter_get(&c->form, "authority"),
                              .legal_basis = parameter_get(&c->form, "legal_basis"),
                              .reference = parameter_get(&c->form, "reference"),
                              .reason = parameter_get(&c->form, "reason"),
                              .from = parameter_get(&c->form, "from"),
                              .until = parameter_get(&c->form, "until"),
                              .review = parameter_get(&c->form, "review"),
                              .state_involved = parameter_get(&c->form, "state_involved"),
                              .scope_reason = parameter_get(&c->form, "scope_reason"),
                              .seal_until = parameter_get(&c->form, "seal_until"),
                              .terms_version = parameter_get(&c->form, "terms_version")};
    list_choices(c, &p, &v);
    struct html h = page_html(c, ret);
    desk_add_page(&h, &p, &v);
}

enum rc handle_desk_add_page(struct context *c, struct response *ret, struct fault *fault)
{
    (void)fault;
    show_add(c, STR_NONE, ret);
    return RC_OK;
}

static void read_order(struct context *c, struct restriction_order *order, struct buf *faults)
{
    enum feature feature;
    order->storefronts.v = ARENA_ARRAY(c->arena, struct str, c->form.n);
    for (size_t i = 0; i < c->form.n; i++) {
        const struct parameter *field = &c->form.v[i];
        if (str_eq(field->name, STR("storefront")))
            order->storefronts.v[order->storefronts.n++] = field->value;
        if (!str_eq(field->name, STR("feature")))
            continue;
        if (feature_parse(field->value, &feature))
            order->features |= FEATURE_BIT(feature);
        else
            buf_printf(faults, "withhold: there is no %.*s\n", STR_ARG(field->value));
    }
    if (!target_parse(parameter_get(&c->form, "target"), &order->target)) {
        order->target = (enum target_kind)TARGET_COUNT;
        BUF_LIT(faults, "target: choose what the restriction is about\n");
    }
    if (!ground_parse(parameter_get(&c->form, "ground"), &order->ground)) {
        order->ground = (enum ground)GROUND_COUNT;
        BUF_LIT(faults, "ground: choose one\n");
    }
    order->target_key = str_trim(parameter_get(&c->form, "key"));
    order->authority = str_trim(parameter_get(&c->form, "authority"));
    order->legal_basis = str_trim(parameter_get(&c->form, "legal_basis"));
    order->reference = str_trim(parameter_get(&c->form, "reference"));
    order->state_involved = str_trim(parameter_get(&c->form, "state_involved"));
    order->scope_reason = str_trim(parameter_get(&c->form, "scope_reason"));
    order->terms_version = str_trim(parameter_get(&c->form, "terms_version"));
    order->seal_until = str_trim(parameter_get(&c->form, "seal_until"));
    order->reason = str_trim(parameter_get(&c->form, "reason"));
    order->from = str_trim(parameter_get(&c->form, "from"));
    order->until = str_trim(parameter_get(&c->form, "until"));
    order->review = str_trim(parameter_get(&c->form, "review"));
}

/* What it would withhold, and of how many works, before anybody publishes it. */
static enum rc show_look(struct context *c, const struct restriction_order *order,
                         const struct restriction *r, struct response *ret, struct fault *fault)
{
    struct page p = desk_begin(c, N_("Add a restriction"), ret);
    struct desk_look_view v = {.wish = {.r = r}, .order = order};
    enum rc rc = restriction_titles(c->worker->conn, c->arena, &v.wish, 1, fault);
    if (rc != RC_OK)
        return rc;
    v.fields.v = ARENA_ARRAY(c->arena, struct parameter, c->form.n);
    for (size_t i = 0; i < c->form.n; i++)
        if (!str_eq(c->form.v[i].name, STR("token")) && !str_eq(c->form.v[i].name, STR("act")))
            v.fields.v[v.fields.n++] = c->form.v[i];
    struct html h = page_html(c, ret);
    desk_look_page(&h, &p, &v);
    return RC_OK;
}

static enum rc refuse_add(struct context *c, enum rc rc, struct str why, struct response *ret)
{
    show_add(c, why, ret);
    ret->status = status_of(rc);
    return RC_OK;
}

enum rc handle_desk_add(struct context *c, struct response *ret, struct fault *fault)
{
    struct decision_order order = {0};
    struct restriction looked;
    struct decided done;
    BUF_AUTO faults = BUF_INIT(32 << 10);
    bool look = parameter_has(&c->form, "act", STR("look"));
    if (parameter_has(&c->form, "act", STR("change"))) {
        show_add(c, STR_NONE, ret);
        return RC_OK;
    }
    read_order(c, &order.restriction, &faults);
    enum rc rc =
        decide_look(c->server->site, c->arena, &order.restriction, &looked, &faults, fault);
    if (rc != RC_OK)
        return rc;
    if (faults.n > 0)
        return refuse_add(c, RC_INVALID, arena_str(c->arena, str_trim(buf_str(&faults))), ret);
    if (look)
        return show_look(c, &order.restriction, &looked, ret, fault);
    rc =
        decide_propose(c->server->site, c->server->writer, c->viewer.account, &order, &done, fault);
    if (rc == RC_OK) {
        struct page p = page_begin(c, ret);
        go_to(ret, done.proposal != 0 ? STR("/desk/proposals?done=1")
                                      : link_restriction(&p, done.restriction).text);
        return RC_OK;
    }
    if (rc == RC_IO || rc == RC_CORRUPT)
        return rc;
    return refuse_add(c, rc, arena_str(c->arena, str_of(fault->text)), ret);
}

/* ---- lifting ---- */

static enum rc show_lift(struct context *c, struct str error, struct response *ret,
                         struct fault *fault)
{
    struct page p = desk_begin(c, N_("Lift"), ret);
    struct desk_lift_view v = {.error = error, .reason = parameter_get(&c->form, "reason")};
    uint64_t id;
    if (!str_to_u64(c->captures[0], &id) ||
        (v.restriction.r = gate_restriction(c->view, id)) == NULL)
        return fault_set(fault, RC_NOT_FOUND, "there is no restriction %.*s",
                         STR_ARG(c->captures[0]));
    enum rc rc = restriction_titles(c->worker->conn, c->arena, &v.restriction, 1, fault);
    if (rc != RC_OK)
        return rc;
    struct html h = page_html(c, ret);
    desk_lift_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_desk_lift_page(struct context *c, struct response *ret, struct fault *fault)
{
    return show_lift(c, STR_NONE, ret, fault);
}

enum rc handle_desk_lift(struct context *c, struct response *ret, struct fault *fault)
{
    uint64_t id;
    bool published;
    if (!str_to_u64(c->captures[0], &id))
        return fault_set(fault, RC_NOT_FOUND, "there is no restriction %.*s",
                         STR_ARG(c->captures[0]));
    enum rc rc =
        restriction_lift(c->server->site, c->server->writer, id,
                         str_trim(parameter_get(&c->form, "reason")), c->act, &published, fault);
    if (rc == RC_OK) {
        (void)!gate_reload(c->server->gate,
                           NULL); /* also where only the journal could be written */
        struct page p = page_begin(c, ret);
        go_to(ret, link_restriction(&p, id).text);
        return RC_OK;
    }
    if (rc == RC_IO || rc == RC_CORRUPT)
        return rc;
    struct str error = arena_str(c->arena, str_of(fault->text));
    rc = show_lift(c, error, ret, fault);
    ret->status = 422;
    return rc;
}
