#include <signal.h>
#include <stdio.h>

#include "app/plain_letter.h"
#include "audit/threats.h"
#include "audit/watch.h"
#include "cli/stop.h"
#include "cli/watch_commands.h"

enum { INTERVAL = 300, THREATS_MAX = 64 << 10, POLICY_MAX = 64 << 10 };

static void tell_alarm(void *context, const char *kind, unsigned threat, const char *text)
{
    (void)context;
    if (threat > 0)
        printf("%s (threat %u): %s\n", kind, threat, text);
    else
        printf("%s: %s\n", kind, text);
    fflush(stdout);
}

static void tell_note(void *context, const char *text)
{
    (void)context;
    fprintf(stderr, "%s\n", text);
}

/* Where letters go. */
struct mailing {
    struct str to;
    struct mail_settings settings;
};

static enum rc send_letter(void *context, struct str subject, struct str text, struct fault *fault)
{
    const struct mailing *mailing = context;
    return plain_letter_send(&mailing->settings, mailing->to, subject, text, fault);
}

static enum rc read_mailing(struct cli *cli, struct mailing *ret, struct watch_order *order,
                            struct fault *fault)
{
    ret->to = cli_value(cli, "mail");
    ret->settings = (struct mail_settings){.server = cli_value(cli, "mail-server"),
                                           .from = cli_value(cli, "mail-from"),
                                           .tls = cli_value(cli, "mail-tls"),
                                           .login_file = cli_value(cli, "mail-login-file"),
                                           .ca_file = cli_value(cli, "mail-ca-file")};
    if (ret->settings.server.n == 0)
        ret->settings.server = STR("smtp://127.0.0.1:25");
    if (ret->to.n == 0)
        return RC_OK;
    if (ret->settings.from.n == 0)
        return cli_usage(cli, fault, "--mail-from: in whose name letters are sent");
    order->letter = send_letter;
    return plain_letter_check(&ret->settings, ret->to, fault);
}

static enum rc read_order(struct cli *cli, struct watch_order *ret, uint64_t *ret_interval,
                          struct fault *fault)
{
    struct str interval = cli_value(cli, "interval");
    *ret_interval = INTERVAL;
    if (interval.n > 0 &&
        (!str_to_u64(interval, ret_interval) || *ret_interval == 0 || *ret_interval > 86400))
        return cli_usage(cli, fault, "--interval: seconds, 1 to 86400");
    ret->url = str_of(cli->arguments.v[0]);
    ret->vkey = cli_value(cli, "vkey");
    ret->state = cli_value_z(cli, "state");
    ret->peer_count = cli_list(cli, "peer", &ret->peers);
    ret->receipts = cli_value_z(cli, "receipts");
    ret->webhook = cli_value(cli, "webhook");
    ret->atom = cli_value_z(cli, "atom");
    ret->all = cli_flag(cli, "all");
    ret->alarm = tell_alarm;
    ret->note = tell_note;
    if (ret->state == NULL)
        return cli_usage(cli, fault, "--state DIR is needed: what was seen is kept there");
    return cli_flag(cli, "policy")
               ? cli_read_file(cli, cli_value_z(cli, "policy"), POLICY_MAX, &ret->policy, fault)
               : RC_OK;
}

enum rc run_watch(struct cli *cli, struct fault *fault)
{
    struct mailing mailing = {0};
    struct watch_order order = {.context = &mailing};
    struct watch_result result = {0};
    uint64_t interval, alarms = 0;
    if (cli_flag(cli, "threats")) {
        BUF_AUTO table = BUF_INIT(THREATS_MAX);
        threats_write(&table);
        buf_char(&table, '\n');
        alarm_kinds_write(&table);
        fwrite(table.p, 1, table.n, stdout);
        return RC_OK;
    }
    if (cli->arguments.n != 1)
        return cli_usage(cli, fault, "the address of a shop is needed");
    enum rc rc = read_order(cli, &order, &interval, fault);
    if (rc == RC_OK)
        rc = read_mailing(cli, &mailing, &order, fault);
    if (rc != RC_OK)
        return rc;
    bool once = cli_flag(cli, "once");
    signal(SIGPIPE, SIG_IGN); /* a server that goes away is a failure like others */
    if (!once)
        stop_wait_to_be_asked();
    do {
        rc = watch_once(&order, &result, fault);
        alarms += result.alarms;
        if (rc == RC_OK)
            printf(
                "%llu decisions, %llu voices, %llu works, %llu receipts; %llu alarms, %llu new\n",
                (unsigned long long)result.decisions, (unsigned long long)result.voices,
                (unsigned long long)result.works, (unsigned long long)result.receipts,
                (unsigned long long)result.alarms, (unsigned long long)result.fresh);
        else if (!once)
            fprintf(stderr, "%s\n", fault->text);
        fflush(stdout);
    } while (!once && !stop_asked((int)interval * 1000));
    if (rc == RC_OK && alarms > 0)
        rc = fault_set(fault, RC_CORRUPT, "there were alarms");
    return rc;
}

const struct option_spec watch_options[] = {{"state", OPTION_VALUE, false},
                                            {"once", OPTION_FLAG, false},
                                            {"interval", OPTION_VALUE, false},
                                            {"vkey", OPTION_VALUE, false},
                                            {"policy", OPTION_VALUE, false},
                                            {"all", OPTION_FLAG, false},
                                            {"peer", OPTION_LIST, false},
                                            {"receipts", OPTION_VALUE, false},
                                            {"webhook", OPTION_VALUE, false},
                                            {"atom", OPTION_VALUE, false},
                                            {"mail", OPTION_VALUE, false},
                                            {"mail-server", OPTION_VALUE, false},
                                            {"mail-from", OPTION_VALUE, false},
                                            {"mail-tls", OPTION_VALUE, false},
                                            {"mail-login-file", OPTION_VALUE, false},
                                            {"mail-ca-file", OPTION_VALUE, false},
                                            {"threats", OPTION_FLAG, false},
                                            {NULL, 0, false}};
