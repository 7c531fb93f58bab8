#include "app/manage.h"

#include <errno.h>

#include "app/feed_inbox.h"
#include "app/indexer.h"
#include "app/licences.h"
#include "base/clock.h"
#include "base/ids.h"
#include "base/utf8.h"
#include "domain/isbn.h"
#include "domain/money.h"
#include "domain/names.h"
#include "store/catalogue.h"
#include "store/store.h"

enum { NAME_MAX_BYTES = 300, WORKS_MAX = 5000000, LINE_MAX_BYTES = 200 };

static enum rc check_slug(const char *what, struct str slug, struct fault *fault)
{
    if (slug_valid(slug))
        return RC_OK;
    return fault_set(fault, RC_INVALID,
                     "%s: %.*s: lower-case letters, digits and - in between, at most %d", what,
                     STR_ARG(slug), SLUG_MAX);
}

static enum rc check_name(const char *option, struct str name, struct fault *fault)
{
    if (str_trim(name).n == 0 || name.n > NAME_MAX_BYTES || !utf8_clean(name) ||
        str_find(name, '\n') < name.n)
        return fault_set(fault, RC_INVALID, "%s: one line of 1 to %d bytes", option,
                         NAME_MAX_BYTES);
    return RC_OK;
}

/* ---- storefronts ---- */

struct opening {
    struct site *site;
    struct storefront storefront;
    struct str no_licence;
};

/* "None is needed" is the first word on a country, never one that takes the place of what
 * somebody has read: that is said by itself, where it is seen what it replaces. */
static enum rc check_unstated(struct store_conn *conn, const struct licence_need *none,
                              struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct licences all;
    enum rc rc = licences_read_pending(conn, &arena, &all, fault);
    for (int f = 0; rc == RC_OK && f < LICENCE_FORMAT_COUNT; f++) {
        const struct licence_need *stated =
            licence_need_of(&all.book, none->country, (enum licence_format)f, none->activity);
        if (stated != NULL && stated->need != NEED_NOT_RESEARCHED)
            rc = fault_set(fault, RC_CONFLICT,
                           "no-licence-needed: something was stated of %.*s before; leave it out "
                           "here, and state it by licence need where it has changed",
                           STR_ARG(none->country));
    }
    return rc;
}

static enum rc state_none(const struct opening *o, struct store_conn *conn, struct fault *fault)
{
    uint64_t entry_id;
    struct licence_need none = {.country = o->storefront.country,
                                .formats = LICENCE_BIT(LICENCE_FORMAT_COUNT) - 1,
                                .activity = ACTIVITY_RETAIL,
                                .need = NEED_NOT_REQUIRED,
                                .source = o->no_licence,
                                .read = date_start(date_of(clock_now()))};
    enum rc rc = check_unstated(conn, &none, fault);
    if (rc != RC_OK)
        return rc;
    rc = licence_need_put(o->site, conn, &none, STR_NONE, &entry_id, fault);
    return rc == RC_INVALID ? fault_prefix(fault, rc, "no-licence-needed") : rc;
}

static enum rc add_storefront(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct opening *o = context;
    unsigned id;
    enum rc rc = catalogue_storefront_add(conn, &o->storefront, &id, fault);
    if (rc == RC_OK && o->no_licence.n > 0)
        rc = state_none(o, conn, fault);
    return rc == RC_OK ? licence_gaps_declare(conn, fault) : rc;
}

static enum rc check_currency(struct str code, struct fault *fault)
{
    if (money_exponent(code) >= 0)
        return RC_OK;
    return fault_set(fault, RC_INVALID, "currency: %.*s is none: a code of three capitals as USD",
                     STR_ARG(code));
}

static enum rc check_languages(const struct str *tags, size_t n, struct fault *fault)
{
    if (n == 0 || n > STOREFRONT_LANGUAGES_MAX)
        return fault_set(fault, RC_INVALID, "language: 1 to %d are needed",
                         STOREFRONT_LANGUAGES_MAX);
    for (size_t i = 0; i < n; i++)
        if (!language_tag_valid(tags[i]))
            return fault_set(fault, RC_INVALID, "language: %.*s is none: a tag as en or zh-Hans",
                             STR_ARG(tags[i]));
    return RC_OK;
}

enum rc manage_storefront_add(struct site *site, struct writer *writer, const struct storefront *s,
                              struct str no_licence, struct fault *fault)
{
    /* First parts of paths that belong to no storefront. */
    static const char *const reserved[] = {"record", "api",        "desk",     "healthz",
                                           "readyz", "kosync",     "payments", "static",
                                           "covers", "styleguide", "metrics"};
    struct opening opening = {site, *s, str_trim(no_licence)};
    enum rc rc = check_slug("storefront", s->slug, fault);
    for (size_t i = 0; rc == RC_OK && i < sizeof reserved / sizeof *reserved; i++)
        if (str_eq(s->slug, str_of(reserved[i])))
            rc = fault_set(fault, RC_INVALID, "storefront: %s: this name is not free", reserved[i]);
    if (rc == RC_OK && !country_code_valid(s->country))
        rc = fault_set(fault, RC_INVALID, "country: %.*s is none: a code of two capitals as US",
                       STR_ARG(s->country));
    if (rc == RC_OK)
        rc = check_currency(s->currency, fault);
    if (rc == RC_OK)
        rc = check_languages(s->languages.v, s->languages.n, fault);
    return rc == RC_OK ? writer_run(writer, add_storefront, &opening, fault) : rc;
}

/* Labels of letters, digits and '-' in between, at least two: no address by number,
 * no port, which is the front's. */
static bool is_host_name(struct str host)
{
    struct str rest = host, label;
    unsigned labels = 0;
    bool letters = false;
    if (host.n > 253 || host.p[host.n - 1] == '.')
        return false;
    while (str_next(&rest, '.', &label)) {
        letters = false;
        if (label.n == 0 || label.n > 63 || label.p[0] == '-' || label.p[label.n - 1] == '-')
            return false;
        for (size_t i = 0; i < label.n; i++) {
            char c = label.p[i];
            if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'))
                return false;
            letters |= c >= 'a' && c <= 'z';
        }
        labels++;
    }
    return labels >= 2 && letters;
}

static enum rc check_host_free(const struct storefront_change *change, struct store_conn *conn,
                               struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct storefront *all;
    size_t n;
    enum rc rc = catalogue_storefronts(conn, &arena, &all, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        if (change->host->n > 0 && str_eq(all[i].host, *change->host) &&
            !str_eq(all[i].slug, change->slug))
            rc = fault_set(fault, RC_CONFLICT, "host: %.*s: storefront %.*s has it",
                           STR_ARG(*change->host), STR_ARG(all[i].slug));
    return rc;
}

static enum rc put_prices(const struct storefront_change *change, struct store_conn *conn,
                          struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct storefront *all;
    size_t n;
    enum rc rc = catalogue_storefronts(conn, &arena, &all, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        if (str_eq(all[i].slug, change->slug))
            return catalogue_storefront_prices_put(
                conn, change->slug, change->currency != NULL ? *change->currency : all[i].currency,
                change->tax_included != NULL ? *change->tax_included : all[i].tax_included, fault);
    return rc != RC_OK ? rc
                       : fault_set(fault, RC_NOT_FOUND, "storefront %.*s: there is none",
                                   STR_ARG(change->slug));
}

static enum rc set_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct storefront_change *change = context;
    enum rc rc = change->host != NULL ? check_host_free(change, conn, fault) : RC_OK;
    if (rc == RC_OK && change->host != NULL)
        rc = catalogue_storefront_host_put(conn, change->slug, *change->host, fault);
    if (rc == RC_OK && change->sell != NULL)
        rc = catalogue_storefront_unstated_put(conn, change->slug, *change->sell, fault);
    if (rc == RC_OK && change->languages != NULL)
        rc = catalogue_storefront_languages_put(conn, change->slug, change->languages,
                                                change->languages_n, fault);
    if (rc == RC_OK && (change->currency != NULL || change->tax_included != NULL))
        rc = put_prices(change, conn, fault);
    return rc;
}

enum rc manage_storefront_set(struct writer *writer, const struct storefront_change *change,
                              struct fault *fault)
{
    struct storefront_change copy = *change;
    if (change->host != NULL && change->host->n > 0 && !is_host_name(*change->host))
        return fault_set(fault, RC_INVALID,
                         "host: %.*s: a lower-case name as books.example, without a port",
                         STR_ARG(*change->host));
    enum rc rc = change->currency != NULL ? check_currency(*change->currency, fault) : RC_OK;
    if (rc == RC_OK && change->languages != NULL)
        rc = check_languages(change->languages, change->languages_n, fault);
    return rc == RC_OK ? writer_run(writer, set_work, &copy, fault) : rc;
}

/* ---- shops ---- */

struct shop_work {
    struct site *site;
    struct shop shop;
    const struct disclosure_order *disclosure;
};

static enum rc add_shop(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct shop_work *w = context;
    uint64_t id;
    enum rc rc = catalogue_shop_add(conn, &w->shop, &id, fault);
    if (rc == RC_OK && w->disclosure != NULL)
        rc = disclosure_put(w->site, conn, w->disclosure, &id, fault);
    return rc == RC_OK ? feed_inbox_make(w->site, w->shop.slug, fault) : rc;
}

enum rc manage_shop_add(struct site *site, struct writer *writer, struct str slug, struct str name,
                        const struct disclosure_order *disclosure, struct fault *fault)
{
    struct shop_work w = {
        .site = site, .shop = {.slug = slug, .name = name}, .disclosure = disclosure};
    enum rc rc = check_slug("shop", slug, fault);
    if (rc == RC_OK)
        rc = check_name("name", name, fault);
    return rc == RC_OK ? writer_run(writer, add_shop, &w, fault) : rc;
}

/* ---- collections ---- */

static enum rc works_of_name(struct store_conn *conn, struct arena *arena, struct str name,
                             uint64_t **ret, size_t *ret_n, struct fault *fault)
{
    struct contributor_row *rows;
    uint64_t *all = NULL;
    size_t rows_n, n = 0;
    enum rc rc = catalogue_contributors_named(conn, arena, name, &rows, &rows_n, fault);
    for (size_t i = 0; rc == RC_OK && i < rows_n; i++) {
        uint64_t *works;
        size_t works_n;
        rc = catalogue_contributor_works(conn, arena, rows[i].id, &works, &works_n, fault);
        if (rc != RC_OK)
            break;
        uint64_t *joined = ARENA_ARRAY(arena, uint64_t, n + works_n);
        if (n > 0)
            memcpy(joined, all, n * sizeof *all);
        if (works_n > 0)
            memcpy(joined + n, works, works_n * sizeof *all);
        all = joined;
        n += works_n;
    }
    *ret = all;
    *ret_n = n;
    return rc;
}

static enum rc works_of_file(struct store_conn *conn, struct arena *arena, const char *path,
                             uint64_t **ret, size_t *ret_n, struct fault *fault)
{
    char line[LINE_MAX_BYTES], isbn[14];
    size_t n = 0, room = 0;
    uint64_t *works = NULL, edition;
    bool standard_input = strcmp(path, "-") == 0;
    FILE *file = standard_input ? stdin : fopen(path, "re");
    if (file == NULL)
        return fault_set(fault, RC_IO, "--isbn %s: %s", path, strerror(errno));
    enum rc rc = RC_OK;
    for (unsigned number = 1; rc == RC_OK && fgets(line, sizeof line, file) != NULL; number++) {
        struct str text = str_trim(str_of(line));
        if (text.n == 0)
            continue;
        ARENA_ROOM(arena, works, n, room);
        if (!isbn_parse(text, isbn))
            rc = fault_set(fault, RC_INVALID, "--isbn %s, line %u: “%.*s” is no ISBN", path, number,
                           STR_ARG(text));
        else
            rc = catalogue_edition_known(conn, str_of(isbn), &edition, &works[n], fault);
        if (rc == RC_NOT_FOUND)
            rc = fault_set(fault, rc, "--isbn %s, line %u: %s is not in the catalogue", path,
                           number, isbn);
        n++;
    }
    if (!standard_input)
        fclose(file);
    *ret = works;
    *ret_n = n;
    return rc;
}

struct add_collection {
    struct collection collection;
    uint64_t *works;
    size_t n;
};

static enum rc add_collection(void *context, struct store_conn *conn, struct fault *fault)
{
    struct add_collection *add = context;
    uint64_t id;
    return catalogue_collection_add(conn, &add->collection, add->works, add->n, &id, fault);
}

static enum rc find_works(struct site *site, struct arena *arena,
                          const struct collection_order *order, uint64_t **ret, size_t *ret_n,
                          struct fault *fault)
{
    struct store_conn *conn = NULL;
    if (order->query.n > 0)
        return index_works(site, arena, order->query, ret, ret_n, fault);
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = order->contributor.n > 0
                 ? works_of_name(conn, arena, order->contributor, ret, ret_n, fault)
                 : works_of_file(conn, arena, order->isbn_file, ret, ret_n, fault);
    site_disconnect(conn);
    return rc;
}

enum rc manage_collection_add(struct site *site, struct writer *writer,
                              const struct collection_order *order, uint64_t *ret_works,
                              struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct add_collection add = {.collection = {.slug = order->slug, .name = order->name}};
    int ways = (order->query.n > 0) + (order->contributor.n > 0) + (order->isbn_file != NULL);
    enum rc rc = check_slug("collection", order->slug, fault);
    if (rc == RC_OK)
        rc = check_name("name", order->name, fault);
    if (rc == RC_OK && ways != 1)
        rc =
            fault_set(fault, RC_INVALID, "exactly one of --query, --contributor, --isbn is needed");
    if (rc == RC_OK)
        rc = find_works(site, &arena, order, &add.works, &add.n, fault);
    if (rc == RC_OK && add.n == 0)
        rc = fault_set(fault, RC_NOT_FOUND, "no work fits: the collection would be empty");
    if (rc == RC_OK && add.n > WORKS_MAX)
        rc = fault_set(fault, RC_LIMIT, "more than %d works", WORKS_MAX);
    if (rc != RC_OK)
        return rc;
    add.n = ids_sort(add.works, add.n);
    rc = writer_run(writer, add_collection, &add, fault);
    if (rc == RC_OK && ret_works != NULL)
        *ret_works = add.n;
    return rc;
}
