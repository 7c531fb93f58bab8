/* Inside app/: the purchase that is meant. */
#ifndef COLOPHON_APP_SALES_OWN_PARTS_H
#define COLOPHON_APP_SALES_OWN_PARTS_H

#include "app/sales_own.h"

/* RC_NOT_FOUND alike for what is not there and for what is somebody else's. */
enum rc own_purchase_find(struct store_conn *conn, struct arena *arena,
                          const struct own_sale_wish *wish, struct purchase_row *ret,
                          struct fault *fault) MUST_CHECK;

#endif
