#include "domain/demand.h"

static const char *const senders[SENDER_COUNT] = {
    [SENDER_AUTHORITY] = "authority",
    [SENDER_COURT] = "court",
    [SENDER_RIGHTSHOLDER] = "rightsholder",
    [SENDER_READER] = "reader",
    [SENDER_STAFF] = "staff",
};
static const char *const elements[ELEMENT_COUNT] = {
    [ELEMENT_LEGAL_BASIS] = "legal-basis", [ELEMENT_REASONS] = "reasons",
    [ELEMENT_AUTHORITY] = "authority",     [ELEMENT_REDRESS] = "redress",
    [ELEMENT_REPORT_TO] = "report-to",     [ELEMENT_SCOPE] = "scope",
    [ELEMENT_LANGUAGE] = "language",       [ELEMENT_EXPLANATION] = "explanation",
    [ELEMENT_CONTACT] = "contact",         [ELEMENT_GOOD_FAITH] = "good-faith",
};
static const char *const outcomes[OUTCOME_COUNT] = {
    [OUTCOME_GRANTED] = "granted", [OUTCOME_NARROWED] = "narrowed", [OUTCOME_REFUSED] = "refused"};
static const char *const dispute_outcomes[DISPUTE_OUTCOME_COUNT] = {[DISPUTE_CONFIRMED] =
                                                                        "confirmed",
                                                                    [DISPUTE_REVERSED] = "reversed",
                                                                    [DISPUTE_PARTLY] = "partly",
                                                                    [DISPUTE_NONE] = "none"};

bool sender_orders(enum demand_sender sender)
{
    return sender == SENDER_AUTHORITY || sender == SENDER_COURT;
}

element_mask demand_elements(enum demand_sender sender)
{
    if (sender_orders(sender))
        return ELEMENT_BIT(ELEMENT_LEGAL_BASIS) | ELEMENT_BIT(ELEMENT_REASONS) |
               ELEMENT_BIT(ELEMENT_AUTHORITY) | ELEMENT_BIT(ELEMENT_REDRESS) |
               ELEMENT_BIT(ELEMENT_REPORT_TO) | ELEMENT_BIT(ELEMENT_SCOPE) |
               ELEMENT_BIT(ELEMENT_LANGUAGE);
    if (sender == SENDER_STAFF) /* they notice what others could have; nobody to write to */
        return ELEMENT_BIT(ELEMENT_EXPLANATION);
    return ELEMENT_BIT(ELEMENT_EXPLANATION) | ELEMENT_BIT(ELEMENT_CONTACT) |
           ELEMENT_BIT(ELEMENT_GOOD_FAITH);
}

bool demand_may_narrow(enum target_kind demanded, enum target_kind given)
{
    switch (demanded) {
    case TARGET_EDITION:
        return target_is_voice(given);
    case TARGET_WORK:
        return given == TARGET_EDITION || target_is_voice(given);
    case TARGET_COLLECTION:
    case TARGET_CONTRIBUTOR:
    case TARGET_SHOP:
        return given != TARGET_ACCOUNT;
    case TARGET_REVIEW:
    case TARGET_COMMENT:
    case TARGET_ACCOUNT:
        break;
    }
    return false;
}

int64_t demand_due(enum demand_sender sender, int64_t received)
{
    enum { DAY = 86400 };
    return received + (sender_orders(sender) ? 2 : 7) * (int64_t)DAY;
}

const char *sender_name(enum demand_sender sender)
{
    return senders[sender];
}

bool sender_parse(struct str s, enum demand_sender *ret)
{
    for (int i = 0; i < SENDER_COUNT; i++)
        if (str_eq(s, str_of(senders[i]))) {
            *ret = (enum demand_sender)i;
            return true;
        }
    return false;
}

const char *element_name(enum demand_element element)
{
    return elements[element];
}

const char *outcome_name(enum demand_outcome outcome)
{
    return outcomes[outcome];
}

/* Which of the names it is; -1: none. */
static int name_among(struct str s, const char *const *names, int n)
{
    for (int i = 0; i < n; i++)
        if (str_is(s, names[i]))
            return i;
    return -1;
}

bool outcome_parse(struct str s, enum demand_outcome *ret)
{
    int i = name_among(s, outcomes, OUTCOME_COUNT);
    if (i >= 0)
        *ret = (enum demand_outcome)i;
    return i >= 0;
}

const char *dispute_outcome_name(enum dispute_outcome outcome)
{
    return dispute_outcomes[outcome];
}

bool dispute_outcome_parse(struct str s, enum dispute_outcome *ret)
{
    int i = name_among(s, dispute_outcomes, DISPUTE_OUTCOME_COUNT);
    if (i >= 0)
        *ret = (enum dispute_outcome)i;
    return i >= 0;
}

const char *dispute_state_name(enum dispute_state state)
{
    static const char *const names[DISPUTE_STATE_COUNT] = {
        [DISPUTE_VOID] = "void", [DISPUTE_OPEN] = "open", [DISPUTE_SETTLED] = "settled"};
    return names[state];
}
