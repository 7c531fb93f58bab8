#include "record/policy.h"

#include "base/utf8.h"

enum { FIELDS_MAX = 3 + POLICY_WITNESSES_MAX + POLICY_GROUPS_MAX, NO_MEMBER = 1000 };

struct reading {
    struct policy *p;
    bool used[POLICY_WITNESSES_MAX + POLICY_GROUPS_MAX];
    bool has_quorum;
};

static size_t split(struct str line, struct str fields[FIELDS_MAX])
{
    size_t n = 0;
    for (size_t i = 0; i < line.n && n < FIELDS_MAX;) {
        size_t end = i;
        while (end < line.n && line.p[end] != ' ' && line.p[end] != '\t')
            end++;
        if (end > i)
            fields[n++] = str_sub(line, i, end);
        i = end + 1;
    }
    return n;
}

static unsigned find_member(const struct policy *p, struct str name)
{
    for (unsigned i = 0; i < p->witness_count; i++)
        if (str_eq(p->witnesses[i].name, name))
            return i;
    for (unsigned i = 0; i < p->group_count; i++)
        if (str_eq(p->groups[i].name, name))
            return POLICY_WITNESSES_MAX + i;
    return NO_MEMBER;
}

static enum rc read_url(struct str field, struct str *ret, struct fault *fault)
{
    if (!str_starts(field, STR("http://")) && !str_starts(field, STR("https://")))
        return fault_set(fault, RC_INVALID, "%.*s: an http or https URL is needed", STR_ARG(field));
    while (field.p[field.n - 1] == '/')
        field.n--;
    *ret = field;
    return RC_OK;
}

static enum rc read_log(struct reading *r, const struct str *f, size_t n, struct fault *fault)
{
    struct policy_log log = {.url = STR_NONE};
    if (n < 2 || n > 3)
        return fault_set(fault, RC_INVALID, "log: a key, and a URL or none");
    if (r->p->log_count == POLICY_LOGS_MAX)
        return fault_set(fault, RC_INVALID, "log: more than %d", POLICY_LOGS_MAX);
    enum rc rc = note_key_parse(&log.key, f[1], fault);
    if (rc == RC_OK && n == 3)
        rc = read_url(f[2], &log.url, fault);
    for (unsigned i = 0; rc == RC_OK && i < r->p->log_count; i++)
        if (str_eq(r->p->logs[i].key.name, log.key.name) && r->p->logs[i].key.id == log.key.id)
            rc = fault_set(fault, RC_INVALID, "log: this key is named twice");
    if (rc == RC_OK)
        r->p->logs[r->p->log_count++] = log;
    return rc;
}

static enum rc check_new_name(const struct policy *p, struct str name, struct fault *fault)
{
    if (str_eq(name, STR("none")))
        return fault_set(fault, RC_INVALID, "none: nothing may be called so");
    if (find_member(p, name) != NO_MEMBER)
        return fault_set(fault, RC_INVALID, "%.*s: the name is taken", STR_ARG(name));
    return RC_OK;
}

static enum rc read_witness(struct reading *r, const struct str *f, size_t n, struct fault *fault)
{
    struct policy_witness witness = {.url = STR_NONE};
    if (n < 3 || n > 4)
        return fault_set(fault, RC_INVALID, "witness: a name, a key, and a URL or none");
    if (r->p->witness_count == POLICY_WITNESSES_MAX)
        return fault_set(fault, RC_INVALID, "witness: more than %d", POLICY_WITNESSES_MAX);
    witness.name = f[1];
    enum rc rc = check_new_name(r->p, f[1], fault);
    if (rc == RC_OK)
        rc = cosigner_key_parse(&witness.key, f[2], fault);
    if (rc == RC_OK && n == 4)
        rc = read_url(f[3], &witness.url, fault);
    /* One witness under two names would count twice. */
    for (unsigned i = 0; rc == RC_OK && i < r->p->witness_count; i++)
        if (memcmp(r->p->witnesses[i].key.public_key, witness.key.public_key, 32) == 0)
            rc = fault_set(fault, RC_INVALID, "witness: this key is named twice");
    if (rc == RC_OK)
        r->p->witnesses[r->p->witness_count++] = witness;
    return rc;
}

static enum rc read_group(struct reading *r, const struct str *f, size_t n, struct fault *fault)
{
    struct policy_group group = {.name = STR_NONE};
    uint64_t k = 0;
    if (n < 4)
        return fault_set(fault, RC_INVALID, "group: a name, all, any or a number, and members");
    if (r->p->group_count == POLICY_GROUPS_MAX)
        return fault_set(fault, RC_INVALID, "group: more than %d", POLICY_GROUPS_MAX);
    group.name = f[1];
    enum rc rc = check_new_name(r->p, f[1], fault);
    for (size_t i = 3; rc == RC_OK && i < n; i++) {
        unsigned member = find_member(r->p, f[i]);
        if (member == NO_MEMBER)
            rc = fault_set(fault, RC_INVALID, "group: %.*s is not named before", STR_ARG(f[i]));
        else if (r->used[member])
            rc = fault_set(fault, RC_INVALID, "group: %.*s is in one already", STR_ARG(f[i]));
        if (rc != RC_OK)
            return rc;
        r->used[member] = true;
        group.members[group.member_count++] = member;
    }
    if (rc != RC_OK)
        return rc;
    if (str_eq(f[2], STR("all")))
        k = group.member_count;
    else if (str_eq(f[2], STR("any")))
        k = 1;
    else if (!str_to_u64(f[2], &k) || f[2].p[0] == '0')
        return fault_set(fault, RC_INVALID, "group: %.*s: all, any or a number is needed",
                         STR_ARG(f[2]));
    if (k > group.member_count)
        return fault_set(fault, RC_INVALID, "group: it has %u members, not %llu",
                         group.member_count, (unsigned long long)k);
    group.needed = (unsigned)k;
    r->p->groups[r->p->group_count++] = group;
    return RC_OK;
}

static enum rc read_quorum(struct reading *r, const struct str *f, size_t n, struct fault *fault)
{
    if (n != 2)
        return fault_set(fault, RC_INVALID, "quorum: one name, or none");
    if (r->has_quorum)
        return fault_set(fault, RC_INVALID, "quorum: it is given twice");
    r->has_quorum = true;
    r->p->none = str_eq(f[1], STR("none"));
    r->p->quorum = r->p->none ? 0 : find_member(r->p, f[1]);
    if (r->p->quorum == NO_MEMBER)
        return fault_set(fault, RC_INVALID, "quorum: %.*s is not named before", STR_ARG(f[1]));
    return RC_OK;
}

static enum rc read_line(struct reading *r, struct str line, struct fault *fault)
{
    struct str fields[FIELDS_MAX];
    size_t n = split(line, fields);
    if (n == 0 || fields[0].p[0] == '#')
        return RC_OK;
    if (str_eq(fields[0], STR("log")))
        return read_log(r, fields, n, fault);
    if (str_eq(fields[0], STR("witness")))
        return read_witness(r, fields, n, fault);
    if (str_eq(fields[0], STR("group")))
        return read_group(r, fields, n, fault);
    if (str_eq(fields[0], STR("quorum")))
        return read_quorum(r, fields, n, fault);
    return fault_set(fault, RC_INVALID, "%.*s: log, witness, group or quorum is needed",
                     STR_ARG(fields[0]));
}

enum rc policy_parse(struct policy *ret, struct str text, struct fault *fault)
{
    struct str rest = text, line;
    struct reading reading = {.p = ret};
    *ret = (struct policy){.text = text};
    if (text.n > POLICY_TEXT_MAX)
        return fault_set(fault, RC_INVALID, "policy: larger than %d bytes", POLICY_TEXT_MAX);
    if (!utf8_valid(text, NULL))
        return fault_set(fault, RC_INVALID, "policy: it must be UTF-8");
    for (size_t i = 0; i < text.n; i++)
        if ((uint8_t)text.p[i] < 0x20 && text.p[i] != '\n' && text.p[i] != '\t')
            return fault_set(fault, RC_INVALID, "policy: a control character");
    for (size_t n = 1; str_next(&rest, '\n', &line); n++) {
        enum rc rc = read_line(&reading, line, fault);
        if (rc != RC_OK)
            return fault_prefix(fault, rc, "policy, line %zu", n);
    }
    if (!reading.has_quorum)
        return fault_set(fault, RC_INVALID, "policy: no quorum is named");
    return RC_OK;
}

static bool member_satisfied(const struct policy *p, unsigned member, const bool *cosigned)
{
    if (member < POLICY_WITNESSES_MAX)
        return cosigned[member];
    const struct policy_group *g = &p->groups[member - POLICY_WITNESSES_MAX];
    unsigned n = 0;
    /* Members are earlier ones, each in one group: this ends. */
    for (unsigned i = 0; i < g->member_count; i++)
        n += member_satisfied(p, g->members[i], cosigned);
    return n >= g->needed;
}

bool policy_satisfied(const struct policy *p, const bool *cosigned)
{
    return p->none || member_satisfied(p, p->quorum, cosigned);
}

enum rc policy_check(const struct policy *p, struct str note, struct fault *fault)
{
    bool cosigned[POLICY_WITNESSES_MAX] = {false};
    unsigned n = 0;
    for (unsigned i = 0; i < p->witness_count; i++) {
        int64_t time;
        enum rc rc = cosignature_find(note, &p->witnesses[i].key, &time, fault);
        if (rc != RC_OK && rc != RC_NOT_FOUND)
            return rc;
        cosigned[i] = rc == RC_OK;
        n += rc == RC_OK;
    }
    if (!policy_satisfied(p, cosigned))
        return fault_set(fault, RC_DENIED,
                         "the policy's quorum is missing: %u of %u witnesses cosigned", n,
                         p->witness_count);
    return RC_OK;
}
