/* What operator and shops state of selling: laws of fixed prices, how things are shipped, vouchers,
 * and files of rates and laws. Nothing that was in force is taken away: something else begins on a
 * later day, or it ends. Words are read as people type them; RC_INVALID names the field. */
#ifndef COLOPHON_APP_SALE_TERMS_H
#define COLOPHON_APP_SALE_TERMS_H

#include "app/writer.h"
#include "domain/price_law.h"
#include "domain/shipping.h"
#include "domain/voucher.h"

struct price_law_words {
    struct str country, kind, from, until, discount, law;
    struct str currency, shipping_least, shipping_below; /* may be empty */
};
enum rc price_law_read(const struct price_law_words *words, struct price_law *ret,
                       struct fault *fault) MUST_CHECK;
enum rc price_law_state(struct writer *writer, const struct price_law *law,
                        struct fault *fault) MUST_CHECK;
enum rc price_laws_stated(struct store_conn *conn, struct arena *arena, price_law_list *ret,
                          struct fault *fault) MUST_CHECK;

struct shipping_words {
    uint64_t shop;
    struct str name, currency, days, free_from; /* "2-5"; free_from may be empty */
    struct str countries;                       /* between them spaces or commas */
    struct str bands;                           /* "1000=4.90 5000=7.90": grams and price */
};
enum rc shipping_read(struct arena *arena, const struct shipping_words *words,
                      struct shipping_method *ret, struct fault *fault) MUST_CHECK;
enum rc shipping_state(struct writer *writer, const struct shipping_method *method,
                       uint64_t *ret_id, struct fault *fault) MUST_CHECK;
/* `shop` 0: whosever it is. */
enum rc shipping_end(struct writer *writer, uint64_t id, uint64_t shop,
                     struct fault *fault) MUST_CHECK;
enum rc shipping_stated(struct store_conn *conn, struct arena *arena, uint64_t shop, bool ended,
                        shipping_methods *ret, struct fault *fault) MUST_CHECK;

struct voucher_words {
    uint64_t shop; /* 0: the operator's */
    struct str name, code, amount, currency, rate, least, from, until, uses;
};
/* Without a code one is made: *ret_code. */
enum rc voucher_read(struct arena *arena, const struct voucher_words *words, struct voucher *ret,
                     struct str *ret_code, struct fault *fault) MUST_CHECK;
enum rc voucher_state(struct writer *writer, const struct voucher *voucher, uint64_t *ret_id,
                      struct fault *fault) MUST_CHECK;
enum rc voucher_end(struct writer *writer, uint64_t id, uint64_t shop,
                    struct fault *fault) MUST_CHECK;
enum { VOUCHERS_SHOWN = 500 };
/* The latest first; on a connection that sees everything. */
enum rc vouchers_stated(struct store_conn *conn, struct arena *arena, uint64_t shop,
                        voucher_list *ret, struct fault *fault) MUST_CHECK;

/* CSV: country,region,kind,from,rate,code,source; or, of laws,
 * country,kind,from,until,discount,currency,shipping_least,shipping_below,law. All of it in one
 * transaction, or nothing of it; RC_INVALID names line and column. */
enum rc tax_load(struct writer *writer, struct str text, size_t *ret_n,
                 struct fault *fault) MUST_CHECK;
enum rc price_law_load(struct writer *writer, struct str text, size_t *ret_n,
                       struct fault *fault) MUST_CHECK;

#endif
