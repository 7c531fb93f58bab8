#include "app/party_orders.h"

#include "base/utf8.h"
#include "domain/names.h"
#include "record/entry.h"

static enum rc check(struct str country, bool country_needed, struct str text, struct fault *fault)
{
    enum rc rc = text_check("--text", text, TEXT_OPTIONAL, PARTIES_TEXT_MAX, fault);
    if (rc != RC_OK)
        return rc;
    if ((country_needed || country.n > 0) && !country_code_valid(country))
        return fault_set(fault, RC_INVALID, "--country %.*s: two capital letters (ISO 3166-1)",
                         STR_ARG(country));
    return RC_OK;
}

enum rc disclosure_order_entry(const struct disclosure_order *order, int64_t now, struct entry *ret,
                               struct fault *fault)
{
    enum rc rc = check(order->country, false, order->text, fault);
    if (rc == RC_OK)
        *ret = (struct entry){.type = ENTRY_DISCLOSURE,
                              .at = now,
                              .disclosure = {.shop = order->shop,
                                             .owner = str_trim(order->owner),
                                             .controlled_by = str_trim(order->controlled_by),
                                             .country = order->country}};
    return rc;
}

enum rc agreement_order_entry(const struct agreement_order *order, uint64_t id, int64_t now,
                              struct entry *ret, struct fault *fault)
{
    enum rc rc = check(order->country, true, order->text, fault);
    if (rc == RC_OK)
        *ret = (struct entry){.type = ENTRY_AGREEMENT,
                              .at = now,
                              .agreement = {.id = id,
                                            .authority = str_trim(order->authority),
                                            .country = order->country,
                                            .from = order->from,
                                            .until = order->until}};
    return rc;
}
