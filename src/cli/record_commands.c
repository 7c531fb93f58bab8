#include <stdio.h>

#include "app/head_file.h"
#include "app/lifting.h"
#include "app/liked.h"
#include "app/listing.h"
#include "app/publication.h"
#include "app/restrict.h"
#include "app/restriction_view.h"
#include "base/clock.h"
#include "base/json.h"
#include "cli/deciding.h"
#include "cli/groups.h"
#include "web/api.h"

/* ---- restriction add ---- */

static enum rc read_order(struct cli *cli, struct restriction_order *ret, struct fault *fault)
{
    const struct str *storefronts;
    struct str features = cli_value(cli, "withhold"), ground = cli_value(cli, "ground");
    enum rc rc = cli_target(cli, true, ret, fault);
    if (rc != RC_OK)
        return rc;
    if (!feature_mask_parse(features, &ret->features))
        return cli_usage(
            cli, fault,
            "--withhold %.*s: some of listing, search, sale, delivery, ratings, reviews, "
            "comments, submissions, with commas between",
            STR_ARG(features));
    if (!ground_parse(ground, &ret->ground))
        return cli_usage(cli, fault,
                         "--ground %.*s: one of authority-order, court-order, law, rightsholder, "
                         "licence, terms, operator",
                         STR_ARG(ground));
    if (cli_flag(cli, "until") == cli_flag(cli, "review"))
        return cli_usage(cli, fault, "exactly one of --until and --review is needed");
    ret->storefronts.n = cli_list(cli, "storefront", &storefronts);
    ret->storefronts.v = (struct str *)storefronts;
    ret->authority = cli_value(cli, "authority");
    ret->legal_basis = cli_value(cli, "legal-basis");
    ret->reference = cli_value(cli, "reference");
    ret->reason = cli_value(cli, "reason");
    ret->from = cli_value(cli, "from");
    ret->until = cli_value(cli, "until");
    ret->review = cli_value(cli, "review");
    ret->seal_until = cli_value(cli, "seal-until");
    ret->state_involved = cli_value(cli, "state-involved");
    ret->terms_version = cli_value(cli, "terms-version");
    ret->scope_reason = cli_value(cli, "scope-reason");
    return RC_OK;
}

static enum rc run_restriction_add(struct cli *cli, struct fault *fault)
{
    struct decision_order order = {0};
    enum rc rc = read_order(cli, &order.restriction, fault);
    return rc == RC_OK ? cli_decide(cli, &order, fault) : rc;
}

static enum rc run_restriction_lift(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    uint64_t id;
    bool published;
    if (!str_to_u64(str_of(cli->arguments.v[0]), &id))
        return cli_usage(cli, fault, "%s: a restriction's number is needed", cli->arguments.v[0]);
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_IO || rc == RC_CORRUPT || rc == RC_BUSY) {
        struct fault why = *fault;
        rc = restriction_lift_blind(cli->dir, id, cli_value(cli, "reason"), cli->act, fault);
        if (rc == RC_OK)
            fprintf(stderr,
                    "Lifted, unchecked: %s. Its entry waits until the Record can be written.\n",
                    why.text);
        return rc;
    }
    if (rc == RC_OK)
        rc = restriction_lift(shop.site, shop.writer, id, cli_value(cli, "reason"), cli->act,
                              &published, fault);
    if (rc == RC_OK && !published)
        fprintf(stderr,
                "Lifted, in effect at once. Its entry waits until the Record can be written.\n");
    return rc;
}

/* ---- restriction list ---- */

static void print_restriction(const struct restriction_view *v)
{
    const struct restriction *r = v->r;
    printf("%llu\t%s\t%s %.*s\t", (unsigned long long)r->id, state_name(v->state),
           target_name(r->target), STR_ARG(r->target_key));
    for (int f = 0, n = 0; f < FEATURE_COUNT; f++)
        if (r->features & FEATURE_BIT(f))
            printf("%s%s", n++ > 0 ? "," : "", feature_name((enum feature)f));
    printf("\t");
    for (size_t i = 0; i < r->storefront_count; i++)
        printf("%s%.*s", i > 0 ? "," : "", STR_ARG(r->storefronts[i]));
    printf("\t%s\n", ground_name(r->ground));
}

static enum rc run_restriction_list(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct gate *gate = NULL;
    struct store_conn *conn = NULL;
    struct restriction_view *v;
    size_t n = 0;
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = gate_open(shop.site, &gate, fault);
    if (rc == RC_OK)
        rc = site_connect(shop.site, &conn, fault);
    if (rc == RC_OK) {
        GATE_HELD view = gate_hold(gate, cli->arena);
        rc = restriction_all(conn, cli->arena, view, &v, &n, fault);
        JSON_AUTO *list = json_array();
        for (size_t i = 0; rc == RC_OK && i < n; i++)
            if (cli_flag(cli, "json"))
                json_array_append_new(list, api_restriction(&v[i]));
            else
                print_restriction(&v[i]);
        if (rc == RC_OK && cli_flag(cli, "json")) {
            JSON_AUTO *json = json_pack("{s:O}", "restrictions", list);
            cli_print_json(json);
        }
    }
    site_disconnect(conn);
    gate_close(gate);
    return rc;
}

/* ---- record ---- */

static enum rc run_record_vkey(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct str vkey;
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = publication_vkey(shop.site, NULL, cli->arena,
                              cli_flag(cli, "voices") ? PUBLIC_VOICES : PUBLIC_DECISIONS, &vkey,
                              fault);
    if (rc == RC_OK)
        printf("%.*s\n", STR_ARG(vkey));
    return rc;
}

static enum rc run_record_vkeys(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct str vkeys;
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = publication_vkeys(shop.site, NULL, cli->arena, &vkeys, fault);
    if (rc == RC_OK)
        printf("%.*s", STR_ARG(vkeys));
    return rc;
}

static enum rc run_record_schema(struct cli *cli, struct fault *fault)
{
    struct str text = publication_schemas(cli->arena);
    enum rc rc = RC_OK;
    if (cli->arguments.n > 0)
        rc = publication_schema(cli->arena, str_of(cli->arguments.v[0]), &text, fault);
    if (rc == RC_OK)
        printf("%.*s\n", STR_ARG(text));
    return rc;
}

static enum rc run_record_verify(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    uint64_t sizes[2];
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = publication_verify(shop.site, sizes, fault);
    if (rc == RC_OK)
        rc = publication_verify_quorum(shop.site, fault);
    if (rc == RC_OK)
        printf("good: %llu decisions, %llu voices\n", (unsigned long long)sizes[0],
               (unsigned long long)sizes[1]);
    return rc;
}

static enum rc run_record_list(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    size_t n = 0;
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = listing_sign_now(shop.site, shop.writer, &n, fault);
    if (rc == RC_OK)
        printf("%zu signed\n", n);
    return rc;
}

static enum rc run_ratings_relate(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    size_t n = 0;
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = liked_rebuild(shop.site, shop.writer, &n, fault);
    if (rc == RC_OK)
        printf("%zu changed\n", n);
    return rc;
}

static enum rc run_record_resume(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = publication_resume(shop.site, cli->arguments.v, cli->arguments.n, fault);
    if (rc == RC_OK)
        printf("resumed: this copy holds what was public, and signs again\n");
    return rc;
}

static enum rc run_record_keep(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = head_file_keep(shop.site, cli->arguments.v[0], fault);
    if (rc == RC_OK)
        printf("kept: %s and %s.voices, from the server's next start on\n", cli->arguments.v[0],
               cli->arguments.v[0]);
    return rc;
}

static const struct option_spec add_options[] = {{"storefront", OPTION_LIST, true},
                                                 {"edition", OPTION_VALUE, false},
                                                 {"work", OPTION_VALUE, false},
                                                 {"collection", OPTION_VALUE, false},
                                                 {"contributor", OPTION_VALUE, false},
                                                 {"shop", OPTION_VALUE, false},
                                                 {"target", OPTION_VALUE, false},
                                                 {"withhold", OPTION_VALUE, true},
                                                 {"ground", OPTION_VALUE, true},
                                                 {"authority", OPTION_VALUE, false},
                                                 {"legal-basis", OPTION_VALUE, false},
                                                 {"reference", OPTION_VALUE, false},
                                                 {"reason", OPTION_VALUE, true},
                                                 {"from", OPTION_VALUE, false},
                                                 {"until", OPTION_VALUE, false},
                                                 {"review", OPTION_VALUE, false},
                                                 {"seal-until", OPTION_VALUE, false},
                                                 {"state-involved", OPTION_VALUE, false},
                                                 {"scope-reason", OPTION_VALUE, false},
                                                 {"as", OPTION_VALUE, false},
                                                 {"terms-version", OPTION_VALUE, false},
                                                 {"json", OPTION_FLAG, false},
                                                 {NULL, 0, false}};
static const struct option_spec json_options[] = {{"json", OPTION_FLAG, false}, {NULL, 0, false}};
static const struct option_spec lift_options[] = {{"reason", OPTION_VALUE, true}, {NULL, 0, false}};
static const struct option_spec vkey_options[] = {{"voices", OPTION_FLAG, false}, {NULL, 0, false}};

const struct command record_commands[] = {
    {"restriction add",
     "restriction add --storefront cn [--storefront …]\n"
     "           (--edition ISBN | --work ID | --collection SLUG | --contributor ID | --shop "
     "SLUG |\n"
     "            --target KIND:KEY)\n"
     "           --withhold FEATURE,… --ground GROUND [--authority NAME] [--legal-basis TEXT]\n"
     "           [--reference REF] --reason TEXT [--from DATE] (--until DATE | --review DATE) "
     "[--json]\n"
     "           [--state-involved COUNTRY] [--scope-reason TEXT] [--as EMAIL] [--seal-until "
     "DATE]\n"
     "             --seal-until commits to authority and reference now and publishes them then\n"
     "             KIND:KEY one of the above, review:INDEX or comment:INDEX (its entry of the\n"
     "                      voices), account:EMAIL\n"
     "             FEATURE  listing search sale delivery ratings reviews comments submissions;\n"
     "                      of a review: reviews ratings, a comment: comments, an account: "
     "submissions\n"
     "             GROUND   authority-order court-order rightsholder: with --authority, "
     "--legal-basis\n"
     "                      and --reference; law licence: with --legal-basis; terms: with the "
     "clause\n"
     "                      as --legal-basis and [--terms-version TEXT]; operator\n"
     "             DATE     2026-12-31 lasts that day, UTC; 2026-12-31T12:00:00Z to the second; "
     "a\n"
     "                      review date that passes without a new decision ends the restriction\n"
     "             EMAIL    of the operator who proposes: where there are two or more, another "
     "has to\n"
     "                      approve it",
     add_options, 0, 0, true, run_restriction_add},
    {"restriction approve", "restriction approve PROPOSAL --as EMAIL [--shown HASH] [--json]",
     approve_options, 1, 1, true, run_approve},
    {"restriction list", "restriction list [--json]", json_options, 0, 0, true,
     run_restriction_list},
    {"restriction lift", "restriction lift ID --reason TEXT", lift_options, 1, 1, true,
     run_restriction_lift},
    {"record vkey", "record vkey [--voices]", vkey_options, 0, 0, true, run_record_vkey},
    {"record vkeys",
     "record vkeys\n"
     "             every key that the logs had, as at /record/vkeys",
     NULL, 0, 0, true, run_record_vkeys},
    {"record schema", "record schema [KIND]", NULL, 0, 1, false, run_record_schema},
    {"record verify", "record verify", NULL, 0, 0, true, run_record_verify},
    {"record list",
     "record list\n"
     "             signs each storefront's list of titles, where it changed or is a day old; a\n"
     "             server does so by itself a minute after the catalogue changed",
     NULL, 0, 0, true, run_record_list},
    {"ratings relate",
     "ratings relate\n"
     "             makes anew, from the ratings, which works readers of each one liked, too; a\n"
     "             server does so by itself each day",
     NULL, 0, 0, true, run_ratings_relate},
    {"record keep",
     "record keep FILE\n"
     "             the last checkpoints are kept in FILE and FILE.voices, outside of the data\n"
     "             folder: a restored backup then stops rather than forks the logs",
     NULL, 1, 1, true, run_record_keep},
    {"record resume", "record resume CHECKPOINT VOICES-CHECKPOINT", NULL, 1, 2, true,
     run_record_resume},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
