#include <string.h>

#include "base/buf.h"
#include "onix/tree.h"

/* ISO 3166-1, in order, for a binary search; XK as list 91 has it. */
static const char countries[] =
    "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZCACCCDCFCGCHCICKCLCM"
    "CNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFRGAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGY"
    "HKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJPKEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMF"
    "MGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZNANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARE"
    "RORSRURWSASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZUAUGUMUSUYUZ"
    "VAVCVEVGVIVNVUWFWSXKYEYTZAZMZW";

/* Codes taken out of use that old lists still carry, and the countries now
 * there. They open nothing; where they close, they close all of these. */
static const struct {
    char code[3];
    const char *now;
} former[] = {
    {"AN", "BQ CW SX"}, {"BU", "MM"},    {"CS", "ME RS"},
    {"DD", "DE"},       {"FX", "FR"},    {"SU", "AM AZ BY EE GE KG KZ LT LV MD RU TJ TM UA UZ"},
    {"TP", "TL"},       {"YU", "ME RS"}, {"ZR", "CD"}};

static bool is_country(struct str code)
{
    size_t low = 0, high = (sizeof countries - 1) / 2;
    while (code.n == 2 && low < high) {
        size_t mid = (low + high) / 2;
        int order = memcmp(code.p, countries + 2 * mid, 2);
        if (order == 0)
            return true;
        if (order < 0)
            high = mid;
        else
            low = mid + 1;
    }
    return false;
}

static const char *successors(struct str code)
{
    for (size_t i = 0; i < sizeof former / sizeof *former; i++)
        if (str_eq(code, str_of(former[i].code)))
            return former[i].now;
    return NULL;
}

static bool is_region(struct str code)
{
    if (str_eq(code, STR("WORLD")) || str_eq(code, STR("ECZ")))
        return true;
    return code.n > 3 && code.n <= 7 && code.p[2] == '-' && is_country(str_sub(code, 0, 2));
}

static bool is_run_together(struct str code)
{
    bool all = code.n > 2 && code.n % 2 == 0;
    for (size_t i = 0; all && i < code.n; i += 2)
        all = is_country(str_sub(code, i, i + 2));
    return all;
}

struct code_lists {
    struct buf countries, regions;
    bool closes; /* what it names is shut out */
};

static void add_code(struct buf *list, struct str code)
{
    if (list->n > 0)
        buf_char(list, ' ');
    buf_str_add(list, code);
}

/* A code that names no place: dropping it must never open a market. */
static void take_unknown(struct finding_place *place, const struct node *node,
                         struct code_lists *lists, struct str code)
{
    const char *now = successors(code);
    if (is_run_together(code)) {
        find_fault(place, SEVERITY_ERROR, node, TAG_UNKNOWN, "territory-run-together",
                   "“%.*s”: country codes without spaces between them", STR_ARG(shown(code)));
    } else if (!lists->closes) {
        find_fault(place, SEVERITY_WARNING, node, TAG_UNKNOWN, "territory",
                   "“%.*s” is no country or region here and is left out", STR_ARG(shown(code)));
    } else if (now != NULL) {
        add_code(&lists->countries, str_of(now));
        find_fault(place, SEVERITY_WARNING, node, TAG_UNKNOWN, "territory",
                   "“%.*s” is out of use and is read as %s", STR_ARG(shown(code)), now);
    } else {
        find_fault(place, SEVERITY_ERROR, node, TAG_UNKNOWN, "territory",
                   "“%.*s” is shut out, but is no country or region", STR_ARG(shown(code)));
    }
}

static void take_code(struct finding_place *place, const struct node *node,
                      struct code_lists *lists, struct str code)
{
    if (is_country(code)) {
        add_code(&lists->countries, code);
    } else if (str_eq(code, STR("UK"))) {
        find_fault(place, SEVERITY_WARNING, node, TAG_UNKNOWN, "territory-uk", "UK is read as GB");
        add_code(&lists->countries, STR("GB"));
    } else if (is_region(code)) {
        add_code(&lists->regions, code);
    } else {
        take_unknown(place, node, lists, code);
    }
}

static bool separator(char c)
{
    return c == ' ' || c == ',' || c == ';' || c == '\n' || c == '\t';
}

static void read_codes(struct finding_place *place, const struct node *node,
                       struct code_lists *lists)
{
    char *text = arena_z(place->arena, node->text);
    struct str s = {text, node->text.n};
    for (size_t i = 0; i < s.n; i++)
        if (text[i] >= 'a' && text[i] <= 'z')
            text[i] = (char)(text[i] - 32);
    for (size_t from = 0, end; from < s.n; from = end + 1) {
        end = from;
        while (end < s.n && !separator(s.p[end]))
            end++;
        if (end > from)
            take_code(place, node, lists, (struct str){s.p + from, end - from});
    }
}

void value_territory(struct finding_place *place, const struct node *territory, bool denies,
                     struct territory *ret)
{
    enum { LIST_MAX = 8192 };
    struct code_lists in = {BUF_INIT(LIST_MAX), BUF_INIT(LIST_MAX), denies};
    struct code_lists out = {BUF_INIT(LIST_MAX), BUF_INIT(LIST_MAX), !denies};
    for (const struct node *n = territory->child; n != NULL; n = n->next) {
        if (n->tag == TAG_CountriesIncluded || n->tag == TAG_RegionsIncluded)
            read_codes(place, n, &in);
        else if (n->tag == TAG_CountriesExcluded || n->tag == TAG_RegionsExcluded)
            read_codes(place, n, &out);
    }
    if (in.countries.failed || in.regions.failed || out.countries.failed || out.regions.failed)
        find_fault(place, SEVERITY_ERROR, territory, TAG_UNKNOWN, "territory", "too many codes");
    ret->countries_included = arena_str(place->arena, buf_str(&in.countries));
    ret->regions_included = arena_str(place->arena, buf_str(&in.regions));
    ret->countries_excluded = arena_str(place->arena, buf_str(&out.countries));
    ret->regions_excluded = arena_str(place->arena, buf_str(&out.regions));
    buf_free(&in.countries);
    buf_free(&in.regions);
    buf_free(&out.countries);
    buf_free(&out.regions);
}
