/* Demands from anybody, as a form and as JSON: what is read asks for what there can be, and
 * holds no more than was sent. */
#include <stdint.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "web/demand_order.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

static void insist(bool right)
{
    if (!right)
        abort();
}

static void look(const struct demand_order *o, size_t n)
{
    const struct str texts[] = {
        o->country,         o->authority,          o->wish.legal_basis, o->wish.reference,
        o->wish.target_key, o->wish.scope_reason,  o->explanation,      o->name,
        o->email,           o->wish.state_involved};
    insist(o->sender != SENDER_STAFF && o->wish.target < TARGET_COUNT &&
           o->wish.ground < GROUND_COUNT && o->wish.features >> FEATURE_COUNT == 0);
    insist(!o->checked && o->account == 0 && o->wish.seal_until.n == 0);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        insist(texts[i].n <= n && utf8_valid(texts[i], NULL));
    insist(o->wish.storefronts.n <= n && o->document.bytes.n <= n);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct str text = {(const char *)bytes, n};
    struct demand_order order = {0};
    JSON_AUTO *json = NULL;
    parameters form;
    if (form_decode(&arena, text, &form, NULL) == RC_OK) {
        BUF_AUTO faults = BUF_INIT(16 << 10);
        demand_order_of_form(&arena, &form, &order, &faults);
        demand_faults(&order, &faults);
        if (buf_str(&faults).n == 0)
            look(&order, n);
    }
    order = (struct demand_order){0};
    if (utf8_valid(text, NULL) && json_read(text, &json, NULL) == RC_OK && json_is_object(json) &&
        demand_order_of_json(&arena, json, &order, NULL) == RC_OK)
        look(&order, n);
    return 0;
}
