#include "domain/edition.h"

#include "base/arena.h"
#include "base/utf8.h"

struct str contributor_filed(struct arena *arena, const struct contributor *c)
{
    size_t at = c->name.n;
    if (c->inverted.n > 0 || c->corporate || utf8_has_cjk(c->name) ||
        str_find(c->name, ',') < c->name.n)
        return c->inverted;
    while (at > 0 && c->name.p[at - 1] != ' ')
        at--;
    return at == 0 ? STR_NONE
                   : ARENA_JOIN(arena, str_sub(c->name, at, c->name.n), STR(", "),
                                str_sub(c->name, 0, at - 1));
}

bool edition_has_access(const struct edition *e, const char *value)
{
    for (size_t i = 0; i < e->features.n; i++)
        if (str_eq(e->features.v[i].type, STR("09")) &&
            str_eq(e->features.v[i].value, str_of(value)))
            return true;
    return false;
}

/* "17:03:8:04:12": from 8 to 12 (ONIX lists 30 and 31). */
bool audience_ages(const struct audience *range, struct str *ret_from, struct str *ret_to)
{
    struct str rest = range->value, qualifier, precision, years;
    if (!str_eq(range->type, STR("range")) || !str_next(&rest, ':', &qualifier) ||
        !str_eq(qualifier, STR("17")))
        return false;
    *ret_from = *ret_to = STR_NONE;
    while (str_next(&rest, ':', &precision) && str_next(&rest, ':', &years)) {
        if (str_eq(precision, STR("03")) || str_eq(precision, STR("01")))
            *ret_from = years;
        if (str_eq(precision, STR("04")) || str_eq(precision, STR("01")))
            *ret_to = years;
    }
    return ret_from->n + ret_to->n > 0;
}

bool edition_is_digital(const struct edition *e)
{
    if (e->form.n < 1)
        return false;
    char a = e->form.p[0], b = e->form.n > 1 ? e->form.p[1] : 0;
    return a == 'E' || a == 'L' || (a == 'A' && (b == 'J' || b == 'N' || b == 'O')) ||
           (a == 'S' && b == 'G');
}

const char *edition_media(const struct edition *e)
{
    static const char *const types[][2] = {{"E101", "application/epub+zip"},
                                           {"E107", "application/pdf"},
                                           {"E116", "application/vnd.amazon.ebook"},
                                           {"E127", "application/x-mobipocket-ebook"}};
    if (!edition_is_digital(e) || e->form.p[0] == 'A')
        return NULL;
    for (size_t i = 0; i < e->form_details.n; i++)
        for (size_t k = 0; k < sizeof types / sizeof *types; k++)
            if (str_is(e->form_details.v[i], types[k][0]))
                return types[k][1];
    return types[0][1];
}

/* E1xx are formats of files, of which EPUB is one. */
bool edition_takes_epub(const struct edition *e)
{
    bool others = false;
    if (!edition_is_digital(e) || e->form.p[0] == 'A')
        return false;
    for (size_t i = 0; i < e->form_details.n; i++) {
        if (str_is(e->form_details.v[i], "E101"))
            return true;
        others = others || str_starts(e->form_details.v[i], STR("E1"));
    }
    return !others;
}

/* ISO 639-2/B to BCP 47, for those with a two-letter code that books come in. */
static const char languages[][2][4] = {
    {"afr", "af"}, {"alb", "sq"}, {"ara", "ar"}, {"arm", "hy"}, {"baq", "eu"}, {"bel", "be"},
    {"ben", "bn"}, {"bos", "bs"}, {"bre", "br"}, {"bul", "bg"}, {"bur", "my"}, {"cat", "ca"},
    {"chi", "zh"}, {"cze", "cs"}, {"dan", "da"}, {"dut", "nl"}, {"eng", "en"}, {"epo", "eo"},
    {"est", "et"}, {"fao", "fo"}, {"fin", "fi"}, {"fre", "fr"}, {"fry", "fy"}, {"geo", "ka"},
    {"ger", "de"}, {"gla", "gd"}, {"gle", "ga"}, {"glg", "gl"}, {"gre", "el"}, {"guj", "gu"},
    {"heb", "he"}, {"hin", "hi"}, {"hrv", "hr"}, {"hun", "hu"}, {"ice", "is"}, {"ind", "id"},
    {"ita", "it"}, {"jpn", "ja"}, {"kan", "kn"}, {"kaz", "kk"}, {"khm", "km"}, {"kor", "ko"},
    {"kur", "ku"}, {"lao", "lo"}, {"lat", "la"}, {"lav", "lv"}, {"lit", "lt"}, {"ltz", "lb"},
    {"mac", "mk"}, {"mal", "ml"}, {"mao", "mi"}, {"mar", "mr"}, {"may", "ms"}, {"mlt", "mt"},
    {"mon", "mn"}, {"nep", "ne"}, {"nno", "nn"}, {"nob", "nb"}, {"nor", "no"}, {"oci", "oc"},
    {"pan", "pa"}, {"per", "fa"}, {"pol", "pl"}, {"por", "pt"}, {"rum", "ro"}, {"rus", "ru"},
    {"san", "sa"}, {"sin", "si"}, {"slo", "sk"}, {"slv", "sl"}, {"spa", "es"}, {"srp", "sr"},
    {"swa", "sw"}, {"swe", "sv"}, {"tam", "ta"}, {"tel", "te"}, {"tgl", "tl"}, {"tha", "th"},
    {"tib", "bo"}, {"tur", "tr"}, {"ukr", "uk"}, {"urd", "ur"}, {"uzb", "uz"}, {"vie", "vi"},
    {"wel", "cy"}, {"yid", "yi"},
};

struct str language_of_code(struct str code)
{
    for (size_t i = 0; i < sizeof languages / sizeof *languages; i++)
        if (str_is(code, languages[i][0]))
            return str_of(languages[i][1]);
    bool plausible = code.n == 3;
    for (size_t i = 0; plausible && i < 3; i++)
        plausible = code.p[i] >= 'a' && code.p[i] <= 'z';
    return plausible ? code : STR("und");
}

static struct str tag_of(const struct text_language *l)
{
    if (str_eq(l->code, STR("chi")) && str_eq(l->script, STR("Hans")))
        return STR("zh-Hans");
    if (str_eq(l->code, STR("chi")) && str_eq(l->script, STR("Hant")))
        return STR("zh-Hant");
    return language_of_code(l->code);
}

struct str edition_language(const struct edition *e)
{
    for (size_t i = 0; i < e->languages.n; i++) {
        const struct text_language *l = &e->languages.v[i];
        if (!str_eq(l->role, STR("01")) && !str_eq(l->role, STR("08")))
            continue;
        return tag_of(l);
    }
    return STR("und");
}

struct str edition_original_language(const struct edition *e)
{
    for (size_t i = 0; i < e->languages.n; i++)
        if (str_eq(e->languages.v[i].role, STR("02")))
            return tag_of(&e->languages.v[i]);
    return STR_NONE;
}

struct str edition_display_title(const struct edition *e, char *ret, size_t room)
{
    return title_display(&e->title, ret, room);
}

struct str title_display(const struct title *title, char *ret, size_t room)
{
    bool open = title->prefix.n > 0 && !str_ends(title->prefix, STR("'")) &&
                !str_ends(title->prefix, STR("’"));
    struct str const parts[] = {title->prefix, open ? STR(" ") : STR_NONE, title->text};
    size_t n = 0;
    for (int i = 0; i < 3; i++) {
        size_t take = parts[i].n < room - n ? parts[i].n : room - n;
        if (take > 0)
            memcpy(ret + n, parts[i].p, take);
        n += take;
    }
    while (n > 0 && (ret[n - 1] == ' ' || !utf8_valid((struct str){ret, n}, NULL)))
        n--;
    return (struct str){ret, n};
}

static int32_t date_with_role(const struct edition *e, struct str role)
{
    for (size_t i = 0; i < e->dates.n; i++)
        if (str_eq(e->dates.v[i].role, role))
            return e->dates.v[i].date;
    return 0;
}

int32_t edition_published(const struct edition *e)
{
    int32_t date = date_with_role(e, STR("01"));
    return date != 0 ? date : date_with_role(e, STR("11"));
}

struct str edition_publisher(const struct edition *e)
{
    for (size_t i = 0; i < e->publishers.n; i++)
        if (str_eq(e->publishers.v[i].role, STR("01")))
            return e->publishers.v[i].name;
    if (e->publishers.n > 0)
        return e->publishers.v[0].name;
    return e->imprints.n > 0 ? e->imprints.v[0] : STR_NONE;
}

struct str edition_imprint(const struct edition *e)
{
    struct str publisher = edition_publisher(e);
    for (size_t i = 0; i < e->imprints.n; i++)
        if (!str_eq_nocase(e->imprints.v[i], publisher))
            return e->imprints.v[i];
    return STR_NONE;
}

uint32_t edition_pages(const struct edition *e)
{
    static const char *const types[] = {"00", "11", "10", "08", "05"};
    uint64_t pages;
    for (int t = 0; t < 5; t++)
        for (size_t i = 0; i < e->extents.n; i++) {
            const struct extent *x = &e->extents.v[i];
            if (str_eq(x->type, str_of(types[t])) && str_eq(x->unit, STR("03")) &&
                str_to_u64(x->value, &pages) && pages < 1000000)
                return (uint32_t)pages;
        }
    return 0;
}

struct str edition_thema(const struct edition *e)
{
    struct str first = STR_NONE;
    for (size_t i = 0; i < e->subjects.n; i++) {
        const struct subject *s = &e->subjects.v[i];
        if (!str_eq(s->scheme, STR("93")) || s->code.n == 0)
            continue;
        if (s->main)
            return s->code;
        if (first.n == 0)
            first = s->code;
    }
    return first;
}
