#include <pwd.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/epub_apart.h"
#include "app/outside.h"
#include "app/restrict.h"
#include "app/restrict_duties.h"
#include "app/trail.h"
#include "base/file.h"
#include "base/json.h"
#include "base/utf8.h"
#include "cli/command.h"

void cli_tell_cut(size_t listed, size_t room)
{
    if (listed >= room)
        fprintf(stderr, "colophon: there may be more; the list ends after %zu\n", room);
}

/* ---- what commands share ---- */

/* "root (command line)"; whoever became root by sudo is named, too. */
static struct str user_name(struct arena *arena)
{
    const struct passwd *entry = getpwuid(getuid());
    const char *name = entry != NULL ? entry->pw_name : NULL, *sudo = getenv("SUDO_USER");
    if (name == NULL)
        name = arena_printf(arena, "user %u", (unsigned)getuid()).p;
    return sudo != NULL && utf8_clean(str_of(sudo))
               ? arena_printf(arena, "%s by sudo of %.60s (command line)", name, sudo)
               : arena_printf(arena, "%s (command line)", name);
}

/* Arguments that are files of the operator's are told as they were given. */
static struct store_act *act_of(struct cli *cli)
{
    const struct command *command = cli->command;
    struct store_act *act = trail_act(cli->arena, 0, user_name(cli->arena), str_of(command->name));
    for (size_t i = 0; i < cli->arguments.n; i++)
        trail_about(cli->arena, act, STR_NONE, str_of(cli->arguments.v[i]));
    for (size_t i = 0; command->options != NULL && command->options[i].name != NULL; i++)
        for (size_t n = 0; n < cli->values[i].n; n++)
            trail_about(cli->arena, act, str_of(command->options[i].name), cli->values[i].v[n]);
    return act;
}

enum rc cli_note(struct cli *cli, const char *dir, struct fault *fault)
{
    CLI_SHOP shop = {0};
    const char *before = cli->dir;
    cli->dir = dir;
    enum rc rc = cli_open(cli, &shop, fault);
    cli->dir = before;
    return rc == RC_OK ? trail_note(shop.writer, cli->act, fault) : rc;
}

enum rc cli_open(struct cli *cli, struct cli_shop *ret, struct fault *fault)
{
    enum rc rc = site_open(cli->dir, &ret->site, fault);
    if (cli->act == NULL)
        cli->act = act_of(cli);
    if (rc == RC_OK)
        site_act(ret->site, cli->act);
    if (rc == RC_OK)
        rc = writer_open(ret->site, false, &restriction_duties, &ret->writer, fault);
    return rc;
}

enum rc cli_password(struct cli *cli, char ret[PASSWORD_MAX + 2], struct str *ret_password,
                     struct fault *fault)
{
    if (!cli_flag(cli, "password-stdin"))
        return cli_usage(cli, fault, "--password-stdin is needed: passwords are no arguments");
    if (fgets(ret, PASSWORD_MAX + 2, stdin) == NULL)
        return fault_set(fault, RC_INVALID, "password: nothing on standard input");
    struct str password = str_of(ret);
    while (password.n > 0 &&
           (password.p[password.n - 1] == '\n' || password.p[password.n - 1] == '\r'))
        password.n--;
    *ret_password = password;
    return RC_OK;
}

void cli_close(struct cli_shop *shop)
{
    writer_close(shop->writer);
    site_close(shop->site);
}

enum rc cli_read_file(struct cli *cli, const char *path, size_t max, struct str *ret,
                      struct fault *fault)
{
    return file_read_or_input(path, max, cli->arena, ret, fault);
}

void cli_print_json(const void *json)
{
    BUF_AUTO text = BUF_INIT(256 << 20);
    json_write(json, &text);
    fwrite(text.p, 1, text.n, stdout);
    putchar('\n');
}

void cli_print_made(const struct cli *cli, const char *what, uint64_t id, uint64_t index)
{
    JSON_AUTO *json = json_pack("{s:I}", "record_index", (json_int_t)index);
    if (id != 0)
        json_object_set_new(json, "id", json_integer((json_int_t)id));
    if (cli_flag(cli, "json"))
        cli_print_json(json);
    else if (id != 0)
        printf("%s %llu, entry %llu\n", what, (unsigned long long)id, (unsigned long long)index);
    else
        printf("%s, entry %llu\n", what, (unsigned long long)index);
}

static void print_usage(FILE *out, const struct command *c)
{
    fprintf(out, "  colophon %s%s\n", c->needs_dir ? "-d DIR " : "", c->usage);
}

static void print_help(FILE *out)
{
    fprintf(out, "colophon: a bookstore server with a public record of what it withholds\n\n");
    for (size_t g = 0; command_groups[g] != NULL; g++)
        for (const struct command *c = command_groups[g]; c->name != NULL; c++)
            print_usage(out, c);
}

/* Those whose names begin with these words, before --help or the end; false: there are none. */
static bool print_group(FILE *out, int argc, char **argv)
{
    bool any = false;
    int words = 0;
    while (words < argc && strcmp(argv[words], "--help") != 0 && strcmp(argv[words], "-h") != 0)
        words++;
    for (size_t g = 0; command_groups[g] != NULL; g++)
        for (const struct command *c = command_groups[g]; c->name != NULL; c++) {
            struct str name = str_of(c->name), word;
            int fit = 0;
            while (fit < words && str_next(&name, ' ', &word) && str_eq(word, str_of(argv[fit])))
                fit++;
            if (fit < words)
                continue;
            any = true;
            print_usage(out, c);
        }
    return any;
}

static bool asks_for_help(int argc, char **argv)
{
    return argc > 0 && (strcmp(argv[argc - 1], "--help") == 0 || strcmp(argv[argc - 1], "-h") == 0);
}

static int exit_status(enum rc rc, bool usage)
{
    return rc == RC_OK ? 0 : usage ? 2 : 1;
}

int main(int argc, char **argv)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct cli cli = {.arena = &arena};
    struct fault fault = {""};
    /* A process apart, which has nothing of the shop (app/outside.h). */
    if (argc == 2 && strcmp(argv[1], "fetch-one") == 0)
        return outside_serve();
    if ((argc == 2 || argc == 3) && strcmp(argv[1], "epub-one") == 0) /* app/epub_apart.h */
        return epub_serve(argc == 3 ? argv[2] : NULL);
    umask(077); /* what a shop writes is nobody else's to read */
    int at = 1, words = 0;
    while (at < argc && argv[at][0] == '-') {
        if (strcmp(argv[at], "-d") == 0 && at + 1 < argc) {
            cli.dir = argv[at + 1];
            at += 2;
        } else if (strcmp(argv[at], "--help") == 0 || strcmp(argv[at], "-h") == 0) {
            print_help(stdout);
            return 0;
        } else {
            fprintf(stderr, "colophon: %s: no such option; see colophon --help\n", argv[at]);
            return 2;
        }
    }
    cli.command = cli_find_command(command_groups, argc - at, argv + at, &words);
    if (cli.command == NULL) {
        bool help = asks_for_help(argc - at, argv + at);
        if (at < argc && print_group(help ? stdout : stderr, argc - at, argv + at))
            return help ? 0 : 2;
        if (at < argc)
            fprintf(stderr, "colophon: %s%s%s: no such command; see colophon --help\n", argv[at],
                    at + 1 < argc ? " " : "", at + 1 < argc ? argv[at + 1] : "");
        else
            print_help(stderr);
        return 2;
    }
    if (at + words < argc && strcmp(argv[at + words], "--help") == 0) {
        print_usage(stdout, cli.command);
        return 0;
    }
    enum rc rc = cli_read_arguments(&cli, argc - at - words, argv + at + words, &fault);
    if (rc == RC_OK)
        rc = cli.command->run(&cli, &fault);
    if (rc != RC_OK && fault.text[0] != '\0')
        fprintf(stderr, "colophon: %s\n", fault.text);
    if (fflush(stdout) != 0 && rc == RC_OK) {
        fprintf(stderr, "colophon: standard output cannot be written\n");
        rc = RC_IO;
    }
    return exit_status(rc, cli.usage);
}
