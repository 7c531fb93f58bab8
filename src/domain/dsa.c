#include "domain/dsa.h"

bool dsa_territory(struct str country)
{
    static const char list[] = "ATBEBGCYCZDEDKEEESFIFRGRHRHUIEISITLILTLULVMTNLNOPLPTROSESISK";
    for (size_t i = 0; country.n == 2 && i + 1 < sizeof list - 1; i += 2)
        if (list[i] == country.p[0] && list[i + 1] == country.p[1])
            return true;
    return false;
}

bool dsa_content_date(int32_t date)
{
    return date >= 20000101 && date <= 20380101;
}

bool dsa_application_date(int32_t date)
{
    return date >= 20200101 && date <= 20380101;
}

bool dsa_end_date(int32_t date)
{
    return date > 0 && date <= 20380101;
}

static bool is_recipients(enum target_kind target)
{
    return target_is_voice(target) || target == TARGET_ACCOUNT || target == TARGET_SHOP;
}

static const char *source_of(const struct restriction *r, bool demanded, enum demand_sender sender)
{
    if (demanded && (sender == SENDER_READER || sender == SENDER_RIGHTSHOLDER))
        return "SOURCE_ARTICLE_16";
    if (demanded && sender != SENDER_STAFF)
        return "SOURCE_TYPE_OTHER_NOTIFICATION";
    return r->ground == GROUND_RIGHTSHOLDER ? "SOURCE_ARTICLE_16" : "SOURCE_VOLUNTARY";
}

/* What becomes of it: a text disappears in some countries; a person or a shop cannot
 * do something any more. */
static void fill_decision(const struct restriction *r, struct dsa_fields *ret)
{
    static const feature_mask whole = FEATURE_BIT(FEATURE_LISTING) | FEATURE_BIT(FEATURE_SEARCH) |
                                      FEATURE_BIT(FEATURE_SALE) | FEATURE_BIT(FEATURE_DELIVERY);
    if (target_is_voice(r->target)) {
        ret->visibility = "DECISION_VISIBILITY_CONTENT_DISABLED";
        ret->content_type = "CONTENT_TYPE_TEXT";
    } else if (r->target == TARGET_ACCOUNT) {
        ret->provision = "DECISION_PROVISION_PARTIAL_SUSPENSION";
        ret->account_type = "ACCOUNT_TYPE_PRIVATE";
        ret->content_type = "CONTENT_TYPE_OTHER";
        ret->content_other = "What an account may submit: ratings, reviews and comments";
    } else {
        ret->provision = (r->features & whole) == whole ? "DECISION_PROVISION_TOTAL_SUSPENSION"
                                                        : "DECISION_PROVISION_PARTIAL_SUSPENSION";
        if (r->features & (FEATURE_BIT(FEATURE_LISTING) | FEATURE_BIT(FEATURE_SEARCH)))
            ret->visibility = "DECISION_VISIBILITY_CONTENT_DISABLED";
        else if (r->features & (FEATURE_BIT(FEATURE_RATINGS) | FEATURE_BIT(FEATURE_REVIEWS) |
                                FEATURE_BIT(FEATURE_COMMENTS) | FEATURE_BIT(FEATURE_SUBMISSIONS)))
            ret->visibility = "DECISION_VISIBILITY_CONTENT_INTERACTION_RESTRICTED";
        ret->account_type = "ACCOUNT_TYPE_BUSINESS";
        ret->content_type = "CONTENT_TYPE_PRODUCT";
    }
}

static void fill_ground(const struct restriction *r, struct dsa_fields *ret)
{
    bool illegal = r->ground == GROUND_LAW || r->ground == GROUND_RIGHTSHOLDER;
    ret->ground =
        illegal ? "DECISION_GROUND_ILLEGAL_CONTENT" : "DECISION_GROUND_INCOMPATIBLE_CONTENT";
    ret->category = "STATEMENT_CATEGORY_OTHER_VIOLATION_TC";
    if (r->ground == GROUND_RIGHTSHOLDER)
        ret->category = "STATEMENT_CATEGORY_INTELLECTUAL_PROPERTY_INFRINGEMENTS";
    else if (illegal) /* the entry names the law, not the kind of wrong */
        ret->category = "STATEMENT_CATEGORY_NOT_SPECIFIED_NOTICE";
}

enum dsa_verdict dsa_decide(const struct restriction *r, bool demanded, enum demand_sender sender,
                            bool european, struct dsa_fields *ret)
{
    if (!is_recipients(r->target))
        return DSA_OWN_CATALOGUE;
    if (ground_orders(r->ground))
        return DSA_ORDER;
    if (r->ground == GROUND_LICENCE)
        return DSA_LICENCE;
    if (!european)
        return DSA_ELSEWHERE;
    *ret = (struct dsa_fields){.source = source_of(r, demanded, sender)};
    fill_decision(r, ret);
    fill_ground(r, ret);
    return DSA_REPORTED;
}

const char *dsa_verdict_says(enum dsa_verdict verdict)
{
    static const char *const says[DSA_VERDICT_COUNT] = {
        [DSA_REPORTED] = "reported",
        [DSA_OWN_CATALOGUE] = "about the catalogue, no recipient's content",
        [DSA_ORDER] = "orders of authorities and courts (Art. 9)",
        [DSA_LICENCE] = "a missing licence, no moderation",
        [DSA_ELSEWHERE] = "outside the EU and the EEA",
        [DSA_DATES] = "with dates that the form does not take",
    };
    return says[verdict];
}
