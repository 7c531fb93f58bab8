#include "web/texts.h"

#include "domain/names.h"
#include "templates.h"
#include "web/choices.h"
#include "web/handlers.h"
#include "web/markdown.h"
#include "web/request.h"
#include "web/routes.h"

#define N_(text) text

/* ---- both ---- */

static struct url link_version(const struct page *p, struct str root, const struct shop_text *t)
{
    BUF_AUTO number = BUF_INIT(24);
    buf_u64(&number, t->version);
    struct url path = url_path(p->arena, 4, STR("texts"), str_of(text_kind_name(t->kind)),
                               t->language, buf_str(&number));
    return (struct url){ARENA_JOIN(p->arena, root, path.text)};
}

/* That version in its own language; NULL where the language has none in force. */
static const struct shop_text *present_of(const struct gate_view *view, const struct storefront *s,
                                          const struct shop_text *which)
{
    const struct shop_text *t = text_in_force(view, s, which->kind, which->language);
    return t != NULL && str_eq(t->language, which->language) ? t : NULL;
}

static enum rc load_versions(struct context *c, const struct page *p, const struct storefront *s,
                             const struct shop_text *which, text_lines *ret, struct fault *fault)
{
    text_version_list versions;
    const struct shop_text *present = present_of(c->view, s, which);
    struct str root = page_root_of(c, s, language_tag(c->language));
    enum rc rc = text_versions(c->worker->conn, c->arena, which, &versions, fault);
    if (rc != RC_OK)
        return rc;
    ret->v = ARENA_ARRAY(c->arena, struct text_line, versions.n);
    for (size_t i = 0; i < versions.n; i++) {
        struct shop_text t = *which;
        t.version = versions.v[i].version;
        ret->v[ret->n++] =
            (struct text_line){.version = versions.v[i],
                               .in_force = present != NULL && present->version == t.version,
                               .coming = versions.v[i].from > c->view->now,
                               .url = link_version(p, root, &t)};
    }
    return RC_OK;
}

/* ---- for readers ---- */

static enum rc load_body(struct context *c, struct text_view *v, struct fault *fault)
{
    struct str body, before;
    enum rc rc = text_body(c->worker->conn, c->arena, &v->text, &body, fault);
    if (rc != RC_OK)
        return rc;
    if (v->text.kind == TEXT_ABOUT)
        v->plain = body;
    else
        v->body = markdown_of_shop(c->arena, body);
    struct shop_text earlier = v->text;
    earlier.version = v->before;
    if (v->before == 0)
        return RC_OK;
    rc = text_body(c->worker->conn, c->arena, &earlier, &before, fault);
    if (rc == RC_OK)
        v->changes = diff_texts(c->arena, before, body);
    return rc;
}

/* The version that this one is compared with: the one before it, or whichever is asked for. */
static enum rc choose_other(struct context *c, struct text_view *v, struct fault *fault)
{
    struct str asked = parameter_get(&c->request->query, "since");
    uint64_t number = 0;
    if (asked.n > 0 && (!str_to_u64(asked, &number) || number == 0))
        return fault_set(fault, RC_INVALID, "since: the number of a version is needed");
    v->before = number > 0 ? number : v->before;
    v->others.v = ARENA_ARRAY(c->arena, struct page_choice, v->versions.n);
    for (size_t i = 0; i < v->versions.n; i++) {
        uint64_t version = v->versions.v[i].version.version;
        struct str tag = arena_printf(c->arena, "%llu", (unsigned long long)version);
        if (version != v->text.version)
            v->others.v[v->others.n++] =
                (struct page_choice){.tag = tag, .name = tag, .chosen = version == v->before};
    }
    return RC_OK;
}

/* Where another storefront has no such text, its choice leads to its home. */
static void mend_choices(const struct context *c, struct page *p, enum text_kind kind)
{
    p->alternates.n = 0;
    for (size_t i = 0; i < p->storefronts.n; i++) {
        struct page_choice *choice = &p->storefronts.v[i];
        const struct storefront *s = gate_storefront(c->view, choice->tag);
        if (choice->chosen || s == NULL)
            continue;
        struct str root = page_root_of(c, s, s->languages.v[0]);
        struct url there = url_path(c->arena, 2, STR("texts"), str_of(text_kind_name(kind)));
        bool has = text_in_force(c->view, s, kind, s->languages.v[0]) != NULL;
        choice->url = (struct url){ARENA_JOIN(c->arena, root, has ? there.text : STR("/"))};
    }
}

static enum rc show_text(struct context *c, struct text_view *v, bool permanent,
                         struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    enum rc rc = load_versions(c, &p, c->storefront, &v->text, &v->versions, fault);
    bool found = false;
    for (size_t i = 0; rc == RC_OK && i < v->versions.n; i++) {
        const struct text_line *line = &v->versions.v[i];
        if (line->version.version != v->text.version)
            continue;
        found = true;
        v->text.from = line->version.from;
        v->text.saved = line->version.saved;
        v->text.gone = line->version.gone;
        v->in_force = line->in_force;
        v->coming = line->coming;
        v->before = permanent && i + 1 < v->versions.n ? line[1].version.version : 0;
    }
    if (rc == RC_OK && found && permanent)
        rc = choose_other(c, v, fault);
    if (rc == RC_OK && !found)
        rc = fault_set(fault, RC_NOT_FOUND, "there is no such version of this text");
    if (rc == RC_OK)
        rc = load_body(c, v, fault);
    if (rc != RC_OK)
        return rc;
    if (!str_eq(v->text.language, language_tag(c->language)))
        v->lang = v->text.language;
    if (text_in_force(c->view, c->storefront, v->text.kind, v->text.language) != NULL)
        v->present = link_text(&p, v->text.kind);
    v->own = link_version(&p, p.root, &v->text);
    p.title = word_text_kind(&p, v->text.kind);
    p.noindex = permanent;
    mend_choices(c, &p, v->text.kind);
    struct html h = page_html(c, ret);
    if (permanent)
        text_version_page(&h, &p, v);
    else
        text_page(&h, &p, v);
    return RC_OK;
}

static enum rc read_kind(struct str name, enum text_kind *ret, struct fault *fault)
{
    return text_kind_parse(name, ret)
               ? RC_OK
               : fault_set(fault, RC_NOT_FOUND, "there is no such text here");
}

enum rc handle_text(struct context *c, struct response *ret, struct fault *fault)
{
    struct text_view v = {0};
    enum rc rc = read_kind(c->captures[0], &v.text.kind, fault);
    if (rc != RC_OK)
        return rc;
    const struct shop_text *t =
        text_in_force(c->view, c->storefront, v.text.kind, language_tag(c->language));
    if (t == NULL)
        return fault_set(fault, RC_NOT_FOUND, "there is no such text here");
    v.text = *t;
    return show_text(c, &v, false, ret, fault);
}

enum rc handle_text_version(struct context *c, struct response *ret, struct fault *fault)
{
    struct text_view v = {.text = {.storefront = c->storefront->id, .language = c->captures[1]}};
    enum rc rc = read_kind(c->captures[0], &v.text.kind, fault);
    if (rc == RC_OK)
        rc = captured_id(c, 2, &v.text.version, fault);
    return rc == RC_OK ? show_text(c, &v, true, ret, fault) : rc;
}

/* The rules that every shop has, which the code knows, and what this one adds to them. */
enum rc handle_reviews_policy(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct text_view v = {.present = {STR_NONE}};
    const struct shop_text *t =
        text_in_force(c->view, c->storefront, TEXT_REVIEWS, language_tag(c->language));
    if (t != NULL) {
        v.text = *t;
        v.lang = str_eq(t->language, language_tag(c->language)) ? STR_NONE : t->language;
        v.present = link_text(&p, TEXT_REVIEWS);
        enum rc rc = load_body(c, &v, fault);
        if (rc != RC_OK)
            return rc;
    }
    struct html h = page_html(c, ret);
    p.title = word_text(&p, N_("How reviews work here"));
    reviews_policy_page(&h, &p, &v);
    return RC_OK;
}

/* ---- at the desk ---- */

static struct url link_edit(const struct page *p, const struct storefront *s, enum text_kind kind,
                            struct str language)
{
    struct url url =
        url_with(p->arena, URL_LITERAL("/desk/texts/edit"), STR("storefront"), s->slug);
    url = url_with(p->arena, url, STR("kind"), str_of(text_kind_name(kind)));
    return url_with(p->arena, url, STR("in"), language);
}

static struct url link_shown(struct context *c, const struct storefront *s, enum text_kind kind,
                             struct str language)
{
    struct url below = url_path(c->arena, 2, STR("texts"), str_of(text_kind_name(kind)));
    struct str root =
        page_root_of(c, s, language_is_offered(language) ? language : s->languages.v[0]);
    return (struct url){ARENA_JOIN(c->arena, root, below.text)};
}

/* The lines of one kind: a language each, as far as any version of it is there. */
static void list_kind(struct context *c, const struct page *p, struct desk_texts_view *v,
                      const shop_text_list *all, enum text_kind kind)
{
    size_t before = v->lines.n;
    for (size_t i = 0; i < all->n; i++) {
        const struct shop_text *t = &all->v[i];
        struct desk_text_line *last = v->lines.n > before ? &v->lines.v[v->lines.n - 1] : NULL;
        if (t->storefront != v->storefront->id || t->kind != kind)
            continue;
        if (last == NULL || !str_eq(last->language, t->language)) {
            last = &v->lines.v[v->lines.n++];
            *last = (struct desk_text_line){.kind = kind,
                                            .language = t->language,
                                            .present = present_of(c->view, v->storefront, t),
                                            .edit = link_edit(p, v->storefront, kind, t->language)};
            if (last->present != NULL && kind != TEXT_ABOUT)
                last->page = link_shown(c, v->storefront, kind, t->language);
        }
        if (t->from > c->view->now && (last->coming == NULL || t->from < last->coming->from))
            last->coming = t;
    }
    if (v->lines.n == before)
        v->lines.v[v->lines.n++] = (struct desk_text_line){
            .kind = kind, .edit = link_edit(p, v->storefront, kind, v->storefront->languages.v[0])};
}

static void list_choices(struct context *c, const struct page *p, struct desk_texts_view *v)
{
    size_t n = 0;
    v->storefronts.v = ARENA_ARRAY(c->arena, struct page_choice, c->view->storefronts.n);
    for (size_t i = 0; i < c->view->storefronts.n; i++) {
        const struct storefront *s = &c->view->storefronts.v[i];
        v->storefronts.v[v->storefronts.n++] = (struct page_choice){
            .name = word_country(p, s->country),
            .tag = s->slug,
            .url = url_with(c->arena, URL_LITERAL("/desk/texts"), STR("storefront"), s->slug),
            .chosen = s == v->storefront};
    }
    page_choices_sort(p, &v->storefronts);
    v->kinds.v = ARENA_ARRAY(c->arena, struct page_choice, TEXT_KINDS);
    for (int kind = 0; kind < TEXT_KINDS; kind++)
        choices_add(&v->kinds, str_of(text_kind_name((enum text_kind)kind)),
                    word_text_kind(p, (enum text_kind)kind), STR_NONE);
    while (context_spoken(c, v->storefront, n).n > 0)
        n++;
    v->languages.v = ARENA_ARRAY(c->arena, struct page_choice, n);
    for (size_t i = 0; i < n; i++) {
        struct str tag = context_spoken(c, v->storefront, i);
        choices_add(&v->languages, tag, word_language(p, tag), STR_NONE);
    }
}

enum rc handle_desk_texts(struct context *c, struct response *ret, struct fault *fault)
{
    struct str slug = parameter_get(&c->request->query, "storefront");
    struct desk_texts_view v = {0};
    shop_text_list all;
    if (slug.n > 0 && (v.storefront = gate_storefront(c->view, slug)) == NULL)
        return fault_set(fault, RC_NOT_FOUND, "there is no storefront %.*s", STR_ARG(slug));
    if (slug.n == 0 && c->view->storefronts.n > 0)
        v.storefront = &c->view->storefronts.v[0];
    enum rc rc = texts_all(c->worker->conn, c->arena, &all, fault);
    if (rc != RC_OK)
        return rc;
    struct page p = desk_begin(c, N_("Texts"), ret);
    v.lines.v = ARENA_ARRAY(c->arena, struct desk_text_line, all.n + TEXT_KINDS);
    if (v.storefront != NULL)
        list_choices(c, &p, &v);
    for (int kind = 0; v.storefront != NULL && kind < TEXT_KINDS; kind++)
        list_kind(c, &p, &v, &all, (enum text_kind)kind);
    struct html h = page_html(c, ret);
    desk_texts_page(&h, &p, &v);
    return RC_OK;
}

/* Which text the form is about. RC_NOT_FOUND. */
static enum rc read_which(struct context *c, struct desk_text_view *v, struct shop_text *which,
                          struct fault *fault)
{
    const parameters *from = c->request->method == METHOD_POST ? &c->form : &c->request->query;
    struct str slug = parameter_get(from, "storefront");
    v->language = parameter_get(from, "in");
    v->storefront = gate_storefront(c->view, slug);
    if (v->storefront == NULL)
        return fault_set(fault, RC_NOT_FOUND, "there is no storefront %.*s", STR_ARG(slug));
    if (!language_tag_valid(v->language))
        return fault_set(fault, RC_NOT_FOUND, "there is no such text here");
    enum rc rc = read_kind(parameter_get(from, "kind"), &v->kind, fault);
    *which = (struct shop_text){
        .storefront = v->storefront->id, .kind = v->kind, .language = v->language};
    return rc;
}

/* The form holds what was sent, or else the latest version. */
static enum rc fill_form(struct context *c, struct desk_text_view *v, struct shop_text *which,
                         struct fault *fault)
{
    if (c->request->method == METHOD_POST) {
        v->body = parameter_get(&c->form, "body");
        v->from = parameter_get(&c->form, "from");
        v->withdraw = parameter_has(&c->form, "withdraw", STR("yes"));
        return RC_OK;
    }
    which->version = v->after;
    return v->after > 0 ? text_body(c->worker->conn, c->arena, which, &v->body, fault) : RC_OK;
}

/* A path that readers at the storefront's host find no page at. */
static bool leads_nowhere_here(const struct context *c, const struct storefront *storefront,
                               struct str path)
{
    struct request asked = *c->request;
    struct context there = *c;
    struct str tag, allow;
    struct fault fault;
    enum text_kind kind;
    size_t end =
        str_find(path, '?') < str_find(path, '#') ? str_find(path, '?') : str_find(path, '#');
    asked.method = METHOD_GET;
    if (storefront != NULL && storefront->host.n > 0)
        asked.host = storefront->host;
    if (request_decode(&asked, str_sub(path, 0, end), STR_NONE, &fault) != RC_OK)
        return true;
    there.request = &asked;
    if (routes_match(&there, &tag, &allow) != RC_OK || there.route->access >= ACCESS_PARTNER)
        return true;
    return there.route->handle == handle_text &&
           (!text_kind_parse(there.captures[0], &kind) || there.storefront == NULL ||
            text_in_force(c->view, there.storefront, kind, tag) == NULL);
}

/* Whoever saves a text hears which of its links readers cannot follow. What lies outside is not
 * asked for. */
static written_links dead_links(const struct context *c, const struct storefront *storefront,
                                struct str body)
{
    written_links all = markdown_links(c->arena, body);
    written_links dead = {ARENA_ARRAY(c->arena, struct str, all.n), 0};
    for (size_t i = 0; i < all.n; i++) {
        bool here = str_starts(all.v[i], STR("/"));
        if (!markdown_links_to(all.v[i]) || (here && leads_nowhere_here(c, storefront, all.v[i])))
            dead.v[dead.n++] = all.v[i];
    }
    return dead;
}

static enum rc show_edit(struct context *c, struct str error, struct response *ret,
                         struct fault *fault)
{
    struct desk_text_view v = {.error = error};
    struct shop_text which;
    enum rc rc = read_which(c, &v, &which, fault);
    if (rc != RC_OK)
        return rc;
    struct page p = desk_begin(c, N_("Texts"), ret);
    rc = load_versions(c, &p, v.storefront, &which, &v.versions, fault);
    v.after = v.versions.n > 0 ? v.versions.v[0].version.version : 0;
    if (rc == RC_OK)
        rc = fill_form(c, &v, &which, fault);
    if (rc != RC_OK)
        return rc;
    /* A form that was refused because of a newer version has shown it now. */
    v.previewed = c->tried && str_trim(v.body).n > 0;
    if (v.previewed && v.kind == TEXT_ABOUT)
        v.plain = v.body;
    else if (v.previewed)
        v.preview = markdown_of_shop(c->arena, v.body);
    if (v.kind != TEXT_ABOUT)
        v.dead = dead_links(c, v.storefront, v.body);
    if (v.kind != TEXT_ABOUT && present_of(c->view, v.storefront, &which) != NULL)
        v.page = link_shown(c, v.storefront, v.kind, v.language);
    struct html h = page_html(c, ret);
    desk_text_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_desk_text(struct context *c, struct response *ret, struct fault *fault)
{
    return show_edit(c, STR_NONE, ret, fault);
}

enum rc handle_desk_text_save(struct context *c, struct response *ret, struct fault *fault)
{
    struct desk_text_view v = {0};
    struct shop_text which;
    uint64_t after, version;
    enum rc rc = read_which(c, &v, &which, fault);
    if (rc != RC_OK)
        return rc;
    if (parameter_has(&c->form, "act", STR("preview"))) {
        c->tried = true;
        return show_edit(c, STR_NONE, ret, fault);
    }
    if (!str_to_u64(parameter_get(&c->form, "after"), &after))
        return fault_set(fault, RC_INVALID, "after: the number of a version is needed");
    struct text_order order = {.storefront = v.storefront->slug,
                               .kind = str_of(text_kind_name(v.kind)),
                               .language = v.language,
                               .body = parameter_get(&c->form, "body"),
                               .withdrawn = parameter_has(&c->form, "withdraw", STR("yes")),
                               .from = str_trim(parameter_get(&c->form, "from")),
                               .after = &after};
    if (order.withdrawn)
        order.body = STR_NONE; /* the form still holds what is withdrawn */
    rc = text_set(c->server->writer, &c->viewer, &order, &version, fault);
    if (rc == RC_OK) {
        struct page p = {.arena = c->arena};
        struct url edit = link_edit(&p, v.storefront, v.kind, v.language);
        go_to(ret, url_with(c->arena, edit, STR("done"), STR("1")).text);
    }
    return show_refused(c, rc, show_edit, ret, fault);
}
