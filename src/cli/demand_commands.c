/* Demands, and decisions with four eyes. */
#include <stdio.h>
#include <string.h>

#include "app/acknowledge.h"
#include "app/demand.h"
#include "app/demand_voice.h"
#include "base/clock.h"
#include "base/json.h"
#include "cli/deciding.h"
#include "cli/groups.h"

enum { LISTED_MAX = 1000 };

/* ---- filing ---- */

static enum rc read_wish(struct cli *cli, bool needed, struct restriction_order *ret,
                         struct fault *fault)
{
    const struct str *storefronts;
    struct str features = cli_value(cli, "withhold");
    if ((needed || features.n > 0) && !feature_mask_parse(features, &ret->features))
        return cli_usage(cli, fault, "--withhold %.*s: features, with commas between",
                         STR_ARG(features));
    ret->storefronts.n = cli_list(cli, "storefront", &storefronts);
    ret->storefronts.v = (struct str *)storefronts;
    ret->authority = cli_value(cli, "authority");
    ret->legal_basis = cli_value(cli, "legal-basis");
    ret->reference = cli_value(cli, "reference");
    ret->state_involved = cli_value(cli, "state-involved");
    ret->scope_reason = cli_value(cli, "scope-reason");
    return cli_target(cli, needed, ret, fault);
}

enum rc cli_paper(struct cli *cli, const char *option, struct paper *ret, struct fault *fault)
{
    if (!cli_flag(cli, option))
        return RC_OK;
    enum rc rc = cli_read_file(cli, cli_value_z(cli, option), DOCUMENT_MAX, &ret->bytes, fault);
    if (rc == RC_OK && ret->bytes.n == 0)
        rc = fault_set(fault, RC_INVALID, "--%s: the file is empty", option);
    return rc;
}

static void print_missing(element_mask missing)
{
    for (int i = 0, n = 0; i < ELEMENT_COUNT; i++)
        if (missing & ELEMENT_BIT(i))
            printf("%s%s", n++ > 0 ? " " : "", element_name((enum demand_element)i));
}

static json_t *json_missing(element_mask missing)
{
    json_t *list = json_array();
    for (int i = 0; i < ELEMENT_COUNT; i++)
        if (missing & ELEMENT_BIT(i))
            json_array_append_new(list, json_string(element_name((enum demand_element)i)));
    return list;
}

static enum rc read_demand(struct cli *cli, struct demand_order *o, struct fault *fault)
{
    struct str sender = cli_value(cli, "sender"), ground = cli_value(cli, "ground"),
               received = cli_value(cli, "received");
    if (!sender_parse(sender, &o->sender))
        return cli_usage(cli, fault,
                         "--sender %.*s: one of authority, court, rightsholder, reader, staff",
                         STR_ARG(sender));
    if (!ground_parse(ground, &o->wish.ground))
        return cli_usage(cli, fault,
                         "--ground %.*s: one of authority-order, court-order, law, rightsholder, "
                         "licence, terms, operator",
                         STR_ARG(ground));
    if (received.n > 0 && !time_parse(received, &o->received))
        return cli_usage(cli, fault, "--received: a time as 2026-12-31T12:00:00Z");
    o->country = cli_value(cli, "country");
    o->explanation = cli_value(cli, "explanation");
    o->name = cli_value(cli, "name");
    o->email = cli_value(cli, "email");
    o->language = STR("en");
    o->redress = cli_flag(cli, "redress");
    o->report_to = cli_flag(cli, "report-to");
    o->declared_language = cli_flag(cli, "declared-language");
    o->good_faith = cli_flag(cli, "good-faith");
    enum rc rc = read_wish(cli, true, &o->wish, fault);
    o->authority = o->wish.authority;
    o->checked = true;
    o->wish.seal_until = cli_value(cli, "seal-until");
    if (rc == RC_OK)
        rc = cli_paper(cli, "document", &o->document, fault);
    return rc == RC_OK ? cli_paper(cli, "public-copy", &o->copy, fault) : rc;
}

static enum rc run_demand_add(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct demand_order order = {0};
    struct demand_made made;
    enum rc rc = read_demand(cli, &order, fault);
    if (rc == RC_OK)
        rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = demand_add(shop.site, shop.writer, &order, &made, fault);
    if (rc != RC_OK)
        return rc;
    bool pending = made.record_index == UINT64_MAX;
    if (cli_flag(cli, "json")) {
        JSON_AUTO *json = json_pack("{s:I, s:s, s:s, s:o}", "id", (json_int_t)made.id, "state",
                                    pending ? "pending" : "published", "secret", made.secret,
                                    "missing", json_missing(made.missing));
        if (!pending)
            json_object_set_new(json, "record_index", json_integer((json_int_t)made.record_index));
        cli_print_json(json);
        return RC_OK;
    }
    if (pending)
        printf("demand %llu: it is kept, and its entry waits for publication\n",
               (unsigned long long)made.id);
    else
        printf("demand %llu, entry %llu\n", (unsigned long long)made.id,
               (unsigned long long)made.record_index);
    printf("link: /demand/%s below a storefront\n", made.secret);
    if (made.missing != 0) {
        printf("missing: ");
        print_missing(made.missing);
        printf("\n");
    }
    return RC_OK;
}

/* ---- reading ---- */

static const char *standing(const struct demand_view *v)
{
    return v->decided ? outcome_name(v->decision.outcome) : v->deciding ? "pending" : "undecided";
}

static enum rc run_demand_list(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct store_conn *conn = NULL;
    struct demand_view *v;
    size_t n = 0;
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = site_connect_wholly(shop.site, &conn, fault);
    if (rc == RC_OK)
        rc =
            demand_list(conn, cli->arena, cli_flag(cli, "undecided"), 0, LISTED_MAX, &v, &n, fault);
    cli_tell_cut(n, LISTED_MAX);
    JSON_AUTO *list = json_array();
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        const struct demand_entry *d = &v[i].facts;
        BUF_AUTO due = BUF_INIT(32);
        time_add(&due, v[i].due);
        if (cli_flag(cli, "json"))
            json_array_append_new(
                list, json_pack("{s:I, s:s, s:s, s:s, s:o, s:o}", "id", (json_int_t)v[i].id,
                                "standing", standing(&v[i]), "sender", sender_name(d->sender),
                                "kind", target_name(d->target), "key", json_from_str(d->target_key),
                                "due", json_from_str(buf_str(&due))));
        else
            printf("%llu\t%s\t%s\t%s %.*s\t%.*s\n", (unsigned long long)v[i].id, standing(&v[i]),
                   sender_name(d->sender), target_name(d->target), STR_ARG(d->target_key),
                   STR_ARG(buf_str(&due)));
    }
    site_disconnect(conn);
    if (rc == RC_OK && cli_flag(cli, "json")) {
        JSON_AUTO *json = json_pack("{s:O}", "demands", list);
        cli_print_json(json);
    }
    return rc;
}

/* The review or comment it is about, for who decides. */
static enum rc print_voice(struct cli *cli, struct site *site, const struct demand_entry *d,
                           struct fault *fault)
{
    struct demand_voice voice;
    if (!target_is_voice(d->target))
        return RC_OK;
    enum rc rc = demand_voice(site, cli->arena, d, &voice, fault);
    if (rc == RC_NOT_FOUND)
        printf("about: %s %.*s, which its author took back since\n", target_name(d->target),
               STR_ARG(d->target_key));
    if (rc == RC_OK)
        printf("about: %s %.*s by %.*s\n%.*s%s%.*s\n", target_name(d->target),
               STR_ARG(d->target_key), STR_ARG(voice.author), STR_ARG(voice.title),
               voice.title.n > 0 ? "\n" : "", STR_ARG(voice.text));
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static enum rc run_demand_show(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct store_conn *conn = NULL;
    struct demand_view v;
    struct demand_private private;
    uint64_t id;
    if (!str_to_u64(str_of(cli->arguments.v[0]), &id))
        return cli_usage(cli, fault, "%s: a demand's number is needed", cli->arguments.v[0]);
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = site_connect_wholly(shop.site, &conn, fault);
    if (rc == RC_OK)
        rc = demand_show(conn, cli->arena, id, &v, fault);
    site_disconnect(conn);
    if (rc == RC_OK)
        rc = demand_private(shop.site, cli->arena, id, &private, fault);
    if (rc != RC_OK)
        return rc;
    printf("%s\n%.*s\n", standing(&v), STR_ARG(v.json));
    if (v.decided)
        printf("%.*s\n%.*s\n", STR_ARG(v.decision_json), STR_ARG(v.decision_reasons));
    printf("from: %.*s <%.*s>\n%.*s\n", STR_ARG(private.name), STR_ARG(private.email),
           STR_ARG(private.explanation));
    if (private.account_email.n > 0)
        printf("signed in as: %.*s <%.*s>\n", STR_ARG(private.account_name),
               STR_ARG(private.account_email));
    return print_voice(cli, shop.site, &v.facts, fault);
}

static enum rc run_demand_acknowledge(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    uint64_t id, index;
    if (!str_to_u64(str_of(cli->arguments.v[0]), &id))
        return cli_usage(cli, fault, "%s: a demand's number is needed", cli->arguments.v[0]);
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = acknowledge_demand(shop.site, shop.writer, id, cli_value(cli, "sent"), &index, fault);
    if (rc == RC_OK)
        printf("demand %llu acknowledged, entry %llu\n", (unsigned long long)id,
               (unsigned long long)index);
    return rc;
}

/* ---- deciding a demand ---- */

static enum rc run_demand_decide(struct cli *cli, struct fault *fault)
{
    struct decision_order order = {0};
    struct str outcome = cli_value(cli, "outcome");
    if (!str_to_u64(str_of(cli->arguments.v[0]), &order.demand))
        return cli_usage(cli, fault, "%s: a demand's number is needed", cli->arguments.v[0]);
    if (!outcome_parse(outcome, &order.outcome))
        return cli_usage(cli, fault, "--outcome %.*s: granted, narrowed or refused",
                         STR_ARG(outcome));
    bool ends = cli_flag(cli, "until") != cli_flag(cli, "review");
    if (ends == (order.outcome == OUTCOME_REFUSED))
        return cli_usage(cli, fault,
                         order.outcome == OUTCOME_REFUSED
                             ? "refused: nothing is withheld until or for review"
                             : "exactly one of --until and --review is needed");
    enum rc rc = read_wish(cli, false, &order.restriction, fault);
    order.restriction.reason = cli_value(cli, "reason");
    order.restriction.terms_version = cli_value(cli, "terms-version");
    order.restriction.from = cli_value(cli, "from");
    order.restriction.until = cli_value(cli, "until");
    order.restriction.review = cli_value(cli, "review");
    return rc == RC_OK ? cli_decide(cli, &order, fault) : rc;
}

static enum rc run_demand_copy(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct paper copy = {0};
    uint64_t id;
    if (!str_to_u64(str_of(cli->arguments.v[0]), &id))
        return cli_usage(cli, fault, "%s: a demand's number is needed", cli->arguments.v[0]);
    enum rc rc = cli_read_file(cli, cli->arguments.v[1], DOCUMENT_MAX, &copy.bytes, fault);
    if (rc == RC_OK)
        rc = cli_open(cli, &shop, fault);
    return rc == RC_OK ? demand_copy_put(shop.site, shop.writer, id, &copy, fault) : rc;
}

#define TARGET_OPTIONS                                                                             \
    {"edition", OPTION_VALUE, false}, {"work", OPTION_VALUE, false},                               \
        {"collection", OPTION_VALUE, false}, {"contributor", OPTION_VALUE, false},                 \
        {"shop", OPTION_VALUE, false}, {"target", OPTION_VALUE, false},                            \
        {"storefront", OPTION_LIST, false}, {"authority", OPTION_VALUE, false},                    \
        {"legal-basis", OPTION_VALUE, false}, {"reference", OPTION_VALUE, false},                  \
        {"state-involved", OPTION_VALUE, false},                                                   \
    {                                                                                              \
        "scope-reason", OPTION_VALUE, false                                                        \
    }

static const struct option_spec add_options[] = {TARGET_OPTIONS,
                                                 {"withhold", OPTION_VALUE, true},
                                                 {"ground", OPTION_VALUE, true},
                                                 {"sender", OPTION_VALUE, true},
                                                 {"country", OPTION_VALUE, false},
                                                 {"explanation", OPTION_VALUE, false},
                                                 {"name", OPTION_VALUE, false},
                                                 {"email", OPTION_VALUE, false},
                                                 {"received", OPTION_VALUE, false},
                                                 {"redress", OPTION_FLAG, false},
                                                 {"report-to", OPTION_FLAG, false},
                                                 {"declared-language", OPTION_FLAG, false},
                                                 {"good-faith", OPTION_FLAG, false},
                                                 {"document", OPTION_VALUE, false},
                                                 {"public-copy", OPTION_VALUE, false},
                                                 {"seal-until", OPTION_VALUE, false},
                                                 {"json", OPTION_FLAG, false},
                                                 {NULL, 0, false}};
static const struct option_spec acknowledge_options[] = {{"sent", OPTION_VALUE, true},
                                                         {NULL, 0, false}};
static const struct option_spec decide_options[] = {TARGET_OPTIONS,
                                                    {"withhold", OPTION_VALUE, false},
                                                    {"outcome", OPTION_VALUE, true},
                                                    {"terms-version", OPTION_VALUE, false},
                                                    {"reason", OPTION_VALUE, true},
                                                    {"from", OPTION_VALUE, false},
                                                    {"until", OPTION_VALUE, false},
                                                    {"review", OPTION_VALUE, false},
                                                    {"as", OPTION_VALUE, false},
                                                    {"json", OPTION_FLAG, false},
                                                    {NULL, 0, false}};
static const struct option_spec list_options[] = {
    {"undecided", OPTION_FLAG, false}, {"json", OPTION_FLAG, false}, {NULL, 0, false}};

const struct command demand_commands[] = {
    {"demand add",
     "demand add --sender authority|court|rightsholder|reader|staff [--country CN] [--authority "
     "NAME]\n"
     "           (--edition ISBN | --work ID | --collection SLUG | --contributor ID | --shop "
     "SLUG |\n"
     "            --target KIND:KEY)\n"
     "           --withhold FEATURE,… [--storefront cn …] --ground GROUND [--legal-basis TEXT]\n"
     "           [--reference REF] [--explanation TEXT] [--state-involved COUNTRY] "
     "[--scope-reason TEXT]\n"
     "           [--redress] [--report-to] [--declared-language] [--good-faith] [--name NAME]\n"
     "           [--email EMAIL] [--received TIME] [--document FILE [--public-copy FILE]] "
     "[--json]\n"
     "           [--seal-until DATE]\n"
     "             --redress --report-to --declared-language: what the order says of itself\n"
     "             --seal-until commits to authority and reference now and publishes them then",
     add_options, 0, 0, true, run_demand_add},
    {"demand list", "demand list [--undecided] [--json]", list_options, 0, 0, true,
     run_demand_list},
    {"demand show", "demand show ID", NULL, 1, 1, true, run_demand_show},
    {"demand copy", "demand copy ID FILE", NULL, 2, 2, true, run_demand_copy},
    {"demand acknowledge",
     "demand acknowledge ID --sent DATE\n"
     "             its sender was told that it came in, otherwise than by the shop's letter",
     acknowledge_options, 1, 1, true, run_demand_acknowledge},
    {"demand decide",
     "demand decide ID --outcome granted|narrowed|refused --reason TEXT (--until DATE | --review "
     "DATE)\n"
     "           [--as EMAIL] [--json]; what the demand does not say, or less than it: the\n"
     "           options of restriction add",
     decide_options, 1, 1, true, run_demand_decide},
    {"demand approve", "demand approve PROPOSAL --as EMAIL [--shown HASH] [--json]",
     approve_options, 1, 1, true, run_approve},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
