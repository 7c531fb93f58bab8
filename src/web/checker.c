/* The checker of receipts: one page that works without the network, saved or not. Its
 * policy names its script and its style by their hashes and lets nothing else in. */
#include "app/publication.h"
#include "app/refuser.h"
#include "base/encode.h"
#include "web/assets.h"
#include "web/handlers.h"
#include "web/html.h"

enum { CHECKER_MAX = 256 << 10 };

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

enum rc handle_checker(struct context *c, struct response *ret, struct fault *fault)
{
    static const struct str place = {"@KEYS@", 6};
    const struct asset *asset = asset_find(STR("receipt-checker.html"));
    BUF_AUTO policy = BUF_INIT(1024);
    struct str page = asset->bytes, logs, refusals;
    enum rc rc = publication_vkeys(c->server->site, c->worker->conn, c->arena, &logs, fault);
    if (rc == RC_OK)
        rc = refuser_keys(c->server->site, c->arena, &refusals, fault);
    if (rc != RC_OK)
        return rc;
    size_t cut = str_find_str(page, place);
    struct str keys = arena_printf(c->arena, "%.*s%.*s", STR_ARG(logs), STR_ARG(refusals));
    buf_free(&ret->body);
    ret->body = BUF_INIT(CHECKER_MAX);
    struct html h = {.out = &ret->body};
    buf_str_add(&ret->body, str_sub(page, 0, cut));
    html_escaped(&h, keys);
    buf_str_add(&ret->body, str_sub(page, cut + place.n, page.n));
    ret->content_type = "text/html; charset=utf-8";
    BUF_LIT(&policy, "default-src 'none'; script-src ");
    add_hash(&policy, page, STR("<script>"), STR("</script>"));
    BUF_LIT(&policy, "; style-src ");
    add_hash(&policy, page, STR("<style>"), STR("</style>"));
    BUF_LIT(&policy, "; base-uri 'none'; form-action 'none'; frame-ancestors 'none'");
    ret->policy = arena_str(c->arena, buf_str(&policy));
    return RC_OK;
}
