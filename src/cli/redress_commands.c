/* Statements of reasons, complaints, and where else one can turn. */
#include <stdio.h>

#include "app/complaint.h"
#include "app/dispute.h"
#include "app/security_contact.h"
#include "base/clock.h"
#include "base/json.h"
#include "cli/deciding.h"
#include "cli/groups.h"

enum { LISTED_MAX = 10000 };

static enum rc run_redress_set(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    const struct str *given;
    size_t n = cli_list(cli, "body", &given);
    struct redress_body *bodies = ARENA_ARRAY(cli->arena, struct redress_body, n);
    for (size_t i = 0; i < n; i++) {
        size_t at = str_find(given[i], '=');
        if (at == given[i].n)
            return cli_usage(cli, fault, "--body %.*s: NAME=ADDRESS", STR_ARG(given[i]));
        bodies[i] =
            (struct redress_body){str_sub(given[i], 0, at), str_sub(given[i], at + 1, given[i].n)};
    }
    enum rc rc = cli_open(cli, &shop, fault);
    return rc == RC_OK ? redress_set(shop.writer, bodies, n, fault) : rc;
}

static enum rc run_redress_list(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    redress_bodies bodies;
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = redress_get(shop.site, cli->arena, &bodies, fault);
    for (size_t i = 0; rc == RC_OK && i < bodies.n; i++)
        printf("%.*s\t%.*s\n", STR_ARG(bodies.v[i].name), STR_ARG(bodies.v[i].url));
    return rc;
}

static enum rc run_shop_contact(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct str language = cli_flag(cli, "language") ? cli_value(cli, "language") : STR("en");
    enum rc rc = cli_open(cli, &shop, fault);
    return rc == RC_OK ? shop_contact_set(shop.writer, str_of(cli->arguments.v[0]),
                                          cli_value(cli, "email"), language, fault)
                       : rc;
}

static enum rc run_security_contact(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    const struct str *given;
    size_t n = cli_list(cli, "contact", &given);
    enum rc rc = cli_open(cli, &shop, fault);
    return rc == RC_OK ? security_contact_set(shop.writer, given, n, fault) : rc;
}

static enum rc run_statement_list(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    statement_lines lines = {0};
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = statement_list(shop.site, cli->arena, 0, LISTED_MAX, &lines, fault);
    cli_tell_cut(lines.n, LISTED_MAX);
    for (size_t i = 0; rc == RC_OK && i < lines.n; i++) {
        const struct statement_line *s = &lines.v[i];
        printf("%llu\trestriction %llu\t", (unsigned long long)s->id,
               (unsigned long long)s->restriction);
        if (s->account != 0)
            printf("account %llu", (unsigned long long)s->account);
        else
            printf("shop %.*s", STR_ARG(s->shop));
        if (s->complaint != 0)
            printf("\tcomplaint %llu", (unsigned long long)s->complaint);
        printf("\n");
    }
    return rc;
}

static bool read_id(struct cli *cli, uint64_t *ret)
{
    return str_to_u64(str_of(cli->arguments.v[0]), ret);
}

static enum rc run_complaint_add(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct complaint_made made;
    uint64_t about;
    struct str demand = cli_value(cli, "demand");
    if ((demand.n > 0) == (cli->arguments.n > 0))
        return cli_usage(cli, fault, "either a statement's number or --demand ID is needed");
    if (!(demand.n > 0 ? str_to_u64(demand, &about) : read_id(cli, &about)))
        return cli_usage(cli, fault, "a statement's or a demand's number is needed");
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = demand.n > 0 ? complaint_add_decision(shop.site, shop.writer, about,
                                                   cli_value(cli, "text"), &made, fault)
                          : complaint_add(shop.site, shop.writer, about, cli_value(cli, "text"),
                                          &made, fault);
    if (rc == RC_OK)
        printf("complaint %llu, entry %llu\n", (unsigned long long)made.id,
               (unsigned long long)made.record_index);
    return rc;
}

static enum rc run_complaint_list(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    complaint_lines lines = {0};
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = complaint_list(shop.site, cli->arena, LISTED_MAX, &lines, fault);
    cli_tell_cut(lines.n, LISTED_MAX);
    for (size_t i = 0; rc == RC_OK && i < lines.n; i++) {
        const struct complaint_line *c = &lines.v[i];
        printf("%llu\t%.*s\t", (unsigned long long)c->id,
               STR_ARG(c->decided == 0 ? STR("open") : c->outcome));
        if (c->demand != 0)
            printf("demand %llu\n", (unsigned long long)c->demand);
        else
            printf("restriction %llu\tstatement %llu\n", (unsigned long long)c->restriction,
                   (unsigned long long)c->statement);
    }
    return rc;
}

static enum rc run_complaint_decide(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    uint64_t id, staff = 0, index;
    bool upheld = cli_flag(cli, "upheld");
    if (!read_id(cli, &id))
        return cli_usage(cli, fault, "%s: a complaint's number is needed", cli->arguments.v[0]);
    if (upheld == cli_flag(cli, "rejected"))
        return cli_usage(cli, fault, "exactly one of --upheld and --rejected is needed");
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = cli_staff(cli, &shop, &staff, fault);
    if (rc == RC_OK)
        rc = complaint_decide(shop.site, shop.writer, staff, id, upheld, cli_value(cli, "reason"),
                              &index, fault);
    if (rc == RC_OK)
        printf("complaint %llu %s, entry %llu\n", (unsigned long long)id,
               upheld ? "upheld" : "rejected", (unsigned long long)index);
    return rc;
}

/* ---- out of court ---- */

/* Nothing, where the option is not given. */
static bool read_number(struct cli *cli, const char *option, uint64_t *ret)
{
    return !cli_flag(cli, option) || (str_to_u64(cli_value(cli, option), ret) && *ret > 0);
}

static enum rc run_dispute_add(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct dispute_made made;
    struct dispute_order order = {.body = cli_value(cli, "body"),
                                  .submitted = cli_value(cli, "submitted")};
    int given = cli_flag(cli, "complaint") + cli_flag(cli, "restriction") + cli_flag(cli, "demand");
    if (given != 1 || !read_number(cli, "complaint", &order.complaint) ||
        !read_number(cli, "restriction", &order.restriction) ||
        !read_number(cli, "demand", &order.demand))
        return cli_usage(cli, fault,
                         "the number of one complaint, restriction or demand is needed");
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = dispute_add(shop.site, shop.writer, &order, &made, fault);
    if (rc == RC_OK)
        printf("dispute %llu, entry %llu\n", (unsigned long long)made.id,
               (unsigned long long)made.record_index);
    return rc;
}

static enum rc run_dispute_settle(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    uint64_t id, staff = 0, index;
    enum dispute_outcome outcome;
    struct str word = cli_value(cli, "outcome");
    if (!read_id(cli, &id))
        return cli_usage(cli, fault, "%s: a dispute's number is needed", cli->arguments.v[0]);
    if (!dispute_outcome_parse(word, &outcome))
        return cli_usage(cli, fault, "--outcome %.*s: confirmed, reversed, partly or none",
                         STR_ARG(word));
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = cli_staff(cli, &shop, &staff, fault);
    if (rc == RC_OK)
        rc = dispute_settle(shop.site, shop.writer, staff, id, outcome, cli_value(cli, "settled"),
                            &index, fault);
    if (rc == RC_OK)
        printf("dispute %llu %s, entry %llu\n", (unsigned long long)id,
               dispute_outcome_name(outcome), (unsigned long long)index);
    return rc;
}

static enum rc run_dispute_correct(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    uint64_t staff = 0, index;
    struct str word = cli_value(cli, "outcome");
    bool none = cli_flag(cli, "void"), open = cli_flag(cli, "open"), over = word.n > 0;
    struct dispute_correction c = {.state_stays = !none && !open && !over,
                                   .state = none   ? DISPUTE_VOID
                                            : open ? DISPUTE_OPEN
                                                   : DISPUTE_SETTLED,
                                   .outcome_stays = !over,
                                   .body = cli_value(cli, "body"),
                                   .submitted = cli_value(cli, "submitted"),
                                   .settled = cli_value(cli, "settled")};
    if (!read_id(cli, &c.id))
        return cli_usage(cli, fault, "%s: a dispute's number is needed", cli->arguments.v[0]);
    if (none + open + over > 1 || (none && (c.body.n > 0 || c.submitted.n > 0)) ||
        ((none || open) && c.settled.n > 0))
        return cli_usage(cli, fault, "--void, --open or --outcome: one of them, and what fits it");
    if (over && !dispute_outcome_parse(word, &c.outcome))
        return cli_usage(cli, fault, "--outcome %.*s: confirmed, reversed, partly or none",
                         STR_ARG(word));
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = cli_staff(cli, &shop, &staff, fault);
    if (rc == RC_OK)
        rc = dispute_correct(shop.site, shop.writer, staff, &c, &index, fault);
    if (rc == RC_OK)
        printf("dispute %llu corrected, entry %llu\n", (unsigned long long)c.id,
               (unsigned long long)index);
    return rc;
}

static const char *dispute_word(const struct dispute_line *d)
{
    return d->none ? "void" : d->settled == 0 ? "open" : dispute_outcome_name(d->outcome);
}

static enum rc run_dispute_list(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    dispute_lines lines = {0};
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = dispute_list(shop.site, cli->arena, LISTED_MAX, &lines, fault);
    cli_tell_cut(lines.n, LISTED_MAX);
    for (size_t i = 0; rc == RC_OK && i < lines.n; i++) {
        const struct dispute_line *d = &lines.v[i];
        printf("%llu\t%s\t%s %llu", (unsigned long long)d->id, dispute_word(d),
               d->demand != 0 ? "demand" : "restriction",
               (unsigned long long)(d->demand != 0 ? d->demand : d->restriction));
        if (d->complaint != 0)
            printf("\tcomplaint %llu", (unsigned long long)d->complaint);
        printf("\t%.*s", STR_ARG(d->body));
        if (d->correction_index >= 0)
            printf("\tcorrected, entry %lld", (long long)d->correction_index);
        printf("\n");
    }
    return rc;
}

static const struct option_spec dispute_options[] = {
    {"complaint", OPTION_VALUE, false}, {"restriction", OPTION_VALUE, false},
    {"demand", OPTION_VALUE, false},    {"body", OPTION_VALUE, true},
    {"submitted", OPTION_VALUE, true},  {NULL, 0, false}};
static const struct option_spec settle_options[] = {{"outcome", OPTION_VALUE, true},
                                                    {"settled", OPTION_VALUE, true},
                                                    {"as", OPTION_VALUE, false},
                                                    {NULL, 0, false}};
static const struct option_spec correct_options[] = {
    {"void", OPTION_FLAG, false},     {"open", OPTION_FLAG, false},
    {"body", OPTION_VALUE, false},    {"submitted", OPTION_VALUE, false},
    {"outcome", OPTION_VALUE, false}, {"settled", OPTION_VALUE, false},
    {"as", OPTION_VALUE, false},      {NULL, 0, false}};
static const struct option_spec set_options[] = {{"body", OPTION_LIST, false}, {NULL, 0, false}};
static const struct option_spec security_options[] = {{"contact", OPTION_LIST, false},
                                                      {NULL, 0, false}};
static const struct option_spec contact_options[] = {
    {"email", OPTION_VALUE, true}, {"language", OPTION_VALUE, false}, {NULL, 0, false}};
static const struct option_spec text_options[] = {
    {"text", OPTION_VALUE, true}, {"demand", OPTION_VALUE, false}, {NULL, 0, false}};
static const struct option_spec decide_options[] = {{"upheld", OPTION_FLAG, false},
                                                    {"rejected", OPTION_FLAG, false},
                                                    {"reason", OPTION_VALUE, true},
                                                    {"as", OPTION_VALUE, false},
                                                    {NULL, 0, false}};

const struct command redress_commands[] = {
    {"redress set",
     "redress set [--body NAME=ADDRESS …]\n"
     "             the bodies out of court that statements of reasons name, in place of those "
     "before",
     set_options, 0, 0, true, run_redress_set},
    {"redress list", "redress list", NULL, 0, 0, true, run_redress_list},
    {"shop contact", "shop contact SLUG --email ADDRESS [--language en]", contact_options, 1, 1,
     true, run_shop_contact},
    {"security contact",
     "security contact [--contact mailto:ADDRESS|https://ADDRESS …]\n"
     "             whom to tell of a weakness of the shop (/.well-known/security.txt), in place of "
     "those before",
     security_options, 0, 0, true, run_security_contact},
    {"statement list", "statement list", NULL, 0, 0, true, run_statement_list},
    {"complaint add",
     "complaint add (STATEMENT | --demand ID) --text TEXT\n"
     "             about a restriction, or about a demand that was refused or narrowed",
     text_options, 0, 1, true, run_complaint_add},
    {"complaint list", "complaint list", NULL, 0, 0, true, run_complaint_list},
    {"complaint decide",
     "complaint decide ID (--upheld | --rejected) --reason TEXT [--as EMAIL]\n"
     "             by another operator than who decided what it is about; upheld lifts the "
     "restriction,\n"
     "             or makes the demand undecided again",
     decide_options, 1, 1, true, run_complaint_decide},
    {"dispute add",
     "dispute add (--complaint ID | --restriction ID | --demand ID) --body NAME --submitted DATE\n"
     "             somebody took a decision to one of the bodies out of court that statements name",
     dispute_options, 0, 0, true, run_dispute_add},
    {"dispute settle",
     "dispute settle ID --outcome confirmed|reversed|partly|none --settled DATE [--as EMAIL]\n"
     "             what the body said of the decision; reversed lifts the restriction, or makes "
     "the demand\n"
     "             undecided again",
     settle_options, 1, 1, true, run_dispute_settle},
    {"dispute correct",
     "dispute correct ID [--void | --open | --outcome confirmed|reversed|partly|none]\n"
     "             [--body NAME] [--submitted DATE] [--settled DATE] [--as EMAIL]\n"
     "             what was noted of it was wrong: an entry in its place; what is not said stays. "
     "Void: there\n"
     "             was none. What was lifted meanwhile stays lifted",
     correct_options, 1, 1, true, run_dispute_correct},
    {"dispute list", "dispute list", NULL, 0, 0, true, run_dispute_list},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
