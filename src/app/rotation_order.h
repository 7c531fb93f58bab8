/* The order to go over to a new key, as it stands in the database until who leads has done it
 * (rotation.h gives it, handover.c takes it up). */
#ifndef COLOPHON_APP_ROTATION_ORDER_H
#define COLOPHON_APP_ROTATION_ORDER_H

#include "base/arena.h"
#include "base/fault.h"

struct store_conn;

/* To this key of the decisions; within a transaction. */
enum rc rotation_order(struct store_conn *conn, struct str vkey, struct fault *fault) MUST_CHECK;
/* The decisions' key that is ordered, for a minute; RC_NOT_FOUND where none is. */
enum rc rotation_ordered(struct store_conn *conn, struct arena *arena, struct str *ret_vkey,
                         struct fault *fault) MUST_CHECK;
/* Within the transaction that did it. */
enum rc rotation_settle(struct store_conn *conn, struct fault *fault) MUST_CHECK;

#endif
