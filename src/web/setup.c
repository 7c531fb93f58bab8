#include "web/setup.h"

#include "app/account.h"
#include "app/feed_inbox.h"
#include "app/manage.h"
#include "templates.h"
#include "web/choices.h"
#include "web/desk.h"
#include "web/handlers.h"
#include "web/security.h"

#define N_(text) text

/* ---- storefronts ---- */

struct str word_languages(const struct page *p, const struct storefront *s)
{
    BUF_AUTO text = BUF_INIT(4096);
    for (size_t i = 0; i < s->languages.n; i++) {
        struct str name = word_language(p, s->languages.v[i]);
        buf_printf(&text, "%s%.*s", i > 0 ? ", " : "", STR_ARG(name));
    }
    return arena_str(p->arena, buf_str(&text));
}

struct url link_storefront_change(const struct page *p, const struct storefront *s)
{
    return url_with(p->arena, (struct url){STR("/desk/storefronts")}, STR("which"), s->slug);
}

static bool storefront_speaks(const struct storefront *s, struct str tag)
{
    for (size_t i = 0; i < s->languages.n; i++)
        if (str_eq(s->languages.v[i], tag))
            return true;
    return false;
}

/* Each field of the name; "en zh-Hans", with spaces or commas, in one of them, too. */
static void read_languages(struct context *c, struct storefront *s)
{
    s->languages.v = ARENA_ARRAY(c->arena, struct str, STOREFRONT_LANGUAGES_MAX + 1);
    for (size_t i = 0; i < c->form.n; i++) {
        struct str rest = c->form.v[i].value;
        while (str_eq(c->form.v[i].name, STR("language")) && rest.n > 0 &&
               s->languages.n <= STOREFRONT_LANGUAGES_MAX) {
            size_t end = 0;
            while (end < rest.n && rest.p[end] != ' ' && rest.p[end] != ',')
                end++;
            struct str word = str_sub(rest, 0, end);
            rest = str_sub(rest, end < rest.n ? end + 1 : end, rest.n);
            if (word.n > 0 && !storefront_speaks(s, word))
                s->languages.v[s->languages.n++] = word;
        }
    }
}

/* As the form was sent, or as that storefront is. */
static void list_choices(struct context *c, const struct page *p, const struct storefront *is,
                         struct desk_storefronts_view *v)
{
    struct storefront s = {.currency = parameter_get(&c->form, "currency")};
    if (is != NULL)
        s = *is;
    else
        read_languages(c, &s);
    struct str usual = s.languages.n > 0 ? s.languages.v[0] : parameter_get(&c->form, "language");
    v->countries = choices_of_countries(p, parameter_get(&c->form, "country"));
    v->currencies = choices_of_currencies(p, s.currency);
    v->languages = choices_of_languages(p, usual);
    v->others = choices_of_languages(p, STR_NONE);
    for (size_t i = 0; i < v->others.n; i++)
        v->others.v[i].chosen =
            !str_eq(v->others.v[i].tag, usual) && storefront_speaks(&s, v->others.v[i].tag);
}

static enum rc show_storefronts(struct context *c, struct str error, struct response *ret,
                                struct fault *fault)
{
    (void)fault;
    struct page p = desk_begin(c, N_("Storefronts"), ret);
    bool posted = c->request->method == METHOD_POST;
    struct str which = parameter_get(posted ? &c->form : &c->request->query, "which");
    struct desk_storefronts_view v = {
        .error = error,
        .slug = parameter_get(&c->form, "slug"),
        .no_licence = parameter_get(&c->form, "no_licence"),
        .tax_excluded = parameter_has(&c->form, "tax", STR("excluded")),
        .changing = which.n > 0 ? gate_storefront(c->view, which) : NULL,
        .host = parameter_get(&c->form, "host"),
        .unstated = parameter_has(&c->form, "unstated", STR("sell"))};
    if (v.changing != NULL && !posted) {
        v.host = v.changing->host;
        v.unstated = v.changing->print_without_rights;
        v.tax_excluded = !v.changing->tax_included;
    }
    list_choices(c, &p, posted ? NULL : v.changing, &v);
    struct html h = page_html(c, ret);
    desk_storefronts_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_desk_storefronts(struct context *c, struct response *ret, struct fault *fault)
{
    return show_storefronts(c, STR_NONE, ret, fault);
}

enum rc handle_desk_storefront_add(struct context *c, struct response *ret, struct fault *fault)
{
    struct storefront s = {.slug = str_trim(parameter_get(&c->form, "slug")),
                           .country = str_trim(parameter_get(&c->form, "country")),
                           .currency = str_trim(parameter_get(&c->form, "currency")),
                           .tax_included = !parameter_has(&c->form, "tax", STR("excluded")),
                           .print_without_rights =
                               parameter_has(&c->form, "unstated", STR("sell"))};
    read_languages(c, &s);
    enum rc rc = manage_storefront_add(c->server->site, c->server->writer, &s,
                                       parameter_get(&c->form, "no_licence"), fault);
    if (rc == RC_OK)
        go_to(ret, STR("/desk/storefronts?done=1"));
    return show_refused(c, rc, show_storefronts, ret, fault);
}

static bool same_languages(const struct storefront *a, const struct storefront *b)
{
    bool same = a->languages.n == b->languages.n;
    for (size_t i = 0; same && i < a->languages.n; i++)
        same = str_eq(a->languages.v[i], b->languages.v[i]);
    return same;
}

/* Its own host name, languages, what its prices are in, and what it does with print of which nobody
 * stated the rights. Of these, what the form lacks stays as it is. */
enum rc handle_desk_storefront_set(struct context *c, struct response *ret, struct fault *fault)
{
    struct str which = parameter_get(&c->form, "which");
    struct str host = str_trim(parameter_get(&c->form, "host"));
    struct str currency = str_trim(parameter_get(&c->form, "currency"));
    struct str tax = parameter_get(&c->form, "tax");
    const struct storefront *s = gate_storefront(c->view, which);
    bool sell = parameter_has(&c->form, "unstated", STR("sell")), with = !str_is(tax, "excluded");
    struct storefront spoken = {0};
    enum rc rc = RC_OK;
    read_languages(c, &spoken);
    if (s == NULL)
        rc = fault_set(fault, RC_INVALID, "which: choose one of the storefronts");
    else if (tax.n > 0 && with && !str_is(tax, "included"))
        rc = fault_set(fault, RC_INVALID, "tax: included or excluded");
    if (rc == RC_OK) {
        struct storefront_change change = {.slug = which};
        if (!str_eq(s->host, host))
            change.host = &host;
        if (s->print_without_rights != sell)
            change.sell = &sell;
        if (currency.n > 0 && !str_eq(s->currency, currency))
            change.currency = &currency;
        if (tax.n > 0 && s->tax_included != with)
            change.tax_included = &with;
        if (spoken.languages.n > 0 && !same_languages(s, &spoken)) {
            change.languages = spoken.languages.v;
            change.languages_n = spoken.languages.n;
        }
        rc = manage_storefront_set(c->server->writer, &change, fault);
    }
    if (rc == RC_OK)
        go_to(ret, STR("/desk/storefronts?done=1"));
    return show_refused(c, rc, show_storefronts, ret, fault);
}

/* ---- shops ---- */

static enum rc show_shops(struct context *c, struct str error, struct response *ret,
                          struct fault *fault)
{
    struct desk_shops_view v = {.error = error,
                                .slug = parameter_get(&c->form, "slug"),
                                .name = parameter_get(&c->form, "name"),
                                .owner = parameter_get(&c->form, "owner"),
                                .controlled_by = parameter_get(&c->form, "controlled_by"),
                                .country = parameter_get(&c->form, "country")};
    partner_shop_list shops = {0};
    disclosure_list owners;
    enum rc rc = partner_shops(c->worker->conn, c->arena, &c->viewer, &shops, fault);
    if (rc == RC_OK)
        rc = disclosures_read(c->worker->conn, c->arena, &owners, fault);
    if (rc != RC_OK)
        return rc;
    struct page p = desk_begin(c, N_("Shops"), ret);
    page_sort_by_name(&p, shops.v, shops.n, sizeof *shops.v, offsetof(struct partner_shop, name));
    v.shops.v = ARENA_ARRAY(c->arena, struct desk_shop_line, shops.n);
    for (size_t i = 0; i < shops.n; i++)
        v.shops.v[v.shops.n++] =
            (struct desk_shop_line){shops.v[i], disclosures_find(&owners, shops.v[i].slug)};
    struct html h = page_html(c, ret);
    desk_shops_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_desk_shops(struct context *c, struct response *ret, struct fault *fault)
{
    return show_shops(c, STR_NONE, ret, fault);
}

static struct disclosure_order read_disclosure(const struct context *c)
{
    return (struct disclosure_order){.shop = str_trim(parameter_get(&c->form, "slug")),
                                     .owner = str_trim(parameter_get(&c->form, "owner")),
                                     .controlled_by =
                                         str_trim(parameter_get(&c->form, "controlled_by")),
                                     .country = str_trim(parameter_get(&c->form, "country"))};
}

enum rc handle_desk_shop_add(struct context *c, struct response *ret, struct fault *fault)
{
    struct disclosure_order order = read_disclosure(c);
    bool owned = order.owner.n > 0;
    enum rc rc = RC_OK;
    if (!owned && order.controlled_by.n + order.country.n > 0)
        rc = fault_set(fault, RC_INVALID, "owner: who controls it says more of an owner");
    if (rc == RC_OK)
        rc = manage_shop_add(c->server->site, c->server->writer, order.shop,
                             str_trim(parameter_get(&c->form, "name")), owned ? &order : NULL,
                             fault);
    if (rc == RC_OK)
        go_to(ret, STR("/desk/shops?done=1"));
    return show_refused(c, rc, show_shops, ret, fault);
}

enum rc handle_desk_shop_disclose(struct context *c, struct response *ret, struct fault *fault)
{
    struct disclosure_order order = read_disclosure(c);
    uint64_t index;
    enum rc rc = disclose(c->server->site, c->server->writer, &order, &index, fault);
    if (rc == RC_OK)
        go_to(ret, STR("/desk/shops?done=1"));
    return show_refused(c, rc, show_shops, ret, fault);
}

/* ---- staff ---- */

static const char *const staff_acts[] = {"remove", "second-factor"};

struct str word_staff_role(const struct page *p, const struct staff_member *m)
{
    if (m->shop.n == 0)
        return word_text(p, str_eq(m->role, STR("operator")) ? N_("operator") : N_("partner"));
    return word_filled(p, N_("partner: %1"), &m->shop, 1);
}

static enum rc show_staff(struct context *c, struct str error, struct response *ret,
                          struct fault *fault)
{
    struct desk_staff_view v = {.error = error,
                                .email = parameter_get(&c->form, "email"),
                                .name = parameter_get(&c->form, "name")};
    partner_shop_list shops = {0};
    enum rc rc = staff_read(c->server->site, c->arena, &v.members, fault);
    if (rc == RC_OK)
        rc = partner_shops(c->worker->conn, c->arena, &c->viewer, &shops, fault);
    if (rc != RC_OK)
        return rc;
    struct page p = desk_begin(c, N_("Staff"), ret);
    struct str act = parameter_get(&c->form, "act");
    page_sort_by_name(&p, shops.v, shops.n, sizeof *shops.v, offsetof(struct partner_shop, name));
    v.shops.v = ARENA_ARRAY(c->arena, struct page_choice, shops.n);
    for (size_t i = 0; i < shops.n; i++)
        choices_add(&v.shops, shops.v[i].slug, shops.v[i].name, parameter_get(&c->form, "shop"));
    v.which.v = ARENA_ARRAY(c->arena, struct page_choice, v.members.n);
    for (size_t i = 0; i < v.members.n; i++)
        if (str_eq(v.members.v[i].role, STR("partner")))
            choices_add(&v.which, v.members.v[i].email, v.members.v[i].email,
                        parameter_get(&c->form, "which"));
    v.acts.v = ARENA_ARRAY(c->arena, struct page_choice, 2);
    choices_add(&v.acts, str_of(staff_acts[0]),
                word_text(&p, N_("is none of the staff any more: a reader, signed out")), act);
    choices_add(&v.acts, str_of(staff_acts[1]),
                word_text(&p, N_("lost the second factor: sets up another at the next sign-in")),
                act);
    struct html h = page_html(c, ret);
    desk_staff_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_desk_staff(struct context *c, struct response *ret, struct fault *fault)
{
    return show_staff(c, STR_NONE, ret, fault);
}

/* A desk left open on somebody's screen makes no staff. */
static enum rc confirm_self(struct context *c, struct fault *fault)
{
    enum rc rc =
        security_check_password(c, parameter_get(&c->form, "own_password"), "own_password", fault);
    return rc == RC_DENIED ? RC_INVALID : rc;
}

/* Partners alone: an operator who made another one here would hold two voices where two people
 * have to agree. */
enum rc handle_desk_staff_add(struct context *c, struct response *ret, struct fault *fault)
{
    struct str email = str_trim(parameter_get(&c->form, "email"));
    struct str name = str_trim(parameter_get(&c->form, "name"));
    struct sign_up s = {.email = email,
                        .name = name.n > 0 ? name : str_sub(email, 0, str_find(email, '@')),
                        .password = parameter_get(&c->form, "password"),
                        .role = STR("partner"),
                        .shop = parameter_get(&c->form, "shop")};
    struct partner_shop shop;
    enum rc rc = confirm_self(c, fault);
    if (rc == RC_OK)
        rc = partner_enter(c->worker->conn, c->arena, &c->viewer, s.shop, &shop, fault);
    if (rc == RC_NOT_FOUND)
        rc = fault_set(fault, RC_INVALID, "shop: there is no shop %.*s", STR_ARG(s.shop));
    /* Before the account: if it fails, the form can be sent again. */
    if (rc == RC_OK)
        rc = feed_inbox_make(c->server->site, shop.slug, fault);
    if (rc == RC_OK)
        rc = account_add(c->server->passwords, c->server->writer, &s, NULL, fault);
    if (rc == RC_OK)
        go_to(ret, STR("/desk/staff?done=1"));
    return show_refused(c, rc, show_staff, ret, fault);
}

enum rc handle_desk_staff_change(struct context *c, struct response *ret, struct fault *fault)
{
    struct str which = parameter_get(&c->form, "which"), act = parameter_get(&c->form, "act");
    struct writer *writer = c->server->writer;
    enum rc rc = confirm_self(c, fault);
    if (rc == RC_OK && str_is(act, staff_acts[0]))
        rc = staff_remove(writer, which, STAFF_PARTNERS, fault);
    else if (rc == RC_OK && str_is(act, staff_acts[1]))
        rc = staff_reset_second_factor(writer, which, STAFF_PARTNERS, fault);
    else if (rc == RC_OK)
        rc = fault_set(fault, RC_INVALID, "act: choose one");
    if (rc == RC_NOT_FOUND)
        rc = fault_set(fault, RC_INVALID, "which: choose one of the partners");
    if (rc == RC_OK)
        go_to(ret, STR("/desk/staff?done=1"));
    return show_refused(c, rc, show_staff, ret, fault);
}
