/* Invoices and credit notes, as pages and as PDFs. */
#ifndef COLOPHON_WEB_PAPERS_H
#define COLOPHON_WEB_PAPERS_H

#include "app/packing.h"
#include "app/papers.h"
#include "web/page.h"

struct paper_view {
    const struct sale_paper *paper;
    struct str language; /* that the paper is in */
    bool rtl;
    struct html_trusted body; /* made in that language */
    struct url pdf;           /* empty: this shop makes none */
    struct url back;
};

/* Lists for parcels, a sheet each. */
struct packing_view {
    packing_lists lists;
    bool one; /* of one order */
    bool cut; /* there are more than it lists */
};
/* The paper's page, below its order's; its number in the list counts. */
struct url link_paper(const struct page *p, struct url order, const paper_list *papers,
                      const struct sale_paper *paper);

/* "Invoice 2026-17". */
struct str word_paper(const struct page *p, const struct sale_paper *paper);
/* "7 %", as far as the rate goes. */
struct str word_tax_rate(const struct page *p, int32_t rate);
struct str word_paper_method(const struct page *p, const struct sale_paper *paper);
struct str word_refund_reason(const struct page *p, struct str reason);
/* "lower rate". */
struct str word_tax_code(const struct page *p, struct str code);
struct str word_paper_line(const struct page *p, const struct paper_line *line);
/* Something of it is taxed at nought. */
bool paper_has_untaxed(const struct sale_paper *paper);

#endif
