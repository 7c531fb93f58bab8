#include "domain/regions.h"

static const struct region us[] = {{"AL", "Alabama"},
                                   {"AK", "Alaska"},
                                   {"AS", "American Samoa"},
                                   {"AZ", "Arizona"},
                                   {"AR", "Arkansas"},
                                   {"AA", "Armed Forces Americas"},
                                   {"AE", "Armed Forces Europe"},
                                   {"AP", "Armed Forces Pacific"},
                                   {"CA", "California"},
                                   {"CO", "Colorado"},
                                   {"CT", "Connecticut"},
                                   {"DE", "Delaware"},
                                   {"DC", "District of Columbia"},
                                   {"FL", "Florida"},
                                   {"GA", "Georgia"},
                                   {"GU", "Guam"},
                                   {"HI", "Hawaii"},
                                   {"ID", "Idaho"},
                                   {"IL", "Illinois"},
                                   {"IN", "Indiana"},
                                   {"IA", "Iowa"},
                                   {"KS", "Kansas"},
                                   {"KY", "Kentucky"},
                                   {"LA", "Louisiana"},
                                   {"ME", "Maine"},
                                   {"MD", "Maryland"},
                                   {"MA", "Massachusetts"},
                                   {"MI", "Michigan"},
                                   {"MN", "Minnesota"},
                                   {"MS", "Mississippi"},
                                   {"MO", "Missouri"},
                                   {"MT", "Montana"},
                                   {"NE", "Nebraska"},
                                   {"NV", "Nevada"},
                                   {"NH", "New Hampshire"},
                                   {"NJ", "New Jersey"},
                                   {"NM", "New Mexico"},
                                   {"NY", "New York"},
                                   {"NC", "North Carolina"},
                                   {"ND", "North Dakota"},
                                   {"MP", "Northern Mariana Islands"},
                                   {"OH", "Ohio"},
                                   {"OK", "Oklahoma"},
                                   {"OR", "Oregon"},
                                   {"PA", "Pennsylvania"},
                                   {"PR", "Puerto Rico"},
                                   {"RI", "Rhode Island"},
                                   {"SC", "South Carolina"},
                                   {"SD", "South Dakota"},
                                   {"TN", "Tennessee"},
                                   {"TX", "Texas"},
                                   {"UM", "U.S. Minor Outlying Islands"},
                                   {"VI", "U.S. Virgin Islands"},
                                   {"UT", "Utah"},
                                   {"VT", "Vermont"},
                                   {"VA", "Virginia"},
                                   {"WA", "Washington"},
                                   {"WV", "West Virginia"},
                                   {"WI", "Wisconsin"},
                                   {"WY", "Wyoming"}};
static const struct region ca[] = {{"AB", "Alberta"},
                                   {"BC", "British Columbia"},
                                   {"MB", "Manitoba"},
                                   {"NB", "New Brunswick"},
                                   {"NL", "Newfoundland and Labrador"},
                                   {"NT", "Northwest Territories"},
                                   {"NS", "Nova Scotia"},
                                   {"NU", "Nunavut"},
                                   {"ON", "Ontario"},
                                   {"PE", "Prince Edward Island"},
                                   {"QC", "Québec"},
                                   {"SK", "Saskatchewan"},
                                   {"YT", "Yukon"}};
static const struct region es[] = {
    {"C", "A Coruña"},    {"VI", "Álava"},      {"AB", "Albacete"},
    {"A", "Alicante"},    {"AL", "Almería"},    {"O", "Asturias"},
    {"AV", "Ávila"},      {"BA", "Badajoz"},    {"PM", "Illes Balears"},
    {"B", "Barcelona"},   {"BI", "Bizkaia"},    {"BU", "Burgos"},
    {"CC", "Cáceres"},    {"CA", "Cádiz"},      {"S", "Cantabria"},
    {"CS", "Castellón"},  {"CE", "Ceuta"},      {"CR", "Ciudad Real"},
    {"CO", "Córdoba"},    {"CU", "Cuenca"},     {"SS", "Gipuzkoa"},
    {"GI", "Girona"},     {"GR", "Granada"},    {"GU", "Guadalajara"},
    {"H", "Huelva"},      {"HU", "Huesca"},     {"J", "Jaén"},
    {"LO", "La Rioja"},   {"GC", "Las Palmas"}, {"LE", "León"},
    {"L", "Lleida"},      {"LU", "Lugo"},       {"M", "Madrid"},
    {"MA", "Málaga"},     {"ML", "Melilla"},    {"MU", "Murcia"},
    {"NA", "Navarra"},    {"OR", "Ourense"},    {"P", "Palencia"},
    {"PO", "Pontevedra"}, {"SA", "Salamanca"},  {"TF", "Santa Cruz de Tenerife"},
    {"SG", "Segovia"},    {"SE", "Sevilla"},    {"SO", "Soria"},
    {"T", "Tarragona"},   {"TE", "Teruel"},     {"TO", "Toledo"},
    {"V", "Valencia"},    {"VA", "Valladolid"}, {"ZA", "Zamora"},
    {"Z", "Zaragoza"}};

static const struct {
    const char *country;
    const struct region *regions;
    size_t n;
    bool by_code; /* on letters */
} countries[] = {{"US", us, sizeof us / sizeof *us, true},
                 {"CA", ca, sizeof ca / sizeof *ca, true},
                 {"ES", es, sizeof es / sizeof *es, false}};

const struct region *regions_of(struct str country, size_t *ret_n)
{
    for (size_t i = 0; i < sizeof countries / sizeof *countries; i++)
        if (str_is(country, countries[i].country)) {
            *ret_n = countries[i].n;
            return countries[i].regions;
        }
    *ret_n = 0;
    return NULL;
}

const struct region *region_find(struct str country, struct str typed)
{
    size_t n;
    const struct region *list = regions_of(country, &n);
    struct str code = typed;
    if (typed.n > 3 && typed.p[2] == '-' && str_eq_nocase(str_sub(typed, 0, 2), country))
        code = str_sub(typed, 3, typed.n);
    for (size_t i = 0; i < n; i++)
        if (str_eq_nocase(code, str_of(list[i].code)) || str_eq_nocase(typed, str_of(list[i].name)))
            return &list[i];
    return NULL;
}

struct str region_written(struct str country, const struct region *region)
{
    for (size_t i = 0; i < sizeof countries / sizeof *countries; i++)
        if (str_is(country, countries[i].country) && countries[i].by_code)
            return str_of(region->code);
    return str_of(region->name);
}
