#include <stdio.h>

#include "app/mail_queue.h"
#include "app/mail_settings.h"
#include "base/clock.h"
#include "cli/groups.h"
#include "web/letters.h"

enum { LIST_ROOM = 1000 };

static enum rc run_mail_set(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct mail_settings m = {.server = cli_value(cli, "server"),
                              .from = cli_value(cli, "from"),
                              .url = cli_value(cli, "url"),
                              .tls = cli_value(cli, "tls"),
                              .login_file = cli_value(cli, "login-file"),
                              .ca_file = cli_value(cli, "ca-file"),
                              .timeout = cli_value(cli, "timeout")};
    bool any =
        m.server.n + m.from.n + m.url.n + m.tls.n + m.login_file.n + m.ca_file.n + m.timeout.n > 0;
    if (any == cli_flag(cli, "off"))
        return cli_usage(cli, fault, "what to set, or --off");
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc != RC_OK)
        return rc;
    return any ? mail_settings_put(shop.writer, &m, fault)
               : mail_settings_remove(shop.writer, fault);
}

static void print_setting(const char *name, struct str value)
{
    if (value.n > 0)
        printf("%s: %.*s\n", name, STR_ARG(value));
}

static enum rc run_mail_show(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct store_conn *conn = NULL;
    struct mail_settings m;
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = site_connect_wholly(shop.site, &conn, fault);
    if (rc == RC_OK)
        rc = mail_settings_get(conn, cli->arena, &m, fault);
    site_disconnect(conn);
    if (rc != RC_OK)
        return rc;
    print_setting("server", m.server);
    print_setting("from", m.from);
    print_setting("url", m.url);
    print_setting("tls", m.tls);
    print_setting("login-file", m.login_file);
    print_setting("ca-file", m.ca_file);
    print_setting("timeout", m.timeout);
    return RC_OK;
}

static void print_letter(const struct letter_view *l)
{
    BUF_AUTO due = BUF_INIT(64);
    time_add(&due, l->ended > 0 ? l->ended : l->due);
    printf("%llu %.*s %.*s %.*s %u %.*s%s%.*s\n", (unsigned long long)l->id, STR_ARG(l->state),
           STR_ARG(buf_str(&due)), STR_ARG(l->kind), l->attempts, STR_ARG(l->recipient),
           l->reason.n > 0 ? ": " : "", STR_ARG(l->reason));
}

static json_t *letter_json(const struct letter_view *l)
{
    json_t *json = json_pack("{s:I,s:o,s:o,s:o,s:I,s:I,s:I}", "id", (json_int_t)l->id, "state",
                             json_from_str(l->state), "kind", json_from_str(l->kind), "recipient",
                             json_from_str(l->recipient), "attempts", (json_int_t)l->attempts,
                             "due", (json_int_t)l->due, "ended", (json_int_t)l->ended);
    json_object_set_new(json, "reason", json_from_str(l->reason));
    return json;
}

static enum rc run_mail_list(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    letter_list letters = {0};
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = mail_list(shop.site, cli->arena, cli_value(cli, "state"), LIST_ROOM, &letters, fault);
    cli_tell_cut(letters.n, LIST_ROOM);
    JSON_AUTO *json = json_array();
    for (size_t i = 0; rc == RC_OK && i < letters.n; i++) {
        if (cli_flag(cli, "json"))
            json_array_append_new(json, letter_json(&letters.v[i]));
        else
            print_letter(&letters.v[i]);
    }
    if (rc == RC_OK && cli_flag(cli, "json"))
        cli_print_json(json);
    return rc;
}

static enum rc run_mail_retry(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    uint64_t id = 0, n = 0;
    if ((cli->arguments.n == 1) == cli_flag(cli, "all"))
        return cli_usage(cli, fault, "a letter’s number, or --all");
    if (cli->arguments.n == 1 && (!str_to_u64(str_of(cli->arguments.v[0]), &id) || id == 0))
        return cli_usage(cli, fault, "%s: a letter’s number is needed", cli->arguments.v[0]);
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = mail_retry(shop.writer, id, &n, fault);
    if (rc == RC_OK)
        printf("%llu letters\n", (unsigned long long)n);
    return rc;
}

static enum rc run_mail_test(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK && cli_flag(cli, "queued"))
        return mail_queue_test(shop.writer, str_of(cli->arguments.v[0]), cli_value(cli, "language"),
                               fault);
    if (rc == RC_OK)
        rc = mail_test(shop.site, letter_compose, str_of(cli->arguments.v[0]),
                       cli_value(cli, "language"), fault);
    if (rc == RC_OK)
        printf("The server has taken it.\n");
    return rc;
}

static const struct option_spec set_options[] = {{"server", OPTION_VALUE, false},
                                                 {"from", OPTION_VALUE, false},
                                                 {"url", OPTION_VALUE, false},
                                                 {"tls", OPTION_VALUE, false},
                                                 {"login-file", OPTION_VALUE, false},
                                                 {"ca-file", OPTION_VALUE, false},
                                                 {"timeout", OPTION_VALUE, false},
                                                 {"off", OPTION_FLAG, false},
                                                 {NULL, 0, false}};
static const struct option_spec list_options[] = {
    {"state", OPTION_VALUE, false}, {"json", OPTION_FLAG, false}, {NULL, 0, false}};
static const struct option_spec retry_options[] = {{"all", OPTION_FLAG, false}, {NULL, 0, false}};
static const struct option_spec test_options[] = {
    {"language", OPTION_VALUE, false}, {"queued", OPTION_FLAG, false}, {NULL, 0, false}};

const struct command mail_commands[] = {
    {"mail set",
     "mail set --server smtp[s]://HOST:PORT --from \"NAME <ADDRESS>\" --url https://books.example\n"
     "           [--tls none|starttls] [--login-file FILE] [--ca-file FILE] [--timeout SECONDS]\n"
     "           | --off",
     set_options, 0, 0, true, run_mail_set},
    {"mail show", "mail show", NULL, 0, 0, true, run_mail_show},
    {"mail list", "mail list [--state waiting|sent|failed] [--json]", list_options, 0, 0, true,
     run_mail_list},
    {"mail retry", "mail retry ID | --all", retry_options, 0, 1, true, run_mail_retry},
    {"mail test", "mail test ADDRESS [--language zh-Hans] [--queued]", test_options, 1, 1, true,
     run_mail_test},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
