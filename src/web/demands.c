#include "web/demands.h"

#include "app/restriction_view.h"
#include "templates.h"
#include "web/accounts.h"
#include "web/demand_order.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/limits.h"
#include "web/reader_lists.h"
#include "web/session.h"

#define N_(text) text

enum { FAULTS_MAX = 16 << 10, LIST_REPORTED = 500 };

/* ---- words ---- */

struct url link_demand(const struct page *p, uint64_t id)
{
    return link_below_record(
        p, (struct url){arena_printf(p->arena, "/record/demands/%llu", (unsigned long long)id)});
}

struct str word_sender(const struct page *p, enum demand_sender sender)
{
    static const char *const words[SENDER_COUNT] = {[SENDER_AUTHORITY] = N_("an authority"),
                                                    [SENDER_COURT] = N_("a court"),
                                                    [SENDER_RIGHTSHOLDER] = N_("a rightsholder"),
                                                    [SENDER_READER] = N_("a reader"),
                                                    [SENDER_STAFF] = N_("the shop’s staff")};
    return word_text(p, words[sender]);
}

struct str word_outcome(const struct page *p, enum demand_outcome outcome)
{
    static const char *const words[OUTCOME_COUNT] = {[OUTCOME_GRANTED] = N_("granted"),
                                                     [OUTCOME_NARROWED] = N_("granted in part"),
                                                     [OUTCOME_REFUSED] = N_("refused")};
    return word_text(p, words[outcome]);
}

struct str word_missing(const struct page *p, element_mask missing)
{
    static const char *const words[ELEMENT_COUNT] = {
        [ELEMENT_LEGAL_BASIS] = N_("the legal basis"),
        [ELEMENT_REASONS] = N_("the reasons"),
        [ELEMENT_AUTHORITY] = N_("who issues it"),
        [ELEMENT_REDRESS] = N_("how it can be contested"),
        [ELEMENT_REPORT_TO] = N_("whom to tell of its effect"),
        [ELEMENT_SCOPE] = N_("where it applies"),
        [ELEMENT_LANGUAGE] = N_("a language that was declared"),
        [ELEMENT_EXPLANATION] = N_("an explanation"),
        [ELEMENT_CONTACT] = N_("name and e-mail address"),
        [ELEMENT_GOOD_FAITH] = N_("the statement of good faith"),
    };
    struct str list[ELEMENT_COUNT];
    size_t n = 0;
    for (int i = 0; i < ELEMENT_COUNT; i++)
        if (missing & ELEMENT_BIT(i))
            list[n++] = word_text(p, words[i]);
    return n == 0 ? STR_NONE : language_list(p->language, p->arena, list, n);
}

/* ---- one demand ---- */

struct restriction_view demand_wish(struct arena *arena, const struct demand_entry *d)
{
    struct restriction *r = ARENA_NEW(arena, struct restriction);
    *r = (struct restriction){.target = d->target,
                              .target_key = d->target_key,
                              .target_name = d->target_name,
                              .storefronts = d->storefronts.v,
                              .storefront_count = d->storefronts.n,
                              .features = d->features,
                              .ground = d->ground,
                              .authority = d->authority,
                              .legal_basis = d->legal_basis,
                              .reference = d->reference};
    return (struct restriction_view){.r = r};
}

/* On one line: authority, law, reference. */
static struct str claimed_of(struct arena *arena, const struct demand_claims *claims)
{
    const struct str parts[] = {claims->authority, claims->legal_basis, claims->reference};
    struct str all = STR_NONE;
    for (size_t i = 0; i < 3; i++)
        if (parts[i].n > 0)
            all = arena_printf(arena, "%.*s%s%.*s", STR_ARG(all), all.n > 0 ? " · " : "",
                               STR_ARG(parts[i]));
    return all;
}

enum rc demand_page_fill(struct context *c, const struct page *p, const struct demand_view *d,
                         struct demand_page_view *ret, struct fault *fault)
{
    struct demand_page_view v = {
        .d = d, .wish = demand_wish(c->arena, &d->facts), .waits = !d->deciding};
    v.sender = word_sender(p, d->facts.sender);
    v.missing = word_missing(p, d->facts.missing);
    v.claimed = claimed_of(c->arena, &d->claims);
    v.standing = d->decided    ? word_outcome(p, d->decision.outcome)
                 : d->deciding ? word_text(p, N_("decided; the decision waits for publication"))
                               : word_text(p, N_("undecided"));
    if (d->index != UINT64_MAX)
        v.proof = (struct url){
            arena_printf(c->arena, "/record/proofs/%llu", (unsigned long long)d->index)};
    if (d->has_copy)
        v.copy = (struct url){
            arena_printf(c->arena, "/record/demands/%llu/document", (unsigned long long)d->id)};
    *ret = v;
    return restriction_titles(c->worker->conn, c->arena, &ret->wish, 1, fault);
}

enum rc demand_page_load(struct context *c, uint64_t id, const struct page *p,
                         struct demand_page_view *ret, struct fault *fault)
{
    struct demand_view *d = ARENA_NEW(c->arena, struct demand_view);
    struct story story;
    enum rc rc = demand_show(c->worker->conn, c->arena, id, d, fault);
    if (rc == RC_OK)
        rc = demand_page_fill(c, p, d, ret, fault);
    if (rc != RC_OK || d->index == UINT64_MAX)
        return rc;
    rc = record_story_of_demand(c->worker->conn, c->arena, c->view, id, &story, fault);
    if (rc == RC_OK)
        ret->story = story_view_make(p, &story);
    return rc;
}

enum rc handle_record_demand(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct demand_page_view v;
    uint64_t id;
    enum rc rc = captured_id(c, 0, &id, fault);
    if (rc == RC_OK)
        rc = demand_page_load(c, id, &p, &v, fault);
    if (rc != RC_OK)
        return rc;
    p.title = word_text(&p, N_("Demand"));
    struct html h = page_html(c, ret);
    demand_page(&h, &p, &v);
    return RC_OK;
}

/* Bytes that others handed in: a browser takes them as a file, never as a page. */
void answer_paper(struct response *ret, struct str type, struct str disposition, struct str bytes)
{
    buf_renew(&ret->body, DOCUMENT_MAX + 1);
    ret->content_type =
        str_starts(type, STR("application/pdf")) ? "application/pdf" : "text/plain; charset=utf-8";
    ret->disposition = disposition;
    buf_str_add(&ret->body, bytes);
}

static enum rc give_paper(struct context *c, bool copy, struct response *ret, struct fault *fault)
{
    struct str bytes, type;
    uint64_t id;
    enum rc rc = captured_id(c, 0, &id, fault);
    if (rc == RC_OK)
        rc = demand_paper(c->server->site, c->arena, id, copy, &bytes, &type, fault);
    if (rc == RC_OK)
        answer_paper(ret, type,
                     arena_printf(c->arena, "attachment; filename=\"demand-%llu%s.%s\"",
                                  (unsigned long long)id, copy ? "" : "-whole",
                                  str_starts(type, STR("application/pdf")) ? "pdf" : "txt"),
                     bytes);
    return rc;
}

enum rc handle_record_document(struct context *c, struct response *ret, struct fault *fault)
{
    return give_paper(c, true, ret, fault);
}

enum rc handle_desk_document(struct context *c, struct response *ret, struct fault *fault)
{
    return give_paper(c, false, ret, fault);
}

/* ---- the form ---- */

static void add_choice(const struct context *c, choice_list *list, const char *field,
                       struct str tag, struct str name)
{
    list->v[list->n++] = (struct page_choice){
        .name = name, .tag = tag, .chosen = parameter_has(&c->form, field, tag)};
}

static void list_choices(struct context *c, const struct page *p, struct demand_form_view *v)
{
    static const struct {
        enum target_kind kind;
        const char *name;
    } targets[] = {{TARGET_EDITION, N_("an edition (ISBN)")},
                   {TARGET_WORK, N_("a work (its number)")},
                   {TARGET_COLLECTION, N_("a collection (its short name)")},
                   {TARGET_CONTRIBUTOR, N_("a contributor (their number)")},
                   {TARGET_SHOP, N_("a shop (its short name)")},
                   {TARGET_REVIEW, N_("a review (its entry of the voices)")},
                   {TARGET_COMMENT, N_("a comment (its entry of the voices)")}};
    size_t n = sizeof targets / sizeof *targets;
    v->targets.v = ARENA_ARRAY(c->arena, struct page_choice, n);
    for (size_t i = 0; i < n; i++)
        add_choice(c, &v->targets, "target", str_of(target_name(targets[i].kind)),
                   word_text(p, targets[i].name));
    v->senders.v = ARENA_ARRAY(c->arena, struct page_choice, SENDER_COUNT);
    for (int s = 0; s < SENDER_STAFF; s++)
        add_choice(c, &v->senders, "sender", str_of(sender_name((enum demand_sender)s)),
                   word_sender(p, (enum demand_sender)s));
    v->storefronts.v = ARENA_ARRAY(c->arena, struct page_choice, c->view->storefronts.n);
    for (size_t i = 0; i < c->view->storefronts.n; i++)
        add_choice(c, &v->storefronts, "storefront", c->view->storefronts.v[i].slug,
                   word_country(p, c->view->storefronts.v[i].country));
    v->features.v = ARENA_ARRAY(c->arena, struct page_choice, FEATURE_COUNT);
    for (int f = 0; f < FEATURE_COUNT; f++)
        add_choice(c, &v->features, "feature", str_of(feature_name((enum feature)f)),
                   word_feature(p, (enum feature)f));
    v->grounds.v = ARENA_ARRAY(c->arena, struct page_choice, GROUND_COUNT);
    for (int g = 0; g < GROUND_OPERATOR; g++)
        add_choice(c, &v->grounds, "ground", str_of(ground_name((enum ground)g)),
                   word_ground(p, (enum ground)g));
}

static struct str field(const struct context *c, const char *name)
{
    return str_trim(parameter_get(&c->form, name));
}

/* A list is nothing that a restriction has for its target: it holds titles and no words of its
 * owner's that others see. So who reports one names a title, and the list's address stands among
 * their reasons; empty: no list led here. */
static struct str list_reported(const struct context *c, const struct page *p)
{
    struct str secret = parameter_get(&c->request->query, "list");
    if (secret.n != TOKEN_SIZE)
        return STR_NONE;
    struct str address =
        ARENA_JOIN(c->arena, context_base_url(c), link_reader_list(p, secret).text);
    return word_filled(p, N_("About the list %1"), &address, 1);
}

static void show_form(struct context *c, struct str error, struct response *ret)
{
    struct page p = page_begin(c, ret);
    struct str list = list_reported(c, &p);
    struct demand_form_view v = {
        .error = error,
        .action = url_with(c->arena, (struct url){c->request->path}, STR("list"),
                           parameter_get(&c->request->query, "list")),
        .key = field(c, "key"),
        .key_wrong = fault_is_of_key(error),
        .country = field(c, "country"),
        .authority = field(c, "authority"),
        .legal_basis = field(c, "legal_basis"),
        .reference = field(c, "reference"),
        .explanation =
            list.n > 0 && c->request->method == METHOD_GET ? list : field(c, "explanation"),
        .of_list = list.n > 0,
        .scope_reason = field(c, "scope_reason"),
        .state_involved = field(c, "state_involved"),
        .name = field(c, "name"),
        .email = field(c, "email"),
        .redress = field(c, "redress").n > 0,
        .report_to = field(c, "report_to").n > 0,
        .declared_language = field(c, "declared_language").n > 0,
        .good_faith = field(c, "good_faith").n > 0};
    list_choices(c, &p, &v);
    p.token = session_form_token(c, ret);
    p.title = word_text(&p, N_("Ask that something be withheld"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    demand_form_page(&h, &p, &v);
}

/* A review or comment that a link names, or a reader's list, and not by the whole form. */
static bool is_report(const struct context *c)
{
    enum target_kind kind;
    if (parameter_get(&c->request->query, "list").n == TOKEN_SIZE && field(c, "whole").n == 0 &&
        (c->request->method == METHOD_GET || field(c, "report").n > 0))
        return true;
    return target_parse(field(c, "target"), &kind) && target_is_voice(kind) &&
           field(c, "key").n > 0 && field(c, "whole").n == 0 &&
           (c->request->method == METHOD_GET || field(c, "report").n > 0);
}

/* The titles of the list, one of which is meant. False where there is no such list. */
static bool list_titles(struct context *c, const struct page *p, struct report_form_view *v)
{
    struct shown_list list;
    struct str address = list_reported(c, p), secret = parameter_get(&c->request->query, "list");
    if (address.n == 0 || shown_list(&c->visit, secret, 0, LIST_REPORTED, &list, NULL) != RC_OK)
        return false;
    v->titles.v = ARENA_ARRAY(c->arena, struct page_choice, list.works.n);
    for (size_t i = 0; i < list.works.n; i++)
        if (list.works.v[i].card.title.n > 0)
            add_choice(c, &v->titles, "key",
                       arena_printf(c->arena, "%llu", (unsigned long long)list.works.v[i].work),
                       list.works.v[i].card.title);
    v->action = url_with(c->arena, v->action, STR("list"), secret);
    v->target = str_of(target_name(TARGET_WORK));
    v->feature = str_of(feature_name(FEATURE_LISTING));
    if (c->request->method == METHOD_GET)
        v->explanation = address;
    return true;
}

static void show_report(struct context *c, struct str error, struct response *ret)
{
    static const enum ground grounds[] = {GROUND_LAW, GROUND_TERMS};
    struct page p = page_begin(c, ret);
    struct report_form_view v = {.error = error,
                                 .action = {c->request->path},
                                 .target = field(c, "target"),
                                 .key = field(c, "key"),
                                 .feature = field(c, "feature"),
                                 .storefront = field(c, "storefront"),
                                 .explanation = field(c, "explanation"),
                                 .name = field(c, "name"),
                                 .email = field(c, "email"),
                                 .good_faith = field(c, "good_faith").n > 0};
    enum target_kind kind = TARGET_REVIEW;
    uint64_t index;
    bool of_list = list_titles(c, &p, &v);
    if (!of_list && !(target_parse(v.target, &kind) && target_is_voice(kind))) {
        show_form(c, error, ret); /* a list that is gone: there is nothing to choose */
        return;
    }
    if (target_parse(v.target, &kind) && str_to_u64(v.key, &index) &&
        !shown_quote(&c->visit, kind, index, &v.quote))
        v.quote = (struct shown_quote){0};
    v.grounds.v = ARENA_ARRAY(c->arena, struct page_choice, 2);
    for (size_t g = 0; g < 2; g++)
        add_choice(c, &v.grounds, "ground", str_of(ground_name(grounds[g])),
                   word_ground(&p, grounds[g]));
    v.whole = url_with(c->arena, v.action, STR("target"), v.target);
    v.whole = url_with(c->arena, v.whole, STR("key"), v.key);
    v.whole = url_with(c->arena, v.whole, STR("feature"), v.feature);
    v.whole = url_with(c->arena, v.whole, STR("storefront"), v.storefront);
    v.whole = url_with(c->arena, v.whole, STR("whole"), STR("1"));
    p.token = session_form_token(c, ret);
    p.title = of_list                  ? word_text(&p, N_("Report this list"))
              : kind == TARGET_COMMENT ? word_text(&p, N_("Report a comment"))
                                       : word_text(&p, N_("Report a review"));
    p.noindex = true;
    struct html h = page_html(c, ret);
    report_form_page(&h, &p, &v);
}

/* What the short form needs beyond a demand, which may lack it. */
static void check_report(const struct context *c, struct buf *faults)
{
    if (field(c, "explanation").n == 0)
        demand_fault_add(faults, "explanation: say why");
    if (field(c, "good_faith").n == 0)
        demand_fault_add(faults, "good-faith: the statement is needed");
}

/* A link may say what it is about, never what its sender states. */
static void fill_from_query(struct context *c)
{
    static const char *const fields[] = {"target", "key", "feature", "storefront", "whole"};
    const parameters *query = &c->request->query;
    c->form = (parameters){ARENA_ARRAY(c->arena, struct parameter, query->n), 0};
    for (size_t i = 0; i < query->n; i++)
        for (size_t f = 0; f < sizeof fields / sizeof *fields; f++)
            if (str_eq(query->v[i].name, str_of(fields[f])))
                c->form.v[c->form.n++] = query->v[i];
}

enum rc handle_demand_page(struct context *c, struct response *ret, struct fault *fault)
{
    (void)fault;
    fill_from_query(c);
    (is_report(c) ? show_report : show_form)(c, STR_NONE, ret);
    return RC_OK;
}

enum rc handle_demand(struct context *c, struct response *ret, struct fault *fault)
{
    struct demand_order order = {0};
    struct demand_made made;
    BUF_AUTO faults = BUF_INIT(FAULTS_MAX);
    demand_order_of_form(c->arena, &c->form, &order, &faults);
    order.language = language_tag(c->language);
    order.document.bytes = parameter_get(&c->request->files, "document");
    order.account = c->viewer.account;
    if (is_report(c))
        check_report(c, &faults);
    demand_faults(&order, &faults);
    if (faults.n > 0) {
        (is_report(c) ? show_report : show_form)(c, arena_str(c->arena, str_trim(buf_str(&faults))),
                                                 ret);
        ret->status = 422;
        return RC_OK;
    }
    enum rc rc = limits_demand(c, order.document.bytes.n > 0, fault);
    if (rc == RC_OK)
        rc = demand_add(c->server->site, c->server->writer, &order, &made, fault);
    if (rc == RC_OK) {
        go_to(ret, arena_printf(c->arena, "%.*s/%s", STR_ARG(c->request->path), made.secret));
        return RC_OK;
    }
    if (rc == RC_IO || rc == RC_CORRUPT || rc == RC_BUSY)
        return rc;
    (is_report(c) ? show_report : show_form)(c, arena_str(c->arena, str_of(fault->text)), ret);
    ret->status = rc == RC_LIMIT ? 429 : 422;
    ret->retry_after = c->retry_after;
    return RC_OK;
}
