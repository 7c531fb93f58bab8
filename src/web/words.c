#include "app/restriction_view.h"
#include "web/bidi.h"
#include "web/page.h"

#define N_(text) text /* collected for the catalogues, translated where used */

struct str word_text(const struct page *p, const char *msgid)
{
    return language_text(p->language, msgid);
}

static struct str text_filled(const struct page *p, struct str text, const struct str *args,
                              size_t n)
{
    BUF_AUTO b = BUF_INIT(8192);
    for (size_t i = 0; i < text.n; i++) {
        size_t which = text.p[i] == '%' && i + 1 < text.n ? (size_t)(text.p[i + 1] - '1') : n;
        if (which < n) {
            bidi_add(&b, args[which], language_rtl(p->language));
            i++;
        } else {
            buf_char(&b, text.p[i]);
        }
    }
    return arena_str(p->arena, buf_str(&b));
}

struct str word_filled(const struct page *p, const char *msgid, const struct str *args, size_t n)
{
    return text_filled(p, word_text(p, msgid), args, n);
}

struct str word_count(const struct page *p, const char *singular, const char *plural, uint64_t n)
{
    struct str number = word_number(p, n);
    /* word_text's forms of the plural, filled like a text. */
    return text_filled(p, language_plural(p->language, singular, plural, n), &number, 1);
}

struct str word_feature(const struct page *p, enum feature feature)
{
    static const char *const words[FEATURE_COUNT] = {
        [FEATURE_LISTING] = N_("listing"),   [FEATURE_SEARCH] = N_("search"),
        [FEATURE_SALE] = N_("sale"),         [FEATURE_DELIVERY] = N_("delivery"),
        [FEATURE_RATINGS] = N_("ratings"),   [FEATURE_REVIEWS] = N_("reviews"),
        [FEATURE_COMMENTS] = N_("comments"), [FEATURE_SUBMISSIONS] = N_("submissions"),
    };
    return word_text(p, words[feature]);
}

struct str word_features(const struct page *p, feature_mask features)
{
    struct str words[FEATURE_COUNT];
    size_t n = 0;
    for (int f = 0; f < FEATURE_COUNT; f++)
        if (features & FEATURE_BIT(f))
            words[n++] = word_feature(p, (enum feature)f);
    return language_list(p->language, p->arena, words, n);
}

struct str word_ground(const struct page *p, enum ground ground)
{
    static const char *const words[GROUND_COUNT] = {
        [GROUND_AUTHORITY_ORDER] = N_("an authority’s order"),
        [GROUND_COURT_ORDER] = N_("a court’s order"),
        [GROUND_LAW] = N_("a law"),
        [GROUND_RIGHTSHOLDER] = N_("a rightsholder’s notice"),
        [GROUND_LICENCE] = N_("a missing licence"),
        [GROUND_TERMS] = N_("this shop’s terms"),
        [GROUND_OPERATOR] = N_("this shop’s own decision"),
    };
    return word_text(p, words[ground]);
}

struct str word_state(const struct page *p, enum restriction_state state)
{
    static const char *const words[STATE_COUNT] = {
        [STATE_PENDING] = N_("pending"),     [STATE_SCHEDULED] = N_("scheduled"),
        [STATE_IN_EFFECT] = N_("in effect"), [STATE_LIFTED] = N_("lifted"),
        [STATE_EXPIRED] = N_("expired"),
    };
    return word_text(p, words[state]);
}

struct str word_target(const struct page *p, const struct restriction_view *v)
{
    const struct restriction *r = v->r;
    struct str titled[] = {v->title, r->target_key};
    if (v->title.n > 0 && r->target == TARGET_EDITION)
        return word_filled(p, N_("the edition “%1” (%2)"), titled, 2);
    if (v->title.n > 0 && r->target == TARGET_REVIEW)
        return word_filled(p, N_("a review of “%1” (entry %2 of the voices)"), titled, 2);
    if (v->title.n > 0 && r->target == TARGET_COMMENT)
        return word_filled(p, N_("a comment on “%1” (entry %2 of the voices)"), titled, 2);
    if (v->title.n > 0)
        return word_filled(p, N_("the work “%1” (no. %2)"), titled, 2);
    static const char *const words[] = {
        [TARGET_EDITION] = N_("the edition %1"),
        [TARGET_WORK] = N_("work %1"),
        [TARGET_COLLECTION] = N_("the collection “%1”"),
        [TARGET_CONTRIBUTOR] = N_("the works of %1"),
        [TARGET_SHOP] = N_("the shop “%1”"),
        [TARGET_REVIEW] = N_("the review with entry %1 of the voices"),
        [TARGET_COMMENT] = N_("the comment with entry %1 of the voices"),
        [TARGET_ACCOUNT] = N_("a reader’s account"),
    };
    struct str name = r->target_name.n > 0 ? r->target_name : r->target_key;
    return word_filled(p, words[r->target], &name, 1);
}

struct str word_submissions(const struct page *p, const struct shown_slip *s)
{
    return word_text(
        p,
        s->restriction->target == TARGET_ACCOUNT
            ? N_("New ratings, reviews and comments are not taken from your account here. You can "
                 "read, and change or withdraw what you wrote.")
            : N_("New ratings, reviews and comments are not taken here."));
}

struct str word_own_slip(const struct page *p, const struct shown_slip *s)
{
    struct str args[] = {word_storefronts(p, s->restriction), word_features(p, s->features)};
    return word_filled(p, N_("Withheld in %1: %2. It is kept, and nothing of it has been deleted."),
                       args, 2);
}

struct str word_account_slip(const struct page *p, const struct shown_slip *s)
{
    struct str where = word_storefronts(p, s->restriction);
    return word_filled(
        p,
        N_("New ratings, reviews and comments are not taken from your account in %1. "
           "You can read, and change or withdraw what you wrote."),
        &where, 1);
}

struct str word_text_kind(const struct page *p, enum text_kind kind)
{
    static const char *const names[TEXT_KINDS] = {
        [TEXT_ABOUT] = N_("The line about the shop"),
        [TEXT_IMPRINT] = N_("Legal notice"),
        [TEXT_TERMS] = N_("Terms"),
        [TEXT_PRIVACY] = N_("Privacy"),
        [TEXT_DELIVERY] = N_("Delivery"),
        [TEXT_RETURNS] = N_("Returns and withdrawal"),
        [TEXT_CONTACT] = N_("Contact"),
        [TEXT_ACCESSIBILITY] = N_("Accessibility"),
        [TEXT_REVIEWS] = N_("What the shop adds to the rules of reviews"),
    };
    return word_text(p, names[kind]);
}

struct str word_form(const struct page *p, struct str form)
{
    static const struct {
        const char *code, *word;
    } words[] = {
        {"paperback", N_("Paperback")}, {"hardback", N_("Hardback")},  {"ebook", N_("E-book")},
        {"audio", N_("Audiobook")},     {"other", N_("Other format")},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(form, str_of(words[i].code)))
            return word_text(p, words[i].word);
    return form;
}

struct str word_verdict(const struct page *p, enum verdict verdict)
{
    static const char *const words[VERDICT_COUNT] = {
        [VERDICT_OK] = N_("available"),
        [VERDICT_FREE] = N_("free of charge"),
        [VERDICT_PREORDER] = N_("to be published"),
        [VERDICT_BACKORDER] = N_("to be ordered from the publisher"),
        [VERDICT_NOT_LISTED] = N_("not listed for the trade"),
        [VERDICT_WITHDRAWN] = N_("withdrawn by the publisher"),
        [VERDICT_NOT_SOLD_ALONE] = N_("not sold separately"),
        [VERDICT_NOT_FOR_SALE] = N_("not for sale in this country"),
        [VERDICT_RIGHTS_UNKNOWN] = N_("not sold here: its sales rights are not known"),
        [VERDICT_RIGHTS_CONFLICT] =
            N_("not sold here: the statements of its sales rights contradict each other"),
        [VERDICT_NEED_REGION] = N_("sold in parts of this country only"),
        [VERDICT_CHANNEL_REFUSED] = N_("not for sale through this kind of shop"),
        [VERDICT_HOLD] = N_("not sold here: a sales restriction has to be cleared"),
        [VERDICT_NO_SUPPLY] = N_("no supplier known"),
        [VERDICT_NOT_IN_MARKET] = N_("not supplied to this country"),
        [VERDICT_NOT_YET] = N_("not yet available"),
        [VERDICT_UNAVAILABLE] = N_("not available at present"),
        [VERDICT_NO_PRICE] = N_("no price in this country’s currency"),
        [VERDICT_PRICE_CONFLICT] = N_("not sold here: its prices contradict each other"),
        [VERDICT_LICENCE_MISSING] =
            N_("not sold here: a licence that this country asks for is missing"),
        [VERDICT_LICENCE_NOT_RESEARCHED] =
            N_("not sold here: nobody has researched which licence this country asks for"),
        [VERDICT_NO_FILE] = N_("not sold yet: the publisher has not sent its file"),
        [VERDICT_NO_DELIVERY] = N_("not sold here: this shop can hand over EPUBs alone"),
    };
    return word_text(p, words[verdict]);
}

struct str word_verdict_reason(const struct page *p, enum verdict verdict)
{
    switch (verdict) {
    case VERDICT_RIGHTS_UNKNOWN:
        return word_text(p, N_("its sales rights are not known"));
    case VERDICT_RIGHTS_CONFLICT:
        return word_text(p, N_("the statements of its sales rights contradict each other"));
    case VERDICT_HOLD:
        return word_text(p, N_("a sales restriction has to be cleared"));
    case VERDICT_PRICE_CONFLICT:
        return word_text(p, N_("its prices contradict each other"));
    case VERDICT_LICENCE_MISSING:
        return word_text(p, N_("a licence that this country asks for is missing"));
    case VERDICT_LICENCE_NOT_RESEARCHED:
        return word_text(p, N_("nobody has researched which licence this country asks for"));
    case VERDICT_NO_FILE:
        return word_text(p, N_("the publisher has not sent its file yet"));
    case VERDICT_NO_DELIVERY:
        return word_text(p, N_("this shop can hand over EPUBs alone"));
    default:
        return word_verdict(p, verdict);
    }
}

struct str word_role(const struct page *p, struct str role)
{
    static const struct {
        const char *code, *word;
    } words[] = {
        {"A01", N_("author")},
        {"A02", N_("co-author")},
        {"A03", N_("screenplay")},
        {"A06", N_("composer")},
        {"A07", N_("artist")},
        {"A08", N_("photographer")},
        {"A09", N_("creator")},
        {"A12", N_("illustrator")},
        {"A13", N_("photographer")},
        {"A14", N_("text")},
        {"A15", N_("preface")},
        {"A19", N_("afterword")},
        {"A20", N_("notes")},
        {"A21", N_("commentary")},
        {"A23", N_("foreword")},
        {"A24", N_("introduction")},
        {"A29", N_("introduction and notes")},
        {"A35", N_("drawings")},
        {"A36", N_("cover")},
        {"A38", N_("original author")},
        {"A39", N_("maps")},
        {"A43", N_("interviewer")},
        {"A44", N_("interviewee")},
        {"B01", N_("editor")},
        {"B02", N_("reviser")},
        {"B03", N_("retold")},
        {"B04", N_("abridged")},
        {"B05", N_("adapter")},
        {"B06", N_("translator")},
        {"B08", N_("translation and commentary")},
        {"B09", N_("series editor")},
        {"B10", N_("editor and translator")},
        {"B11", N_("editor-in-chief")},
        {"B12", N_("guest editor")},
        {"B13", N_("volume editor")},
        {"B21", N_("general editor")},
        {"C01", N_("compiler")},
        {"C02", N_("selection")},
        {"E03", N_("narrator")},
        {"E07", N_("reader")},
        {"Z01", N_("with the help of")},
    };
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(role, str_of(words[i].code)))
            return word_text(p, words[i].word);
    return word_text(p, N_("contributor"));
}

struct str word_country(const struct page *p, struct str country)
{
    return language_of_country(p->language, p->arena, country);
}

struct str word_storefronts(const struct page *p, const struct restriction *r)
{
    struct str names[RESTRICTION_STOREFRONTS_MAX];
    size_t n = 0;
    for (; n < r->storefront_count && n < RESTRICTION_STOREFRONTS_MAX; n++) {
        const struct storefront *s = gate_storefront(p->view, r->storefronts[n]);
        names[n] = s == NULL ? r->storefronts[n] : word_country(p, s->country);
    }
    return language_list(p->language, p->arena, names, n);
}

struct str word_currency(const struct page *p, struct str currency)
{
    return language_of_currency(p->language, p->arena, currency);
}

struct str word_wish(const struct page *p, const struct restriction *r)
{
    struct str wish = word_ground(p, r->ground);
    if (r->legal_basis.n > 0) {
        struct str parts[] = {wish, r->legal_basis};
        wish = word_filled(p, N_("%1 on the ground of %2"), parts, 2);
    }
    if (r->reference.n > 0) {
        struct str parts[] = {wish, r->reference};
        wish = word_filled(p, N_("%1 (%2)"), parts, 2);
    }
    if (r->authority.n > 0) {
        struct str parts[] = {r->authority, wish};
        wish = word_filled(p, N_("%1: %2"), parts, 2);
    }
    return wish;
}

struct str word_span(const struct page *p, const struct restriction *r)
{
    if (r->lifted != 0) {
        struct str ended[] = {word_day(p, r->from), word_day(p, r->lifted)};
        return word_filled(p, N_("%1, lifted %2"), ended, 2);
    }
    struct str parts[] = {word_day(p, r->from),
                          word_until(p, r->until != 0 ? r->until : r->review)};
    return word_filled(p, r->until != 0 ? N_("%1, until %2") : N_("%1, to be reviewed by %2"),
                       parts, 2);
}

struct str word_number(const struct page *p, uint64_t n)
{
    return language_number(p->language, p->arena, (int64_t)n);
}

struct str word_money(const struct page *p, int64_t minor, struct str currency)
{
    return language_money(p->language, p->arena, minor, currency);
}

struct str word_date(const struct page *p, int32_t date)
{
    return language_date(p->language, p->arena, date);
}

struct str word_year(const struct page *p, int32_t date)
{
    return arena_printf(p->arena, "%d", date / 10000);
}

struct str word_time(const struct page *p, int64_t t)
{
    return language_time(p->language, p->arena, t);
}

struct str word_day(const struct page *p, int64_t t)
{
    return language_time(p->language, p->arena, date_start(date_of(t)));
}

struct str word_until(const struct page *p, int64_t t)
{
    bool midnight = date_start(date_of(t)) == t;
    return language_time(p->language, p->arena, midnight ? t - 86400 : t);
}

struct str word_rating(const struct page *p, uint32_t milli)
{
    return language_decimal(p->language, p->arena, milli);
}

struct str word_language(const struct page *p, struct str tag)
{
    if (str_eq(tag, STR("und")))
        return word_text(p, N_("language not stated"));
    return language_of_language(p->language, p->arena, tag);
}

/* ---- subjects ---- */

const struct subject_word subject_words[] = {
    {"A", N_("The arts")},
    {"AB", N_("The arts: general")},
    {"AF", N_("Art forms")},
    {"AG", N_("Art: treatments and subjects")},
    {"AJ", N_("Photography")},
    {"AK", N_("Design")},
    {"AM", N_("Architecture")},
    {"AT", N_("Performing arts")},
    {"AV", N_("Music")},
    {"C", N_("Language and linguistics")},
    {"CB", N_("Language: reference")},
    {"CF", N_("Linguistics")},
    {"CJ", N_("Language learning")},
    {"D", N_("Biography, literature and literary studies")},
    {"DB", N_("Ancient, classic and medieval texts")},
    {"DC", N_("Poetry")},
    {"DD", N_("Plays")},
    {"DN", N_("Biography and non-fiction prose")},
    {"DS", N_("Literature: history and criticism")},
    {"F", N_("Fiction")},
    {"FB", N_("General and literary fiction")},
    {"FD", N_("Speculative fiction")},
    {"FF", N_("Crime and mystery")},
    {"FH", N_("Thrillers and suspense")},
    {"FJ", N_("Adventure fiction")},
    {"FK", N_("Horror and the supernatural")},
    {"FL", N_("Science fiction")},
    {"FM", N_("Fantasy")},
    {"FN", N_("Myths and legends told as fiction")},
    {"FQ", N_("Contemporary lifestyle fiction")},
    {"FR", N_("Romance")},
    {"FS", N_("Family life fiction")},
    {"FT", N_("Generational and sagas")},
    {"FU", N_("Humorous fiction")},
    {"FV", N_("Historical fiction")},
    {"FX", N_("Narrative themes")},
    {"FY", N_("Special kinds of fiction")},
    {"G", N_("Reference, information and interdisciplinary")},
    {"J", N_("Society and social sciences")},
    {"JB", N_("Society and culture")},
    {"JH", N_("Sociology and anthropology")},
    {"JK", N_("Social services and welfare, criminology")},
    {"JM", N_("Psychology")},
    {"JN", N_("Education")},
    {"JP", N_("Politics and government")},
    {"JW", N_("Warfare and defence")},
    {"K", N_("Economics, finance, business")},
    {"L", N_("Law")},
    {"M", N_("Medicine and nursing")},
    {"N", N_("History and archaeology")},
    {"NH", N_("History")},
    {"NK", N_("Archaeology")},
    {"P", N_("Mathematics and science")},
    {"PB", N_("Mathematics")},
    {"PD", N_("Science: general")},
    {"PG", N_("Astronomy, space and time")},
    {"PH", N_("Physics")},
    {"PN", N_("Chemistry")},
    {"PS", N_("Biology")},
    {"Q", N_("Philosophy and religion")},
    {"QD", N_("Philosophy")},
    {"QR", N_("Religion and beliefs")},
    {"R", N_("Earth sciences, geography, environment")},
    {"S", N_("Sports and outdoor recreation")},
    {"T", N_("Technology, engineering, agriculture")},
    {"U", N_("Computing and information technology")},
    {"V", N_("Health, relationships and personal development")},
    {"W", N_("Lifestyle, hobbies and leisure")},
    {"WB", N_("Cookery, food and drink")},
    {"WT", N_("Travel")},
    {"X", N_("Graphic novels, comics, manga")},
    {"Y", N_("Children’s, teenage and educational")},
    {"YB", N_("Picture books and early learning")},
    {"YF", N_("Children’s and teenage fiction")},
    {"YN", N_("Children’s and teenage general interest")},
};
const size_t subject_word_count = sizeof subject_words / sizeof *subject_words;

struct str word_subject(const struct page *p, struct str thema)
{
    /* The nearest level that has a name here. */
    for (size_t n = thema.n < 2 ? thema.n : 2; n > 0; n--)
        for (size_t i = 0; i < subject_word_count; i++)
            if (str_is(str_sub(thema, 0, n), subject_words[i].code))
                return word_text(p, subject_words[i].name);
    return thema;
}

struct str word_of_code(const struct page *p, const struct code_word *words, size_t n,
                        struct str code)
{
    for (size_t i = 0; i < n; i++)
        if (str_is(code, words[i].code))
            return word_text(p, words[i].word);
    return STR_NONE;
}

struct str word_withheld(const struct page *p, const struct shown_withheld *w)
{
    if (w->works == 0)
        return STR_NONE;
    struct str words =
        word_count(p, "%1 work is withheld here", "%1 works are withheld here", w->works);
    for (size_t i = 0; i < w->by.n; i++) {
        struct str id = word_number(p, w->by.v[i].restriction->id);
        words = ARENA_JOIN(p->arena, words, i == 0 ? STR(": ") : STR(", "),
                           word_filled(p, N_("restriction %1"), &id, 1));
    }
    return words;
}
