/* Baskets: what somebody means to buy. A guest's belongs to whoever has the secret of its cookie,
 * and is put into the account's at sign-in; one is forgotten thirty days after it was touched. What
 * stands in it is a wish: whether and for how much it may be bought is decided each time
 * (sale_lines.h). */
#ifndef COLOPHON_APP_BASKET_H
#define COLOPHON_APP_BASKET_H

#include "app/sale_lines.h"
#include "app/secret.h"
#include "app/writer.h"
#include "domain/voucher.h"

enum { BASKET_DAYS = 30 };

/* Whose: the account's, or else the secret's. */
struct basket_owner {
    uint64_t account;
    struct str secret; /* empty: there is none yet */
};

struct basket_line {
    struct sale_line sale;                /* of what is not open, `bar` says why it stands apart */
    const struct reckoned_line *reckoned; /* of what is open */
    uint64_t edition;
    int64_t was; /* its price when it was put in, where that was another; else -1 */
    bool later;
};
typedef LIST(struct basket_line) basket_line_list;

/* What a voucher does to what is reckoned (vouchers.h). */
struct voucher_use {
    struct voucher voucher; /* .id 0: none */
    enum voucher_says says;
    bool kept; /* a law that fixes a price keeps some or all of it from some line */
};

struct basket {
    basket_line_list lines, apart, later; /* to be bought; not to be bought here; put aside */
    struct reckoning reckoning;           /* of `lines`, without shipping */
    struct hash hash;                     /* reckoning_hash of it */
    struct voucher_use voucher;
    bool printed, digital; /* among `lines` */
    bool tax_later;        /* of some of them, by where it goes to */
};
/* Of nobody, an empty one. */
enum rc basket_read(const struct visit *visit, const struct basket_owner *owner, struct basket *ret,
                    struct fault *fault) MUST_CHECK;
struct basket_row;
/* RC_NOT_FOUND where there is none. */
enum rc basket_find(struct store_conn *conn, const struct basket_owner *owner,
                    struct basket_row *ret, struct fault *fault) MUST_CHECK;
/* Lines that are not put aside. */
enum rc basket_count(struct store_conn *conn, const struct basket_owner *owner, uint64_t *ret,
                     struct fault *fault) MUST_CHECK;

enum basket_act {
    BASKET_ADD,    /* so many more */
    BASKET_SET,    /* so many */
    BASKET_REMOVE, /* not at all */
    BASKET_LATER,  /* put aside */
    BASKET_BACK,   /* no longer */
    BASKET_PUT,    /* so many, also where it was not there; by no form */
};
bool basket_act_parse(struct str s, enum basket_act *ret);

/* Changes one line. Where there is no basket yet, one is made, and for a guest `ret_secret` is its
 * secret; else empty. RC_INVALID for what cannot be bought here and was not in it, RC_LIMIT for too
 * much. */
enum rc basket_change(struct writer *writer, const struct visit *visit,
                      const struct basket_owner *owner, enum basket_act act, struct str key,
                      int64_t quantity, char ret_secret[TOKEN_SIZE + 1],
                      struct fault *fault) MUST_CHECK;
/* Whoever signed in takes the guest's along, with its voucher where theirs has none. As many titles
 * as fit: so many stay in it (*ret_left), and it is gone where none does. Nothing happens where
 * there is none. */
enum rc basket_merge(struct writer *writer, struct str secret, struct str session,
                     uint64_t *ret_left, struct fault *fault) MUST_CHECK;

/* ---- within the transaction that places a purchase ---- */

/* The wishes of what is not put aside; the basket's number, 0 for none, and its voucher's. */
enum rc basket_wishes(struct store_conn *conn, struct arena *arena,
                      const struct basket_owner *owner, struct sale_wish **ret, size_t *ret_n,
                      struct basket_row *ret_basket, struct fault *fault) MUST_CHECK;
enum rc basket_bought(struct store_conn *conn, uint64_t basket, uint64_t edition,
                      struct fault *fault) MUST_CHECK;
/* Within a transaction: those that grew old. */
enum rc baskets_forget(struct store_conn *conn, int64_t now, struct fault *fault) MUST_CHECK;

#endif
