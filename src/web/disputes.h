/* The desk's pages of disputes before bodies out of court. */
#ifndef COLOPHON_WEB_DISPUTES_H
#define COLOPHON_WEB_DISPUTES_H

#include "app/dispute.h"
#include "web/page.h"

struct desk_disputes_view {
    dispute_lines lines;
    struct str error, number, submitted;
    choice_list abouts, bodies;
};
struct desk_dispute_view {
    struct dispute_line line;
    struct str error, settled;
    choice_list outcomes;
    /* Of the correction's form. */
    struct str submitted, ended;
    choice_list bodies, states;
    bool correcting; /* that form was sent */
};

struct url link_dispute_desk(const struct page *p, uint64_t id);
struct url link_dispute_correct(const struct page *p, uint64_t id);
/* The form, about this complaint. */
struct url link_dispute_add(const struct page *p, uint64_t complaint);
/* A body's outcome of a dispute, as people say it. */
struct str word_dispute_outcome(const struct page *p, enum dispute_outcome outcome);

#endif
