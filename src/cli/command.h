/* Inside cli/: commands as data, and their options. */
#ifndef COLOPHON_CLI_COMMAND_H
#define COLOPHON_CLI_COMMAND_H

#include "app/account.h"
#include "app/site.h"
#include "app/writer.h"
#include "base/arena.h"
#include "base/fault.h"
#include "domain/edition.h"

enum option_kind { OPTION_FLAG, OPTION_VALUE, OPTION_LIST };

struct option_spec {
    const char *name; /* without "--"; NULL ends the list */
    enum option_kind kind;
    bool required;
};

enum { OPTIONS_MAX = 40 };

struct cli {
    struct arena *arena;
    const char *dir; /* NULL where -d was not given */
    const struct command *command;
    LIST(struct str) values[OPTIONS_MAX]; /* as the command's specs are ordered */
    LIST(const char *) arguments;
    struct store_act *act; /* this call, for the trail */
    bool usage;            /* the fault is about how the command was called: exit status 2 */
};

struct command {
    const char *name; /* "restriction add" */
    const char *usage;
    const struct option_spec *options;
    size_t arguments_min, arguments_max;
    bool needs_dir;
    enum rc (*run)(struct cli *cli, struct fault *fault);
};

/* Empty, NULL-terminated or false where the option was not given. */
struct str cli_value(const struct cli *cli, const char *option);
const char *cli_value_z(const struct cli *cli, const char *option);
bool cli_flag(const struct cli *cli, const char *option);
size_t cli_list(const struct cli *cli, const char *option, const struct str **ret);

/* Says what is wrong with the call; returns RC_INVALID. */
enum rc cli_usage(struct cli *cli, struct fault *fault, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* The command whose words these begin with, the longest; NULL where there is none. */
const struct command *cli_find_command(const struct command *const *groups, int argc, char **argv,
                                       int *ret_words);
/* What stands behind those words, as cli->command takes it. */
enum rc cli_read_arguments(struct cli *cli, int argc, char **argv, struct fault *fault) MUST_CHECK;

/* A list with no more room is not taken for the whole: standard error says so. */
void cli_tell_cut(size_t listed, size_t room);

/* Opens the shop and a command's writer; closes both. */
struct cli_shop {
    struct site *site;
    struct writer *writer;
};
enum rc cli_open(struct cli *cli, struct cli_shop *ret, struct fault *fault) MUST_CHECK;
void cli_close(struct cli_shop *shop);
#define CLI_SHOP __attribute__((cleanup(cli_close))) struct cli_shop

/* The first line of standard input, with --password-stdin: passwords are no arguments. */
enum rc cli_password(struct cli *cli, char ret[PASSWORD_MAX + 2], struct str *ret_password,
                     struct fault *fault) MUST_CHECK;

/* `account add` and `staff add`: the first argument's address, --name, --password-stdin. */
enum rc cli_account_add(struct cli *cli, struct str role, struct fault *fault) MUST_CHECK;

/* For a command that changes something beside the shop's database, once it is done:
 * its row in the trail of the shop at `dir`. */
enum rc cli_note(struct cli *cli, const char *dir, struct fault *fault) MUST_CHECK;

/* A whole file ("-": the standard input), in the command's arena; RC_LIMIT where it is larger. */
enum rc cli_read_file(struct cli *cli, const char *path, size_t max, struct str *ret,
                      struct fault *fault) MUST_CHECK;

/* A command's JSON, one line on standard output. */
void cli_print_json(const void *json);
/* What was made and its entry of the Record, as JSON with --json; `id` 0: it has no number. */
void cli_print_made(const struct cli *cli, const char *what, uint64_t id, uint64_t index);

extern const struct command *const command_groups[]; /* each ends with a NULL name; NULL ends */

#endif
