#include "app/record_export_parts.h"

#include "app/publication.h"
#include "base/clock.h"
#include "store/catalogue.h"
#include "store/record_log.h"
#include "store/targets.h"

enum { LINE_MAX = 8 << 20, STATEMENTS_AT_ONCE = 100 };

/* ---- reading ---- */

struct taking {
    struct exported *x;
    int64_t since;
};

static enum rc take(void *context, const struct log_entry *stored, struct fault *fault)
{
    struct taking *t = context;
    struct exported *x = t->x;
    struct entry e;
    enum rc rc = entry_read(&x->arena, arena_str(&x->arena, stored->bytes), &e, fault);
    if (rc != RC_OK)
        return rc;
    if (e.type == ENTRY_HEAD) {
        if (e.at < t->since)
            x->voices_before = e.size;
        return RC_OK;
    }
    ARENA_ROOM(&x->arena, x->v, x->n, x->room);
    x->v[x->n].index = stored->index;
    x->v[x->n++].entry = e;
    return RC_OK;
}

/* By what the notices look entries up. */
struct exported_key {
    enum entry_type type;
    uint64_t id;
    size_t at; /* among all */
};

static int by_key(const void *a, const void *b)
{
    const struct exported_key *x = a, *y = b;
    if (x->type != y->type)
        return x->type < y->type ? -1 : 1;
    if (x->id != y->id)
        return x->id < y->id ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

static void sort_keys(struct exported *x)
{
    x->keys = ARENA_ARRAY(&x->arena, struct exported_key, x->n);
    for (size_t i = 0; i < x->n; i++) {
        const struct entry *e = &x->v[i].entry;
        uint64_t id = e->type == ENTRY_DEMAND     ? e->demand.id
                      : e->type == ENTRY_DECISION ? e->decision.demand
                                                  : e->restriction.id;
        x->keys[i] = (struct exported_key){e->type, id, i};
    }
    if (x->n > 0)
        qsort(x->keys, x->n, sizeof *x->keys, by_key);
}

static enum rc sizes_of(struct store_conn *conn, uint64_t ret[2], struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    for (int log = 0; log < 2; log++) {
        struct published_head head = {0};
        enum rc rc = publication_head(conn, &arena, (enum public_log)log, &head, fault);
        if (rc != RC_OK && rc != RC_NOT_FOUND)
            return rc;
        ret[log] = head.size;
    }
    return RC_OK;
}

enum rc exported_read(struct site *site, const struct export_order *order, struct exported *ret,
                      struct fault *fault)
{
    uint64_t sizes[2];
    struct taking taking = {ret, order->since};
    *ret = (struct exported){.arena = ARENA_INIT};
    enum rc rc = site_connect(site, &ret->conn, fault);
    if (rc == RC_OK)
        rc = sizes_of(ret->conn, sizes, fault);
    if (rc == RC_OK)
        rc = record_log_range(ret->conn, LOG_DECISIONS, 0, sizes[0], take, &taking, fault);
    if (rc == RC_OK)
        sort_keys(ret);
    if (rc == RC_OK)
        rc = catalogue_storefronts(ret->conn, &ret->arena, &ret->storefronts, &ret->storefront_n,
                                   fault);
    return rc;
}

void exported_free(struct exported *x)
{
    site_disconnect(x->conn);
    arena_free(&x->arena);
}

static const struct entry *find(const struct exported *x, enum entry_type type, uint64_t id)
{
    struct exported_key key = {type, id, SIZE_MAX};
    size_t low = 0, high = x->n; /* the first that comes after the key */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (by_key(&x->keys[middle], &key) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0 || x->keys[low - 1].type != type || x->keys[low - 1].id != id)
        return NULL;
    return &x->v[x->keys[low - 1].at].entry;
}

const struct entry *exported_demand(const struct exported *x, uint64_t id)
{
    return find(x, ENTRY_DEMAND, id);
}

const struct entry *exported_decision(const struct exported *x, uint64_t demand)
{
    return find(x, ENTRY_DECISION, demand);
}

const struct entry *exported_lift(const struct exported *x, uint64_t restriction)
{
    return find(x, ENTRY_LIFT, restriction);
}

const struct entry *exported_restriction(const struct exported *x, uint64_t id)
{
    return find(x, ENTRY_RESTRICTION, id);
}

json_t *exported_countries(const struct exported *x, const struct str *slugs, size_t n,
                           bool european)
{
    json_t *list = json_array();
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < x->storefront_n; k++) {
            struct str country = x->storefronts[k].country;
            size_t at = 0;
            int order = 1;
            if (!str_eq(x->storefronts[k].slug, slugs[i]) || (european && !dsa_territory(country)))
                continue;
            for (; at < json_array_size(list); at++) {
                order = str_cmp(country, str_of(json_string_value(json_array_get(list, at))));
                if (order <= 0)
                    break;
            }
            if (order != 0 || at == json_array_size(list))
                json_array_insert_new(list, at, json_from_str(country));
        }
    return list;
}

json_t *exported_date(int64_t t)
{
    BUF_AUTO b = BUF_INIT(16);
    date_add(&b, date_of(t));
    return json_from_str(buf_str(&b));
}

enum rc exported_line(const struct export_order *order, const json_t *json, struct fault *fault)
{
    BUF_AUTO line = BUF_INIT(LINE_MAX);
    json_write(json, &line);
    buf_char(&line, '\n');
    if (buf_check(&line) != RC_OK)
        return fault_set(fault, RC_LIMIT, "a line of the export is too long");
    return order->write(order->context, buf_str(&line), fault);
}

/* ---- every entry ---- */

struct lines {
    const struct export_order *order;
    const char *log;
    int64_t since; /* 0: of no interest here */
    uint64_t done, all;
};

static enum rc put_line(void *context, const struct log_entry *stored, struct fault *fault)
{
    struct lines *l = context;
    l->done++;
    if (l->order->progress != NULL && (l->done % 1000 == 0 || l->done == l->all))
        l->order->progress(l->order->progress_context, l->done, l->all);
    if (l->since != 0) {
        ARENA_AUTO arena = ARENA_INIT;
        struct entry e;
        enum rc rc = entry_read(&arena, stored->bytes, &e, fault);
        if (rc != RC_OK || e.at < l->since)
            return rc;
    }
    BUF_AUTO line = BUF_INIT(LINE_MAX);
    buf_printf(&line, "{\"log\":\"%s\",\"index\":%llu,\"entry\":", l->log,
               (unsigned long long)stored->index);
    buf_str_add(&line, stored->bytes); /* canonical JSON, as it was signed */
    BUF_LIT(&line, "}\n");
    if (buf_check(&line) != RC_OK)
        return fault_set(fault, RC_LIMIT, "entry %llu is too long",
                         (unsigned long long)stored->index);
    return l->order->write(l->order->context, buf_str(&line), fault);
}

enum rc record_export_lines(struct site *site, const struct export_order *order,
                            struct fault *fault)
{
    struct store_conn *conn = NULL;
    uint64_t sizes[2], voices = 0;
    enum rc rc = RC_OK;
    if (order->since != 0) {
        EXPORTED x;
        rc = exported_read(site, order, &x, fault);
        voices = x.voices_before;
    }
    if (rc == RC_OK)
        rc = site_connect(site, &conn, fault);
    if (rc == RC_OK)
        rc = sizes_of(conn, sizes, fault);
    struct lines lines = {order, "decisions", order->since, 0, 0};
    if (rc == RC_OK) {
        lines.all = sizes[0] + sizes[1] - voices;
        rc = record_log_range(conn, LOG_DECISIONS, 0, sizes[0], put_line, &lines, fault);
    }
    lines.log = "voices";
    lines.since = 0;
    if (rc == RC_OK)
        rc = record_log_range(conn, LOG_VOICES, voices, sizes[1], put_line, &lines, fault);
    site_disconnect(conn);
    return rc;
}

/* ---- statements of reasons ---- */

static void set_text(json_t *o, const char *name, const char *text)
{
    if (text != NULL)
        json_object_set_new(o, name, json_string(text));
}

static json_t *puid_of(struct site *site, uint64_t id)
{
    BUF_AUTO b = BUF_INIT(500);
    struct str origin = site_origin(site);
    for (size_t i = 0; i < origin.n && i < 400; i++) {
        char c = origin.p[i];
        bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        buf_char(&b, plain ? c : '-');
    }
    buf_printf(&b, "-restriction-%llu", (unsigned long long)id);
    return json_from_str(buf_str(&b));
}

/* In the entry's own facts: no text that people wrote, and nobody's name. */
static json_t *facts_of(const struct exported *x, const struct entry *e)
{
    const struct restriction *r = &e->restriction;
    BUF_AUTO b = BUF_INIT(5000);
    buf_printf(&b, "Restriction %llu withholds", (unsigned long long)r->id);
    for (int f = 0, n = 0; f < FEATURE_COUNT; f++)
        if (r->features & FEATURE_BIT(f))
            buf_printf(&b, "%s %s", n++ > 0 ? "," : "", feature_name((enum feature)f));
    if (target_is_voice(r->target))
        buf_printf(&b, " of one %s of work %llu", target_name(r->target),
                   (unsigned long long)e->work);
    else
        buf_printf(&b, r->target == TARGET_ACCOUNT ? " of one account" : " of a hosted shop");
    BUF_LIT(&b, ", in the storefronts");
    for (size_t i = 0; i < r->storefront_count && i < 64; i++)
        buf_printf(&b, "%s %.*s", i > 0 ? "," : "", STR_ARG(r->storefronts[i]));
    BUF_LIT(&b, ", from ");
    time_add(&b, r->from);
    buf_printf(&b, r->until != 0 ? ", until " : ", to be reviewed by ");
    time_add(&b, r->until != 0 ? r->until : r->review);
    buf_printf(&b, ". Ground: %s.", ground_name(r->ground));
    const struct entry *demand = exported_demand(x, r->demand);
    if (demand != NULL)
        buf_printf(&b, " It follows demand %llu, by: %s.", (unsigned long long)r->demand,
                   sender_name(demand->demand.sender));
    BUF_LIT(&b, " Decided by people, published before it took effect.");
    return json_from_str(buf_str(&b));
}

static struct str within(struct str s, size_t most)
{
    while (s.n > most) { /* whole characters: the form counts those, which are fewer */
        s.n--;
        while (s.n > 0 && ((unsigned char)s.p[s.n] & 0xC0) == 0x80)
            s.n--;
    }
    return s;
}

static void set_ground(json_t *o, const struct restriction *r, bool illegal)
{
    struct str named = within(r->legal_basis, 500);
    if (illegal) {
        json_object_set_new(o, "illegal_content_legal_ground", json_from_str(named));
        json_object_set_new(
            o, "illegal_content_explanation",
            json_string("What was withheld breaks the rule that is named. The reasons stand at the "
                        "restriction's page of the shop's public Record."));
        return;
    }
    json_object_set_new(o, "incompatible_content_ground",
                        named.n > 0
                            ? json_from_str(named)
                            : json_string(r->ground == GROUND_TERMS ? "The shop's terms"
                                                                    : "The shop's own decision"));
    json_object_set_new(
        o, "incompatible_content_explanation",
        json_string("What was withheld is not compatible with the rule that is named. The reasons "
                    "stand at the restriction's page of the shop's public Record."));
    json_object_set_new(o, "incompatible_content_illegal", json_string("No"));
}

static enum dsa_verdict statement_of(struct site *site, const struct exported *x,
                                     const struct entry *e, json_t **ret)
{
    const struct restriction *r = &e->restriction;
    const struct entry *demand = exported_demand(x, r->demand);
    json_t *territory = exported_countries(x, r->storefronts, r->storefront_count, true);
    struct dsa_fields f;
    enum dsa_verdict verdict =
        dsa_decide(r, demand != NULL, demand != NULL ? demand->demand.sender : SENDER_STAFF,
                   json_array_size(territory) > 0, &f);
    int64_t created = r->decided, end = r->until;
    if (verdict == DSA_REPORTED &&
        (!dsa_application_date(date_of(r->from)) || !dsa_content_date(date_of(r->decided))))
        verdict = DSA_DATES;
    if (verdict != DSA_REPORTED) {
        json_decref(territory);
        return verdict;
    }
    if (target_created(x->conn, r->target, r->target_key, &created, NULL) != RC_OK ||
        !dsa_content_date(date_of(created)))
        created = r->decided; /* withdrawn since, say */
    json_t *o = json_object();
    if (f.visibility != NULL)
        json_object_set_new(o, "decision_visibility", json_pack("[s]", f.visibility));
    set_text(o, "decision_provision", f.provision);
    set_text(o, "account_type", f.account_type);
    set_text(o, "decision_ground", f.ground);
    set_ground(o, r, strcmp(f.ground, "DECISION_GROUND_ILLEGAL_CONTENT") == 0);
    json_object_set_new(o, "content_type", json_pack("[s]", f.content_type));
    set_text(o, "content_type_other", f.content_other);
    set_text(o, "category", f.category);
    json_object_set_new(o, "territorial_scope", territory);
    json_object_set_new(o, "content_date", exported_date(created));
    json_object_set_new(o, "application_date", exported_date(r->from));
    if (end != 0 && dsa_end_date(date_of(end))) {
        if (f.visibility != NULL)
            json_object_set_new(o, "end_date_visibility_restriction", exported_date(end));
        if (f.provision != NULL)
            json_object_set_new(o, "end_date_service_restriction", exported_date(end));
    }
    json_object_set_new(o, "decision_facts", facts_of(x, e));
    set_text(o, "source_type", f.source);
    set_text(o, "automated_detection", "No");
    set_text(o, "automated_decision", "AUTOMATED_DECISION_NOT_AUTOMATED");
    json_object_set_new(o, "puid", puid_of(site, r->id));
    *ret = o;
    return DSA_REPORTED;
}

static enum rc put_statements(const struct export_order *order, json_t *list, struct fault *fault)
{
    if (json_array_size(list) == 0)
        return RC_OK;
    JSON_AUTO *body = json_pack("{s:O}", "statements", list);
    enum rc rc = exported_line(order, body, fault);
    json_array_clear(list);
    return rc;
}

enum rc record_export_dsa(struct site *site, const struct export_order *order,
                          uint64_t ret_counts[DSA_VERDICT_COUNT], struct fault *fault)
{
    EXPORTED x;
    JSON_AUTO *list = json_array();
    memset(ret_counts, 0, DSA_VERDICT_COUNT * sizeof *ret_counts);
    enum rc rc = exported_read(site, order, &x, fault);
    for (size_t i = 0; rc == RC_OK && i < x.n; i++) {
        const struct entry *e = &x.v[i].entry;
        json_t *statement = NULL;
        if (e->type != ENTRY_RESTRICTION || e->at < order->since)
            continue;
        ret_counts[statement_of(site, &x, e, &statement)]++;
        if (statement != NULL)
            json_array_append_new(list, statement);
        if (json_array_size(list) == STATEMENTS_AT_ONCE)
            rc = put_statements(order, list, fault);
    }
    return rc == RC_OK ? put_statements(order, list, fault) : rc;
}
