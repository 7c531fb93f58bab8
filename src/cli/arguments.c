/* Reading a command's line: which command, its options and arguments. */
#include <stdarg.h>
#include <stdio.h>

#include "cli/command.h"

static int option_at(const struct command *command, struct str name)
{
    for (int i = 0; command->options != NULL && command->options[i].name != NULL; i++)
        if (str_eq(name, str_of(command->options[i].name)))
            return i;
    return -1;
}

size_t cli_list(const struct cli *cli, const char *option, const struct str **ret)
{
    int at = option_at(cli->command, str_of(option));
    *ret = at < 0 ? NULL : cli->values[at].v;
    return at < 0 ? 0 : cli->values[at].n;
}

struct str cli_value(const struct cli *cli, const char *option)
{
    const struct str *v;
    return cli_list(cli, option, &v) > 0 ? v[0] : STR_NONE;
}

const char *cli_value_z(const struct cli *cli, const char *option)
{
    const struct str *v;
    return cli_list(cli, option, &v) > 0 ? v[0].p : NULL;
}

bool cli_flag(const struct cli *cli, const char *option)
{
    const struct str *v;
    return cli_list(cli, option, &v) > 0;
}

enum rc cli_usage(struct cli *cli, struct fault *fault, const char *format, ...)
{
    char text[400];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    cli->usage = true;
    return fault_set(fault, RC_INVALID, "%s", text);
}

static enum rc read_option(struct cli *cli, int argc, char **argv, int *at, struct fault *fault)
{
    enum { LIST_MAX = 256 };
    struct str word = str_of(argv[*at] + 2);
    size_t equals = str_find(word, '=');
    struct str name = str_sub(word, 0, equals);
    int i = option_at(cli->command, name);
    if (i < 0)
        return cli_usage(cli, fault, "--%.*s: no such option of `%s`", STR_ARG(name),
                         cli->command->name);
    const struct option_spec *spec = &cli->command->options[i];
    struct str value = STR("");
    if (spec->kind != OPTION_FLAG) {
        if (equals == word.n && *at + 1 >= argc)
            return cli_usage(cli, fault, "--%s needs a value", spec->name);
        value = equals < word.n ? str_sub(word, equals + 1, word.n) : str_of(argv[++*at]);
    } else if (equals < word.n) {
        return cli_usage(cli, fault, "--%s takes no value", spec->name);
    }
    if (cli->values[i].n > 0 && spec->kind != OPTION_LIST)
        return cli_usage(cli, fault, "--%s is given twice", spec->name);
    if (cli->values[i].v == NULL)
        cli->values[i].v = ARENA_ARRAY(cli->arena, struct str, LIST_MAX);
    if (cli->values[i].n == LIST_MAX)
        return cli_usage(cli, fault, "--%s: too many", spec->name);
    cli->values[i].v[cli->values[i].n++] = value;
    return RC_OK;
}

enum rc cli_read_arguments(struct cli *cli, int argc, char **argv, struct fault *fault)
{
    const struct command *command = cli->command;
    bool options = true;
    cli->arguments.v = ARENA_ARRAY(cli->arena, const char *, (size_t)argc + 1);
    for (int i = 0; i < argc; i++) {
        enum rc rc = RC_OK;
        if (options && strcmp(argv[i], "--") == 0)
            options = false;
        else if (options && strncmp(argv[i], "--", 2) == 0)
            rc = read_option(cli, argc, argv, &i, fault);
        else
            cli->arguments.v[cli->arguments.n++] = argv[i];
        if (rc != RC_OK)
            return rc;
    }
    if (cli->arguments.n < command->arguments_min)
        return cli_usage(cli, fault, "`%s` needs more: %s", command->name, command->usage);
    if (cli->arguments.n > command->arguments_max)
        return cli_usage(cli, fault, "%s: `%s` does not take it",
                         cli->arguments.v[command->arguments_max], command->name);
    for (int i = 0; command->options != NULL && command->options[i].name != NULL; i++)
        if (command->options[i].required && cli->values[i].n == 0)
            return cli_usage(cli, fault, "--%s is needed", command->options[i].name);
    if (command->needs_dir && cli->dir == NULL)
        return cli_usage(cli, fault, "-d DIR is needed: the shop's folder");
    return RC_OK;
}

const struct command *cli_find_command(const struct command *const *groups, int argc, char **argv,
                                       int *ret_words)
{
    const struct command *found = NULL;
    for (size_t g = 0; groups[g] != NULL; g++)
        for (const struct command *c = groups[g]; c->name != NULL; c++) {
            struct str name = str_of(c->name), word;
            int words = 0;
            bool fits = true;
            while (fits && str_next(&name, ' ', &word)) {
                fits = words < argc && str_eq(word, str_of(argv[words]));
                words++;
            }
            if (fits && (found == NULL || words > *ret_words)) {
                found = c;
                *ret_words = words;
            }
        }
    return found;
}
