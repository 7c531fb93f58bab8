/* The server: everything that requests share, and what one request has. */
#ifndef COLOPHON_WEB_SERVER_H
#define COLOPHON_WEB_SERVER_H

#include <pthread.h>
#include <stdatomic.h>

#include "app/absence.h"
#include "app/account.h"
#include "app/gate.h"
#include "app/indexer.h"
#include "app/limiter.h"
#include "app/mailer.h"
#include "app/pulse.h"
#include "app/restrict_duties.h"
#include "app/shown.h"
#include "app/site.h"
#include "app/writer.h"
#include "web/http.h"
#include "web/known.h"
#include "web/language.h"
#include "web/page_cache.h"
#include "web/reply.h"
#include "web/request.h"

struct server_options {
    const char *listen;         /* NULL where a socket is handed in */
    const char *metrics_listen; /* NULL: metrics are nowhere */
    struct str public_url;      /* "https://books.example"; empty: http:// and the Host asked for */
    struct str contact;         /* where readers may ask for a book; empty: nowhere */
    bool trust_proxy;
    size_t capacity;                        /* as http_options says */
    bool fetch_covers, fetch_from_loopback; /* app/cover_fetch.h */
    const struct card *card;                /* the payment provider; NULL: there is none */
};

struct server {
    struct site *site;
    struct gate *gate;
    struct restriction_growth growth; /* the writer's context at rest */
    struct writer *writer;
    struct indexer *indexer;
    struct pulse *pulse;
    struct mailer *mailer;
    struct lister *lister;
    struct bookkeeper *bookkeeper;
    struct liker *liker;
    struct misses *misses;
    struct teller *teller;
    struct herald *herald;
    struct feed_runner *feeds;
    struct webhook_sender *webhooks;
    bool webhooks_loopback; /* tests' receivers are told, too */
    struct epub_checker *checker;
    struct cover_fetcher *fetcher; /* NULL: covers are not fetched */
    struct title_surveys *surveys;
    struct warming *warming;
    struct http_server *http;
    struct limiter *limiter;
    struct cover_reader *covers;
    atomic_uint cards; /* that are being made */
    atomic_uint pdfs;  /* that are being made */
    atomic_uint flows; /* files of a remote store that are being sent */
    struct whole_texts *texts;
    const struct card *card; /* the payment provider; NULL: cards are not taken */
    atomic_uint card_asks;   /* of it, that readers wait for */
    struct card_rounds *card_rounds;
    struct record_lines *lines;
    struct absence_maker *absence;
    struct tile_trees *trees;
    struct passwords *passwords;
    struct device_checks *device_checks;
    struct refuser *refuser; /* NULL: its key cannot be had, refusals go unsigned */
    struct page_cache *cache;
    struct gzip_pool *gzip;
    struct worker_pool *workers;
    struct known *known;
    /* For whom there is no time: made anew once a second, with the head of the Record and,
     * for what somebody sent, a signed statement that it was not read. */
    pthread_mutex_t busy_lock;
    int64_t busy_at;
    struct reply *busy[2][2]; /* page or API; read or sent */
    struct str public_url;
    struct str contact; /* a mail address; may be empty */
    bool secure;        /* public_url is https: cookies say so */
};

/* Runs until the process is told to end (SIGINT, SIGTERM). `ready` is told the
 * address once requests are taken. */
enum rc server_run(struct site *site, const struct server_options *options,
                   void (*ready)(void *context, const char *address), void *context,
                   struct fault *fault) MUST_CHECK;

/* What a request borrows: one connection, one set of formatters. */
struct worker {
    struct store_conn *conn; /* that this request reads: one of the two */
    struct store_conn *own, *replica;
    size_t replica_at;
    bool begun;      /* its snapshot is */
    bool on_replica; /* which one it is; and that one lacks what the gate knows */
    bool behind;
    struct language *languages[8];
    size_t language_count;
    struct worker *next;
};
struct language *worker_language(struct worker *worker, struct str tag);

struct route;
struct context;
struct voice_write;
struct voice_made;

/* Completes an answer once what it is about was written, from memory alone: there
 * is no worker. */
typedef void (*written_handler)(struct context *c, const struct voice_made *made,
                                struct response *ret);
/* Answers what could not be written, as a handler does, and may begin another
 * write; `ret` is a new one. */
typedef enum rc (*refused_handler)(struct context *c, enum rc rc, struct response *ret,
                                   struct fault *fault);

/* A request being answered. */
struct context {
    struct server *server;
    struct request *request;
    struct arena *arena; /* the request's */
    struct worker *worker;
    const struct route *route;
    const struct gate_view *view;
    const struct storefront *storefront; /* NULL outside of one */
    const struct storefront *at_host;    /* the one whose own host was asked; NULL: none */
    struct language *language;
    struct viewer viewer;
    struct str session;     /* token of the cookie or the header; empty */
    struct str captures[4]; /* what the pattern's {…} matched, in order */
    parameters form;        /* POST: decoded and its CSRF token checked */
    struct visit visit;
    struct store_act *act; /* of staff, where something is changed; NULL: none */
    /* Of a failure, where its code alone does not say it; 0: it does. */
    int failed_status;
    bool tried;                         /* staff's form changed nothing: a preview */
    bool written_again;                 /* a form that was sent twice at once */
    int retry_after;                    /* seconds, with 429 */
    const struct restriction *withheld; /* who withholds, with RC_WITHHELD */
    const char *reason; /* of a refusal, where status and code do not say it; NULL: they do */
    /* What the answer waits for (answer_once_written); NULL: nothing. */
    struct voice_write *write;
    written_handler written;
    refused_handler refused;
    struct str refusal; /* the signed statement that goes with it; empty: none */
    bool wants_receipt; /* in the answer itself: that takes a worker */
    struct str receipt; /* the .tlog-proof, for `written`; empty: none could be made */
};

/* "https://books.example" or what the request was asked under; on the own host of a
 * storefront, that. */
struct str context_base_url(const struct context *c);
/* A storefront's languages, its own first, the others of the interface behind them; empty
 * behind the last. */
struct str context_spoken(const struct context *c, const struct storefront *storefront, size_t i);
/* Where the storefront's pages in this language begin: below the host that was
 * asked ("/us", "/us/es"; "" or "/es" on its own), or wherever it is at home. */
struct str context_root(const struct context *c, const struct storefront *storefront,
                        struct str tag);
struct str context_home(const struct context *c, const struct storefront *storefront,
                        struct str tag);
/* The number that stands in the path: RC_NOT_FOUND where it is none. */
enum rc captured_id(const struct context *c, size_t capture, uint64_t *ret,
                    struct fault *fault) MUST_CHECK;

/* For a handler to return: the answer, whose form is in its response by now, goes
 * out once `write` stands under a published checkpoint. `written` and `refused`
 * may be NULL: there is nothing to complete; the failure is told as any other. */
enum rc answer_once_written(struct context *c, struct voice_write *write, written_handler written,
                            refused_handler refused);

typedef enum rc (*route_handler)(struct context *c, struct response *ret, struct fault *fault);

#endif
