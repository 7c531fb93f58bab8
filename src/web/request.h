/* A request as the handlers see it: decoded, checked, in one arena. */
#ifndef COLOPHON_WEB_REQUEST_H
#define COLOPHON_WEB_REQUEST_H

#include "base/arena.h"
#include "base/fault.h"
#include "domain/edition.h"

enum method {
    METHOD_UNSET,
    METHOD_GET,
    METHOD_POST,
    METHOD_PUT,
    METHOD_DELETE,
    METHOD_OPTIONS, /* asks what is allowed; no route of its own */
    METHOD_OTHER,   /* known to HTTP, taken nowhere here */
};

struct parameter {
    struct str name, value;
};
typedef LIST(struct parameter) parameters;

/* A file of a form that went to a folder as it came in; gone once the request is answered,
 * unless it was renamed. */
struct spooled_file {
    struct str name;      /* of the field */
    struct str file_name; /* as the client says; any bytes */
    const char *path;
    uint64_t size;
};

#define SEGMENTS_MAX 12

struct request {
    struct arena *arena;
    enum method method;
    bool head;                 /* HEAD: a GET without a body */
    struct str path;           /* as sent */
    LIST(struct str) segments; /* decoded; "/us/" has one, "us", and an empty last one */
    struct str query_text;
    parameters query;
    struct str body;
    /* A form with files; else the form is in the body. */
    bool is_multipart;
    const char *multipart_wrong;       /* NULL: it is good */
    bool multipart_too_large;          /* that is what is wrong */
    parameters fields, files;          /* files that are not empty, by their fields' names */
    LIST(struct spooled_file) spooled; /* in the place of files, where the route has them so */
    bool empty_file;                   /* one of those was chosen, and holds nothing */
    /* Headers; empty where absent. */
    struct str host, cookie, authorization, content_type, origin, fetch_site;
    struct str range, if_range;
    struct str if_none_match, accept, accept_language, prefer, user_agent;
    struct str auth_user, auth_key; /* of KOReader's progress sync */
    struct str signature;           /* of the payment provider's */
    bool gzip;                      /* the client takes gzip */
    bool view_is_fresh; /* its thread has just seen that the gate's view is the present one */
    struct str client;  /* its address, for limits only; never stored or logged */
};

/* Splits and decodes path and query. RC_INVALID for broken escapes, control
 * characters, too many parts. */
enum rc request_decode(struct request *r, struct str path, struct str query,
                       struct fault *fault) MUST_CHECK;

/* name=value&… of a form or a query, in order; at most 200. */
enum rc form_decode(struct arena *arena, struct str text, parameters *ret,
                    struct fault *fault) MUST_CHECK;

/* The first value of the name, trimmed of nothing; empty where there is none. */
struct str parameter_get(const parameters *list, const char *name);
/* Whether one of that name has this value. */
bool parameter_has(const parameters *list, const char *name, struct str value);
/* A number from 0 to max; `otherwise` where absent. RC_INVALID names it. */
enum rc parameter_number(const parameters *list, const char *name, uint64_t otherwise, uint64_t max,
                         uint64_t *ret, struct fault *fault) MUST_CHECK;

/* The cookie's value, where the header is well-formed and holds it once. */
struct str cookie_get(struct str header, struct str name);

/* Whether an If-None-Match header names this strong tag (RFC 9110, 13.1.2). */
bool etag_matches(struct str header, struct str etag);

/* The one range of bytes that a Range header asks for of so many (RFC 9110, 14.2): false where it
 * asks for none that is understood, so that all of it is the answer. *ret_none: it asks for bytes
 * behind the end. */
bool range_read(struct str header, uint64_t size, uint64_t *ret_at, uint64_t *ret_n,
                bool *ret_none);

/* Whether a Prefer header names this preference (RFC 7240). */
bool prefers(struct str header, struct str preference);

#endif
