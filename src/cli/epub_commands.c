#include <stdio.h>

#include "app/epubs.h"
#include "cli/groups.h"
#include "web/epub_words.h"

static void tell_problem(const struct epub_problem *p)
{
    BUF_AUTO text = BUF_INIT(4096);
    struct str rest = str_of(epub_wrong_text(p->wrong)), mend = str_of(epub_wrong_mend(p->wrong));
    size_t at = str_find_str(rest, STR("%1"));
    buf_str_add(&text, str_sub(rest, 0, at));
    if (at < rest.n) {
        buf_str_add(&text, p->detail);
        buf_str_add(&text, str_sub(rest, at + 2, rest.n));
    }
    printf("%s %s%s%.*s: %.*s%s%.*s\n", p->refuses ? "error" : "note", epub_wrong_code(p->wrong),
           p->file.n > 0 ? " " : "", STR_ARG(p->file), STR_ARG(buf_str(&text)),
           mend.n > 0 ? " " : "", STR_ARG(mend));
}

static enum rc run_epub_add(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct epub_taken taken = {.bytes = 0};
    struct epub_giving giving = {.isbn = str_of(cli->arguments.v[0]),
                                 .path = cli->arguments.v[1],
                                 .seller = cli_value(cli, "shop")};
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = epub_put(shop.site, shop.writer, cli->arena, &giving, &taken, fault);
    for (size_t i = 0; i < taken.problems.n; i++)
        tell_problem(&taken.problems.v[i]);
    if (rc == RC_OK)
        printf("EPUB %.*s, %llu bytes, a sample of %llu chapters\n", STR_ARG(taken.version),
               (unsigned long long)taken.bytes, (unsigned long long)taken.chapters);
    return rc;
}

static enum rc run_epub_remove(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct epub_giving which = {.isbn = str_of(cli->arguments.v[0]),
                                .seller = cli_value(cli, "shop")};
    enum rc rc = cli_open(cli, &shop, fault);
    return rc == RC_OK ? epub_remove(shop.site, shop.writer, cli->arena, &which, fault) : rc;
}

static const struct option_spec options[] = {{"shop", OPTION_VALUE, false}, {NULL, 0, false}};
const struct command epub_commands[] = {
    {"epub add", "epub add ISBN FILE [--shop SLUG]   where several shops list it: whose file it is",
     options, 2, 2, true, run_epub_add},
    {"epub remove", "epub remove ISBN [--shop SLUG]", options, 1, 1, true, run_epub_remove},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
