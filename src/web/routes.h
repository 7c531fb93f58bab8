/* Routes as data. Every column must be set; a zero stops the server's start. */
#ifndef COLOPHON_WEB_ROUTES_H
#define COLOPHON_WEB_ROUTES_H

#include "domain/shop_key.h"
#include "web/server.h"

/* A partner's is every operator's, too; whose shop it is about, its handlers see to
 * (partner_enter in partner.h). */
enum route_access {
    ACCESS_UNSET,
    ACCESS_PUBLIC,
    ACCESS_READER,
    ACCESS_DEVICE, /* a reader's, also by a device of theirs; who is nobody is asked for it by 401
                    */
    ACCESS_PARTNER,
    ACCESS_OPERATOR
};
/* What proves that a change is meant by the viewer. */
enum route_csrf {
    CSRF_UNSET,
    CSRF_READ_ONLY,   /* nothing changes */
    CSRF_FORM,        /* a token in the form, of the same session */
    CSRF_ORIGIN,      /* the same, or the browser's word that it comes from our page: for pages that
                         are kept for others, and what harms nobody */
    CSRF_UPLOAD,      /* the same, and the form may bring files */
    CSRF_BEARER,      /* a token in a header, which no other site can send */
    CSRF_BEARER_BODY, /* the same, and the body may be of any type */
    CSRF_SECRET,      /* none: the address is a secret, and whoever has it may do what it is for */
    CSRF_SIGNED,      /* none: the handler checks a signature over the body */
    CSRF_JSON,        /* a JSON body, which no other site's form can send */
};
enum route_kind { KIND_UNSET, KIND_PAGE, KIND_API, KIND_LOG };

struct route {
    enum method method;
    /* "/{storefront}/books/{isbn}": {storefront} takes the language behind it
     * too; a last "*" takes the rest of the path. */
    const char *pattern;
    enum route_access access;
    enum route_csrf csrf;
    enum caching caching;
    enum route_kind kind;
    size_t body_max;
    bool cached; /* answers for those not signed in are kept in the process */
    route_handler handle;
    /* It needs nothing but memory, and is answered whatever is busy or down:
     * neither view nor worker are there. These stand first. */
    bool at_once;
    /* A shop's, for its programs, too, whose key has this duty; 0: for people alone. */
    enum shop_duty duty;
    uint64_t spool_max; /* of a form whose files go to a folder as they come in; 0: to memory */
};

extern const struct route routes[];
extern const size_t route_count;

/* RC_INVALID names the route that has an unset column. */
enum rc routes_check(struct fault *fault) MUST_CHECK;

/* Finds the route and fills in storefront, language tag and captures.
 * RC_NOT_FOUND; RC_INVALID with *ret_allow where only the method is wrong. */
enum rc routes_match(struct context *c, struct str *ret_language, struct str *ret_allow) MUST_CHECK;
/* The same for a GET among those answered at once. */
bool routes_match_at_once(struct context *c);

#endif
