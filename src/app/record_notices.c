/* Notices in the words of the Lumen database, from the Record's entries. */
#include "app/record_export_parts.h"
#include "base/clock.h"

static const char *type_of(enum ground ground)
{
    switch (ground) {
    case GROUND_AUTHORITY_ORDER:
        return "GovernmentRequest";
    case GROUND_COURT_ORDER:
        return "CourtOrder";
    case GROUND_LAW:
        return "LocalLaw";
    default:
        return "Other";
    }
}

static json_t *text_or_null(struct str s)
{
    return s.n > 0 ? json_from_str(s) : json_null();
}

static json_t *time_of(int64_t t)
{
    BUF_AUTO b = BUF_INIT(32);
    if (t == 0)
        return json_null();
    time_add(&b, t);
    return json_from_str(buf_str(&b));
}

static json_t *link_of(struct site *site, const char *kind, uint64_t id)
{
    BUF_AUTO b = BUF_INIT(500);
    buf_printf(&b, "https://%.*s/record/%s/%llu", STR_ARG(site_origin(site)), kind,
               (unsigned long long)id);
    return json_from_str(buf_str(&b));
}

/* What stands for a thing that somebody wants withheld. An account's is a commitment,
 * which names nobody. */
static json_t *work_of(enum target_kind kind, struct str key, struct str name)
{
    BUF_AUTO b = BUF_INIT(1000);
    buf_printf(&b, "%s %.*s", target_name(kind), STR_ARG(key));
    return json_pack("[{s:o, s:s, s:o}]", "description",
                     json_from_str(name.n > 0 ? name : buf_str(&b)), "kind", target_name(kind),
                     "key", json_from_str(key));
}

struct notice {
    const char *id_kind;
    uint64_t id;
    int64_t received;
    enum ground ground;
    const char *sender;
    struct str authority, country, legal_basis, reference;
    enum target_kind target;
    struct str target_key, target_name;
    const struct str *storefronts;
    size_t storefront_n;
    const char *action;
    uint64_t restriction; /* 0: none */
};

static json_t *notice_json(struct site *site, const struct exported *x, const struct notice *n)
{
    json_t *o = json_object();
    const struct entry *lift = n->restriction == 0 ? NULL : exported_lift(x, n->restriction);
    BUF_AUTO id = BUF_INIT(60);
    buf_printf(&id, "%s-%llu", n->id_kind, (unsigned long long)n->id);
    json_object_set_new(o, "id", json_from_str(buf_str(&id)));
    json_object_set_new(o, "type", json_string(type_of(n->ground)));
    json_object_set_new(o, "sender_kind", json_string(n->sender));
    json_object_set_new(o, "sender_name", text_or_null(n->authority));
    json_object_set_new(o, "sender_country", text_or_null(n->country));
    json_object_set_new(o, "recipient_name", json_from_str(site_origin(site)));
    json_object_set_new(o, "date_received", time_of(n->received));
    json_object_set_new(o, "action_taken", json_string(n->action));
    json_object_set_new(o, "jurisdictions",
                        exported_countries(x, n->storefronts, n->storefront_n, false));
    json_object_set_new(o, "regulations",
                        n->legal_basis.n > 0 ? json_pack("[o]", json_from_str(n->legal_basis))
                                             : json_array());
    json_object_set_new(o, "case_id_number", text_or_null(n->reference));
    json_object_set_new(o, "works", work_of(n->target, n->target_key, n->target_name));
    json_object_set_new(o, "rescinded", json_boolean(lift != NULL));
    json_object_set_new(o, "date_rescinded", time_of(lift != NULL ? lift->at : 0));
    json_object_set_new(o, "url",
                        n->restriction != 0 ? link_of(site, "restrictions", n->restriction)
                                            : link_of(site, "demands", n->id));
    return o;
}

/* ---- CSV ---- */

/* RFC 4180; a value that a spreadsheet would take for a formula is made text. */
static void put_cell(struct buf *b, struct str s)
{
    buf_char(b, '"');
    if (s.n > 0 && s.p[0] != 0 && strchr("=+-@\t\r", s.p[0]) != NULL)
        buf_char(b, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            buf_char(b, '"');
        buf_char(b, s.p[i]);
    }
    buf_char(b, '"');
}

/* The strings of a list, and of its objects the description. */
static void put_value(struct buf *b, const json_t *json)
{
    BUF_AUTO cell = BUF_INIT(100000);
    size_t i;
    json_t *item;
    if (json_is_string(json))
        buf_str_add(&cell, str_of(json_string_value(json)));
    else if (json_is_boolean(json))
        buf_str_add(&cell, json_is_true(json) ? STR("true") : STR("false"));
    json_array_foreach (json, i, item) {
        const json_t *text = json_is_object(item) ? json_object_get(item, "description") : item;
        if (i > 0)
            BUF_LIT(&cell, "; ");
        if (json_is_string(text))
            buf_str_add(&cell, str_of(json_string_value(text)));
    }
    put_cell(b, buf_str(&cell));
}

static enum rc put_csv(const struct export_order *order, const json_t *notice, bool head,
                       struct fault *fault)
{
    BUF_AUTO b = BUF_INIT(1 << 20);
    const char *name;
    json_t *value;
    size_t n = 0;
    json_object_foreach ((json_t *)notice, name, value) {
        if (n++ > 0)
            buf_char(&b, ',');
        if (head)
            put_cell(&b, str_of(name));
        else
            put_value(&b, value);
    }
    BUF_LIT(&b, "\r\n");
    if (buf_check(&b) != RC_OK)
        return fault_set(fault, RC_LIMIT, "a line of the export is too long");
    return order->write(order->context, buf_str(&b), fault);
}

/* ---- which ---- */

static struct notice of_demand(const struct exported *x, const struct entry *e)
{
    static const char *const actions[OUTCOME_COUNT] = {
        [OUTCOME_GRANTED] = "Yes", [OUTCOME_NARROWED] = "Partial", [OUTCOME_REFUSED] = "No"};
    const struct demand_entry *d = &e->demand;
    const struct entry *decision = exported_decision(x, d->id);
    static const struct decision_entry none;
    const struct decision_entry *checked = decision == NULL ? &none : &decision->decision;
    return (struct notice){
        .id_kind = "demand",
        .id = d->id,
        .received = d->received,
        .ground = d->ground,
        .sender = sender_name(d->sender),
        .authority = d->authority.n > 0 ? d->authority : checked->authority,
        .country = d->country,
        .legal_basis = d->legal_basis.n > 0 ? d->legal_basis : checked->legal_basis,
        .reference = d->reference.n > 0 ? d->reference : checked->reference,
        .target = d->target,
        .target_key = d->target_key,
        .target_name = d->target_name,
        .storefronts = d->storefronts.v,
        .storefront_n = d->storefronts.n,
        .action = decision == NULL ? "Unspecified" : actions[decision->decision.outcome],
        .restriction = decision == NULL ? 0 : decision->decision.restriction};
}

/* A restriction on another's wish, of which there is no demand. */
static struct notice of_restriction(const struct entry *e)
{
    const struct restriction *r = &e->restriction;
    return (struct notice){.id_kind = "restriction",
                           .id = r->id,
                           .received = e->at,
                           .ground = r->ground,
                           .sender = r->ground == GROUND_AUTHORITY_ORDER ? "authority"
                                     : r->ground == GROUND_COURT_ORDER   ? "court"
                                                                         : "rightsholder",
                           .authority = r->authority,
                           .legal_basis = r->legal_basis,
                           .reference = r->reference,
                           .target = r->target,
                           .target_key = r->target_key,
                           .target_name = r->target_name,
                           .storefronts = r->storefronts,
                           .storefront_n = r->storefront_count,
                           .action = "Yes",
                           .restriction = r->id};
}

enum rc record_export_notices(struct site *site, const struct export_order *order, bool csv,
                              struct fault *fault)
{
    EXPORTED x;
    bool first = true;
    enum rc rc = exported_read(site, order, &x, fault);
    for (size_t i = 0; rc == RC_OK && i < x.n; i++) {
        const struct entry *e = &x.v[i].entry;
        struct notice notice;
        bool other = e->type == ENTRY_RESTRICTION && e->restriction.demand == 0 &&
                     ground_is_legal_demand(e->restriction.ground);
        if (e->at < order->since || (e->type != ENTRY_DEMAND && !other))
            continue;
        notice = e->type == ENTRY_DEMAND ? of_demand(&x, e) : of_restriction(e);
        JSON_AUTO *json = notice_json(site, &x, &notice);
        if (csv && first)
            rc = put_csv(order, json, true, fault);
        if (rc == RC_OK)
            rc = csv ? put_csv(order, json, false, fault) : exported_line(order, json, fault);
        first = false;
    }
    return rc;
}
