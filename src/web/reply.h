/* An answer: status, headers and bytes. Once sealed it is never changed, can be
 * sent to many, and is freed by the last who holds it. */
#ifndef COLOPHON_WEB_REPLY_H
#define COLOPHON_WEB_REPLY_H

#include "base/arena.h"
#include "base/buf.h"

struct flow;
struct flow_sender;
struct request;

/* How long others may keep it. */
enum caching {
    CACHING_UNSET,
    CACHING_FOREVER,    /* its URL changes with it: assets, full tiles */
    CACHING_KEPT,       /* the same, but by the reader alone: a gate stands before it */
    CACHING_REVALIDATE, /* anyone, but ask every time */
    CACHING_PRIVATE,    /* the reader's own, ask every time */
    CACHING_NEVER,      /* forms, accounts, tokens */
};

/* What a handler fills in; text lies in the request's arena. */
struct response {
    int status; /* 0: 200 */
    const char *content_type;
    struct buf body;   /* owned; taken over by reply_seal */
    int file;          /* in its place; owned likewise; 0: none. Of file_size bytes */
    struct flow *flow; /* or in pieces; owned likewise; of file_size bytes from file_at on */
    uint64_t file_size;
    uint64_t file_at;     /* where in it they begin: a part is sent */
    struct str digest;    /* of the file: Repr-Digest; then its tag is a strong one */
    struct str range;     /* Content-Range */
    bool ranges;          /* parts of it may be asked for */
    enum caching caching; /* the route's, unless the handler says otherwise */
    struct str location;
    struct str set_cookie[4]; /* the session's, the forms', the desks' language, the basket's */
    struct str link[3];       /* Link header values */
    struct str allow;         /* for 405 */
    struct str content_language;
    struct str policy;      /* Content-Security-Policy; empty: every page's */
    struct str forms_to;    /* an origin that the page's forms may lead to, besides ours */
    struct str disposition; /* Content-Disposition */
    struct str preference;  /* Preference-Applied */
    int retry_after;        /* seconds; 0: none */
    int64_t modified;       /* Last-Modified; 0: not said */
    bool bearer;            /* 401: a bearer token would do */
    bool basic;             /* 401: a device's name and password would do */
    bool close;             /* what follows on this connection may be no request at all */
    bool no_etag;
    int kind;        /* what it is counted as: its route's, 0 where there is none */
    struct str etag; /* with its quotes; empty: made of the body */
    bool scripted;   /* the page has scripts, which are files of ours */
    bool framed;     /* other sites may show it within their pages */
    bool not_kept;   /* not in the page cache */
    /* Nobody else is sent it: the one form that this request takes is made. NULL: all forms are. */
    const struct request *only;
    bool packed; /* kept in gzip form; the plain one is made of that for whoever asks */
    /* It shows of voices this work's alone, and beyond them the catalogue and the
     * decisions: nothing of the index, no time but days. 0: more than that. */
    uint64_t rests_on_work;
};
/* 303 See Other: on to a path of ours, or to a page that the request's form may lead to. */
void go_to(struct response *ret, struct str path);

/* The part that the request asks for, where it asks for one: 206, or 416. To be called once
 * file_size and the tag are there, and before the file is: whether that is needed at all, for a
 * 416 has none, nor has an answer to whoever has these bytes. */
bool take_range(struct arena *arena, struct response *ret, const struct request *request);

struct reply;
struct gzip_pool;

/* Takes the body; the head of the Record goes into a header. Without a pool there is
 * no gzip form of it. */
struct reply *reply_seal(struct response *response, struct str record_head, struct gzip_pool *pool);
struct reply *reply_hold(struct reply *reply);
void reply_drop(struct reply *reply);
size_t reply_size(const struct reply *reply); /* of memory, about */
struct str reply_etag(const struct reply *reply);
int reply_status(const struct reply *reply);
int reply_kind(const struct reply *reply);

#endif
