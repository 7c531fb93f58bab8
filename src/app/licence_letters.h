/* Letters to operators before a licence ends: 90, 30 and 7 days before, each once. */
#ifndef COLOPHON_APP_LICENCE_LETTERS_H
#define COLOPHON_APP_LICENCE_LETTERS_H

#include "base/fault.h"

struct store_conn;

/* Queues those that are due; within a transaction. Where the shop sends no mail, nothing is told,
 * and what is due then is told once it does. */
enum rc licence_letters_queue(struct store_conn *conn, struct fault *fault) MUST_CHECK;

#endif
