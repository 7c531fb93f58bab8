/* All the files of a shop: copied, looked at, moved elsewhere. */
#ifndef COLOPHON_APP_FILE_MOVES_H
#define COLOPHON_APP_FILE_MOVES_H

#include "app/writer.h"

struct files;

/* Every cover's file and every paper of a demand, in the order of editions and demands;
 * `conn` reads one state. */
struct files_watch {
    void *context;
    void (*done)(void *context, uint64_t count); /* may be NULL */
    void (*bad)(void *context, struct str key,
                const char *reason); /* may be NULL: it stops there */
};
struct files_count {
    uint64_t files, bytes, bad;
};
/* Those that `to` has already as they should be are left. */
enum rc files_copy(struct store_conn *conn, struct files *from, struct files *to,
                   const struct files_watch *watch, struct files_count *ret,
                   struct fault *fault) MUST_CHECK;
enum rc files_verify(struct site *site, const struct files_watch *watch, struct files_count *ret,
                     struct fault *fault) MUST_CHECK;
/* Copies all, then what came since, and has the database name the new place; the
 * old files stay where they are. */
enum rc files_move(struct site *site, struct writer *writer, struct str to,
                   const struct files_watch *watch, struct files_count *ret,
                   struct fault *fault) MUST_CHECK;

#endif
