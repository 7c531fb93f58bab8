#include <stdio.h>
#include <sys/stat.h>

#include "audit/mirror.h"
#include "cli/groups.h"
#include "cli/stop.h"

enum { INTERVAL = 5, POLICY_MAX = 64 << 10, KEY_MAX = 4096 };

static void tell_note(void *context, const char *text)
{
    (void)context;
    fprintf(stderr, "%s\n", text);
}

static void tell(const struct mirror_result *r)
{
    printf("%llu decisions and %llu voices are mirrored, %llu of them new\n",
           (unsigned long long)r->decisions, (unsigned long long)r->voices,
           (unsigned long long)r->fetched);
    fflush(stdout);
}

/* What a later try may find mended. */
static bool may_pass(enum rc rc)
{
    return rc == RC_IO || rc == RC_CONFLICT;
}

/* Until it is told to end, or finds something that no later try makes good. */
static enum rc follow(struct mirror *mirror, int seconds, struct fault *fault)
{
    struct mirror_result result;
    enum rc rc = RC_OK;
    struct fault told = {""};
    stop_wait_to_be_asked();
    do {
        rc = mirror_run(mirror, &result, fault);
        if (may_pass(rc) && strcmp(told.text, fault->text) != 0)
            fprintf(stderr, "%s; trying again\n", fault->text);
        if (may_pass(rc))
            told = *fault;
        else
            told.text[0] = '\0';
        if (rc == RC_OK && result.fetched > 0)
            tell(&result);
    } while ((rc == RC_OK || may_pass(rc)) && !stop_asked(seconds * 1000));
    return may_pass(rc) ? RC_OK : rc;
}

/* "name+…": as `witness key` writes it; readable by its owner alone. */
static enum rc read_cosigner(struct cli *cli, struct str *ret, struct fault *fault)
{
    struct str text;
    struct stat info;
    const char *path = cli_value_z(cli, "cosign");
    enum rc rc = cli_read_file(cli, path, KEY_MAX, &text, fault);
    if (rc == RC_OK && stat(path, &info) == 0 && (info.st_mode & 077) != 0)
        rc = fault_set(fault, RC_DENIED, "%s: others may read it; chmod 600 it", path);
    if (rc == RC_OK && (!str_next(&text, '\n', ret) || ret->n == 0))
        rc = fault_set(fault, RC_INVALID, "%s is empty", path);
    return rc == RC_OK ? rc : fault_prefix(fault, rc, "--cosign");
}

static enum rc run_mirror(struct cli *cli, struct fault *fault)
{
    struct mirror_order order = {.url = str_of(cli->arguments.v[0]),
                                 .dir = cli->arguments.v[1],
                                 .vkey = cli_value(cli, "vkey"),
                                 .note = tell_note};
    struct mirror_result result;
    struct mirror *mirror;
    uint64_t interval = INTERVAL;
    struct str seconds = cli_value(cli, "interval");
    enum rc rc = RC_OK;
    if (seconds.n > 0 && (!str_to_u64(seconds, &interval) || interval == 0 || interval > 86400))
        return cli_usage(cli, fault, "--interval: seconds, 1 to 86400");
    if (cli_flag(cli, "policy"))
        rc = cli_read_file(cli, cli_value_z(cli, "policy"), POLICY_MAX, &order.policy, fault);
    if (rc == RC_OK && cli_flag(cli, "cosign"))
        rc = read_cosigner(cli, &order.cosign, fault);
    if (rc == RC_OK)
        rc = mirror_open(&order, &mirror, fault);
    if (rc != RC_OK)
        return rc;
    if (cli_flag(cli, "follow"))
        rc = follow(mirror, (int)interval, fault);
    else
        rc = mirror_run(mirror, &result, fault);
    if (rc == RC_OK && !cli_flag(cli, "follow"))
        tell(&result);
    mirror_close(mirror);
    return rc;
}

static const struct option_spec mirror_options[] = {
    {"vkey", OPTION_VALUE, false},     {"policy", OPTION_VALUE, false},
    {"cosign", OPTION_VALUE, false},   {"follow", OPTION_FLAG, false},
    {"interval", OPTION_VALUE, false}, {NULL, 0, false}};

const struct command mirror_commands[] = {
    {"mirror",
     "mirror URL DIR [--vkey KEY] [--policy FILE] [--cosign KEYFILE] [--follow [--interval "
     "SECONDS]]",
     mirror_options, 2, 2, false, run_mirror},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
