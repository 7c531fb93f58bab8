/* The rules that entries obey, written or read. */
#include "base/clock.h"
#include "base/utf8.h"
#include "domain/isbn.h"
#include "domain/names.h"
#include "record/entry_kinds.h"
#include "record/key_chain.h"

/* Where a member lies, as faults name it: options have dashes. */
struct place {
    char name[100];
};

static struct place place_of(const struct place *within, const char *name,
                             const struct fault *fault)
{
    struct place p = {""};
    if (fault == NULL)
        return p;
    snprintf(p.name, sizeof p.name, "%.48s%s%.48s", within == NULL ? "" : within->name,
             within == NULL ? "" : " ", name);
    for (char *c = p.name; *c != 0; c++)
        if (*c == '_')
            *c = '-';
    return p;
}

static enum rc check_fact(const struct member *m, struct str s, bool needed, const char *name,
                          struct fault *fault)
{
    size_t most = m->most != 0 ? m->most : ENTRY_FACT_MAX;
    if (needed && str_trim(s).n == 0)
        return fault_set(fault, RC_INVALID, "%s: it is needed%s", name,
                         m->by != NULL ? " for this ground" : "");
    if (s.n > most)
        return fault_set(fault, RC_INVALID, "%s: longer than %zu bytes", name, most);
    if (!utf8_clean(s) || str_find(s, '\n') < s.n || str_find(s, '\t') < s.n)
        return fault_set(fault, RC_INVALID, "%s: one line of clean text is needed", name);
    return RC_OK;
}

/* JSON tells integers below 2^53 exactly (RFC 8785). */
static enum rc check_number(uint64_t value, uint64_t least, const char *name, struct fault *fault)
{
    if (value < least || value >= (uint64_t)1 << 53)
        return fault_set(fault, RC_INVALID, "%s: %llu is no number for it", name,
                         (unsigned long long)value);
    return RC_OK;
}

/* RFC 3339 has years of four digits. */
static enum rc check_time(int64_t t, const char *name, struct fault *fault)
{
    if (t < date_start(10101) || t >= date_end(99991231))
        return fault_set(fault, RC_INVALID, "%s: not within the years 1 to 9999", name);
    return RC_OK;
}

static enum rc check_words(const struct member *m, uint16_t mask, const char *name,
                           struct fault *fault)
{
    if (mask >= 1u << m->words->n || (m->least > 0 && mask == 0))
        return fault_set(fault, RC_INVALID, "%s: at least one that is known is needed", name);
    return RC_OK;
}

static enum rc check_count(const struct member *m, size_t n, const char *name, struct fault *fault)
{
    if (n < m->least || n > m->most)
        return fault_set(fault, RC_INVALID, "%s: %llu to %zu", name, (unsigned long long)m->least,
                         m->most);
    return RC_OK;
}

static enum rc check_slugs(const struct member *m, const struct strs *slugs, const char *name,
                           struct fault *fault)
{
    for (size_t i = 0; i < slugs->n && i < m->most; i++)
        if (!slug_valid(slugs->v[i]) || (i > 0 && str_cmp(slugs->v[i - 1], slugs->v[i]) >= 0))
            return fault_set(fault, RC_INVALID, "%s: slugs in order, none twice", name);
    return check_count(m, slugs->n, name, fault);
}

static enum rc check_facts(const struct member *m, const struct strs *facts, const char *name,
                           struct fault *fault)
{
    static const struct member one = {.type = MEMBER_FACT};
    enum rc rc = check_count(m, facts->n, name, fault);
    for (size_t i = 0; rc == RC_OK && i < facts->n; i++)
        rc = check_fact(&one, facts->v[i], true, name, fault);
    return rc;
}

static enum rc check_hashes(const struct approvals *approvals, const char *name,
                            struct fault *fault)
{
    if (approvals->n == 0 || approvals->n > 2 ||
        (approvals->n == 2 && hash_eq(&approvals->v[0], &approvals->v[1])))
        return fault_set(fault, RC_INVALID, "%s: one or two commitments, not the same", name);
    return RC_OK;
}

static enum rc check_name(const struct member *m, struct str s, const char *name,
                          struct fault *fault)
{
    for (int i = 0; i < m->words->n; i++)
        if (str_eq(s, str_of(m->words->name(i))))
            return RC_OK;
    return fault_set(fault, RC_INVALID, "%s: no such word", name);
}

static enum rc check_members(const struct member *members, const struct place *within,
                             const struct entry *e, struct fault *fault);

static enum rc check_member(const struct member *m, const struct place *within, bool needed,
                            const struct entry *e, struct fault *fault)
{
    const void *p = member_at(m, e);
    struct place place = place_of(within, m->name, fault);
    switch (m->type) {
    case MEMBER_NUMBER:
        return check_number(*(const uint64_t *)p, m->least, place.name, fault);
    case MEMBER_TIME:
        return check_time(*(const int64_t *)p, place.name, fault);
    case MEMBER_FACT:
        return check_fact(m, *(const struct str *)p, needed && !m->may_be_empty, place.name, fault);
    case MEMBER_SLUG:
        if (!slug_valid(*(const struct str *)p))
            return fault_set(fault, RC_INVALID, "%s: no slug", place.name);
        return RC_OK;
    case MEMBER_COUNTRY:
        if (!country_code_valid(*(const struct str *)p))
            return fault_set(fault, RC_INVALID, "%s: no ISO 3166-1 code (GB, CN)", place.name);
        return RC_OK;
    case MEMBER_NAME:
        return check_name(m, *(const struct str *)p, place.name, fault);
    case MEMBER_WORD:
        if ((unsigned)choice_of(m->choice, e) >= (unsigned)m->choice->words->n)
            return fault_set(fault, RC_INVALID, "%s: no such word", place.name);
        return RC_OK;
    case MEMBER_WORDS:
        return check_words(m, *(const uint16_t *)p, place.name, fault);
    case MEMBER_SLUGS:
        return check_slugs(m, p, place.name, fault);
    case MEMBER_FACTS:
        return check_facts(m, p, place.name, fault);
    case MEMBER_HASHES:
        return check_hashes(p, place.name, fault);
    case MEMBER_OBJECT:
        return check_members(m->members, &place, e, fault);
    default: /* a hash or signature is any bytes */
        return RC_OK;
    }
}

static enum rc check_members(const struct member *members, const struct place *within,
                             const struct entry *e, struct fault *fault)
{
    enum rc rc = RC_OK;
    for (const struct member *m = members; rc == RC_OK && m->name != NULL; m++) {
        enum presence presence = member_presence(m, e);
        if (presence == MEMBER_NEEDED || (presence == MEMBER_OPTIONAL && !member_empty(m, e)))
            rc = check_member(m, within, presence == MEMBER_NEEDED, e, fault);
    }
    return rc;
}

static enum rc check_all(const struct entry *e, struct fault *fault)
{
    const struct kind *kind = &entry_kinds[e->type];
    enum rc rc = RC_OK;
    if (!entry_is_voice(e->type))
        rc = check_member(&entry_time_member, NULL, true, e, fault);
    if (rc == RC_OK)
        rc = check_members(kind->members, NULL, e, fault);
    return rc == RC_OK && kind->check != NULL ? kind->check(e, fault) : rc;
}

/* Where everything is right, which it nearly always is, nothing has to be named. */
enum rc entry_check(const struct entry *e, struct fault *fault)
{
    enum rc rc = check_all(e, NULL);
    return rc == RC_OK || fault == NULL ? rc : check_all(e, fault);
}
