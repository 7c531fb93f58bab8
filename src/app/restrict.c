#include "app/restrict.h"

#include "app/address.h"
#include "app/beside.h"
#include "app/restrict_parts.h"
#include "app/sealed.h"
#include "app/statement.h"
#include "app/texts.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "domain/isbn.h"
#include "domain/names.h"
#include "record/entry.h"
#include "record/merkle.h"
#include "store/catalogue.h"
#include "store/readers.h"
#include "store/record_log.h"
#include "store/store.h"
#include "store/targets.h"

enum { REASON_MAX = 10000 };

/* ---- reading an order ---- */

enum rc restriction_times(const struct restriction_order *order, struct restriction *r,
                          struct fault *fault)
{
    static const char expected[] = "expected a date (2026-12-31) or a time (2026-12-31T12:00:00Z)";
    r->from = r->decided;
    if (order->from.n > 0 && !time_or_date_parse(order->from, false, &r->from))
        return fault_set(fault, RC_INVALID, "from: %s", expected);
    /* Today's date means "from now on": an effect cannot lie before its entry. */
    if (r->from < r->decided)
        r->from = r->decided;
    if ((order->until.n > 0) == (order->review.n > 0))
        return fault_set(fault, RC_INVALID, "until, review: exactly one of the two is needed");
    if (order->until.n > 0 && !time_or_date_parse(order->until, true, &r->until))
        return fault_set(fault, RC_INVALID, "until: %s", expected);
    if (order->review.n > 0 && !time_or_date_parse(order->review, true, &r->review))
        return fault_set(fault, RC_INVALID, "review: %s", expected);
    int64_t end = r->until != 0 ? r->until : r->review;
    if (end <= r->from)
        return fault_set(fault, RC_INVALID, "%s: it would end before it begins",
                         r->until != 0 ? "until" : "review");
    return RC_OK;
}

static int compare_str(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

enum rc restriction_where(struct store_conn *conn, struct arena *arena,
                          const struct restriction_order *order, struct restriction *r,
                          struct fault *fault)
{
    struct storefront *known;
    size_t known_n, n = 0;
    enum rc rc = catalogue_storefronts(conn, arena, &known, &known_n, fault);
    if (rc != RC_OK)
        return rc;
    if (order->storefronts.n == 0)
        return fault_set(fault, RC_INVALID, "storefront: at least one is needed");
    if (order->storefronts.n > RESTRICTION_STOREFRONTS_MAX)
        return fault_set(fault, RC_INVALID, "storefront: too many");
    struct str *slugs = ARENA_ARRAY(arena, struct str, order->storefronts.n);
    for (size_t i = 0; i < order->storefronts.n; i++) {
        struct str slug = order->storefronts.v[i];
        bool found = false;
        for (size_t k = 0; k < known_n; k++)
            found = found || str_eq(known[k].slug, slug);
        if (!found)
            return fault_set(fault, RC_NOT_FOUND, "storefront: there is no %.*s", STR_ARG(slug));
        slugs[n++] = slug;
    }
    qsort(slugs, n, sizeof *slugs, compare_str);
    for (size_t i = 1; i < n; i++)
        if (str_eq(slugs[i - 1], slugs[i]))
            return fault_set(fault, RC_INVALID, "storefront: %.*s is named twice",
                             STR_ARG(slugs[i]));
    r->storefronts = slugs;
    r->storefront_count = n;
    return RC_OK;
}

/* An account by its address: the entry names it by a commitment of its own. */
static enum rc read_account(struct site *site, struct store_conn *conn, struct arena *arena,
                            struct str email, struct restriction *r, struct fault *fault)
{
    struct account account;
    uint8_t salt[32];
    enum rc rc = address_read(arena, email, &email, fault);
    if (rc == RC_OK)
        rc = readers_account_by_email(conn, arena, email, &account, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no account %.*s here", STR_ARG(email));
    if (rc != RC_OK)
        return rc;
    random_bytes(salt, sizeof salt);
    struct str domain = arena_printf(arena, "%.*s/account/v1", STR_ARG(site_origin(site)));
    struct hash commitment = commitment_make(domain, salt, account.email);
    r->target = TARGET_ACCOUNT;
    r->target_key = hex_str(arena, commitment.b, sizeof commitment.b);
    return target_account_put(conn, r->target_key, account.id, salt, fault);
}

/* The target's canonical key, its name and its works as of now. */
enum rc restriction_what(struct site *site, struct store_conn *conn, struct arena *arena,
                         const struct restriction_order *order, struct restriction *r,
                         struct fault *fault)
{
    struct str key = order->target_key;
    char isbn[14];
    if (order->target == TARGET_ACCOUNT)
        return read_account(site, conn, arena, key, r, fault);
    if (order->target == TARGET_EDITION) {
        if (!isbn_parse(key, isbn))
            return fault_set(fault, RC_INVALID, "edition: %.*s is no ISBN", STR_ARG(key));
        key = arena_str(arena, str_of(isbn));
    }
    struct target target;
    enum rc rc = target_find(conn, arena, order->target, key, &target, fault);
    if (rc != RC_OK)
        return rc;
    bool set = target_is_set(order->target);
    if (set && target.works.n == 0)
        return fault_set(fault, RC_INVALID, "%s %.*s holds no work: there is nothing to withhold",
                         target_name(order->target), STR_ARG(key));
    r->target = order->target;
    r->target_key = key;
    r->target_name = target.name;
    r->works = target.works;
    r->works_count = target.works.n;
    if (set)
        r->works_root = work_list_root(target.works.v, target.works.n);
    return RC_OK;
}

/* ---- writing entries ---- */

/* Puts the entry in line, with the text beside it and the tie to its restriction. */
enum rc restriction_entry(struct site *site, struct store_conn *conn, struct entry *entry,
                          uint64_t restriction, struct str text, uint64_t *ret_entry_id,
                          struct fault *fault)
{
    bool has_text = entry->type == ENTRY_RESTRICTION || entry->type == ENTRY_LIFT;
    uint64_t id = 0;
    enum rc rc = beside_entry(site, conn, entry, has_text ? "reasons" : NULL, text, &id, fault);
    if (rc == RC_OK)
        rc = record_log_restriction_add(conn, restriction, id, fault);
    if (rc == RC_OK && ret_entry_id != NULL)
        *ret_entry_id = id;
    return rc;
}

enum rc restriction_state_check(struct str country, struct fault *fault)
{
    return country.n == 0 || country_code_valid(country)
               ? RC_OK
               : fault_set(fault, RC_INVALID,
                           "state-involved: an ISO 3166-1 code is needed (GB, CN)");
}

/* A version of its terms that is named is one that every storefront concerned has published. */
enum rc restriction_terms(struct store_conn *conn, struct arena *arena,
                          const struct restriction_order *order, int64_t now, struct fault *fault)
{
    shop_text_list texts;
    struct storefront *all;
    size_t n;
    uint64_t version = 0;
    if (order->terms_version.n == 0)
        return RC_OK;
    bool number = str_to_u64(order->terms_version, &version);
    enum rc rc = texts_all(conn, arena, &texts, fault);
    if (rc == RC_OK)
        rc = texts_storefronts(conn, arena, &all, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < order->storefronts.n; i++) {
        bool known = false;
        for (size_t s = 0; number && s < n; s++)
            for (size_t k = 0; str_eq(all[s].slug, order->storefronts.v[i]) && k < texts.n; k++)
                known |= texts.v[k].storefront == all[s].id && texts.v[k].kind == TEXT_TERMS &&
                         texts.v[k].version == version && !texts.v[k].gone &&
                         texts.v[k].from <= now;
        if (!known)
            rc = fault_set(fault, RC_INVALID,
                           "terms-version: the storefront %.*s has published no version %.*s of "
                           "its terms",
                           STR_ARG(order->storefronts.v[i]), STR_ARG(order->terms_version));
    }
    return rc;
}

enum rc restriction_resolve(struct site *site, struct store_conn *conn, struct arena *arena,
                            const struct restriction_order *order, struct restriction *ret,
                            struct fault *fault)
{
    struct restriction r = {.decided = clock_now(),
                            .features = order->features,
                            .ground = order->ground,
                            .authority = order->authority,
                            .legal_basis = order->legal_basis,
                            .reference = order->reference,
                            .state_involved = order->state_involved,
                            .terms_version = order->terms_version,
                            .demand = order->demand};
    if (order->features == 0)
        return fault_set(fault, RC_INVALID, "withhold: at least one feature is needed");
    if (order->terms_version.n > 0 && order->ground != GROUND_TERMS)
        return fault_set(fault, RC_INVALID,
                         "terms-version: only where the shop's terms are the ground");
    if (order->ground == GROUND_TERMS && str_trim(order->legal_basis).n == 0)
        return fault_set(fault, RC_INVALID,
                         "legal-basis: the clause of the shop's terms is needed");
    enum rc rc = restriction_state_check(order->state_involved, fault);
    if (rc == RC_OK)
        rc = restriction_times(order, &r, fault);
    if (rc == RC_OK)
        rc = restriction_where(conn, arena, order, &r, fault);
    if (rc == RC_OK)
        rc = restriction_terms(conn, arena, order, r.decided, fault);
    if (rc == RC_OK)
        rc = restriction_what(site, conn, arena, order, &r, fault);
    if (rc == RC_OK)
        *ret = r;
    return rc;
}

/* Why it reaches so far: a text of its own, with a salt of its own. */
static enum rc make_scope(struct site *site, struct arena *arena, struct str reason,
                          struct beside *ret, struct restriction *r, struct fault *fault)
{
    if (reason.n == 0)
        return RC_OK;
    enum rc rc = restriction_reason_check(reason, fault);
    if (rc != RC_OK)
        return fault_prefix(fault, rc, "scope");
    *ret = beside_make(site, arena, "scope", reason);
    r->scope_reason = ret->commitment;
    return RC_OK;
}

/* Where law forbids to name who asked: the entry says until when that is sealed, and a
 * commitment to the whole one follows it in the same batch. */
static enum rc put_sealed(struct site *site, struct store_conn *conn, struct arena *arena,
                          struct entry *entry, const struct restriction_order *order,
                          uint64_t *ret_entry_id, struct fault *fault)
{
    struct restriction *r = &entry->restriction;
    struct seal seal = {0};
    if (order->demand != 0)
        return fault_set(fault, RC_INVALID, "seal-until: the demand’s entry names who asked");
    enum rc rc = sealed_begin(conn, arena, order->seal_until, entry->at, &r->authority,
                              &r->reference, &seal, fault);
    if (rc == RC_OK)
        rc = restriction_entry(site, conn, entry, r->id, order->reason, ret_entry_id, fault);
    if (rc != RC_OK)
        return rc;
    r->authority = seal.authority;
    r->reference = seal.reference;
    return sealed_add(conn, entry, seal.id, seal.opens, fault);
}

enum rc restriction_put(struct site *site, struct store_conn *conn,
                        const struct restriction_order *order, const struct approvals *approvals,
                        uint64_t *ret_id, uint64_t *ret_entry_id, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct entry entry = {.type = ENTRY_RESTRICTION};
    struct restriction *r = &entry.restriction;
    struct beside scope = {0};
    enum rc rc = restriction_resolve(site, conn, &arena, order, r, fault);
    if (rc == RC_OK)
        rc = make_scope(site, &arena, order->scope_reason, &scope, r, fault);
    if (rc == RC_OK)
        rc = store_take_ids(conn, "restriction", 1, &r->id, fault);
    if (rc != RC_OK)
        return rc;
    entry.at = r->decided;
    r->approvals = *approvals;
    if (target_is_set(r->target))
        rc = record_log_list_put(conn, &r->works_root, r->works.v, r->works.n, fault);
    else if (r->works.n > 0)
        entry.work = r->works.v[0];
    if (rc == RC_OK && order->demanded.n > 0) {
        r->demanded_count = order->demanded.n;
        r->demanded_root = work_list_root(order->demanded.v, order->demanded.n);
        rc = record_log_list_put(conn, &r->demanded_root, order->demanded.v, order->demanded.n,
                                 fault);
    }
    if (rc == RC_OK)
        rc = order->seal_until.n == 0
                 ? restriction_entry(site, conn, &entry, r->id, order->reason, ret_entry_id, fault)
                 : put_sealed(site, conn, &arena, &entry, order, ret_entry_id, fault);
    if (rc == RC_OK && scope.member != NULL)
        rc = beside_put(conn, *ret_entry_id, &scope, fault);
    if (rc == RC_OK)
        rc = statement_make(conn, r, *ret_entry_id, fault);
    if (rc == RC_OK)
        *ret_id = r->id;
    return rc;
}

enum rc restriction_reason_within(struct str reason, size_t max, struct fault *fault)
{
    if (str_trim(reason).n == 0)
        return fault_set(fault, RC_INVALID, "reason: it is needed; readers will see it");
    return text_check("reason", reason, TEXT_NEEDED, max, fault);
}

enum rc restriction_reason_check(struct str reason, struct fault *fault)
{
    return restriction_reason_within(reason, REASON_MAX, fault);
}
