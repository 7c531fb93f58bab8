#include "app/security_contact.h"

#include "base/buf.h"
#include "store/store.h"

#define SETTING "security-contact"

enum { CONTACT_MAX = 500 };

static bool contact_valid(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] <= ' ' || s.p[i] > '~')
            return false;
    if (s.n > CONTACT_MAX)
        return false;
    return (str_starts(s, STR("mailto:")) && str_find(s, '@') > 7 && str_find(s, '@') < s.n - 1) ||
           (str_starts(s, STR("https://")) && s.n > 8) || (str_starts(s, STR("tel:")) && s.n > 4);
}

static enum rc set_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct str lines = *(const struct str *)context;
    return lines.n > 0 ? store_setting_put(conn, SETTING, lines, fault)
                       : store_setting_remove(conn, SETTING, fault);
}

enum rc security_contact_set(struct writer *writer, const struct str *contacts, size_t n,
                             struct fault *fault)
{
    BUF_AUTO lines = BUF_INIT(SECURITY_CONTACTS_MAX * (CONTACT_MAX + 1));
    if (n > SECURITY_CONTACTS_MAX)
        return fault_set(fault, RC_INVALID, "contact: at most %d", SECURITY_CONTACTS_MAX);
    for (size_t i = 0; i < n; i++) {
        if (!contact_valid(contacts[i]))
            return fault_set(fault, RC_INVALID,
                             "contact: %.*s begins with neither mailto:, https:// nor tel:, or is "
                             "no address",
                             STR_ARG(str_sub(contacts[i], 0, CONTACT_MAX)));
        buf_str_add(&lines, contacts[i]);
        buf_char(&lines, '\n');
    }
    struct str text = buf_str(&lines);
    return writer_run(writer, set_work, &text, fault);
}

enum rc security_contact_get(struct site *site, struct arena *arena, security_contacts *ret,
                             struct fault *fault)
{
    struct store_conn *conn = NULL;
    struct str lines = STR_NONE, line;
    enum rc rc = site_connect_wholly(site, &conn, fault);
    if (rc == RC_OK)
        rc = store_setting(conn, arena, SETTING, &lines, fault);
    site_disconnect(conn);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? fault_set(fault, rc, "nobody was named") : rc;
    ret->v = ARENA_ARRAY(arena, struct str, SECURITY_CONTACTS_MAX);
    ret->n = 0;
    while (ret->n < SECURITY_CONTACTS_MAX && str_next(&lines, '\n', &line))
        ret->v[ret->n++] = line;
    return RC_OK;
}
