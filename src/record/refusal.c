#include "record/refusal.h"

#include "base/clock.h"
#include "base/utf8.h"
#include "record/entry.h"

enum { DOMAIN_MAX = 600 };

struct hash refusal_commitment(struct str origin, const uint8_t salt[32], struct str sent)
{
    BUF_AUTO domain = BUF_INIT(DOMAIN_MAX);
    buf_str_add(&domain, origin);
    BUF_LIT(&domain, "/v1");
    return commitment_make(buf_str(&domain), salt, sent);
}

static void write_text(struct buf *b, const struct refusal *r)
{
    buf_printf(b, "%.*s\nrefused ", STR_ARG(r->origin));
    time_add(b, r->at);
    buf_printf(b, "\nreason %.*s\nstatus %u\nrequest %.*s\nsent ", STR_ARG(r->reason), r->status,
               STR_ARG(r->request));
    if (r->read)
        hex_add(b, r->sent.b, sizeof r->sent.b);
    else
        BUF_LIT(b, "unread");
    BUF_LIT(b, "\n");
    if (r->restriction != 0)
        buf_printf(b, "restriction %llu\n", (unsigned long long)r->restriction);
}

void refusal_write(struct buf *b, const struct refusal *refusal, const uint8_t salt[32],
                   const struct note_signer *signer)
{
    BUF_AUTO text = BUF_INIT(NOTE_MAX / 2);
    BUF_LIT(b, REFUSAL_FIRST_LINE "\n");
    if (refusal->read) {
        BUF_LIT(b, "salt ");
        hex_add(b, salt, 32);
        BUF_LIT(b, "\n");
    }
    BUF_LIT(b, "\n");
    write_text(&text, refusal);
    note_sign(b, buf_str(&text), signer);
}

/* ---- reading ---- */

static bool next_value(struct str *rest, struct str name, struct str *ret)
{
    struct str line;
    if (!str_next(rest, '\n', &line) || !str_starts(line, name))
        return false;
    *ret = str_sub(line, name.n, line.n);
    return ret->n > 0;
}

static bool is_reason(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((s.p[i] < 'a' || s.p[i] > 'z') && s.p[i] != '-')
            return false;
    return true;
}

/* Written again it must be the same: there is one notation. */
static enum rc read_text(struct str text, struct refusal *ret, struct fault *fault)
{
    struct refusal r = {0};
    struct str rest = text, at, status, sent, restriction;
    uint64_t number = 0;
    BUF_AUTO again = BUF_INIT(NOTE_MAX);
    bool good = str_next(&rest, '\n', &r.origin) && next_value(&rest, STR("refused "), &at) &&
                time_parse(at, &r.at) && next_value(&rest, STR("reason "), &r.reason) &&
                is_reason(r.reason) && next_value(&rest, STR("status "), &status) &&
                str_to_u64(status, &number) && number < 1000 &&
                next_value(&rest, STR("request "), &r.request) &&
                next_value(&rest, STR("sent "), &sent);
    if (!good)
        return fault_set(fault, RC_INVALID,
                         "refusal: its lines are not of the form this program "
                         "knows");
    r.status = (unsigned)number;
    r.read = !str_eq(sent, STR("unread"));
    if (r.read && !hex_decode(sent, r.sent.b, sizeof r.sent.b))
        return fault_set(fault, RC_INVALID, "refusal: what was sent is no commitment");
    if (rest.n > 0 && (!next_value(&rest, STR("restriction "), &restriction) ||
                       !str_to_u64(restriction, &r.restriction)))
        return fault_set(fault, RC_INVALID, "refusal: a line that this program does not know");
    write_text(&again, &r);
    if (!str_eq(buf_str(&again), text))
        return fault_set(fault, RC_INVALID, "refusal: another notation than ours");
    *ret = r;
    return RC_OK;
}

enum rc refusal_verify(struct refusal *ret, struct str bytes, const struct note_key *key,
                       const struct str *sent, struct fault *fault)
{
    struct refusal r;
    struct str rest = bytes, line, text;
    uint8_t salt[32];
    bool salted = false;
    if (!utf8_clean(bytes) || !str_next(&rest, '\n', &line) ||
        !str_eq(line, STR(REFUSAL_FIRST_LINE)) || !str_next(&rest, '\n', &line))
        return fault_set(fault, RC_INVALID,
                         "refusal, line 1: it must be \"" REFUSAL_FIRST_LINE "\", alone");
    if (line.n > 0) {
        salted = str_starts(line, STR("salt ")) &&
                 hex_decode(str_sub(line, 5, line.n), salt, sizeof salt);
        if (!salted || !str_next(&rest, '\n', &line) || line.n > 0)
            return fault_set(fault, RC_INVALID,
                             "refusal, line 2: a salt in hexadecimal, then an empty line");
    }
    enum rc rc = note_verify(&text, rest, key, fault);
    if (rc == RC_OK)
        rc = read_text(text, &r, fault);
    if (rc == RC_OK && !str_eq(r.origin, key->name))
        rc = fault_set(fault, RC_INVALID, "refusal: it is another shop's");
    if (rc == RC_OK && sent != NULL) {
        if (!salted || !r.read)
            return fault_set(fault, RC_INVALID, "refusal: nothing in it opens what was sent");
        struct hash made = refusal_commitment(r.origin, salt, *sent);
        if (!hash_eq(&made, &r.sent))
            rc = fault_set(fault, RC_INVALID, "refusal: something else was sent");
    }
    if (rc == RC_OK)
        *ret = r;
    return rc;
}
