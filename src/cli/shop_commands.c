#include <stdio.h>
#include <unistd.h>

#include "app/account.h"
#include "app/backup.h"
#include "app/feed_inbox.h"
#include "app/indexer.h"
#include "app/manage.h"
#include "app/site_init.h"
#include "app/trail.h"
#include "base/json.h"
#include "base/priority.h"
#include "cli/groups.h"
#include "cli/progress.h"

static enum rc run_init(struct cli *cli, struct fault *fault)
{
    struct str origin = cli_value(cli, "origin");
    enum rc rc = site_init(cli->dir, origin.n > 0 ? origin : STR("localhost"),
                           cli_value(cli, "database"), cli_value(cli, "files"), fault);
    return rc == RC_OK ? cli_note(cli, cli->dir, fault) : rc;
}

static enum rc run_join(struct cli *cli, struct fault *fault)
{
    enum rc rc = site_join(cli->dir, cli_value(cli, "database"), fault);
    return rc == RC_OK ? cli_note(cli, cli->dir, fault) : rc;
}

/* "sell" or "refuse"; empty: not asked. */
static enum rc check_unstated(struct cli *cli, const char *option, struct fault *fault)
{
    struct str word = cli_value(cli, option);
    if (word.n == 0 || str_eq(word, STR("sell")) || str_eq(word, STR("refuse")))
        return RC_OK;
    return cli_usage(cli, fault, "--%s %.*s: sell or refuse", option, STR_ARG(word));
}

static enum rc run_storefront_add(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    const struct str *languages;
    struct str tax = cli_value(cli, "tax"), unknown = cli_value(cli, "print-without-rights");
    struct storefront s = {.slug = str_of(cli->arguments.v[0]),
                           .country = cli_value(cli, "country"),
                           .currency = cli_value(cli, "currency")};
    s.languages.n = cli_list(cli, "language", &languages);
    s.languages.v = (struct str *)languages;
    if (tax.n > 0 && !str_eq(tax, STR("included")) && !str_eq(tax, STR("excluded")))
        return cli_usage(cli, fault, "--tax %.*s: included or excluded", STR_ARG(tax));
    enum rc rc = check_unstated(cli, "print-without-rights", fault);
    if (rc == RC_OK)
        rc = check_unstated(cli, "unresearched", fault);
    if (rc == RC_OK && cli_flag(cli, "no-licence-needed") && cli_flag(cli, "unresearched"))
        rc = cli_usage(cli, fault,
                       "--no-licence-needed or --unresearched: what is stated is researched");
    if (rc != RC_OK)
        return rc;
    /* Where prices are shown without tax: the United States and Canada. */
    s.tax_included = tax.n > 0 ? str_eq(tax, STR("included"))
                               : !str_eq(s.country, STR("US")) && !str_eq(s.country, STR("CA"));
    s.print_without_rights = str_eq(unknown, STR("sell"));
    s.unresearched = str_eq(cli_value(cli, "unresearched"), STR("sell"));
    rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = manage_storefront_add(shop.site, shop.writer, &s, cli_value(cli, "no-licence-needed"),
                                   fault);
    return rc == RC_OK ? indexer_catch_up(shop.site, fault) : rc;
}

static enum rc run_storefront_set(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct str unstated = cli_value(cli, "print-without-rights");
    const struct str *languages;
    struct str currency = cli_value(cli, "currency"), tax = cli_value(cli, "tax");
    size_t languages_n = cli_list(cli, "language", &languages);
    bool prices = currency.n > 0 || tax.n > 0, with = str_eq(tax, STR("included"));
    bool hosts = cli_flag(cli, "host") || cli_flag(cli, "no-host");
    int of_three =
        cli_flag(cli, "host") + cli_flag(cli, "no-host") + cli_flag(cli, "print-without-rights");
    if (of_three > 1 || (of_three == 0 && !prices && languages_n == 0))
        return cli_usage(cli, fault,
                         "one of --host, --no-host and --print-without-rights is needed, or "
                         "--language, --currency, --tax");
    if (tax.n > 0 && !with && !str_eq(tax, STR("excluded")))
        return cli_usage(cli, fault, "--tax %.*s: included or excluded", STR_ARG(tax));
    if (cli_flag(cli, "host") && cli_value(cli, "host").n == 0)
        return cli_usage(cli, fault, "--host: a name is needed");
    if (cli_flag(cli, "print-without-rights") && unstated.n == 0)
        return cli_usage(cli, fault, "--print-without-rights: sell or refuse");
    enum rc rc = check_unstated(cli, "print-without-rights", fault);
    if (rc == RC_OK)
        rc = cli_open(cli, &shop, fault);
    struct str host = cli_value(cli, "host");
    bool sell = str_eq(unstated, STR("sell"));
    struct storefront_change change = {.slug = str_of(cli->arguments.v[0]),
                                       .host = hosts ? &host : NULL,
                                       .sell = unstated.n > 0 ? &sell : NULL,
                                       .currency = currency.n > 0 ? &currency : NULL,
                                       .tax_included = tax.n > 0 ? &with : NULL,
                                       .languages = languages_n > 0 ? languages : NULL,
                                       .languages_n = languages_n};
    return rc == RC_OK ? manage_storefront_set(shop.writer, &change, fault) : rc;
}

static enum rc run_collection_add(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    uint64_t works = 0;
    struct collection_order order = {.slug = str_of(cli->arguments.v[0]),
                                     .name = cli_value(cli, "name"),
                                     .query = cli_value(cli, "query"),
                                     .contributor = cli_value(cli, "contributor"),
                                     .isbn_file = cli_value_z(cli, "isbn")};
    if (cli_flag(cli, "query") + cli_flag(cli, "contributor") + cli_flag(cli, "isbn") != 1)
        return cli_usage(cli, fault, "exactly one of --query, --contributor, --isbn is needed");
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = manage_collection_add(shop.site, shop.writer, &order, &works, fault);
    if (rc == RC_OK && cli_flag(cli, "json")) {
        JSON_AUTO *json = json_pack("{s:I}", "works", (json_int_t)works);
        cli_print_json(json);
    } else if (rc == RC_OK) {
        printf("%llu works\n", (unsigned long long)works);
    }
    return rc;
}

enum rc cli_account_add(struct cli *cli, struct str role, struct fault *fault)
{
    CLI_SHOP shop = {0};
    char text[PASSWORD_MAX + 2];
    struct str email = str_of(cli->arguments.v[0]), name = cli_value(cli, "name");
    struct sign_up s = {.email = email,
                        .name = name.n > 0 ? name : str_sub(email, 0, str_find(email, '@')),
                        .role = role,
                        .shop = cli_value(cli, "shop")};
    enum rc rc = cli_password(cli, text, &s.password, fault);
    if (rc == RC_OK)
        rc = cli_open(cli, &shop, fault);
    struct passwords *passwords = passwords_new();
    if (rc == RC_OK)
        rc = account_add(passwords, shop.writer, &s, NULL, fault);
    if (rc == RC_OK && s.shop.n > 0)
        rc = feed_inbox_make(shop.site, s.shop, fault);
    passwords_free(passwords);
    return rc;
}

static enum rc run_account_add(struct cli *cli, struct fault *fault)
{
    return cli_account_add(cli, cli_value(cli, "role"), fault);
}

static enum rc run_index_rebuild(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct progress_line line = {.what = "editions"};
    struct index_progress progress = {&line, progress_tell};
    priority_lower(PRIORITY_LATER);
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = indexer_rebuild(shop.site, &progress, fault);
    progress_end(&line);
    return rc;
}

static void tell_bad_file(void *context, struct str key, const char *reason)
{
    (void)context;
    fprintf(stderr, "colophon: %.*s: %s\n", STR_ARG(key), reason);
}

/* Of a copy whose database is whole: what became of the files beside it. */
static enum rc tell_files(const struct backup_files *files, const char *at, struct fault *fault)
{
    if (files->elsewhere)
        fprintf(stderr, "The files lie in their own store and are no part of this.\n");
    else if (files->count.files > 0)
        fprintf(stderr, "%llu files in %s\n", (unsigned long long)files->count.files, at);
    if (files->count.bad == 0)
        return RC_OK;
    return fault_set(fault, RC_CORRUPT, "everything is copied but %llu files",
                     (unsigned long long)files->count.bad);
}

static enum rc run_backup(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct backup_files files;
    struct files_watch watch = {.bad = tell_bad_file};
    const char *path = cli->arguments.v[0];
    priority_lower(PRIORITY_LATER);
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = backup_write(shop.site, path, &watch, &files, fault);
    if (rc == RC_OK)
        rc = trail_note(shop.writer, cli->act, fault);
    return rc == RC_OK ? tell_files(&files, arena_printf(cli->arena, "%s.files", path).p, fault)
                       : rc;
}

static enum rc run_restore(struct cli *cli, struct fault *fault)
{
    struct backup_files files;
    struct files_watch watch = {.bad = tell_bad_file};
    enum rc rc = backup_restore(cli->dir, cli->arguments.v[0], &watch, &files, fault);
    if (rc == RC_OK)
        rc = cli_note(cli, cli->dir, fault);
    if (rc == RC_OK)
        fprintf(stderr,
                "Restored. Put the key at %s/key (mode 0600), fetch the last public checkpoints "
                "and run\n"
                "`colophon -d %s record resume CHECKPOINT VOICES-CHECKPOINT`; until then nothing "
                "is signed.\n",
                cli->dir, cli->dir);
    return rc == RC_OK ? tell_files(&files, arena_printf(cli->arena, "%s/files", cli->dir).p, fault)
                       : rc;
}

static const struct option_spec init_options[] = {{"origin", OPTION_VALUE, false},
                                                  {"database", OPTION_VALUE, false},
                                                  {"files", OPTION_VALUE, false},
                                                  {NULL, 0, false}};
static const struct option_spec join_options[] = {{"database", OPTION_VALUE, true},
                                                  {NULL, 0, false}};
static const struct option_spec storefront_options[] = {
    {"country", OPTION_VALUE, true},
    {"language", OPTION_LIST, true},
    {"currency", OPTION_VALUE, true},
    {"tax", OPTION_VALUE, false},
    {"print-without-rights", OPTION_VALUE, false},
    {"no-licence-needed", OPTION_VALUE, false},
    {"unresearched", OPTION_VALUE, false},
    {NULL, 0, false}};
static const struct option_spec storefront_set_options[] = {
    {"host", OPTION_VALUE, false},
    {"no-host", OPTION_FLAG, false},
    {"print-without-rights", OPTION_VALUE, false},
    {"language", OPTION_LIST, false},
    {"currency", OPTION_VALUE, false},
    {"tax", OPTION_VALUE, false},
    {NULL, 0, false}};
static const struct option_spec collection_options[] = {
    {"name", OPTION_VALUE, true},         {"query", OPTION_VALUE, false},
    {"contributor", OPTION_VALUE, false}, {"isbn", OPTION_VALUE, false},
    {"json", OPTION_FLAG, false},         {NULL, 0, false}};
static const struct option_spec account_options[] = {{"role", OPTION_VALUE, false},
                                                     {"name", OPTION_VALUE, false},
                                                     {"password-stdin", OPTION_FLAG, false},
                                                     {NULL, 0, false}};

const struct command shop_commands[] = {
    {"init",
     "init [--origin books.example] [--database postgresql://…] [--files s3://BUCKET|FOLDER]",
     init_options, 0, 0, true, run_init},
    {"join", "join --database postgresql://…", join_options, 0, 0, true, run_join},
    {"storefront add",
     "storefront add SLUG --country US --language en [--language …] --currency USD\n"
     "           [--tax included|excluded] [--print-without-rights sell|refuse]\n"
     "           [--no-licence-needed LAW | --unresearched sell|refuse]\n"
     "           without a law that asks for no licence, it sells nothing before somebody states\n"
     "           what its country asks for (licence need)",
     storefront_options, 1, 1, true, run_storefront_add},
    {"storefront set",
     "storefront set SLUG [--host NAME | --no-host | --print-without-rights sell|refuse]\n"
     "           [--language en [--language …]] [--currency USD] [--tax included|excluded]",
     storefront_set_options, 1, 1, true, run_storefront_set},
    {"collection add",
     "collection add SLUG --name NAME (--query Q | --contributor NAME | --isbn FILE) [--json]",
     collection_options, 1, 1, true, run_collection_add},
    {"account add", "account add EMAIL [--role reader|operator] [--name NAME] --password-stdin",
     account_options, 1, 1, true, run_account_add},
    {"index rebuild", "index rebuild", NULL, 0, 0, true, run_index_rebuild},
    {"backup", "backup FILE", NULL, 1, 1, true, run_backup},
    {"restore", "restore FILE", NULL, 1, 1, true, run_restore},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
