/* Setting up at the operator's desk: storefronts, shops, and who works here. */
#ifndef COLOPHON_WEB_SETUP_H
#define COLOPHON_WEB_SETUP_H

#include "app/parties.h"
#include "app/staff.h"
#include "web/partner.h"

struct desk_storefronts_view {
    struct str error;
    /* What the form for a new one holds. */
    struct str slug;
    choice_list countries, currencies, languages, others; /* others: besides the usual one */
    bool tax_excluded;
    struct str no_licence;
    const struct storefront *changing; /* the one whose form is open; NULL: none */
    struct str host;
    bool unstated;
};

struct desk_shop_line {
    struct partner_shop shop;
    const struct disclosure *owner; /* as it is published; NULL: nobody said */
};
struct desk_shops_view {
    struct str error;
    LIST(struct desk_shop_line) shops;
    struct str slug, name, owner, controlled_by, country;
};

struct desk_staff_view {
    struct str error;
    staff_list members;
    struct str email, name;
    choice_list shops, which, acts;
};

/* The list, with the form that changes this one. */
struct url link_storefront_change(const struct page *p, const struct storefront *s);
/* "English, 中文（简体）": the languages of a storefront. */
struct str word_languages(const struct page *p, const struct storefront *s);
/* "operator", "partner of SHOP". */
struct str word_staff_role(const struct page *p, const struct staff_member *m);

#endif
