/* Statements of reasons and complaints, as pages. */
#ifndef COLOPHON_WEB_STATEMENTS_H
#define COLOPHON_WEB_STATEMENTS_H

#include "app/complaint.h"
#include "web/demands.h"
#include "web/disputes.h"
#include "web/page.h"

struct statements_view {
    statement_lines lines;
};
struct statement_page_view {
    struct statement_view s;
    struct str what, where, span, wish, source; /* in words */
    struct str error, text;
    struct complaint_view complaint; /* about it */
    struct url action;               /* of the complaint's form */
    struct url receipt;              /* of the complaint; empty: none */
    struct url proof;                /* of the restriction's entry; empty: not published */
};
struct desk_complaints_view {
    complaint_lines lines;
};
struct desk_complaint_view {
    struct complaint_view complaint;
    struct statement_page_view page;        /* what it is about */
    const struct demand_page_view *decided; /* or this */
    dispute_lines disputes;
    struct str error, reasons;
};

struct url link_statement(const struct page *p, uint64_t id);
struct url link_body(const struct page *p, const struct redress_body *b);
struct url link_complaint_desk(const struct page *p, uint64_t id);

#endif
