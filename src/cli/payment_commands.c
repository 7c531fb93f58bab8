/* Payments: what is waited for, what banks told, what goes back. */
#include <stdio.h>

#include "app/payments.h"
#include "base/clock.h"
#include "base/csv.h"
#include "base/json.h"
#include "cli/groups.h"
#include "cli/progress.h"
#include "domain/money.h"
#include "domain/payment_reference.h"

enum { LISTED_MAX = 1000, STATEMENT_BYTES_MAX = 32 << 20, SENT_MAX = 500 };

static struct str amount_text(struct arena *arena, int64_t minor, struct str currency)
{
    BUF_AUTO b = BUF_INIT(64);
    money_add(&b, minor, currency);
    return arena_str(arena, buf_str(&b));
}

static struct str reference_text(struct arena *arena, struct str reference)
{
    char typed[PAYMENT_REFERENCE_TYPED + 1];
    payment_reference_typed(reference, typed);
    return arena_str(arena, str_of(typed));
}

/* Opens the shop and a connection that sees everything. */
struct looking {
    struct cli_shop shop;
    struct store_conn *conn;
};

static void looking_end(struct looking *l)
{
    site_disconnect(l->conn);
    cli_close(&l->shop);
}
#define LOOKING __attribute__((cleanup(looking_end))) struct looking

static enum rc look(struct cli *cli, struct looking *l, struct fault *fault)
{
    enum rc rc = cli_open(cli, &l->shop, fault);
    return rc == RC_OK ? site_connect_wholly(l->shop.site, &l->conn, fault) : rc;
}

/* ---- payments ---- */

static json_t *payment_json(struct arena *arena, const struct payment_row *p)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:I, s:I, s:I, s:I, s:o, s:o}", "reference",
                     json_from_str(reference_text(arena, p->reference)), "method",
                     json_from_str(p->method), "state", json_from_str(p->state), "currency",
                     json_from_str(p->currency), "amount", (json_int_t)p->amount, "received",
                     (json_int_t)p->received, "refunded", (json_int_t)p->refunded, "purchase",
                     (json_int_t)p->purchase, "created", json_from_time(p->created), "ended",
                     json_from_some_time(p->ended));
}

static void print_payment(struct arena *arena, const struct payment_row *p)
{
    struct str received = amount_text(arena, p->received, p->currency);
    struct str amount = amount_text(arena, p->amount, p->currency);
    printf("%.*s\t%.*s\t%.*s\t%.*s of %.*s %.*s\tpurchase %llu\n",
           STR_ARG(reference_text(arena, p->reference)), STR_ARG(p->method), STR_ARG(p->state),
           STR_ARG(received), STR_ARG(amount), STR_ARG(p->currency),
           (unsigned long long)p->purchase);
}

static enum rc run_payment_list(struct cli *cli, struct fault *fault)
{
    LOOKING l = {0};
    payment_rows rows = {NULL, 0};
    enum rc rc = look(cli, &l, fault);
    if (rc == RC_OK)
        rc =
            payments_list(l.conn, cli->arena, cli_value(cli, "state"), 0, LISTED_MAX, &rows, fault);
    JSON_AUTO *json = json_array();
    for (size_t i = 0; rc == RC_OK && i < rows.n; i++) {
        if (cli_flag(cli, "json"))
            json_array_append_new(json, payment_json(cli->arena, &rows.v[i]));
        else
            print_payment(cli->arena, &rows.v[i]);
    }
    if (rc == RC_OK && cli_flag(cli, "json"))
        cli_print_json(json);
    cli_tell_cut(rows.n, LISTED_MAX);
    return rc;
}

static json_t *event_json(const struct payment_event *e)
{
    return json_pack("{s:o, s:o, s:o, s:o, s:I, s:o, s:o, s:o}", "method", json_from_str(e->method),
                     "event", json_from_str(e->event), "kind", json_from_str(e->kind), "currency",
                     json_from_str(e->currency), "amount", (json_int_t)e->amount, "text",
                     json_from_str(e->text), "outcome", json_from_str(e->outcome), "told",
                     json_from_time(e->told));
}

static json_t *refund_json(const struct refund_row *r)
{
    return json_pack("{s:I, s:o, s:o, s:I, s:o, s:o, s:I, s:o, s:o}", "id", (json_int_t)r->id,
                     "state", json_from_str(r->state), "currency", json_from_str(r->currency),
                     "amount", (json_int_t)r->amount, "reason", json_from_str(r->reason), "key",
                     json_from_str(r->key), "order", (json_int_t)r->order, "created",
                     json_from_time(r->created), "ended", json_from_some_time(r->ended));
}

static void print_event(struct arena *arena, const struct payment_event *e)
{
    struct str amount = amount_text(arena, e->amount, e->currency);
    struct str text = str_sub(e->text, 0, str_find(e->text, '\n'));
    printf("%.*s\t%.*s\t%.*s\t%.*s %.*s\t%.*s\n", STR_ARG(e->method), STR_ARG(e->event),
           STR_ARG(e->outcome), STR_ARG(amount), STR_ARG(e->currency), STR_ARG(text));
}

static void print_refund(struct arena *arena, const struct refund_row *r)
{
    struct str amount = amount_text(arena, r->amount, r->currency);
    printf("refund %llu\t%.*s\t%.*s %.*s\t%.*s\n", (unsigned long long)r->id, STR_ARG(r->state),
           STR_ARG(amount), STR_ARG(r->currency), STR_ARG(r->reason));
}

static enum rc run_payment_show(struct cli *cli, struct fault *fault)
{
    LOOKING l = {0};
    struct payment_view v;
    enum rc rc = look(cli, &l, fault);
    if (rc == RC_OK)
        rc = payment_find(l.conn, cli->arena, str_of(cli->arguments.v[0]), &v, fault);
    if (rc != RC_OK)
        return rc;
    if (!cli_flag(cli, "json")) {
        print_payment(cli->arena, &v.payment);
        for (size_t i = 0; i < v.events.n; i++)
            print_event(cli->arena, &v.events.v[i]);
        for (size_t i = 0; i < v.refunds.n; i++)
            print_refund(cli->arena, &v.refunds.v[i]);
        return RC_OK;
    }
    JSON_AUTO *json = payment_json(cli->arena, &v.payment);
    json_t *events = json_array(), *refunds = json_array();
    for (size_t i = 0; i < v.events.n; i++)
        json_array_append_new(events, event_json(&v.events.v[i]));
    for (size_t i = 0; i < v.refunds.n; i++)
        json_array_append_new(refunds, refund_json(&v.refunds.v[i]));
    json_object_set_new(json, "purchase_state", json_from_str(v.purchase.state));
    json_object_set_new(json, "events", events);
    json_object_set_new(json, "refunds", refunds);
    cli_print_json(json);
    return RC_OK;
}

static enum rc run_payment_held(struct cli *cli, struct fault *fault)
{
    LOOKING l = {0};
    payment_events events = {NULL, 0};
    enum rc rc = look(cli, &l, fault);
    if (rc == RC_OK)
        rc = payments_held(l.conn, cli->arena, LISTED_MAX, &events, fault);
    JSON_AUTO *json = json_array();
    for (size_t i = 0; rc == RC_OK && i < events.n; i++) {
        if (cli_flag(cli, "json"))
            json_array_append_new(json, event_json(&events.v[i]));
        else
            print_event(cli->arena, &events.v[i]);
    }
    if (rc == RC_OK && cli_flag(cli, "json"))
        cli_print_json(json);
    cli_tell_cut(events.n, LISTED_MAX);
    return rc;
}

/* ---- what came ---- */

static void print_outcome(const struct cli *cli, enum payment_outcome outcome)
{
    static const char *const says[] = {
        [PAYMENT_KNOWN] = "It was told before; nothing changed.",
        [PAYMENT_SETTLED] = "The purchase is paid.",
        [PAYMENT_PARTLY] = "Some of it is paid; it is held until the rest comes.",
        [PAYMENT_OVER] = "The purchase is paid, and more came than was asked for.",
        [PAYMENT_UNCLEAR] = "It is not what was asked for, and is held for people."};
    if (cli_flag(cli, "json")) {
        JSON_AUTO *json = json_pack("{s:s}", "outcome", payment_outcome_name(outcome));
        cli_print_json(json);
    } else
        puts(says[outcome]);
}

static enum rc run_payment_settle(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    enum payment_outcome outcome;
    struct payment_said said = {.reference = str_of(cli->arguments.v[0]),
                                .amount = cli_value(cli, "amount"),
                                .currency = cli_value(cli, "currency"),
                                .event = cli_value(cli, "event")};
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = payment_say(shop.writer, cli->arena, &said, &outcome, fault);
    if (rc == RC_OK)
        print_outcome(cli, outcome);
    return rc;
}

static struct str method_of(const struct cli *cli)
{
    struct str method = cli_value(cli, "method");
    return method.n > 0 ? method : STR(PAYMENT_TRANSFER);
}

static enum rc run_payment_assign(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    enum payment_outcome outcome;
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = payment_assign(shop.writer, cli->arena, method_of(cli), str_of(cli->arguments.v[0]),
                            str_of(cli->arguments.v[1]), &outcome, fault);
    if (rc == RC_OK)
        print_outcome(cli, outcome);
    return rc;
}

static enum rc run_payment_give_back(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    enum rc rc = cli_open(cli, &shop, fault);
    return rc == RC_OK ? payment_give_back(shop.writer, cli->arena, method_of(cli),
                                           str_of(cli->arguments.v[0]), fault)
                       : rc;
}

struct reading {
    struct progress_line progress;
    json_t *told;
    bool json;
};

static void tell_line(void *context, uint64_t line, struct str text, enum payment_outcome outcome)
{
    struct reading *r = context;
    struct str first = str_sub(text, 0, str_find(text, '\n'));
    if (r->json) {
        json_array_append_new(r->told, json_pack("{s:I, s:s, s:o}", "line", (json_int_t)line,
                                                 "outcome", payment_outcome_name(outcome), "text",
                                                 json_from_str(text)));
        return;
    }
    progress_end(&r->progress);
    printf("line %llu: %s: %.*s\n", (unsigned long long)line, payment_outcome_name(outcome),
           STR_ARG(first));
}

static void tell_progress(void *context, uint64_t done, uint64_t all)
{
    progress_tell(&((struct reading *)context)->progress, done, all);
}

static void print_statement(const struct reading *r, const struct statement_summary *s)
{
    if (!r->json) {
        printf("%zu lines of money that came: %zu settled, %zu partly, %zu too much, %zu unclear, "
               "%zu known before; %zu of money that left, %zu not booked yet\n",
               s->lines, s->settled, s->partly, s->over, s->unclear, s->known, s->left, s->pending);
        return;
    }
    JSON_AUTO *json = json_pack(
        "{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:O}", "lines", (json_int_t)s->lines, "settled",
        (json_int_t)s->settled, "partly", (json_int_t)s->partly, "over", (json_int_t)s->over,
        "unclear", (json_int_t)s->unclear, "known", (json_int_t)s->known, "left",
        (json_int_t)s->left, "pending", (json_int_t)s->pending, "told", r->told);
    cli_print_json(json);
}

static enum rc run_payment_statement(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    JSON_AUTO *told = json_array();
    struct reading r = {{.what = "lines"}, told, cli_flag(cli, "json")};
    struct statement_order order = {.told = tell_line, .going = tell_progress, .context = &r};
    struct statement_summary sum = {0};
    enum rc rc = cli_read_file(cli, cli->arguments.v[0], STATEMENT_BYTES_MAX, &order.bytes, fault);
    if (rc == RC_OK)
        rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = statement_take(shop.writer, &order, &sum, fault);
    progress_end(&r.progress);
    if (rc == RC_OK)
        print_statement(&r, &sum);
    return rc;
}

/* ---- refunds ---- */

static void refund_csv(struct cli *cli, const struct refund_row *r)
{
    BUF_AUTO b = BUF_INIT(4096);
    char id[24];
    snprintf(id, sizeof id, "%llu", (unsigned long long)r->id);
    struct str cells[] = {str_of(id),  r->state,  amount_text(cli->arena, r->amount, r->currency),
                          r->currency, r->reason, r->key};
    csv_line_add(&b, cells, sizeof cells / sizeof *cells);
    fwrite(b.p, 1, b.n, stdout);
}

static enum rc run_refund_list(struct cli *cli, struct fault *fault)
{
    LOOKING l = {0};
    refund_rows rows = {NULL, 0};
    struct str state = cli_value(cli, "state");
    enum rc rc = look(cli, &l, fault);
    if (rc == RC_OK)
        rc = refunds_list(l.conn, cli->arena, state.n > 0 ? state : STR(REFUND_OWED), 0, LISTED_MAX,
                          &rows, fault);
    JSON_AUTO *json = json_array();
    if (rc == RC_OK && cli_flag(cli, "csv"))
        fputs("refund,state,amount,currency,reason,key\r\n", stdout);
    for (size_t i = 0; rc == RC_OK && i < rows.n; i++) {
        if (cli_flag(cli, "json"))
            json_array_append_new(json, refund_json(&rows.v[i]));
        else if (cli_flag(cli, "csv"))
            refund_csv(cli, &rows.v[i]);
        else
            print_refund(cli->arena, &rows.v[i]);
    }
    if (rc == RC_OK && cli_flag(cli, "json"))
        cli_print_json(json);
    cli_tell_cut(rows.n, LISTED_MAX);
    return rc;
}

static enum rc run_refund_sent(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    uint64_t *ids = ARENA_ARRAY(cli->arena, uint64_t, cli->arguments.n);
    for (size_t i = 0; i < cli->arguments.n; i++)
        if (!str_to_u64(str_of(cli->arguments.v[i]), &ids[i]) || ids[i] == 0)
            return cli_usage(cli, fault, "%s: a refund's number", cli->arguments.v[i]);
    enum rc rc = cli_open(cli, &shop, fault);
    return rc == RC_OK ? refunds_sent(shop.writer, cli->arena, ids, cli->arguments.n, fault) : rc;
}

/* ---- where readers pay to ---- */

static enum rc run_bank_account_set(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct bank_account account = {.currency = cli_value(cli, "currency"),
                                   .holder = cli_value(cli, "holder"),
                                   .account = cli_value(cli, "account"),
                                   .bank = cli_value(cli, "bank")};
    enum rc rc = cli_open(cli, &shop, fault);
    return rc == RC_OK ? bank_account_set(shop.writer, &account, fault) : rc;
}

static enum rc run_bank_account_list(struct cli *cli, struct fault *fault)
{
    LOOKING l = {0};
    bank_accounts all = {NULL, 0};
    enum rc rc = look(cli, &l, fault);
    if (rc == RC_OK)
        rc = bank_accounts_list(l.conn, cli->arena, LISTED_MAX, &all, fault);
    for (size_t i = 0; rc == RC_OK && i < all.n; i++)
        printf("%.*s\t%.*s\t%.*s\t%.*s\n", STR_ARG(all.v[i].currency), STR_ARG(all.v[i].holder),
               STR_ARG(all.v[i].account), STR_ARG(all.v[i].bank));
    return rc;
}

static const struct option_spec list_options[] = {
    {"state", OPTION_VALUE, false}, {"json", OPTION_FLAG, false}, {NULL, 0, false}};
static const struct option_spec json_options[] = {{"json", OPTION_FLAG, false}, {NULL, 0, false}};
static const struct option_spec method_options[] = {
    {"method", OPTION_VALUE, false}, {"json", OPTION_FLAG, false}, {NULL, 0, false}};
static const struct option_spec settle_options[] = {{"amount", OPTION_VALUE, true},
                                                    {"currency", OPTION_VALUE, false},
                                                    {"event", OPTION_VALUE, false},
                                                    {"json", OPTION_FLAG, false},
                                                    {NULL, 0, false}};
static const struct option_spec refund_options[] = {{"state", OPTION_VALUE, false},
                                                    {"csv", OPTION_FLAG, false},
                                                    {"json", OPTION_FLAG, false},
                                                    {NULL, 0, false}};
static const struct option_spec account_options[] = {{"currency", OPTION_VALUE, true},
                                                     {"holder", OPTION_VALUE, true},
                                                     {"account", OPTION_VALUE, true},
                                                     {"bank", OPTION_VALUE, false},
                                                     {NULL, 0, false}};

const struct command payment_commands[] = {
    {"payment list", "payment list [--state waiting|paid|failed|held] [--json]", list_options, 0, 0,
     true, run_payment_list},
    {"payment show", "payment show [--json] REFERENCE", json_options, 1, 1, true, run_payment_show},
    {"payment held",
     "payment held [--json]\n"
     "           what came and is not what was asked for: people look",
     json_options, 0, 0, true, run_payment_held},
    {"payment statement",
     "payment statement [--json] FILE\n"
     "           a bank's: camt.053, or CSV with date, amount, currency, text [, payer, id];\n"
     "           what was taken before passes by",
     json_options, 1, 1, true, run_payment_statement},
    {"payment settle",
     "payment settle REFERENCE --amount AMOUNT [--currency CODE] [--event NOTE] [--json]\n"
     "           so much came; the same NOTE again is nothing",
     settle_options, 1, 1, true, run_payment_settle},
    {"payment assign",
     "payment assign [--method transfer|card] EVENT REFERENCE\n"
     "           what is held belongs to this payment",
     method_options, 2, 2, true, run_payment_assign},
    {"payment give-back",
     "payment give-back [--method transfer|card] EVENT\n"
     "           what is held of it is a refund that is owed",
     method_options, 1, 1, true, run_payment_give_back},
    {"refund list", "refund list [--state owed|sent|failed] [--csv|--json]", refund_options, 0, 0,
     true, run_refund_list},
    {"refund sent",
     "refund sent ID ...\n"
     "           the money left by transfer",
     NULL, 1, SENT_MAX, true, run_refund_sent},
    {"bank-account set",
     "bank-account set --currency CODE --holder NAME --account IBAN [--bank NAME]\n"
     "           where readers pay to",
     account_options, 0, 0, true, run_bank_account_set},
    {"bank-account list", "bank-account list", NULL, 0, 0, true, run_bank_account_list},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
