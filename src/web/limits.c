#include "web/limits.h"

#include "app/address.h"
#include "base/clock.h"
#include "base/knob.h"

static enum rc by_client(struct context *c, const char *what, struct limit limit,
                         struct fault *fault)
{
    struct str key = arena_printf(c->arena, "%s:%.*s", what, STR_ARG(c->request->client));
    return limiter_take(c->server->limiter, key, limit, &c->retry_after, fault);
}

static enum rc by_account(struct context *c, const char *what, struct limit limit,
                          struct fault *fault)
{
    struct str key = arena_printf(c->arena, "%s:%llu", what, (unsigned long long)c->viewer.account);
    return limiter_take(c->server->limiter, key, limit, &c->retry_after, fault);
}

static enum rc peek_account(struct context *c, const char *what, struct limit limit,
                            struct fault *fault)
{
    struct str key = arena_printf(c->arena, "%s:%llu", what, (unsigned long long)c->viewer.account);
    return limiter_peek(c->server->limiter, key, limit, &c->retry_after, fault);
}

static enum rc by_all(struct context *c, const char *what, struct limit limit, struct fault *fault)
{
    return limiter_take(c->server->limiter, str_of(what), limit, &c->retry_after, fault);
}

enum rc limits_epub(struct context *c, struct fault *fault)
{
    unsigned n = (unsigned)knob("COLOPHON_EPUBS_AN_HOUR", 60);
    return by_account(c, "epub", (struct limit){n, n}, fault);
}

enum rc limits_device(struct context *c, struct str login, bool failed, struct fault *fault)
{
    static const struct limit by_place = {100, 300}, by_name = {10, 30};
    struct str client = arena_printf(c->arena, "device:%.*s", STR_ARG(c->request->client));
    struct str name = arena_printf(c->arena, "device-of:%.*s", STR_ARG(str_sub(login, 0, 64)));
    struct limiter *limiter = c->server->limiter;
    enum rc rc = failed ? limiter_take(limiter, client, by_place, &c->retry_after, fault)
                        : limiter_peek(limiter, client, by_place, &c->retry_after, fault);
    if (rc != RC_OK)
        return rc;
    return failed ? limiter_take(limiter, name, by_name, &c->retry_after, fault)
                  : limiter_peek(limiter, name, by_name, &c->retry_after, fault);
}

enum rc limits_checkout(struct context *c, struct fault *fault)
{
    return by_client(c, "checkout", (struct limit){60, 120}, fault);
}

enum rc limits_basket(struct context *c, struct fault *fault)
{
    return by_client(c, "basket", (struct limit){300, 1200}, fault);
}

enum rc limits_voucher(struct context *c, bool failed, struct fault *fault)
{
    static const struct limit guesses = {20, 20};
    struct str client = arena_printf(c->arena, "voucher:%.*s", STR_ARG(c->request->client));
    struct limiter *limiter = c->server->limiter;
    return failed ? limiter_take(limiter, client, guesses, &c->retry_after, fault)
                  : limiter_peek(limiter, client, guesses, &c->retry_after, fault);
}

enum rc limits_key(struct context *c, struct fault *fault)
{
    unsigned n = (unsigned)knob("COLOPHON_KEY_AT_ONCE", 600);
    struct str key = arena_printf(c->arena, "key:%llu", (unsigned long long)c->viewer.key);
    return limiter_take(c->server->limiter, key, (struct limit){n, n * 20}, &c->retry_after, fault);
}

enum rc limits_hint(struct context *c, struct fault *fault)
{
    return by_client(c, "hint", (struct limit){10, 20}, fault);
}

enum rc limits_pdf(struct context *c, struct fault *fault)
{
    return by_client(c, "pdf", (struct limit){20, 120}, fault);
}

enum rc limits_card(struct context *c, struct fault *fault)
{
    return by_client(c, "card", (struct limit){60, 600}, fault);
}

enum rc limits_sign_in(struct context *c, struct str email, struct fault *fault)
{
    struct str key = arena_printf(c->arena, "sign-in-to:%.*s", STR_ARG(str_sub(email, 0, 254)));
    enum rc rc = by_client(c, "sign-in", (struct limit){300, 1200}, fault);
    if (rc != RC_OK)
        return rc;
    return limiter_take(c->server->limiter, key, (struct limit){20, 60}, &c->retry_after, fault);
}

enum rc limits_passkey(struct context *c, struct fault *fault)
{
    enum rc rc = by_client(c, "passkey", (struct limit){300, 1200}, fault);
    return rc == RC_OK ? by_all(c, "passkeys", (struct limit){3000, 60000}, fault) : rc;
}

/* Nobody's letter box is filled by strangers, however they write its address. */
static enum rc by_address(struct context *c, const char *what, struct str email, struct limit limit,
                          struct fault *fault)
{
    struct str address = str_sub(email, 0, EMAIL_MAX);
    if (address_read(c->arena, email, &address, NULL) != RC_OK)
        address = str_sub(email, 0, EMAIL_MAX);
    struct str key = arena_printf(c->arena, "%s:%.*s", what, STR_ARG(address));
    return limiter_take(c->server->limiter, key, limit, &c->retry_after, fault);
}

/* `email` may be empty. */
enum rc limits_forgot(struct context *c, struct str email, struct fault *fault)
{
    enum rc rc = by_client(c, "forgot", (struct limit){30, 60}, fault);
    return rc == RC_OK && email.n > 0
               ? by_address(c, "forgot-of", email, (struct limit){3, 6}, fault)
               : rc;
}

/* Mail programs end letters from a few addresses for all their people; and nobody guesses the
 * secret. */
enum rc limits_stop_letters(struct context *c, struct fault *fault)
{
    return by_client(c, "stop-letters", (struct limit){3000, 60000}, fault);
}

enum rc limits_confirm(struct context *c, struct fault *fault)
{
    return by_account(c, "confirm", (struct limit){3, 6}, fault);
}

/* Six digits, three of which are right at a time: a million tries would be in vain for
 * some years. */
enum rc limits_code(struct context *c, struct fault *fault)
{
    return by_account(c, "code", (struct limit){10, 20}, fault);
}

enum rc limits_code_of(struct context *c, struct str email, struct fault *fault)
{
    struct str key = arena_printf(c->arena, "code-of:%.*s", STR_ARG(str_sub(email, 0, 254)));
    return limiter_take(c->server->limiter, key, (struct limit){10, 20}, &c->retry_after, fault);
}

/* Who is told again and again that an address is taken asks who has accounts. */
static const struct limit taken_limit = {6, 20};

static struct str taken_key(struct context *c)
{
    return arena_printf(c->arena, "taken:%.*s", STR_ARG(c->request->client));
}

enum rc limits_sign_up(struct context *c, struct str email, struct fault *fault)
{
    enum rc rc =
        limiter_peek(c->server->limiter, taken_key(c), taken_limit, &c->retry_after, fault);
    if (rc == RC_OK)
        rc = by_client(c, "sign-up", (struct limit){300, 600}, fault);
    return rc == RC_OK && mailer_is_set(c->server->mailer)
               ? by_address(c, "sign-up-of", email, (struct limit){3, 6}, fault)
               : rc;
}

void limits_address_taken(struct context *c)
{
    int wait;
    (void)!limiter_take(c->server->limiter, taken_key(c), taken_limit, &wait, NULL);
}

/* Anybody files them, nobody is asked who they are, and each is an entry for ever; a paper is
 * up to 8 MB: so there is a limit for all together, too. */
enum rc limits_demand(struct context *c, bool paper, struct fault *fault)
{
    enum rc rc = by_client(c, "demand", (struct limit){20, 60}, fault);
    if (rc == RC_OK && paper)
        rc = by_client(c, "paper", (struct limit){10, 20}, fault);
    if (rc == RC_OK)
        rc = by_all(c, "demands", (struct limit){200, 600}, fault);
    return rc == RC_OK && paper ? by_all(c, "papers", (struct limit){40, 80}, fault) : rc;
}

/* What accounts of less than a day may say, and how much of it about one work, is published
 * with the policy of reviews (limits.h): many of them at once are rarely many readers. */
static bool is_new(const struct context *c)
{
    return clock_now() - c->viewer.since < NEW_ACCOUNT_S;
}

static enum rc by_new_account(struct context *c, const char *what, unsigned most, bool peek,
                              struct fault *fault)
{
    if (!is_new(c))
        return RC_OK;
    struct limit limit = {most, NEW_HOURLY};
    enum rc rc = peek ? peek_account(c, what, limit, fault) : by_account(c, what, limit, fault);
    if (rc != RC_LIMIT)
        return rc;
    c->reason = "new-account";
    return fault_set(fault, rc, "an account says so much on its first day; try again in %d seconds",
                     c->retry_after);
}

unsigned limits_on_a_work(void)
{
    return (unsigned)knob("COLOPHON_BURST", NEW_ON_A_WORK);
}

/* So many new accounts about one work are rarely so many readers. Each is counted once an hour,
 * whatever it tries again, takes back, or is refused: one alone silences no title. */
static enum rc by_work(struct context *c, uint64_t work, bool review, struct fault *fault)
{
    unsigned most = limits_on_a_work();
    struct limit once = {1, 1};
    struct str key = arena_printf(c->arena, "burst:%llu", (unsigned long long)work);
    const char *of =
        arena_z(c->arena, arena_printf(c->arena, "burst:%llu:%s", (unsigned long long)work,
                                       review ? "review" : "rating"));
    if (peek_account(c, of, once, NULL) == RC_LIMIT)
        return RC_OK;
    enum rc rc =
        limiter_take(c->server->limiter, key, (struct limit){most, most}, &c->retry_after, fault);
    if (rc == RC_OK)
        return by_account(c, of, once, NULL) == RC_LIMIT ? RC_OK : rc;
    if (rc != RC_LIMIT)
        return rc;
    c->reason = "burst";
    return fault_set(fault, rc, "many new accounts speak of this title; try again in %d seconds",
                     c->retry_after);
}

enum rc limits_first_word(struct context *c, uint64_t work, bool review, struct fault *fault)
{
    unsigned stars;
    if (!is_new(c))
        return RC_OK;
    bool rated = own_stars_of(&c->visit, work, &stars, NULL) == RC_OK;
    if (rated && !review)
        return RC_OK;
    const char *what = review ? "new-review" : "new-rating";
    unsigned most = review ? NEW_REVIEWS : NEW_RATINGS;
    /* What the work's limit refuses takes nothing from the account's. */
    enum rc rc = by_new_account(c, what, most, true, fault);
    if (rc == RC_OK && !rated)
        rc = by_work(c, work, review, fault);
    return rc == RC_OK ? by_new_account(c, what, most, false, fault) : rc;
}

enum rc limits_rating(struct context *c, struct fault *fault)
{
    return by_account(c, "rating", (struct limit){RATINGS_AT_ONCE, RATINGS_HOURLY}, fault);
}

enum rc limits_review(struct context *c, struct fault *fault)
{
    return by_account(c, "review", (struct limit){REVIEWS_AT_ONCE, REVIEWS_HOURLY}, fault);
}

/* The tighter one first, so that its reason is told. */
enum rc limits_comment(struct context *c, struct fault *fault)
{
    enum rc rc = by_new_account(c, "new-comment", NEW_COMMENTS, false, fault);
    return rc == RC_OK
               ? by_account(c, "comment", (struct limit){COMMENTS_AT_ONCE, COMMENTS_HOURLY}, fault)
               : rc;
}

enum rc limits_list(struct context *c, struct fault *fault)
{
    return by_account(c, "list", (struct limit){120, 600}, fault);
}

/* Who turns pages tells where they are every few seconds. */
enum rc limits_reading(struct context *c, struct fault *fault)
{
    return by_account(c, "reading", (struct limit){240, 3600}, fault);
}

/* All that there is of an account is a lot of work. */
enum rc limits_own_data(struct context *c, struct fault *fault)
{
    return by_account(c, "own-data", (struct limit){10, 10}, fault);
}

enum rc limits_helpful(struct context *c, struct fault *fault)
{
    return by_account(c, "helpful", (struct limit){60, 120}, fault);
}
