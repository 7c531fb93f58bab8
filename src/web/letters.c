#include "web/letters.h"

#include "web/licences.h"
#include "web/mending.h"

#define N_(text) text /* collected for the catalogues */

enum { TEXT_MAX = 256 << 10 };

void draft_add(struct draft *d, struct str paragraph)
{
    buf_str_add(&d->text, paragraph);
    BUF_LIT(&d->text, "\n\n");
}

struct str draft_value(const struct draft *d, const char *name)
{
    return json_member_str(d->values, name);
}

void draft_link(struct draft *d, struct str path)
{
    buf_printf(&d->text, "%.*s%.*s\n\n", STR_ARG(d->url), STR_ARG(path));
}

static struct str draft_number(const struct draft *d, const char *name)
{
    int64_t n = 0;
    (void)!json_member_int(d->values, name, &n);
    return arena_printf(d->p->arena, "%lld", (long long)n);
}

/* The entry that the letter waited for, as a proof to keep: the mailer knows its index. */
static void draft_proof(struct draft *d, const char *words)
{
    draft_add(d, word_text(d->p, words));
    draft_link(d, ARENA_JOIN(d->p->arena, STR("/record/proofs/"), draft_number(d, LETTER_INDEX)));
}

/* `colophon mail test`. */
static void test_letter(struct draft *d)
{
    d->subject = word_text(d->p, N_("A test letter from your shop"));
    draft_add(d, word_text(d->p, N_("This letter was sent to see whether the shop’s mail works. It "
                                    "does. There is nothing you need do.")));
    draft_link(d, STR("/"));
}

/* Something of the receiver's is withheld: where they can read why, and complain. */
static void statement_letter(struct draft *d)
{
    struct str id = draft_number(d, "restriction");
    d->subject = word_filled(d->p, N_("Something of yours is withheld: restriction %1"), &id, 1);
    draft_add(d,
              word_text(d->p, N_("This shop withholds something that is yours. What it is, where, "
                                 "from when to when, on what ground and why, you can read here. "
                                 "You can also complain there, free of charge, for six "
                                 "months. Keep the address to yourself.")));
    BUF_AUTO path = BUF_INIT(200);
    buf_printf(&path, "/record/statements/%.*s", STR_ARG(draft_value(d, "secret")));
    draft_link(d, arena_str(d->p->arena, buf_str(&path)));
    draft_add(d,
              word_text(d->p, N_("The decision stands on the shop’s public Record, which anybody "
                                 "can check:")));
    draft_link(d, ARENA_JOIN(d->p->arena, STR("/record/restrictions/"), id));
    draft_proof(d, N_("Its proof, to keep:"));
}

static void complaint_letter(struct draft *d)
{
    bool upheld = str_eq(draft_value(d, "outcome"), STR("upheld"));
    d->subject = word_text(d->p, upheld ? N_("Your complaint was upheld")
                                        : N_("Your complaint was rejected"));
    bool refusal = json_object_get(d->values, "demand") != NULL;
    draft_add(d, word_text(d->p, refusal && upheld ? N_("Your demand will be decided anew. The "
                                                        "reasons:")
                                 : refusal         ? N_("Your demand stays refused. The reasons:")
                                 : upheld ? N_("What was withheld is shown again. The reasons:")
                                          : N_("What is withheld stays so. The reasons:")));
    draft_add(d, draft_value(d, "reasons"));
    draft_link(d, refusal
                      ? ARENA_JOIN(d->p->arena, STR("/record/demands/"), draft_number(d, "demand"))
                      : ARENA_JOIN(d->p->arena, STR("/record/restrictions/"),
                                   draft_number(d, "restriction")));
    draft_proof(d, N_("The decision stands on the shop’s public Record, which anybody can check:"));
}

/* What one can do about a decision, beside complaining at the page above it. */
static void draft_redress(struct draft *d)
{
    const json_t *bodies = json_object_get(d->values, "bodies");
    if (json_array_size(bodies) > 0)
        draft_add(d, word_text(d->p, N_("Bodies that settle disputes out of court:")));
    for (size_t i = 0; i < json_array_size(bodies); i++)
        draft_add(d, str_of(json_string_value(json_array_get(bodies, i))));
    draft_add(d, word_text(d->p, N_("The courts are open to you in any case.")));
}

/* app/demand_letters.c. */
static void demand_letter(struct draft *d)
{
    struct str id = draft_number(d, "demand");
    int64_t due = 0;
    (void)!json_member_int(d->values, "due", &due);
    struct str day = word_day(d->p, due);
    d->subject = word_filled(d->p, N_("Your demand was received: demand %1"), &id, 1);
    draft_add(d,
              word_text(d->p, N_("This shop received your demand that something be withheld. How "
                                 "it stands, and the receipt to keep, you find here. Keep the "
                                 "address to yourself.")));
    draft_link(d, draft_value(d, "path"));
    draft_link(d, arena_printf(d->p->arena, "%.*s/receipt", STR_ARG(draft_value(d, "path"))));
    draft_add(d, word_filled(d->p, N_("It is to be decided by %1. You will be told."), &day, 1));
    draft_proof(d, N_("The demand stands on the shop’s public Record, without your name and your "
                      "words:"));
}

static void demand_decided_letter(struct draft *d)
{
    struct str id = draft_number(d, "demand"), outcome = draft_value(d, "outcome");
    bool refused = str_eq(outcome, STR("refused"));
    d->subject = word_filled(d->p,
                             refused                           ? N_("Demand %1 is refused")
                             : str_eq(outcome, STR("granted")) ? N_("Demand %1 is granted")
                                                               : N_("Demand %1 is granted in part"),
                             &id, 1);
    draft_add(d, word_text(d->p, refused ? N_("Nothing is withheld. The reasons:")
                                         : N_("What follows from it stands on the Record. The "
                                              "reasons:")));
    draft_add(d, draft_value(d, "reasons"));
    if (!refused)
        draft_link(d, arena_printf(d->p->arena, "/record/restrictions/%.*s",
                                   STR_ARG(draft_number(d, "restriction"))));
    draft_add(d, word_text(d->p, N_("Your demand’s page, for you alone:")));
    draft_link(d, draft_value(d, "path"));
    draft_redress(d);
    draft_proof(d, N_("The decision stands on the shop’s public Record, which anybody can check:"));
}

/* The link that works once. */
static void draft_once(struct draft *d)
{
    draft_link(d, arena_printf(d->p->arena, "%.*s?link=%.*s", STR_ARG(draft_value(d, "path")),
                               STR_ARG(draft_value(d, "token"))));
}

/* app/new_password.c. */
static void new_password_letter(struct draft *d)
{
    d->subject = word_text(d->p, N_("A new password"));
    draft_add(d, word_text(d->p, N_("Somebody, you perhaps, asked for a new password for your "
                                    "account. Choose it here; the link works once, for an hour:")));
    draft_once(d);
    draft_add(d, word_text(d->p, N_("If it was not you, there is nothing you need do: your "
                                    "password stays as it is.")));
}

/* app/sign_up.c. */
static void sign_up_letter(struct draft *d)
{
    d->subject = word_text(d->p, N_("Your account: one more step"));
    draft_add(d, word_text(d->p, N_("Somebody, you perhaps, makes an account with this address. If "
                                    "it was you, follow this link and give the password that you "
                                    "chose; the link works once, for a week:")));
    draft_once(d);
    draft_add(d, word_text(d->p, N_("If it was not you, there is nothing you need do: without you "
                                    "there is no account, and within a week this shop forgets your "
                                    "address.")));
}

/* app/new_address.c. */
static void new_address_letter(struct draft *d)
{
    d->subject = word_text(d->p, N_("Is this your new address?"));
    draft_add(d, word_text(d->p, N_("Somebody, you perhaps, wants this address for their account. "
                                    "If it was you, say so here; the link works once, for a "
                                    "day:")));
    draft_once(d);
    draft_add(d, word_text(d->p, N_("If it was not you, there is nothing you need do: the account "
                                    "keeps the address that it has.")));
}

/* Whoever has the address hears of it, and nobody else: `tried` says what for. */
static void draft_taken(struct draft *d, const char *tried)
{
    d->subject = word_text(d->p, N_("You have an account already"));
    draft_add(d, word_text(d->p, tried));
    draft_link(d, draft_value(d, "path"));
    draft_add(d, word_text(d->p, N_("If it was not you, there is nothing you need do: whoever "
                                    "tried was not told that you have an account.")));
}

static void sign_up_taken_letter(struct draft *d)
{
    draft_taken(d, N_("Somebody, you perhaps, tried to make an account with this "
                      "address. It has one already, and nothing has changed. If you "
                      "forgot the password, choose another here:"));
}

static void address_taken_letter(struct draft *d)
{
    draft_taken(d, N_("Somebody, you perhaps, wanted this address for their account. It has an "
                      "account already, and nothing has changed. If you forgot its password, "
                      "choose another here:"));
}

/* app/confirm.c. */
static void confirm_letter(struct draft *d)
{
    d->subject = word_text(d->p, N_("Is this your address?"));
    draft_add(d, word_text(d->p, N_("An account was made with this address. If it is yours, say so "
                                    "here; the link works once, for a week:")));
    draft_once(d);
    draft_add(d, word_text(d->p, N_("If it was not you, there is nothing you need do: no other "
                                    "letters about that account are sent to you.")));
}

/* app/security_letter.c. */
static void security_letter(struct draft *d)
{
    static const struct {
        const char *event, *subject, *words;
    } events[] = {
        {"password-changed", N_("Your password was changed"),
         N_("The password of your account was changed, and all other sessions were ended.")},
        {"passkey-added", N_("A passkey was added to your account"),
         N_("A passkey was added: whoever has its device signs in to your account.")},
        {"passkey-removed", N_("A passkey was removed from your account"),
         N_("A passkey was removed: its device does not sign in to your account any more.")},
        {"factor-set-up", N_("Your second factor is set up"),
         N_("A second factor was set up for your account: from now on signing in takes its code.")},
        {"factor-off", N_("Your second factor was taken away"),
         N_("The second factor of your account was taken away. Where the shop asks for one, the "
            "next sign-in sets up another.")},
        {"address-changed", N_("The e-mail address of your account was changed"),
         N_("Your account has another e-mail address now.")},
        {"device-added", N_("A device was added to your account"),
         N_("An e-reader or reading app was given a password of its own: with it, it opens your "
            "library and your places in books.")},
    };
    int64_t at = 0;
    (void)!json_member_int(d->values, "at", &at);
    struct str day = word_day(d->p, at);
    for (size_t i = 0; i < sizeof events / sizeof *events; i++)
        if (str_eq(draft_value(d, "event"), str_of(events[i].event))) {
            d->subject = word_text(d->p, events[i].subject);
            draft_add(d, word_text(d->p, events[i].words));
        }
    draft_add(
        d, word_filled(d->p, N_("Day: %1. If it was you, there is nothing you need do."), &day, 1));
    if (str_eq(draft_value(d, "event"), STR("address-changed"))) {
        draft_add(d, word_text(d->p, N_("If it was not you, tell the shop at once: a letter to the "
                                        "old address does not bring the account back.")));
        draft_link(d, STR("/"));
        return;
    }
    draft_add(d, word_text(d->p, N_("If it was not you, choose another password at once. That ends "
                                    "all sessions and removes all passkeys and devices:")));
    draft_link(d, draft_value(d, "path"));
    draft_add(d, word_text(d->p, N_("Then tell the shop.")));
}

/* app/feed_runner.c. */
static void feed_letter(struct draft *d)
{
    struct str name = draft_value(d, "name"), refused = draft_number(d, "refused");
    if (json_is_true(json_object_get(d->values, "held"))) {
        d->subject = word_filled(d->p, N_("A feed is held: %1"), &name, 1);
        draft_add(d, word_text(d->p, N_("The file could not be read to its end. What came before "
                                        "has been taken. Why it broke off:")));
        draft_add(d, word_held(d->p, draft_value(d, "reason")));
    } else {
        struct str args[] = {name, refused};
        d->subject = word_filled(d->p, N_("Records of a feed were refused: %1"), &name, 1);
        draft_add(d, word_filled(d->p,
                                 N_("The feed %1 was imported. Records that were refused: "
                                    "%2. All others were taken."),
                                 args, 2));
    }
    draft_add(d, word_text(d->p, N_("The report says record by record what is wrong, and how to "
                                    "mend it:")));
    draft_link(d, draft_value(d, "path"));
}

/* app/licence_letters.c. */
static void licence_letter(struct draft *d)
{
    const json_t *stops = json_object_get(d->values, "stops");
    int64_t until = 0;
    (void)!json_member_int(d->values, "until", &until);
    struct str args[] = {draft_number(d, "licence"), word_country(d->p, draft_value(d, "country")),
                         word_day(d->p, until)};
    d->subject = word_filled(d->p, N_("Licence %1 (%2) ends on %3"), args, 3);
    draft_add(d, word_filled(d->p,
                             N_("Licence %1 (%2) is held until %3. What it alone permits is not "
                                "sold from that moment on, without anybody doing anything."),
                             args, 3));
    if (json_array_size(stops) == 0)
        draft_add(d, word_text(d->p, N_("As things stand, nothing would stop: another licence "
                                        "permits the same, or nothing is sold under this one.")));
    else
        draft_add(d, word_text(d->p, N_("What would not be sold any more:")));
    for (size_t i = 0; i < json_array_size(stops); i++) {
        const json_t *stop = json_array_get(stops, i);
        int64_t format = 0;
        (void)!json_member_int(stop, "format", &format);
        struct str what[] = {word_licence_format(d->p, (enum licence_format)format),
                             word_country(d->p, json_member_str(stop, "country"))};
        draft_add(d, word_filled(d->p, N_("%1 in %2"), what, 2));
    }
    draft_add(d, word_text(d->p, N_("Renew it, and say so at the desk:")));
    draft_link(d, STR("/desk/licences"));
}

static struct str names_of(const struct draft *d, const json_t *title)
{
    const json_t *by = json_object_get(title, "by");
    size_t n = json_array_size(by);
    struct str *names = ARENA_ARRAY(d->p->arena, struct str, n);
    for (size_t i = 0; i < n; i++)
        names[i] = str_of(json_string_value(json_array_get(by, i)));
    return n == 0 ? STR_NONE : language_list(d->p->language, d->p->arena, names, n);
}

/* app/herald.c: titles that the gate let through, each once. */
static void news_letter(struct draft *d)
{
    const json_t *titles = json_object_get(d->values, "titles");
    int64_t withheld = 0;
    struct str first = json_member_str(json_array_get(titles, 0), "title");
    (void)!json_member_int(d->values, "withheld", &withheld);
    d->subject = json_array_size(titles) == 1
                     ? word_filled(d->p, N_("New from what you follow: %1"), &first, 1)
                     : word_text(d->p, N_("New from what you follow"));
    draft_add(d, word_text(d->p, N_("New in the shop’s catalogue, from what you follow:")));
    for (size_t i = 0; i < json_array_size(titles); i++) {
        const json_t *title = json_array_get(titles, i);
        struct str by = names_of(d, title);
        draft_add(d, by.n == 0 ? json_member_str(title, "title")
                               : ARENA_JOIN(d->p->arena, json_member_str(title, "title"),
                                            STR(" · "), by));
        draft_link(d, json_member_str(title, "path"));
    }
    if (withheld > 0)
        draft_add(d, word_count(d->p, "%1 work is withheld here", "%1 works are withheld here",
                                (uint64_t)withheld));
    draft_add(d, word_text(d->p, N_("All that is new, and what you follow:")));
    draft_link(d, draft_value(d, "page"));
    draft_add(d, word_text(d->p, N_("You asked for this letter, which comes once a day at most. "
                                    "Here you end it, without signing in:")));
    draft_link(d, draft_value(d, LETTER_STOP));
}

static const struct {
    const char *kind;
    void (*write)(struct draft *d);
} forms[] = {
    {"test", test_letter},
    {"statement", statement_letter},
    {"complaint", complaint_letter},
    {"demand", demand_letter},
    {"demand-decided", demand_decided_letter},
    {"new-password", new_password_letter},
    {"confirm", confirm_letter},
    {"sign-up", sign_up_letter},
    {"sign-up-taken", sign_up_taken_letter},
    {"new-address", new_address_letter},
    {"address-taken", address_taken_letter},
    {"security", security_letter},
    {"feed", feed_letter},
    {"licence-ends", licence_letter},
    {"news", news_letter},
    {"sale-placed", sale_placed_letter},
    {"sale-paid", sale_paid_letter},
    {"sale-ebooks", sale_ebooks_letter},
    {"sale-sent", sale_sent_letter},
    {"sale-cancelled", sale_cancelled_letter},
    {"sale-refunded", sale_refunded_letter},
    {"sale-return", sale_return_letter},
};

enum rc letter_compose(struct arena *arena, struct str kind, struct str language, struct str url,
                       const json_t *values, struct str *ret_subject, struct str *ret_text,
                       struct fault *fault)
{
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        if (!str_eq(kind, str_of(forms[i].kind)))
            continue;
        struct language *l = language_new(language);
        struct page p = {.arena = arena, .language = l};
        struct draft d = {.p = &p, .url = url, .values = values, .text = BUF_INIT(TEXT_MAX)};
        forms[i].write(&d);
        *ret_subject = d.subject;
        *ret_text = arena_str(arena, buf_str(&d.text));
        enum rc rc = buf_check(&d.text);
        buf_free(&d.text);
        language_free(l);
        return rc == RC_OK ? rc : fault_set(fault, RC_INVALID, "the letter is too long");
    }
    return fault_set(fault, RC_INVALID, "there is no form for letters of the kind %.*s",
                     STR_ARG(kind));
}
