#include "web/language.h"

#include <unicode/uchar.h>
#include <unicode/ucol.h>
#include <unicode/ucurr.h>
#include <unicode/udat.h>
#include <unicode/udatpg.h>
#include <unicode/uldnames.h>
#include <unicode/ulistformatter.h>
#include <unicode/uloc.h>
#include <unicode/unum.h>
#include <unicode/ustring.h>

#include "domain/money.h"
#include "web/catalogue.h"

enum { DATE_YEAR, DATE_MONTH, DATE_DAY, DATE_MINUTE, DATE_KINDS };

struct language {
    char tag[24];
    char locale[48];                   /* ICU's: "zh_Hans" */
    const struct catalogue *catalogue; /* NULL: the texts as they stand in the source */
    bool rtl;
    UCollator *collator;
    UNumberFormat *number, *decimal;
    UNumberFormat *money; /* of the currency used last: a storefront has one */
    char money_currency[4];
    UDateFormat *dates[DATE_KINDS];
    /* What every page shows and ICU takes long to find or to write. */
    struct kept {
        int kind;
        char of[24], text[96];
    } names[64], amounts[64];
};

enum { KEPT_NONE, KEPT_OWN_NAME, KEPT_LANGUAGE, KEPT_COUNTRY, KEPT_MONEY };

/* The texts in the source. Day before month: this English is not one country's. */
static const struct str source_tag = {"en", 2};
static const char source_locale[] = "en_GB";

struct str language_offered(size_t i)
{
    return i == 0 ? source_tag : str_of(catalogues[i - 1].tag);
}

bool language_is_offered(struct str tag)
{
    struct str offered;
    for (size_t i = 0; (offered = language_offered(i)).n > 0; i++)
        if (str_eq(tag, offered))
            return true;
    return false;
}

/* ICU's name of a language with the script it is written in: "zh_Hant" of "zh-TW", which
 * nothing but CLDR's table knows. Empty of what is no tag. */
static void likely_script(struct str tag, char ret[static ULOC_FULLNAME_CAPACITY])
{
    char asked[32], locale[ULOC_FULLNAME_CAPACITY], whole[ULOC_FULLNAME_CAPACITY];
    char script[ULOC_SCRIPT_CAPACITY];
    UErrorCode status = U_ZERO_ERROR;
    int32_t parsed = 0;
    ret[0] = '\0';
    if (tag.n == 0 || tag.n >= sizeof asked)
        return;
    snprintf(asked, sizeof asked, "%.*s", STR_ARG(tag));
    uloc_forLanguageTag(asked, locale, sizeof locale, &parsed, &status);
    if (U_FAILURE(status) || parsed <= 0)
        return;
    uloc_addLikelySubtags(locale, whole, sizeof whole, &status);
    uloc_getScript(whole, script, sizeof script, &status);
    int32_t n = uloc_getLanguage(whole, ret, ULOC_FULLNAME_CAPACITY, &status);
    if (U_FAILURE(status) || n <= 0 || n + 2 + (int32_t)strlen(script) > ULOC_FULLNAME_CAPACITY)
        ret[0] = '\0';
    else
        snprintf(ret + n, (size_t)(ULOC_FULLNAME_CAPACITY - n), "_%s", script);
}

/* Same language in the same script, else same language: who reads one Chinese reads
 * the other sooner than English. */
struct str language_nearest(struct str tag)
{
    char asked[ULOC_FULLNAME_CAPACITY], ours[ULOC_FULLNAME_CAPACITY];
    struct str offered, near = STR_NONE;
    if (language_is_offered(tag))
        return tag;
    likely_script(tag, asked);
    size_t language = str_find(str_of(asked), '_') + 1;
    for (size_t i = 0; asked[0] != '\0' && (offered = language_offered(i)).n > 0; i++) {
        /* Who asks for a page names many languages; ICU is slow, and few are alike. */
        if (str_find(offered, '-') + 1 != language || strncmp(asked, offered.p, language - 1) != 0)
            continue;
        likely_script(offered, ours);
        if (strcmp(asked, ours) == 0)
            return offered;
        if (near.n == 0 && strncmp(asked, ours, language) == 0)
            near = offered;
    }
    return near;
}

/* "de;q=0.8": thousandths; what is malformed counts as nothing. */
static int quality_of(struct str parameters)
{
    struct str q = str_trim(parameters);
    if (q.n == 0)
        return 1000;
    if (q.n < 3 || !str_starts(q, STR("q=")) || (q.p[2] != '0' && q.p[2] != '1'))
        return 0;
    int quality = (q.p[2] - '0') * 1000;
    for (size_t i = 4, worth = 100; i < q.n && worth > 0; i++, worth /= 10)
        if (q.p[i] >= '0' && q.p[i] <= '9')
            quality += (q.p[i] - '0') * (int)worth;
    return quality > 1000 ? 1000 : quality;
}

struct str language_negotiated(struct str header)
{
    enum { NAMED_MAX = 32 }; /* who names more is no reader */
    struct str piece, tag, best = source_tag;
    int quality = 0;
    for (size_t i = 0; i < NAMED_MAX && str_next(&header, ',', &piece); i++) {
        piece = str_trim(piece);
        if (!str_next(&piece, ';', &tag))
            continue;
        int wanted = quality_of(piece);
        if (wanted <= quality)
            continue;
        struct str nearest = language_nearest(str_trim(tag));
        if (nearest.n > 0) {
            best = nearest;
            quality = wanted;
        }
    }
    return best;
}

struct language *language_new(struct str tag)
{
    struct language *l = calloc(1, sizeof *l);
    if (l == NULL)
        abort();
    struct str texts = language_nearest(tag);
    if (texts.n == 0 || tag.n >= sizeof l->tag)
        tag = texts = source_tag;
    snprintf(l->tag, sizeof l->tag, "%.*s", STR_ARG(tag));
    for (const struct catalogue *c = catalogues; c->tag != NULL; c++)
        if (str_eq(texts, str_of(c->tag)))
            l->catalogue = c;
    UErrorCode status = U_ZERO_ERROR;
    int32_t parsed;
    if (str_eq(tag, texts))
        snprintf(l->locale, sizeof l->locale, "%s",
                 l->catalogue == NULL ? source_locale : l->catalogue->locale);
    else
        uloc_forLanguageTag(l->tag, l->locale, sizeof l->locale, &parsed, &status);
    if (U_FAILURE(status))
        snprintf(l->locale, sizeof l->locale, "%s", source_locale);
    l->rtl = uloc_isRightToLeft(l->locale);
    return l;
}

void language_free(struct language *l)
{
    if (l == NULL)
        return;
    ucol_close(l->collator);
    unum_close(l->number);
    unum_close(l->decimal);
    unum_close(l->money);
    for (int i = 0; i < DATE_KINDS; i++)
        udat_close(l->dates[i]);
    free(l);
}

struct str language_tag(const struct language *l)
{
    return str_of(l->tag);
}

bool language_rtl(const struct language *l)
{
    return l->rtl;
}

/* ---- texts ---- */

static const struct catalogue_message *find(const struct language *l, const char *msgid)
{
    if (l->catalogue == NULL)
        return NULL;
    size_t low = 0, high = l->catalogue->n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(l->catalogue->messages[middle].msgid, msgid);
        if (order == 0)
            return &l->catalogue->messages[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

struct str language_text(const struct language *l, const char *msgid)
{
    const struct catalogue_message *m = find(l, msgid);
    return str_of(m != NULL && m->forms[0][0] != '\0' ? m->forms[0] : msgid);
}

struct str language_plural(const struct language *l, const char *singular, const char *plural,
                           uint64_t n)
{
    const struct catalogue_message *m = find(l, singular);
    if (m == NULL)
        return str_of(n == 1 ? singular : plural);
    unsigned form = l->catalogue->plural(n);
    if (form >= CATALOGUE_FORMS_MAX || m->forms[form] == NULL)
        form = 0;
    return str_of(m->forms[form]);
}

/* ---- numbers, money, dates ---- */

enum { TEXT_MAX = 128 };

static struct str to_utf8(struct arena *arena, const UChar *text, int32_t n)
{
    char out[TEXT_MAX * 3];
    int32_t written = 0;
    UErrorCode status = U_ZERO_ERROR;
    u_strToUTF8(out, sizeof out, &written, text, n, &status);
    if (U_FAILURE(status))
        return STR_NONE;
    return arena_str(arena, (struct str){out, (size_t)written});
}

/* Formatters are caches: making one does not change what the language is. */
static struct language *cache_of(const struct language *l)
{
    return (struct language *)l;
}

/* Where it is kept, whatever else may stand there now: a newcomer takes the place. */
static struct kept *place_of(const struct language *l, int kind, struct str of)
{
    enum { PLACES = sizeof l->names / sizeof *l->names };
    uint32_t h = (uint32_t)kind;
    for (size_t i = 0; i < of.n; i++)
        h = (h ^ (unsigned char)of.p[i]) * 16777619u;
    return &(kind == KEPT_MONEY ? cache_of(l)->amounts
                                : cache_of(l)->names)[(h ^ h >> 16) % PLACES];
}

static bool is_kept(const struct language *l, struct arena *arena, int kind, struct str of,
                    struct str *ret)
{
    const struct kept *kept = place_of(l, kind, of);
    if (kept->kind != kind || !str_is(of, kept->of))
        return false;
    *ret = arena_str(arena, str_of(kept->text));
    return true;
}

static struct str keep(const struct language *l, int kind, struct str of, struct str text)
{
    struct kept *kept = place_of(l, kind, of);
    if (of.n < sizeof kept->of && text.n > 0 && text.n < sizeof kept->text) {
        *kept = (struct kept){.kind = kind};
        memcpy(kept->of, of.p, of.n);
        memcpy(kept->text, text.p, text.n);
    }
    return text;
}

struct str language_number(const struct language *l, struct arena *arena, int64_t n)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar text[TEXT_MAX];
    if (l->number == NULL)
        cache_of(l)->number = unum_open(UNUM_DECIMAL, NULL, 0, l->locale, NULL, &status);
    int32_t length = unum_formatInt64(l->number, n, text, TEXT_MAX, NULL, &status);
    return U_FAILURE(status) ? arena_printf(arena, "%lld", (long long)n)
                             : to_utf8(arena, text, length);
}

struct str language_decimal(const struct language *l, struct arena *arena, int64_t milli)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar text[TEXT_MAX];
    if (l->decimal == NULL) {
        cache_of(l)->decimal = unum_open(UNUM_DECIMAL, NULL, 0, l->locale, NULL, &status);
        unum_setAttribute(l->decimal, UNUM_FRACTION_DIGITS, 1);
    }
    int64_t tenths = (milli + 50) / 100;
    int32_t length =
        unum_formatDouble(l->decimal, (double)tenths / 10, text, TEXT_MAX, NULL, &status);
    return U_FAILURE(status) ? STR_NONE : to_utf8(arena, text, length);
}

/* "US$" keeps its dollar on its right in a line that runs to the left. */
static void hold_symbol(UNumberFormat *money, UErrorCode *status)
{
    enum { SYMBOL_MAX = 16, LRM = 0x200e };
    UChar symbol[SYMBOL_MAX + 2] = {LRM};
    int32_t n = unum_getSymbol(money, UNUM_CURRENCY_SYMBOL, symbol + 1, SYMBOL_MAX, status);
    for (int32_t i = 1; U_SUCCESS(*status) && i <= n; i++)
        if (u_charDirection(symbol[i]) == U_RIGHT_TO_LEFT_ARABIC ||
            u_charDirection(symbol[i]) == U_RIGHT_TO_LEFT)
            return;
    if (U_FAILURE(*status) || n >= SYMBOL_MAX)
        return;
    symbol[n + 1] = LRM;
    unum_setSymbol(money, UNUM_CURRENCY_SYMBOL, symbol, n + 2, status);
}

static struct str write_money(const struct language *l, struct arena *arena, struct str plain,
                              struct str currency)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar text[TEXT_MAX], code[4];
    if (l->money == NULL || !str_eq(currency, str_of(l->money_currency))) {
        unum_close(l->money);
        cache_of(l)->money = unum_open(UNUM_CURRENCY, NULL, 0, l->locale, NULL, &status);
        memcpy(cache_of(l)->money_currency, currency.p, 3);
        u_charsToUChars(l->money_currency, code, 4);
        unum_setTextAttribute(l->money, UNUM_CURRENCY_CODE, code, 3, &status);
        if (l->rtl)
            hold_symbol(l->money, &status);
    }
    int32_t length =
        unum_formatDecimal(l->money, plain.p, (int32_t)plain.n, text, TEXT_MAX, NULL, &status);
    if (U_FAILURE(status))
        return arena_printf(arena, "%.*s %.*s", STR_ARG(currency), STR_ARG(plain));
    return to_utf8(arena, text, length);
}

struct str language_money(const struct language *l, struct arena *arena, int64_t minor,
                          struct str currency)
{
    struct str text;
    BUF_AUTO plain = BUF_INIT(64);
    money_add(&plain, minor, currency);
    if (money_exponent(currency) < 0)
        return arena_str(arena, buf_str(&plain));
    struct str both = ARENA_JOIN(arena, currency, buf_str(&plain));
    if (is_kept(l, arena, KEPT_MONEY, both, &text))
        return text;
    return keep(l, KEPT_MONEY, both, write_money(l, arena, buf_str(&plain), currency));
}

static UDateFormat *date_format(const struct language *l, int kind)
{
    static const char *const skeletons[DATE_KINDS] = {"y", "yMMMM", "yMMMMd", "yMMMMdHHmm"};
    if (l->dates[kind] != NULL)
        return l->dates[kind];
    UErrorCode status = U_ZERO_ERROR;
    UChar skeleton[16], pattern[64], zone[4];
    UDateTimePatternGenerator *generator = udatpg_open(l->locale, &status);
    u_uastrcpy(skeleton, skeletons[kind]);
    u_uastrcpy(zone, "UTC");
    int32_t n = udatpg_getBestPattern(generator, skeleton, -1, pattern, 64, &status);
    udatpg_close(generator);
    cache_of(l)->dates[kind] =
        udat_open(UDAT_PATTERN, UDAT_PATTERN, l->locale, zone, 3, pattern, n, &status);
    return U_FAILURE(status) ? NULL : l->dates[kind];
}

static struct str format_time(const struct language *l, struct arena *arena, int kind, int64_t t)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar text[TEXT_MAX];
    UDateFormat *format = date_format(l, kind);
    int32_t n =
        format == NULL ? 0 : udat_format(format, (double)t * 1000, text, TEXT_MAX, NULL, &status);
    return U_FAILURE(status) ? STR_NONE : to_utf8(arena, text, n);
}

struct str language_date(const struct language *l, struct arena *arena, int32_t date)
{
    int month = date / 100 % 100, day = date % 100;
    if (month == 0)
        return format_time(l, arena, DATE_YEAR, date_start(date / 10000 * 10000 + 101));
    if (day == 0)
        return format_time(l, arena, DATE_MONTH, date_start(date + 1));
    return format_time(l, arena, DATE_DAY, date_start(date));
}

struct str language_time(const struct language *l, struct arena *arena, int64_t t)
{
    if (date_start(date_of(t)) == t)
        return format_time(l, arena, DATE_DAY, t);
    struct str text = format_time(l, arena, DATE_MINUTE, t);
    return arena_printf(arena, "%.*s UTC", STR_ARG(text));
}

struct str language_of_language(const struct language *l, struct arena *arena, struct str tag)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar text[TEXT_MAX];
    struct str name;
    if (is_kept(l, arena, KEPT_LANGUAGE, tag, &name))
        return name;
    int32_t n = uloc_getDisplayName(arena_z(arena, tag), l->locale, text, TEXT_MAX, &status);
    name = U_FAILURE(status) || n == 0 ? tag : to_utf8(arena, text, n);
    return keep(l, KEPT_LANGUAGE, tag, name);
}

struct str language_of_country(const struct language *l, struct arena *arena, struct str code)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar text[TEXT_MAX];
    struct str name;
    if (is_kept(l, arena, KEPT_COUNTRY, code, &name))
        return name;
    const char *locale = ARENA_JOIN(arena, STR("und_"), code).p;
    int32_t n = uloc_getDisplayCountry(locale, l->locale, text, TEXT_MAX, &status);
    name = U_FAILURE(status) || n == 0 ? code : to_utf8(arena, text, n);
    return keep(l, KEPT_COUNTRY, code, name);
}

struct str language_of_currency(const struct language *l, struct arena *arena, struct str code)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar iso[4] = {0};
    int32_t n = 0;
    if (code.n != 3)
        return code;
    u_charsToUChars(code.p, iso, 3);
    const UChar *name = ucurr_getPluralName(iso, l->locale, NULL, "other", &n, &status);
    return U_FAILURE(status) || n == 0 || n > TEXT_MAX ? code : to_utf8(arena, name, n);
}

struct str language_list(const struct language *l, struct arena *arena, const struct str *items,
                         size_t n)
{
    UErrorCode status = U_ZERO_ERROR;
    size_t bytes = 0;
    for (size_t i = 0; i < n; i++)
        bytes += items[i].n;
    /* No more units of UTF-16 than bytes of UTF-8; between two, a few words. */
    size_t room = bytes + n * 32;
    UChar *text = ARENA_ARRAY(arena, UChar, room), *joined = ARENA_ARRAY(arena, UChar, room);
    const UChar **pointers = ARENA_ARRAY(arena, const UChar *, n);
    int32_t *lengths = ARENA_ARRAY(arena, int32_t, n), written = 0;
    for (size_t i = 0, at = 0; i < n; i++, at += (size_t)lengths[i - 1]) {
        pointers[i] = text + at;
        u_strFromUTF8(text + at, (int32_t)(room - at), &lengths[i], items[i].p, (int32_t)items[i].n,
                      &status);
    }
    UListFormatter *format = ulistfmt_open(l->locale, &status);
    int32_t length =
        ulistfmt_format(format, pointers, lengths, (int32_t)n, joined, (int32_t)room, &status);
    ulistfmt_close(format);
    char *out = ARENA_ARRAY(arena, char, room * 3);
    u_strToUTF8(out, (int32_t)(room * 3), &written, joined, length, &status);
    if (U_SUCCESS(status))
        return (struct str){out, (size_t)written};
    /* Nothing is left out of a list in silence. */
    struct str plain = n > 0 ? items[0] : STR_NONE;
    for (size_t i = 1; i < n; i++)
        plain = ARENA_JOIN(arena, plain, STR(", "), items[i]);
    return plain;
}

int language_compare(const struct language *l, struct str a, struct str b)
{
    UErrorCode status = U_ZERO_ERROR;
    if (l->collator == NULL)
        cache_of(l)->collator = ucol_open(l->locale, &status);
    UCollationResult order = l->collator == NULL ? UCOL_EQUAL
                                                 : ucol_strcollUTF8(l->collator, a.p, (int32_t)a.n,
                                                                    b.p, (int32_t)b.n, &status);
    return order == UCOL_EQUAL || U_FAILURE(status) ? str_cmp(a, b) : (int)order;
}

static struct str find_own_name(struct arena *arena, struct str tag)
{
    UErrorCode status = U_ZERO_ERROR;
    UChar text[TEXT_MAX];
    const char *locale = arena_z(arena, tag);
    /* "繁體中文" rather than "中文（繁體）". */
    ULocaleDisplayNames *names = uldn_open(locale, ULDN_DIALECT_NAMES, &status);
    int32_t n =
        U_FAILURE(status) ? 0 : uldn_localeDisplayName(names, locale, text, TEXT_MAX, &status);
    uldn_close(names);
    if (U_FAILURE(status) || n == 0)
        return tag;
    n = u_strToTitle(text, TEXT_MAX, text, n, NULL, locale, &status);
    return U_FAILURE(status) ? tag : to_utf8(arena, text, n);
}

struct str language_own_name(struct language *l, struct arena *arena, struct str tag)
{
    struct str name;
    if (is_kept(l, arena, KEPT_OWN_NAME, tag, &name))
        return name;
    return keep(l, KEPT_OWN_NAME, tag, find_own_name(arena, tag));
}
