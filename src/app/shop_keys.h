/* Keys by which programs of a shop use its API: made at the shop's desk, shown once, kept as a
 * hash, each for some duties alone. One opens nothing any more once whoever made it is not of the
 * shop. */
#ifndef COLOPHON_APP_SHOP_KEYS_H
#define COLOPHON_APP_SHOP_KEYS_H

#include "app/secret.h"
#include "app/site.h"
#include "app/viewer.h"
#include "app/writer.h"
#include "domain/shop_key.h"

#define SHOP_KEY_PREFIX "shop_"
#define SHOP_KEY_SIZE (TOKEN_SIZE + sizeof SHOP_KEY_PREFIX - 1) /* characters */
enum { SHOP_KEYS_MAX = 20 };

/* A shop's. */
enum rc shop_keys_read(struct store_conn *conn, struct arena *arena, uint64_t shop,
                       shop_key_rows *ret, struct fault *fault) MUST_CHECK;
/* RC_INVALID names the field; RC_CONFLICT for one too many. */
enum rc shop_key_add(struct writer *writer, uint64_t shop, uint64_t account, struct str name,
                     unsigned duties, char ret_key[SHOP_KEY_SIZE + 1],
                     struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND where the shop has none of that id. */
enum rc shop_key_remove(struct writer *writer, uint64_t shop, uint64_t id,
                        struct fault *fault) MUST_CHECK;

/* Whether a bearer token is meant to be one. */
bool shop_key_is(struct str token);
/* Who it is: a partner of that shop, with its duties alone. RC_DENIED. The first time in a day it
 * is noted that it was used. */
enum rc shop_key_enter(struct store_conn *conn, struct writer *writer, struct arena *arena,
                       struct str token, struct viewer *ret, struct fault *fault) MUST_CHECK;

#endif
