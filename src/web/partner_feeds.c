/* A feed at the partner's desk: sending it, how far it has come, what was found. */
#include <stdio.h>

#include "app/feed_runner.h"
#include "app/feeds.h"
#include "base/clock.h"
#include "base/csv.h"
#include "base/json.h"
#include "templates.h"
#include "web/accounts.h"
#include "web/handlers.h"
#include "web/mending.h"
#include "web/partner.h"

#define N_(text) text

enum { REFRESH_SECONDS = 2, FINDINGS_A_PAGE = 100, FINDINGS_AT_ONCE = 1000 };

struct url link_feed(const struct page *p, const struct partner_shop *shop, uint64_t id,
                     const char *part)
{
    return (struct url){arena_printf(p->arena, "/desk/partner/%.*s/feeds/%llu%s",
                                     STR_ARG(shop->slug), (unsigned long long)id, part)};
}

struct url link_feed_of(const struct feed_view *v, const struct page *p, const char *severity)
{
    return url_with(p->arena, link_feed(p, &v->shop, v->feed.id, ""), STR("severity"),
                    str_of(severity));
}

/* Somebody at the desk wanted it to end: nothing failed. */
static bool is_stopped(const struct feed *f)
{
    return f->state == FEED_HELD && f->halted &&
           str_starts(f->reason, STR("it was stopped at the desk"));
}

bool finding_stands_above(const struct feed *f, const struct feed_finding *x)
{
    return x->reason.n > 0 && str_find_str(f->reason, x->reason) < f->reason.n;
}

struct str word_feed_state(const struct page *p, const struct feed *f)
{
    static const char *const states[] = {
        [FEED_WAITING] = N_("waiting"),
        [FEED_RUNNING] = N_("being imported"),
        [FEED_TAKEN] = N_("imported"),
        [FEED_HELD] = N_("held"),
    };
    return word_text(p, is_stopped(f) ? N_("stopped") : states[f->state]);
}

const char *feed_state_class(const struct feed *f)
{
    if (is_stopped(f))
        return "other";
    return f->state == FEED_HELD ? "in" : f->state == FEED_TAKEN ? "lifted" : "other";
}

/* ---- sending one ---- */

enum rc handle_partner_upload(struct context *c, struct response *ret, struct fault *fault)
{
    struct partner_shop shop;
    struct page p;
    uint64_t id;
    const struct request *r = c->request;
    enum rc rc = partner_begin(c, N_("The partner’s desk"), &shop, &p, ret, fault);
    /* Another node may have shown the form: this one has not known the session so far. */
    if (rc == RC_OK && r->spooled.n == 0 && r->files.n > 0)
        rc = fault_set(fault, RC_INVALID, "feed: it did not come through; send it once more");
    if (rc == RC_OK && r->spooled.n == 0 && r->empty_file)
        rc = fault_set(fault, RC_INVALID, "feed: the file is empty");
    if (rc == RC_OK && (r->spooled.n == 0 || !str_eq(r->spooled.v[0].name, STR("feed"))))
        rc = fault_set(fault, RC_INVALID, "feed: choose the file to send");
    if (rc == RC_OK)
        rc = feed_add(c->server->site, c->server->writer, &c->viewer, &shop,
                      feed_name_clean(c->arena, r->spooled.v[0].file_name), r->spooled.v[0].path,
                      &id, fault);
    if (rc == RC_OK) {
        feed_runner_wake(c->server->feeds);
        go_to(ret, link_feed(&p, &shop, id, "").text);
    }
    if (rc != RC_INVALID)
        return rc;
    ret->status = 422;
    return show_partner_shop(c, &p, &shop, arena_str(c->arena, str_of(fault->text)), ret, fault);
}

/* ---- what became of it ---- */

/* Bytes tell how much of the file is read, and so how many records there may be. */
static void measure(const struct page *p, struct feed_view *v)
{
    const struct feed *f = &v->feed;
    uint64_t bytes = f->bytes, all = f->bytes_all;
    int64_t ran = (f->ended != 0 ? f->ended : clock_now()) - f->started;
    v->percent = all == 0 ? 0 : (unsigned)(bytes >= all ? 100 : bytes * 100 / all);
    if (f->state == FEED_RUNNING && bytes > 0 && bytes < all)
        v->estimated = (uint64_t)((double)f->records * (double)all / (double)bytes);
    if (f->started != 0 && ran > 0)
        v->rate = f->records / (uint64_t)ran;
    if (v->rate > 0 && v->estimated > f->records)
        v->remaining = (v->estimated - f->records) / v->rate + 1;
    (void)p;
}

/* Whether anything of it is among the shop's titles: one that was refused says nothing of them. */
static bool brought_titles(const struct feed *f)
{
    return f->ended != 0 && f->added + f->changed + f->unchanged > 0;
}

/* A feed is sent to sell: where its shop's titles are on sale now stands first. */
static enum rc read_standings(struct context *c, const struct page *p, struct feed_view *v,
                              struct fault *fault)
{
    struct title_choice all = {.wish = WISH_ANY};
    struct title_counts counts;
    shop_title_list none;
    uint64_t total;
    enum rc rc = title_survey_find(c->server->surveys, c->worker->conn, c->arena, c->view, &v->shop,
                                   &all, 0, 0, &none, &total, &counts, fault);
    if (rc == RC_BUSY) /* they are being counted: the next look has them */
        return RC_OK;
    if (rc != RC_OK || counts.titles == 0)
        return rc;
    v->standings.v = ARENA_ARRAY(c->arena, struct storefront_standing, c->view->storefronts.n);
    v->rightless = counts.rightless;
    if (v->rightless > 0)
        v->rightless_url = link_titles_of(p, &v->shop, &c->view->storefronts.v[0],
                                          offering_name(VERDICT_RIGHTS_UNKNOWN));
    for (size_t i = 0; i < c->view->storefronts.n; i++) {
        const struct storefront *in = &c->view->storefronts.v[i];
        struct storefront_standing s = {.country = in->country, .titles = counts.titles};
        int most = -1;
        for (int o = 0; o < OFFERING_COUNT; o++) {
            uint64_t n = counts.standing[i][o];
            if (o != OFFERING_WITHHELD && verdict_sells((enum verdict)o)) {
                s.sold += n;
            } else if (n > s.reason_n) {
                s.reason_n = n;
                most = o;
            }
        }
        s.sold_url = link_titles_of(p, &v->shop, in, STR("sold"));
        if (most >= 0) {
            s.reason = word_offering_of(p, most);
            s.reason_url = link_titles_of(p, &v->shop, in, offering_name(most));
        }
        v->standings.v[v->standings.n++] = s;
    }
    return RC_OK;
}

/* Two threads find them, and what a record says is not read in the order of its lines. */
static int by_line(const void *a, const void *b)
{
    const struct feed_finding *x = a, *y = b;
    if (x->line != y->line)
        return x->line < y->line ? -1 : 1;
    return (x->n > y->n) - (x->n < y->n);
}

static enum rc read_findings(struct context *c, const struct page *p, struct feed_view *v,
                             struct fault *fault)
{
    uint64_t after;
    v->severity = parameter_get(&c->request->query, "severity");
    enum rc rc = parameter_number(&c->request->query, "after", 0, FINDINGS_MAX, &after, fault);
    if (rc == RC_OK)
        rc = feed_findings(c->worker->conn, c->arena, v->feed.id, v->severity, after,
                           FINDINGS_A_PAGE + 1, &v->findings, fault);
    if (rc != RC_OK)
        return rc;
    struct url here =
        url_with(c->arena, link_feed(p, &v->shop, v->feed.id, ""), STR("severity"), v->severity);
    if (after > 0)
        v->first = here;
    if (v->findings.n > FINDINGS_A_PAGE) {
        v->findings.n--;
        v->next = url_with(
            c->arena, here, STR("after"),
            arena_printf(c->arena, "%llu", (unsigned long long)v->findings.v[v->findings.n - 1].n));
    }
    if (v->findings.n > 1)
        qsort(v->findings.v, v->findings.n, sizeof *v->findings.v, by_line);
    return RC_OK;
}

/* The feed that the second capture names. */
static enum rc find_feed(struct context *c, struct partner_shop *shop, struct page *p,
                         struct feed *feed, struct response *ret, struct fault *fault)
{
    uint64_t id;
    enum rc rc = partner_begin(c, N_("A feed"), shop, p, ret, fault);
    if (rc == RC_OK)
        rc = captured_id(c, 1, &id, fault);
    return rc == RC_OK ? feed_get(c->worker->conn, c->arena, shop, id, feed, fault) : rc;
}

enum rc handle_partner_feed(struct context *c, struct response *ret, struct fault *fault)
{
    struct feed_view v = {0};
    struct page p;
    enum rc rc = find_feed(c, &v.shop, &p, &v.feed, ret, fault);
    if (rc == RC_OK)
        rc = read_findings(c, &p, &v, fault);
    if (rc == RC_OK && v.feed.state == FEED_TAKEN)
        rc = feed_compare(c->worker->conn, c->arena, &v.shop, &v.feed, &v.before, fault);
    if (rc == RC_OK && brought_titles(&v.feed))
        rc = read_standings(c, &p, &v, fault);
    if (rc != RC_OK)
        return rc;
    p.title = v.feed.name;
    measure(&p, &v);
    v.under_way = v.feed.state == FEED_WAITING || v.feed.state == FEED_RUNNING;
    v.still = parameter_has(&c->request->query, "still", STR("1"));
    v.stop = url_with(c->arena, link_feed(&p, &v.shop, v.feed.id, ""), STR("still"), STR("1"));
    if (v.under_way && !v.still)
        p.refresh = REFRESH_SECONDS;
    struct html h = page_html(c, ret);
    partner_feed_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_partner_stop(struct context *c, struct response *ret, struct fault *fault)
{
    struct partner_shop shop;
    struct page p;
    struct feed feed;
    enum rc rc = find_feed(c, &shop, &p, &feed, ret, fault);
    if (rc == RC_OK)
        rc = feed_stop(c->server->writer, &shop, feed.id, fault);
    if (rc == RC_OK) {
        feed_runner_wake(c->server->feeds);
        go_to(ret, link_feed(&p, &shop, feed.id, "").text);
    }
    return rc;
}

/* ---- the report, to take along ---- */

static void csv_line(FILE *out, const struct page *p, const struct feed_finding *f)
{
    BUF_AUTO text = BUF_INIT(64 << 10);
    struct str cells[] = {f->severity,
                          arena_printf(p->arena, "%llu", (unsigned long long)f->line),
                          f->reference,
                          f->isbn,
                          f->element,
                          f->code,
                          word_finding(p, f->reason),
                          word_mending(p, f->code),
                          arena_printf(p->arena, "%llu", (unsigned long long)f->times)};
    csv_line_add(&text, cells, sizeof cells / sizeof *cells);
    fwrite(text.p, 1, text.n, out);
}

static void json_line(FILE *out, const struct page *p, const struct feed_finding *f)
{
    BUF_AUTO text = BUF_INIT(64 << 10);
    JSON_AUTO *json = json_pack(
        "{s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:I}", "severity", json_from_str(f->severity),
        "line", (json_int_t)f->line, "reference", json_from_str(f->reference), "isbn",
        json_from_str(f->isbn), "element", json_from_str(f->element), "code",
        json_from_str(f->code), "reason", json_from_str(word_finding(p, f->reason)), "mend",
        json_from_str(word_mending(p, f->code)), "records", (json_int_t)f->times);
    json_write(json, &text);
    fwrite(text.p, 1, text.n, out);
    fputc('\n', out);
}

static enum rc write_findings(struct context *c, const struct page *p, uint64_t feed, FILE *out,
                              bool csv, struct fault *fault)
{
    uint64_t after = 0;
    struct str severity = parameter_get(&c->request->query, "severity");
    if (csv)
        fputs("severity,line,reference,isbn,element,code,reason,mend,records\r\n", out);
    for (bool more = true; more;) {
        ARENA_AUTO arena = ARENA_INIT;
        struct page page = *p;
        finding_list list;
        page.arena = &arena;
        enum rc rc = feed_findings(c->worker->conn, &arena, feed, severity, after, FINDINGS_AT_ONCE,
                                   &list, fault);
        if (rc != RC_OK)
            return rc;
        for (size_t i = 0; i < list.n; i++)
            (csv ? csv_line : json_line)(out, &page, &list.v[i]);
        more = list.n == FINDINGS_AT_ONCE;
        after = more ? list.v[list.n - 1].n : after;
    }
    return RC_OK;
}

static enum rc take_along(struct context *c, bool csv, struct response *ret, struct fault *fault)
{
    struct partner_shop shop;
    struct page p;
    struct feed feed;
    enum rc rc = find_feed(c, &shop, &p, &feed, ret, fault);
    FILE *out = rc == RC_OK ? tmpfile() : NULL;
    if (rc == RC_OK && out == NULL)
        rc = fault_set(fault, RC_IO, "there is no room for the file");
    if (rc == RC_OK)
        rc = write_findings(c, &p, feed.id, out, csv, fault);
    struct str name = arena_printf(c->arena, "findings-%llu.%s", (unsigned long long)feed.id,
                                   csv ? "csv" : "jsonl");
    if (rc == RC_OK)
        rc = answer_download(ret, out,
                             csv ? "text/csv; charset=utf-8; header=present"
                                 : "application/jsonl; charset=utf-8",
                             name, c->arena, fault);
    if (out != NULL)
        fclose(out);
    return rc;
}

enum rc handle_partner_findings_csv(struct context *c, struct response *ret, struct fault *fault)
{
    return take_along(c, true, ret, fault);
}

enum rc handle_partner_findings_lines(struct context *c, struct response *ret, struct fault *fault)
{
    return take_along(c, false, ret, fault);
}
