/* What is stated of selling, at the desk: tax rates, laws of fixed prices and vouchers by the
 * operator; shipping and vouchers by a shop. */
#ifndef COLOPHON_WEB_TERMS_H
#define COLOPHON_WEB_TERMS_H

#include "app/sale_terms.h"
#include "app/sales.h"
#include "web/partner.h"

struct terms_view {
    struct partner_shop shop; /* id 0: the operator's page */
    struct str error, code;   /* of a voucher that was just made, shown once */
    tax_rate_list rates;
    price_law_list laws;
    shipping_methods methods;
    voucher_list vouchers;
    const parameters *form; /* what was typed, where it was refused */
    int32_t today;
};

struct str term_typed(const struct terms_view *v, const char *name);
struct str word_product_kind(const struct page *p, enum product_kind kind);
struct str word_rate(const struct page *p, int32_t rate); /* "5.5 %" */
struct str word_voucher(const struct page *p, const struct voucher *v);
struct str word_bands(const struct page *p, const struct shipping_method *m);
struct str word_countries(const struct page *p, const struct shipping_method *m);
struct url link_terms(const struct page *p, const struct terms_view *v, const char *part);
struct url link_term(const struct page *p, const struct terms_view *v, const char *part,
                     uint64_t id);

#endif
