/* The checker of receipts: one page that works without the network, saved or not. Its
 * policy names its script and its style by their hashes and lets nothing else in. It
 * carries its words in every language, for whoever opens it once it is saved. */
#include "app/publication.h"
#include "app/refuser.h"
#include "base/encode.h"
#include "base/json_text.h"
#include "web/assets.h"
#include "web/handlers.h"
#include "web/html.h"

#define N_(text) text /* collected for the catalogues, translated where used */

enum { CHECKER_MAX = 256 << 10 };

/* What stands where the page says data-w="name", and what its script says (words.name). */
static const struct checker_word {
    const char *name, *text;
} checker_words[] = {
    {"title", N_("Check a receipt")},
    {"what", N_("A receipt proves that an entry stands in the Record; a refusal, that the shop "
                "refused. This page needs no network: save it, and it works without the shop. "
                "Nothing that you give it leaves your device.")},
    {"script", N_("This page computes with JavaScript. Without it:")},
    {"file", N_("The file (.tlog-proof or refusal.txt)")},
    {"paste", N_("or its text")},
    {"keys", N_("Keys that you trust, one a line. The shop filled in its own: compare them with "
                "what you noted before, or heard elsewhere.")},
    {"more", N_("What was sent with a refusal; witnesses")},
    {"sent", N_("Of a refusal: what you sent, to the byte. It is compared with what the shop "
                "committed to.")},
    {"policy", N_("Of a receipt: the policy that names the witnesses you trust, and how many of "
                  "them must have seen the log.")},
    {"check", N_("Check")},
    {"good", N_("Good")},
    {"bad", N_("NOT good")},
    {"unsure", N_("The signature was not checked: this browser has no Ed25519. All else fits. On "
                  "the command line: colophon receipt verify")},
    {"entry", N_("entry %1 of %2, under its signed checkpoint of %3 entries")},
    {"opened", N_("Content: the one that the entry is a commitment to")},
    {"notopened", N_("Content: not checked")},
    {"refused", N_("The shop refused what was sent")},
    {"sentgood", N_("It is what was sent")},
    {"sentunread", N_("The shop did not read what was sent, and committed to nothing")},
    {"witnessed", N_("%1 of the policy’s witnesses cosigned it: enough")},
};
enum { CHECKER_WORDS = sizeof checker_words / sizeof *checker_words };

/* "'sha256-…'" of what stands between the two, without them. */
static void add_hash(struct buf *b, struct str page, struct str begin, struct str end)
{
    size_t from = str_find_str(page, begin) + begin.n;
    struct str rest = str_sub(page, from, page.n);
    struct str text = str_sub(rest, 0, str_find_str(rest, end));
    struct hash hash = sha256(text.p, text.n);
    BUF_LIT(b, "'sha256-");
    base64_add(b, hash.b, sizeof hash.b);
    BUF_LIT(b, "'");
}

static const char *checker_text(struct str name)
{
    for (size_t i = 0; i < CHECKER_WORDS; i++)
        if (str_eq(name, str_of(checker_words[i].name)))
            return checker_words[i].text;
    return "";
}

/* {"de": {"dir": "ltr", "title": "Beleg prüfen", …}, …} */
static void add_words(struct context *c, struct html *h)
{
    struct str tag;
    BUF_LIT(h->out, "{");
    for (size_t i = 0; (tag = language_offered(i)).n > 0; i++) {
        const struct language *l = worker_language(c->worker, tag);
        json_text_object(h->out, arena_z(c->arena, tag));
        json_text_str(h->out, "dir", language_rtl(l) ? STR("rtl") : STR("ltr"));
        for (size_t k = 0; k < CHECKER_WORDS; k++)
            json_text_str(h->out, checker_words[k].name, language_text(l, checker_words[k].text));
        json_text_object_end(h->out);
    }
    BUF_LIT(h->out, "}");
}

/* The page with its places filled: the language, the words, the shop's keys. */
static void fill_page(struct context *c, struct html *h, struct str page, struct str keys)
{
    const struct str marks[] = {STR(" data-w=\""), STR("@LANGUAGE@"), STR("@WORDS@"),
                                STR("@KEYS@")};
    enum { WORD, LANGUAGE, WORDS, KEYS, MARKS };
    for (size_t mark = 0; mark < MARKS;) {
        size_t at = page.n;
        mark = MARKS;
        for (size_t m = 0; m < MARKS; m++)
            if (str_find_str(page, marks[m]) < at) {
                at = str_find_str(page, marks[m]);
                mark = m;
            }
        struct str rest = str_sub(page, mark < MARKS ? at + marks[mark].n : at, page.n);
        buf_str_add(h->out, str_sub(page, 0, at));
        if (mark == WORD) {
            struct str name = str_sub(rest, 0, str_find(rest, '"'));
            buf_str_add(h->out, marks[WORD]);
            buf_str_add(h->out, name);
            BUF_LIT(h->out, "\">");
            html_escaped(h, language_text(c->language, checker_text(name)));
            rest = str_sub(rest, str_find(rest, '>') + 1, rest.n);
        } else if (mark == LANGUAGE) {
            buf_printf(h->out, " lang=\"%.*s\"", STR_ARG(language_tag(c->language)));
            if (language_rtl(c->language))
                BUF_LIT(h->out, " dir=\"rtl\"");
        } else if (mark == WORDS) {
            add_words(c, h);
        } else if (mark == KEYS) {
            html_escaped(h, keys);
        }
        page = rest;
    }
}

enum rc handle_checker(struct context *c, struct response *ret, struct fault *fault)
{
    const struct asset *asset = asset_find(STR("receipt-checker.html"));
    BUF_AUTO policy = BUF_INIT(1024);
    struct str page = asset->bytes, logs, refusals;
    enum rc rc = publication_vkeys(c->server->site, c->worker->conn, c->arena, &logs, fault);
    if (rc == RC_OK)
        rc = refuser_keys(c->server->site, c->arena, &refusals, fault);
    if (rc != RC_OK)
        return rc;
    struct str keys = arena_printf(c->arena, "%.*s%.*s", STR_ARG(logs), STR_ARG(refusals));
    buf_renew(&ret->body, CHECKER_MAX);
    struct html h = {.out = &ret->body};
    fill_page(c, &h, page, keys);
    ret->content_type = "text/html; charset=utf-8";
    BUF_LIT(&policy, "default-src 'none'; script-src ");
    add_hash(&policy, page, STR("<script>"), STR("</script>"));
    BUF_LIT(&policy, "; style-src ");
    add_hash(&policy, page, STR("<style>"), STR("</style>"));
    BUF_LIT(&policy, "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    ret->policy = arena_str(c->arena, buf_str(&policy));
    return RC_OK;
}
