#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "onix/tree.h"

/* ---- dates ---- */

static bool all_digits(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return s.n > 0;
}

/* YYYY, YYYYMM or YYYYMMDD, as long as it is. */
static bool read_digits(struct str s, int32_t *ret)
{
    uint64_t n;
    if (!all_digits(s) || (s.n != 4 && s.n != 6 && s.n != 8) || !str_to_u64(s, &n))
        return false;
    int32_t date = (int32_t)n * (s.n == 4 ? 10000 : s.n == 6 ? 100 : 1);
    if (!date_valid(date))
        return false;
    *ret = date;
    return true;
}

/* Dates that stand for "not known". */
static bool is_placeholder(int32_t date)
{
    return date == 19000101 || date >= 20980101;
}

int32_t value_date(struct finding_place *place, const struct node *date)
{
    struct str format = date->format.n > 0 ? date->format : node_text(date->parent, TAG_DateFormat);
    struct str text = date->text;
    int32_t value = 0;
    uint64_t kind = 0;
    if (format.n > 0 && !str_to_u64(format, &kind))
        kind = 0;
    if (kind == 12 || kind >= 20) {
        find_fault(place, SEVERITY_WARNING, date, TAG_UNKNOWN, "date",
                   "dates of format %.*s are not read", STR_ARG(format));
        return 0;
    }
    if (kind >= 2 && kind <= 4) /* week, quarter, season: the year is sure */
        text = str_sub(text, 0, 4);
    else if (kind >= 6 && kind <= 11) /* ranges: from their first day */
        text = str_sub(text, 0, kind == 6 ? 8 : kind == 7 ? 6 : 4);
    else if (text.n > 8 && text.p[8] == 'T')
        text = str_sub(text, 0, 8);
    /* Some write 2015-03-01; it can mean nothing else. */
    char plain[9];
    if (text.n == 10 && text.p[4] == '-' && text.p[7] == '-') {
        memcpy(plain, text.p, 4);
        memcpy(plain + 4, text.p + 5, 2);
        memcpy(plain + 6, text.p + 8, 2);
        text = (struct str){plain, 8};
    }
    if (!read_digits(text, &value)) {
        find_fault(place, SEVERITY_ERROR, date, TAG_UNKNOWN, "date", "“%.*s” is no date",
                   STR_ARG(str_sub(date->text, 0, 40)));
        return 0;
    }
    if (is_placeholder(value)) {
        find_fault(place, SEVERITY_WARNING, date, TAG_UNKNOWN, "date-placeholder",
                   "%.*s stands for no date and is left out", STR_ARG(date->text));
        return 0;
    }
    return value;
}

/* "+hhmm", "-hhmm", "Z" or nothing, in seconds. */
static bool read_zone(struct str zone, int64_t *ret)
{
    uint64_t n;
    *ret = 0;
    if (zone.n == 0 || str_eq(zone, STR("Z")))
        return true;
    if (zone.n != 5 || (zone.p[0] != '+' && zone.p[0] != '-') ||
        !str_to_u64(str_sub(zone, 1, 5), &n) || n % 100 > 59 || n > 1400)
        return false;
    *ret = (int64_t)(n / 100 * 3600 + n % 100 * 60) * (zone.p[0] == '-' ? -1 : 1);
    return true;
}

bool value_time(struct str text, int64_t *ret)
{
    int32_t date;
    int64_t zone;
    uint64_t clock = 0;
    if (!read_digits(str_sub(text, 0, 8), &date) || date % 100 == 0)
        return false;
    struct str rest = str_sub(text, 8, text.n);
    size_t digits = 0;
    if (rest.n > 0 && rest.p[0] == 'T') {
        rest = str_sub(rest, 1, rest.n);
        while (digits < rest.n && rest.p[digits] >= '0' && rest.p[digits] <= '9')
            digits++;
        if ((digits != 4 && digits != 6) || !str_to_u64(str_sub(rest, 0, digits), &clock))
            return false;
        if (digits == 4)
            clock *= 100;
        if (clock / 10000 > 23 || clock / 100 % 100 > 59 || clock % 100 > 60)
            return false;
    }
    if (!read_zone(str_sub(rest, digits, rest.n), &zone))
        return false;
    *ret = date_start(date) +
           (int64_t)(clock / 10000 * 3600 + clock / 100 % 100 * 60 + clock % 100) - zone;
    return true;
}

/* ---- territories ---- */

static const char countries[] =
    "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS "
    "BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE "
    "EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM "
    "HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC "
    "LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA "
    "NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW "
    "SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO "
    "TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW XK";
/* Taken out of use; old lists still carry them, and they name no market. */
static const char former[] = "AN CS YU SU DD ZR TP BU FX";

static bool listed(const char *codes, struct str code)
{
    for (const char *p = codes; code.n == 2 && *p != '\0'; p += p[2] == '\0' ? 2 : 3)
        if (p[0] == code.p[0] && p[1] == code.p[1])
            return true;
    return false;
}

static bool is_region(struct str code)
{
    if (str_eq(code, STR("WORLD")) || str_eq(code, STR("ECZ")))
        return true;
    return code.n > 3 && code.n <= 7 && code.p[2] == '-' && listed(countries, str_sub(code, 0, 2));
}

static void add_code(struct buf *list, struct str code)
{
    if (list->n > 0)
        buf_char(list, ' ');
    buf_str_add(list, code);
}

static bool separator(char c)
{
    return c == ' ' || c == ',' || c == ';' || c == '\n' || c == '\t';
}

struct code_lists {
    struct buf countries, regions;
    bool excluding;
};

static void take_code(struct finding_place *place, const struct node *node, struct code_lists *lists,
                      struct str code)
{
    if (str_eq(code, STR("UK"))) {
        find_fault(place, SEVERITY_WARNING, node, TAG_UNKNOWN, "territory", "UK is read as GB");
        code = STR("GB");
    }
    if (listed(countries, code)) {
        add_code(&lists->countries, code);
    } else if (is_region(code)) {
        add_code(&lists->regions, code);
    } else if (code.n > 2 && code.n % 2 == 0 && listed(countries, str_sub(code, 0, 2)) &&
               listed(countries, str_sub(code, 2, 4))) {
        find_fault(place, SEVERITY_ERROR, node, TAG_UNKNOWN, "territory-run-together",
                   "“%.*s”: country codes without spaces between them",
                   STR_ARG(str_sub(code, 0, 40)));
    } else if (listed(former, code) || !lists->excluding) {
        /* What cannot be placed opens nothing. */
        find_fault(place, SEVERITY_WARNING, node, TAG_UNKNOWN, "territory",
                   "“%.*s” is no country or region here and is left out",
                   STR_ARG(str_sub(code, 0, 40)));
    } else {
        find_fault(place, SEVERITY_ERROR, node, TAG_UNKNOWN, "territory",
                   "“%.*s” is excluded, but is no country or region",
                   STR_ARG(str_sub(code, 0, 40)));
    }
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
            take_code(place, node, lists, str_sub(s, from, end));
    }
}

void value_territory(struct finding_place *place, const struct node *territory,
                     struct territory *ret)
{
    enum { LIST_MAX = 8192 };
    struct code_lists in = {BUF_INIT(LIST_MAX), BUF_INIT(LIST_MAX), false};
    struct code_lists out = {BUF_INIT(LIST_MAX), BUF_INIT(LIST_MAX), true};
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
