#include <stdio.h>

#include "app/erase.h"
#include "app/publication.h"
#include "app/refuser.h"
#include "audit/receipts.h"
#include "base/clock.h"
#include "base/json.h"
#include "cli/groups.h"

enum { FILE_MAX = 2 << 20 };

/* The keys that were named, else those of the shop in the folder. */
static enum rc find_keys(struct cli *cli, struct receipt_question *question, struct fault *fault)
{
    CLI_SHOP shop = {0};
    question->keys_n = cli_list(cli, "key", &question->keys);
    if (question->keys_n > 0)
        return cli_flag(cli, "keys") ? cli_read_file(cli, cli_value_z(cli, "keys"), KEY_LIST_MAX,
                                                     &question->list, fault)
                                     : RC_OK;
    if (cli->dir == NULL)
        return cli_usage(
            cli, fault,
            "--key VKEY is needed: whose signature is looked for. A shop's keys are at "
            "/record/vkey; of the shop in a folder they are known with -d DIR");
    enum { MOST = 400 };
    struct str *own = ARENA_ARRAY(cli->arena, struct str, MOST);
    struct str lists[2] = {STR_NONE, STR_NONE}, line;
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = publication_vkeys(shop.site, NULL, cli->arena, &question->list, fault);
    if (rc == RC_OK)
        rc = publication_all_vkeys(shop.site, NULL, cli->arena, &lists[0], fault);
    if (rc == RC_OK)
        rc = refuser_keys(shop.site, cli->arena, &lists[1], fault);
    question->keys = own;
    for (int i = 0; rc == RC_OK && i < 2; i++)
        while (question->keys_n < MOST && str_next(&lists[i], '\n', &line))
            own[question->keys_n++] = line;
    return rc;
}

static void print_refusal(struct cli *cli, const struct receipt_answer *a)
{
    BUF_AUTO at = BUF_INIT(64);
    time_add(&at, a->at);
    if (cli_flag(cli, "json")) {
        JSON_AUTO *json = json_pack(
            "{s:b, s:o, s:o, s:o, s:i, s:o, s:b}", "good", 1, "origin", json_from_str(a->origin),
            "refused", json_from_str(buf_str(&at)), "reason", json_from_str(a->reason), "status",
            (int)a->status, "request", json_from_str(a->request), "opened", a->opened);
        if (a->restriction != 0)
            json_object_set_new(json, "restriction", json_integer((json_int_t)a->restriction));
        cli_print_json(json);
        return;
    }
    printf("good: %.*s refused %.*s at %.*s: %.*s (%u)", STR_ARG(a->origin), STR_ARG(a->request),
           STR_ARG(buf_str(&at)), STR_ARG(a->reason), a->status);
    if (a->restriction != 0)
        printf(", restriction %llu", (unsigned long long)a->restriction);
    printf("\ncontent: %s\n",
           a->opened ? "what was sent" : "not checked; --content FILE with what was sent");
}

static void print_answer(struct cli *cli, const struct receipt_answer *a)
{
    if (a->refused) {
        print_refusal(cli, a);
        return;
    }
    if (cli_flag(cli, "json")) {
        JSON_AUTO *json =
            json_pack("{s:b, s:o, s:I, s:I, s:o, s:b}", "good", 1, "origin",
                      json_from_str(a->origin), "index", (json_int_t)a->index, "size",
                      (json_int_t)a->size, "entry", json_from_str(a->entry), "opened", a->opened);
        if (cli_flag(cli, "policy"))
            json_object_set_new(json, "cosigned", json_integer(a->cosigned));
        cli_print_json(json);
        return;
    }
    printf("good: entry %llu of %.*s, under its signed checkpoint of %llu entries\n",
           (unsigned long long)a->index, STR_ARG(a->origin), (unsigned long long)a->size);
    if (cli_flag(cli, "policy"))
        printf("witnesses: %u cosigned it, enough for the policy\n", a->cosigned);
    printf("%.*s\n", STR_ARG(a->entry));
    if (a->opened)
        printf("content: the one that the entry is a commitment to (%.*s)\n", STR_ARG(a->domain));
    else
        printf("content: not checked; %.*s\n", STR_ARG(a->opening_note));
}

static enum rc run_receipt_verify(struct cli *cli, struct fault *fault)
{
    struct receipt_question question = {0};
    struct receipt_answer answer;
    struct str content, policy;
    const char *path = cli->arguments.v[0], *content_path = cli_value_z(cli, "content");
    enum rc rc = find_keys(cli, &question, fault);
    if (rc == RC_OK)
        rc = cli_read_file(cli, path, FILE_MAX, &question.file, fault);
    if (rc == RC_OK && content_path != NULL) {
        rc = cli_read_file(cli, content_path, FILE_MAX, &content, fault);
        question.content = &content;
    }
    if (rc == RC_OK && cli_flag(cli, "policy")) {
        rc = cli_read_file(cli, cli_value_z(cli, "policy"), RECEIPT_POLICY_MAX, &policy, fault);
        question.policy = &policy;
    }
    if (rc != RC_OK)
        return rc;
    rc = receipt_verify(cli->arena, &question, &answer, fault);
    if (rc != RC_OK)
        return fault_prefix(fault, rc, "%s: NOT good", path);
    print_answer(cli, &answer);
    return RC_OK;
}

/* ---- erase ---- */

static enum rc run_erase(struct cli *cli, struct fault *fault)
{
    CLI_SHOP shop = {0};
    struct erase_order order = {.law = cli_value(cli, "law")};
    struct str basis = cli_value(cli, "basis");
    uint64_t entry;
    bool voice = cli_flag(cli, "voice");
    if (voice == cli_flag(cli, "entry"))
        return cli_usage(cli, fault, "exactly one of --voice and --entry is needed");
    if (!str_to_u64(cli_value(cli, voice ? "voice" : "entry"), &order.index))
        return cli_usage(cli, fault, "--%s INDEX: the number of its entry in the %s log",
                         voice ? "voice" : "entry", voice ? "voices" : "decisions");
    if (!str_eq(basis, STR("court")) && !str_eq(basis, STR("duty")))
        return cli_usage(cli, fault,
                         "--basis court|duty: authors erase what is theirs in their account");
    order.basis = str_eq(basis, STR("court")) ? "court" : "duty";
    enum rc rc = cli_open(cli, &shop, fault);
    if (rc == RC_OK)
        rc = voice ? erase_voice(shop.site, shop.writer, &order, &entry, fault)
                   : erase_text(shop.site, shop.writer, &order, &entry, fault);
    if (rc == RC_OK)
        printf("erased, entry %llu of the %s\n", (unsigned long long)entry,
               voice ? "voices" : "decisions");
    return rc;
}

static const struct option_spec erase_options[] = {{"voice", OPTION_VALUE, false},
                                                   {"entry", OPTION_VALUE, false},
                                                   {"basis", OPTION_VALUE, true},
                                                   {"law", OPTION_VALUE, true},
                                                   {NULL, 0, false}};
static const struct option_spec verify_options[] = {
    {"key", OPTION_LIST, false},      {"keys", OPTION_VALUE, false},
    {"content", OPTION_VALUE, false}, {"policy", OPTION_VALUE, false},
    {"json", OPTION_FLAG, false},     {NULL, 0, false}};

const struct command receipt_commands[] = {
    {"receipt verify",
     "receipt verify FILE [--key VKEY … [--keys LIST]] [--content FILE] [--policy FILE]\n"
     "                   [--json]\n"
     "             checks a proof that somebody took home, without the network: exit 0 where it\n"
     "             holds, 1 where it does not, 2 where it was not asked rightly; with a witness\n"
     "             policy also that the quorum of its witnesses saw the checkpoint",
     verify_options, 1, 1, false, run_receipt_verify},
    {"erase",
     "erase (--voice INDEX | --entry INDEX) --basis court|duty --law TEXT\n"
     "             takes the text and the salt of a rating, review or comment away for good, or\n"
     "             what stands beside an entry of the decisions: reasons, a demand, a complaint;\n"
     "             the order or the law that commands it stands in the Record",
     erase_options, 0, 0, true, run_erase},
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
