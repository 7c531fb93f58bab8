/* HTTP/1.1 behind a proxy or on its own: libmicrohttpd, with what it lets
 * through refused in one place (two Content-Lengths or Hosts, Content-Length
 * with Transfer-Encoding, control bytes, whatever is too large). */
#ifndef COLOPHON_WEB_HTTP_H
#define COLOPHON_WEB_HTTP_H

#include "base/fault.h"
#include "web/connections.h"
#include "web/reply.h"
#include "web/request.h"

struct http_server;

/* What an answer waits for where no thread does: a write on its way to the log. It
 * lies in the request's arena. */
struct later {
    /* Starts it. `come` is called once, from any thread, when `answer` may be;
     * `at_once`: that will take no more than memory. */
    void (*start)(struct later *later, void (*come)(void *exchange, bool at_once), void *exchange);
    /* NULL: it waits once more, and is started again. */
    struct reply *(*answer)(struct later *later);
    /* In the place of `answer`, where nobody waits for it any more. */
    void (*drop)(struct later *later);
};

struct http_handler {
    void *context;
    /* The largest body this request may have; 0 refuses one. Asked before it is read. */
    size_t (*body_max)(void *context, const struct request *request);
    /* The answer to a GET from what is in memory; NULL where it takes more than
     * that. On a thread that others wait for: it waits for nothing. */
    struct reply *(*at_once)(void *context, struct request *request);
    /* Whether a GET may wait for more than the database: it goes with the writes then. */
    bool (*waits)(void *context, const struct request *request);
    /* The answer, held for the caller; the request's arena ends with it. On a
     * thread that may wait. NULL: it is *ret_later's to give. */
    struct reply *(*answer)(void *context, struct request *request, struct later **ret_later);
    /* Whether it goes before others where there is too much to do. */
    bool (*preferred)(void *context, const struct request *request);
    /* The answer where there is too much to do, at no cost. */
    struct reply *(*busy)(void *context, const struct request *request);
    /* The folder to which files of this request's form go as they come in, and how many bytes
     * of it are read at most; NULL: they stay in memory. May be NULL itself. */
    const char *(*spool)(void *context, const struct request *request, uint64_t *ret_max);
    /* An answer of which only the status is known: 400, 413 … */
    struct reply *(*refusal)(void *context, struct request *request, int status,
                             const char *reason);
    /* Whether a GET is answered in less time than it takes to hand it to another thread, but
     * for a bad moment of the disk. May be NULL: none is. */
    bool (*quick)(void *context, const struct request *request);
};

struct http_options {
    int fd;           /* that listens; the server's from here on */
    bool trust_proxy; /* the client's address is the last one in X-Forwarded-For */
    /* How many requests that only read are worked on at once, besides those that
     * memory answers; a quarter more is kept for the preferred. 0: as the cores are. */
    size_t capacity;
};

enum rc http_start(const struct http_options *options, const struct http_handler *handler,
                   struct http_server **ret, struct fault *fault) MUST_CHECK;

struct http_state {
    struct connections_state connections;
    size_t reads_working, reads_waiting, writes_working, writes_waiting;
    /* Refused because the lane was full: reads of strangers and of the preferred,
     * writes; and after having waited in vain. */
    uint64_t refused_reads, refused_known, refused_writes, refused_waited;
};
void http_read(struct http_server *server, struct http_state *ret);

/* Takes no more connections, answers what was asked, ends. `inherited`: others hold
 * the socket too, which goes on listening. */
void http_stop(struct http_server *server, bool inherited);

#endif
