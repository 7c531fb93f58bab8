#include "web/letters.h"

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
    int64_t restriction = 0;
    (void)!json_member_int(d->values, "restriction", &restriction);
    struct str id = arena_printf(d->p->arena, "%lld", (long long)restriction);
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
    draft_link(d, arena_printf(d->p->arena, "/record/restrictions/%lld", (long long)restriction));
}

static void complaint_letter(struct draft *d)
{
    int64_t restriction = 0;
    (void)!json_member_int(d->values, "restriction", &restriction);
    bool upheld = str_eq(draft_value(d, "outcome"), STR("upheld"));
    d->subject = word_text(d->p, upheld ? N_("Your complaint was upheld")
                                        : N_("Your complaint was rejected"));
    draft_add(d, word_text(d->p, upheld ? N_("What was withheld is shown again. The reasons:")
                                        : N_("What is withheld stays so. The reasons:")));
    draft_add(d, draft_value(d, "reasons"));
    draft_link(d, arena_printf(d->p->arena, "/record/restrictions/%lld", (long long)restriction));
}

/* app/new_password.c. */
static void new_password_letter(struct draft *d)
{
    d->subject = word_text(d->p, N_("A new password"));
    draft_add(d, word_text(d->p, N_("Somebody, you perhaps, asked for a new password for your "
                                    "account. Choose it here; the link works once, for an hour:")));
    draft_link(d, arena_printf(d->p->arena, "%.*s?link=%.*s", STR_ARG(draft_value(d, "path")),
                               STR_ARG(draft_value(d, "token"))));
    draft_add(d, word_text(d->p, N_("If it was not you, there is nothing you need do: your "
                                    "password stays as it is.")));
}

static const struct {
    const char *kind;
    void (*write)(struct draft *d);
} forms[] = {
    {"test", test_letter},
    {"statement", statement_letter},
    {"complaint", complaint_letter},
    {"new-password", new_password_letter},
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
