/* Whom to tell of a weakness of the shop, as /.well-known/security.txt says it (RFC 9116). */
#ifndef COLOPHON_APP_SECURITY_CONTACT_H
#define COLOPHON_APP_SECURITY_CONTACT_H

#include "app/site.h"
#include "app/writer.h"
#include "base/list.h"

enum { SECURITY_CONTACTS_MAX = 5 };

typedef LIST(struct str) security_contacts;
/* In place of those before, the preferred one first; n 0: there is nobody. RC_INVALID names one
 * that is no address ("mailto:…", "https://…", "tel:…"). */
enum rc security_contact_set(struct writer *writer, const struct str *contacts, size_t n,
                             struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND where nobody was named. */
enum rc security_contact_get(struct site *site, struct arena *arena, security_contacts *ret,
                             struct fault *fault) MUST_CHECK;

#endif
