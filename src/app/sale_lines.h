/* What may be sold of an edition, here and now, and for how much: what baskets say, and what a
 * purchase rests on. Asks the gate by shown_edition alone. */
#ifndef COLOPHON_APP_SALE_LINES_H
#define COLOPHON_APP_SALE_LINES_H

#include "app/shown.h"
#include "domain/price_law.h"
#include "domain/reckoning.h"
#include "domain/tax.h"

/* Why nobody can buy it. */
enum sale_bar {
    SALE_OPEN,
    SALE_UNKNOWN,  /* there is no such edition any more */
    SALE_WITHHELD, /* by `by` */
    SALE_NOT_SOLD, /* `verdict` says why */
    SALE_NO_TAX,   /* nobody stated what is charged on its kind here */
    SALE_NEEDS_ACCOUNT,
    SALE_OWNED,    /* the account has this e-book, or has ordered it */
    SALE_NOT_YET,  /* an e-book before its day: it would be handed over as soon as it is paid */
    SALE_NOT_SENT, /* its shop sends nothing of the kind here (delivery.h) */
    SALE_NO_FILE,  /* an e-book whose shop has sent no file, or of a kind that cannot be handed over
                    */
};
#define SALE_BAR_COUNT 10
const char *sale_bar_name(enum sale_bar bar); /* "no-tax". Static. */

enum { SALE_LINES_MAX = 60, SALE_QUANTITY_MAX = 200 };

struct sale_wish {
    struct str key; /* ISBN in any notation, or product key */
    int64_t quantity;
};

/* Where in the storefront's country it goes to, and where whoever buys lives, for what is sent to
 * nobody: codes of regions (domain/regions.h). Empty: not said yet, or none. */
struct sale_where {
    struct str sent, lives;
};

struct sale_line {
    struct sale_wish wish;
    enum sale_bar bar;
    const struct restriction *by;
    enum verdict verdict;
    struct shown_edition edition; /* ids and key alone where its page is withheld */
    bool digital;
    enum product_kind kind;
    /* Of what is open: */
    uint64_t shop;
    struct str shop_slug, shop_name;
    int64_t unit; /* as shown */
    bool tax_included;
    struct str price_type;
    const struct price_law *law; /* that fixes its price; NULL: nobody does */
    int32_t available;           /* preorder: the day */
    const struct tax_rate *tax;  /* also where the account is what is missing */
    bool by_region;              /* it depends on the region */
    bool tax_later;              /* which is not said yet: the tax is not that */
};
typedef LIST(struct sale_line) sale_line_list;

/* In the order of the wishes. E-books are one each, whatever was wished. RC_INVALID for more than
 * can be sold at once. `where` NULL: nowhere yet. */
enum rc sale_lines(const struct visit *visit, const struct sale_where *where,
                   const struct sale_wish *wishes, size_t n, sale_line_list *ret,
                   struct fault *fault) MUST_CHECK;
/* One sentence for people who work with it: "9780…: the tax of e-book in US is not stated". */
struct str sale_bar_says(struct arena *arena, const struct storefront *storefront,
                         const struct sale_line *line);
/* Lines and shops of what is open, without discounts and shipping: to be finished by
 * reckoning_make. */
void sale_reckoning(struct arena *arena, const sale_line_list *lines, struct reckoning *ret);

#endif
