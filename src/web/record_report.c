#include "web/record_report.h"

#include "base/clock.h"
#include "domain/demand.h"
#include "templates.h"
#include "web/assets.h"
#include "web/handlers.h"
#include "web/licences.h"
#include "web/record_filter.h"

#define N_(text) text

enum { CSV_MAX = 4 << 20, UPRIGHT = 170, BARS_MAX = 16 };

/* ---- words ---- */

static const struct {
    const char *heading, *note;
} tables[REPORT_TABLES] = {
    [REPORT_RESTRICTIONS] = {N_("Restrictions by storefront and ground"),
                             N_("A restriction in two storefronts counts in both.")},
    [REPORT_FEATURES] = {N_("What was withheld"),
                         N_("Restrictions that were decided in this year, by what they withhold.")},
    [REPORT_MONTHS] = {N_("By month"), N_("How many were decided, and how many lifted.")},
    [REPORT_DEMANDS] =
        {N_("Orders, notices and own initiative"),
         N_("Orders come from authorities and courts, notices from rightsholders and readers; what "
            "staff ask for is the shop’s own initiative. The filled part of a bar was granted, in "
            "whole or in part.")},
    [REPORT_TIMES] =
        {N_("How long demands took"),
         N_("Medians from a demand’s receipt to when its sender was told of that, to its "
            "decision, and to the effect of what was granted.")},
    [REPORT_TARGETS] = {N_("What restrictions were about"),
                        N_("Of an account, new ratings, reviews and comments are not taken: a "
                           "suspension.")},
    [REPORT_COMPLAINTS] = {N_("Complaints"),
                           N_("Upheld means that the restriction was lifted, or the demand decided "
                              "anew.")},
    [REPORT_DISPUTES] = {N_("Disputes out of court"),
                         N_("Decisions that were taken to certified bodies in this year, and how "
                            "they stood at its end. Implemented: of those that a body reversed, "
                            "wholly or in part, the restriction was lifted or had ended, or the "
                            "demand was decided anew.")},
    [REPORT_DELAYS] = {N_("How long it took"),
                       N_("From a demand to what followed it, from the entry to its effect, from "
                          "the effect to the lift, and until demands and complaints were "
                          "decided. The bars are medians.")},
    [REPORT_LICENCES] = {N_("Licences to sell"),
                         N_("All that were ever applied for, by what was said of each last at the "
                            "year’s end. That a last day is over is no entry: it is not counted.")},
    [REPORT_VOICES] = {N_("Ratings, reviews and comments"),
                       N_("What readers gave and took back. What is withheld was neither.")},
    [REPORT_KEYS] = {N_("Keys"), N_("Keys that began to sign in this year, and how many of them "
                                    "took the place of one before.")},
};

static struct str word_column(const struct page *p, const char *name)
{
    static const struct {
        const char *name, *word;
    } words[] = {
        {"storefront", N_("Storefront")},
        {"ground", N_("Ground")},
        {"feature", N_("Withheld")},
        {"month", N_("Month")},
        {"sender", N_("From whom")},
        {"country", N_("Country")},
        {"status", N_("Status")},
        {"from_to", N_("Between")},
        {"kind", N_("Kind")},
        {"decided", N_("decided")},
        {"lifted", N_("lifted")},
        {"received", N_("received")},
        {"granted", N_("granted")},
        {"narrowed", N_("narrowed")},
        {"refused", N_("refused")},
        {"waiting", N_("waiting")},
        {"upheld", N_("upheld")},
        {"rejected", N_("rejected")},
        {"count", N_("how many")},
        {"median_seconds", N_("median")},
        {"slowest_seconds", N_("slowest")},
        {"target", N_("Of")},
        {"acknowledged", N_("confirmed to the sender")},
        {"acknowledgement_median_seconds", N_("median to the confirmation")},
        {"decision_median_seconds", N_("median to the decision")},
        {"in_effect", N_("in effect")},
        {"effect_median_seconds", N_("median to the effect")},
        {"body", N_("Body")},
        {"brought", N_("brought")},
        {"confirmed", N_("confirmed")},
        {"reversed", N_("reversed")},
        {"partly", N_("reversed in part")},
        {"no_result", N_("without a result")},
        {"implemented", N_("implemented")},
        {"settled", N_("settled")},
        {"accepted", N_("accepted")},
        {"changed", N_("changed")},
        {"withdrawn", N_("withdrawn")},
        {"erased", N_("erased")},
        {"signs", N_("What they sign")},
        {"began", N_("new")},
        {"replaced", N_("in the place of one before")},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (strcmp(words[i].name, name) == 0)
            return word_text(p, words[i].word);
    return str_of(name);
}

static struct str word_of(const struct page *p, struct str text, const char *const words[][2],
                          size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(text, str_of(words[i][0])))
            return word_text(p, words[i][1]);
    return text;
}

static struct str word_cell(const struct page *p, enum report_kind kind, struct str text)
{
    static const char *const senders[][2] = {{"authority", N_("an authority")},
                                             {"court", N_("a court")},
                                             {"rightsholder", N_("a rightsholder")},
                                             {"reader", N_("a reader")},
                                             {"staff", N_("this shop’s staff")}};
    static const char *const spans[][2] = {
        {"received-published", N_("received and published")},
        {"published-in-effect", N_("published and in effect")},
        {"in-effect-lifted", N_("in effect and lifted")},
        {"received-decided", N_("a demand and its decision")},
        {"complaint-decided", N_("a complaint and its decision")}};
    static const char *const voices[][2] = {
        {"rating", N_("Ratings")}, {"review", N_("Reviews")}, {"comment", N_("Comments")}};
    static const char *const keys[][2] = {{"decisions", N_("decisions")},
                                          {"voices", N_("readers’ voices")},
                                          {"refusals", N_("refusals")}};
    enum ground ground;
    enum feature feature;
    enum target_kind target;
    const struct storefront *s;
    uint64_t year, month;
    switch (kind) {
    case REPORT_STOREFRONT:
        s = gate_storefront(p->view, text);
        return s != NULL ? word_country(p, s->country) : text;
    case REPORT_GROUND:
        return ground_parse(text, &ground) ? word_ground(p, ground) : text;
    case REPORT_FEATURE:
        return feature_parse(text, &feature) ? word_feature(p, feature) : text;
    case REPORT_MONTH:
        if (str_to_u64(str_sub(text, 0, 4), &year) && str_to_u64(str_sub(text, 5, 7), &month))
            return word_date(p, (int32_t)(year * 10000 + month * 100));
        return text;
    case REPORT_TARGET:
        return target_parse(text, &target) ? word_target_kind(p, target) : text;
    case REPORT_SENDER:
        return word_of(p, text, senders, 5);
    case REPORT_COUNTRY:
        return text.n > 0 ? word_country(p, text) : STR("–");
    case REPORT_SPAN:
        return word_of(p, text, spans, sizeof spans / sizeof *spans);
    case REPORT_VOICE:
        return word_of(p, text, voices, 3);
    case REPORT_LICENCE_STATUS:
        return word_licence_status_named(p, text);
    case REPORT_KEY:
        return word_of(p, text, keys, 3);
    default:
        return text;
    }
}

/* ---- a table and its chart ---- */

/* A number in words; of a median or a slowest the count stands before it. */
static struct str word_figure(const struct page *p, const struct report_rows *t,
                              const struct report_row *row, size_t column)
{
    size_t count = column;
    if (t->columns[column].kind != REPORT_SECONDS)
        return word_number(p, row->number[column]);
    while (t->columns[count].kind == REPORT_SECONDS)
        count--;
    return row->number[count] == 0 ? STR("–") : word_duration(p, row->number[column]);
}

static struct report_line line_of(const struct page *p, const struct report_rows *t,
                                  const struct report_row *row)
{
    struct report_line line = {{ARENA_ARRAY(p->arena, struct report_cell, t->column_n), 0}};
    for (size_t i = 0; i < t->column_n; i++) {
        bool number = report_is_number(t->columns[i].kind);
        line.cells.v[line.cells.n++] =
            (struct report_cell){.text = number ? word_figure(p, t, row, i)
                                                : word_cell(p, t->columns[i].kind, row->text[i]),
                                 .number = number,
                                 .head = i == 0 && !number};
    }
    return line;
}

/* Which number is drawn: of demands those granted out of those received, of times the
 * median, else the first there is. */
struct drawn {
    size_t column;
    size_t parts[2]; /* 0: none; what is filled of it */
};

static struct drawn drawn_of(const struct report_rows *t, enum report_table which)
{
    struct drawn d = {0, {0}};
    while (d.column < t->column_n && !report_is_number(t->columns[d.column].kind))
        d.column++;
    if (which == REPORT_DELAYS || which == REPORT_TIMES)
        d.column++;
    if (which == REPORT_DEMANDS) {
        d.parts[0] = d.column + 1;
        d.parts[1] = d.column + 2;
    }
    return d;
}

static struct str bar_name(const struct page *p, const struct report_rows *t,
                           const struct report_row *row, bool upright)
{
    struct str name =
        upright ? str_sub(row->text[0], 5, 7) : word_cell(p, t->columns[0].kind, row->text[0]);
    for (size_t k = 1; k < t->column_n && !report_is_number(t->columns[k].kind); k++)
        name = arena_printf(p->arena, "%.*s · %.*s", STR_ARG(name),
                            STR_ARG(word_cell(p, t->columns[k].kind, row->text[k])));
    return name;
}

/* A bar for each row, as long as what is drawn of it. */
static void fill_bars(const struct page *p, const struct report_rows *t, enum report_table which,
                      struct report_section *s)
{
    struct drawn d = drawn_of(t, which);
    uint64_t longest = 0;
    for (size_t i = 0; i < t->rows.n; i++)
        longest = t->rows.v[i].number[d.column] > longest ? t->rows.v[i].number[d.column] : longest;
    if (longest == 0 || t->rows.n > BARS_MAX)
        return;
    s->bars.v = ARENA_ARRAY(p->arena, struct report_bar, t->rows.n);
    for (size_t i = 0; i < t->rows.n; i++) {
        const struct report_row *row = &t->rows.v[i];
        uint64_t whole = row->number[d.column], part = whole;
        unsigned percent = (unsigned)(whole * 100 / longest);
        struct report_bar bar = {.name = bar_name(p, t, row, s->upright),
                                 .count = word_figure(p, t, row, d.column)};
        bar.percent = s->upright ? percent * (UPRIGHT - 50) / 100 : percent;
        if (d.parts[0] != 0) {
            part = row->number[d.parts[0]] + row->number[d.parts[1]];
            struct str of[] = {word_number(p, part), bar.count};
            bar.count = word_filled(p, N_("%1 out of %2"), of, 2);
            bar.of = bar.percent;
            bar.percent = (unsigned)(part * 100 / longest);
        }
        bar.x = (unsigned)(i * 100 / t->rows.n);
        bar.top = UPRIGHT - 24 - bar.percent;
        s->bars.v[s->bars.n++] = bar;
    }
    s->chart_height = UPRIGHT;
}

static struct str program_of(struct arena *arena, const char *table)
{
    const struct asset *asset = asset_find(arena_printf(arena, "report-%s.jq", table));
    return asset != NULL ? asset->bytes : STR_NONE;
}

static struct report_section section_of(const struct page *p, const struct report *report,
                                        enum report_table which)
{
    const struct report_rows *t = &report->tables[which];
    const char *name = report_table_name(which);
    struct report_section s = {.id = str_of(name),
                               .heading = word_text(p, tables[which].heading),
                               .note = word_text(p, tables[which].note),
                               .upright = which == REPORT_MONTHS,
                               .program = program_of(p->arena, name)};
    s.csv = (struct url){arena_printf(p->arena, "/record/report/%d/%s.csv", report->year, name)};
    s.jq = (struct url){arena_printf(p->arena, "/record/report/report-%s.jq", name)};
    s.columns.v = ARENA_ARRAY(p->arena, struct report_cell, t->column_n);
    for (size_t i = 0; i < t->column_n; i++)
        s.columns.v[s.columns.n++] =
            (struct report_cell){.text = word_column(p, t->columns[i].name),
                                 .number = report_is_number(t->columns[i].kind)};
    s.lines.v = ARENA_ARRAY(p->arena, struct report_line, t->rows.n);
    for (size_t i = 0; i < t->rows.n; i++)
        s.lines.v[s.lines.n++] = line_of(p, t, &t->rows.v[i]);
    if (which != REPORT_COMPLAINTS) /* one row: nothing to compare */
        fill_bars(p, t, which, &s);
    return s;
}

/* ---- answers ---- */

static int year_of(int64_t t)
{
    return date_of(t) / 10000;
}

/* Since the Record began, and no later than it stands. */
static int first_year(const struct gate_view *view)
{
    int first = year_of(view->now);
    for (size_t i = 0; i < view->restrictions.n; i++)
        if (year_of(view->restrictions.v[i]->decided) < first)
            first = year_of(view->restrictions.v[i]->decided);
    return first;
}

static enum rc read_year(const struct context *c, int *ret, struct fault *fault)
{
    uint64_t year;
    if (c->captures[0].n != 4 || !str_to_u64(c->captures[0], &year) || year < 1970 ||
        year > (uint64_t)year_of(c->view->now))
        return fault_set(fault, RC_NOT_FOUND, "there is no report of that year");
    *ret = (int)year;
    return RC_OK;
}

static void answer_text(struct response *ret, const char *type, struct str text)
{
    buf_renew(&ret->body, CSV_MAX);
    ret->content_type = type;
    buf_str_add(&ret->body, text);
}

static choice_list years_of(const struct page *p, int chosen)
{
    int first = first_year(p->view), last = year_of(p->view->now);
    choice_list list = {ARENA_ARRAY(p->arena, struct page_choice, (size_t)(last - first + 1)), 0};
    for (int year = last; year >= first; year--) {
        struct str name = arena_printf(p->arena, "%d", year);
        list.v[list.n++] = (struct page_choice){
            .name = name,
            .url = link_below_record(p, url_path(p->arena, 3, STR("record"), STR("report"), name)),
            .chosen = year == chosen};
    }
    return list;
}

enum rc handle_report(struct context *c, struct response *ret, struct fault *fault)
{
    struct report report;
    int year = 0;
    if (str_ends(c->captures[0], STR(".jq"))) {
        const struct asset *asset = asset_find(c->captures[0]);
        if (asset == NULL)
            return fault_set(fault, RC_NOT_FOUND, "there is no such query");
        answer_text(ret, "text/plain; charset=utf-8", asset->bytes);
        return RC_OK;
    }
    enum rc rc = read_year(c, &year, fault);
    if (rc == RC_OK)
        rc = record_report(c->worker->conn, c->arena, year, &report, fault);
    if (rc != RC_OK)
        return rc;
    struct page p = page_begin(c, ret);
    struct report_view v = {.year = arena_printf(c->arena, "%d", year),
                            .years = years_of(&p, year),
                            .size = report.size,
                            .voices_size = report.voices_size,
                            .lines = URL_LITERAL("/record/entries.jsonl"),
                            .voices_lines = URL_LITERAL("/record/voices/entries.jsonl")};
    v.sections.v = ARENA_ARRAY(c->arena, struct report_section, REPORT_TABLES);
    for (int i = 0; i < REPORT_TABLES; i++)
        v.sections.v[v.sections.n++] = section_of(&p, &report, (enum report_table)i);
    p.title = word_filled(&p, N_("Transparency report %1"), &v.year, 1);
    struct html h = page_html(c, ret);
    report_page(&h, &p, &v);
    return RC_OK;
}

enum rc handle_report_csv(struct context *c, struct response *ret, struct fault *fault)
{
    struct report report;
    int year = 0;
    BUF_AUTO csv = BUF_INIT(CSV_MAX);
    enum rc rc = read_year(c, &year, fault);
    if (rc != RC_OK)
        return rc;
    for (int i = 0; i < REPORT_TABLES; i++) {
        const char *name = report_table_name((enum report_table)i);
        if (!str_eq(c->captures[1], arena_printf(c->arena, "%s.csv", name)))
            continue;
        rc = record_report(c->worker->conn, c->arena, year, &report, fault);
        if (rc == RC_OK)
            report_csv(&report.tables[i], &csv);
        if (rc == RC_OK)
            rc = buf_check(&csv);
        if (rc == RC_OK)
            answer_text(ret, "text/csv; charset=utf-8; header=present", buf_str(&csv));
        return rc;
    }
    return fault_set(fault, RC_NOT_FOUND, "there is no such table");
}

/* The year that is. */
enum rc handle_report_now(struct context *c, struct response *ret, struct fault *fault)
{
    (void)fault;
    struct page p = page_begin(c, ret);
    ret->status = 303;
    ret->location =
        link_below_record(&p, url_path(c->arena, 3, STR("record"), STR("report"),
                                       arena_printf(c->arena, "%d", year_of(c->view->now))))
            .text;
    return RC_OK;
}
