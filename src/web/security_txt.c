/* /.well-known/security.txt (RFC 9116): whom to tell of a weakness. */
#include "app/security_contact.h"

#include "base/clock.h"
#include "web/handlers.h"

/* Shorter than the year that the RFC allows: whoever has an old copy asks again. */
enum { GOOD_SECONDS = 90 * 86400 };

enum rc handle_security_txt(struct context *c, struct response *ret, struct fault *fault)
{
    security_contacts contacts;
    struct str base = context_base_url(c);
    enum rc rc = security_contact_get(c->server->site, c->arena, &contacts, fault);
    if (rc != RC_OK)
        return rc;
    ret->content_type = "text/plain; charset=utf-8";
    for (size_t i = 0; i < contacts.n; i++)
        buf_printf(&ret->body, "Contact: %.*s\n", STR_ARG(contacts.v[i]));
    BUF_LIT(&ret->body, "Expires: ");
    /* Of the day, so that it is one file all day. */
    time_add(&ret->body, date_start(date_of(c->view->now)) + GOOD_SECONDS);
    BUF_LIT(&ret->body, "\n");
    if (str_starts(base, STR("https://")))
        buf_printf(&ret->body, "Canonical: %.*s/.well-known/security.txt\n", STR_ARG(base));
    return RC_OK;
}
