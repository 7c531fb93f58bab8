#include "app/address.h"

#include "base/utf8.h"
#include "mail/message.h"

/* One @ with something on both sides and a dot behind it: the mail itself is
 * the only real test. Lower case, since people write it either way. */
enum rc address_read(struct arena *arena, struct str s, struct str *ret, struct fault *fault)
{
    s = str_trim(s);
    size_t at = str_find(s, '@');
    struct str host = str_sub(s, at + 1, s.n);
    bool ok = s.n <= EMAIL_MAX && at > 0 && host.n >= 3 && str_find(host, '@') == host.n &&
              str_find(host, '.') > 0 && str_find(host, '.') < host.n - 1 && utf8_clean(s);
    for (size_t i = 0; ok && i < s.n; i++)
        ok = (unsigned char)s.p[i] > ' ' && s.p[i] != '<' && s.p[i] != '>' && s.p[i] != ',';
    if (!ok)
        return fault_set(fault, RC_INVALID, "email: this is no mail address");
    char *lower = arena_z(arena, s);
    for (size_t i = 0; i < s.n; i++)
        if (lower[i] >= 'A' && lower[i] <= 'Z')
            lower[i] = (char)(lower[i] + 32);
    *ret = (struct str){lower, s.n};
    return RC_OK;
}

enum rc address_for_mail(struct arena *arena, struct str s, struct str *ret, struct fault *fault)
{
    struct str address;
    enum rc rc = address_read(arena, s, &address, fault);
    if (rc == RC_OK && !mail_address_valid(address))
        rc = fault_set(fault, RC_INVALID, "email: no letter can be addressed like this");
    if (rc == RC_OK)
        *ret = address;
    return rc;
}
