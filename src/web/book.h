/* The work's page. */
#ifndef COLOPHON_WEB_BOOK_H
#define COLOPHON_WEB_BOOK_H

#include "app/liked.h"
#include "app/reader_lists.h"
#include "app/shown_sample.h"
#include "web/library.h"
#include "web/review_choice.h"

struct book_name {
    bool first;
    struct url url;
    struct str name, role;
    struct str transliterated; /* in another script; may be empty */
};

/* An offer, and in words what else there is to say of its price and its supply. */
struct book_offer {
    const struct shown_offer *offer;
    LIST(struct str) notes;
};

struct book_fact {
    struct str name, value;
    choice_list links; /* in the place of the value */
};

/* A text out of the record; `html` is clean, and empty where there is none. */
struct book_text {
    struct str html, lang;
    struct str by, in; /* who wrote it and where it stood, a review say; may be empty */
};
typedef LIST(struct book_text) book_texts;

struct book_view {
    struct shown_edition edition;
    struct shown_reviews reviews;
    shown_cards others; /* all other editions */
    struct shown_formats formats;
    LIST(struct book_offer) offers; /* the best first */
    LIST(struct book_offer) unsold; /* listed beside one that is sold here */
    struct shown_neighbours neighbours;
    shown_slips listing_slips, star_slips, text_slips, submission_slips;
    shown_slips sample_slips; /* in the place of the sample's link */
    choice_list crumbs;
    struct str cover_alt; /* title and author: what the picture of the cover says */
    LIST(struct book_name) names;
    LIST(struct book_fact) facts;
    LIST(struct str) access;   /* what is said of accessibility, in words */
    struct str access_summary; /* in a few of them; empty: no word is said of it */
    struct str access_text;    /* the publisher's own; may be empty */
    bool access_of_file;       /* the record says nothing: this is what the EPUB does */
    struct str cite;           /* a bibliographic line */
    struct shown_file file;    /* its EPUB, where there is one */
    bool owned, is_free;       /* it is in the viewer's library; may be put there for nothing */
    struct book_text lead, contents, sample;
    book_texts authors, press;
    struct html_trusted json_ld; /* the whole element */
    struct str lead_plain;       /* the lead for machines */
    struct shown_thread thread;  /* on a page of comments alone */
    struct pager pager;
    struct url review_url; /* empty where reviews are not taken */
    bool sold;             /* by any shop here */
    bool reviews_withheld, comments_withheld, may_submit;
    bool any_voice;      /* something was said once, whatever became of it */
    struct str silent;   /* see word_silent */
    uint64_t own_review; /* 0: none */
    struct url receipt;  /* of what was just said; empty: nothing was */
    star_choices star_choices;
    unsigned own_stars; /* 0: none */
    reader_lists lists; /* the viewer's own */
    bool reviews_alone; /* the page of all reviews, where they are chosen from */
    struct review_choices choices;
    struct str vote_error; /* of a vote that was refused; empty: none was */
    uint64_t vote_on;      /* the review; 0: it does not stand on this page */
};

/* Of the edition: facts and access; lead, contents, sample, authors, press. */
void book_facts_fill(struct page *p, struct book_view *v);
void book_offers_fill(const struct page *p, struct book_view *v);
void book_texts_fill(const struct page *p, struct book_view *v);

struct str review_anchor(const struct page *p, uint64_t id);
/* Where anybody asks that this review or comment be withheld. */
struct url link_report(const struct page *p, enum target_kind kind, uint64_t index);
/* Where anybody says what is wrong with this edition. */
struct url link_wrong(const struct page *p, const struct book_view *v);
/* The list of all its reviews, in another order. */
struct url link_reviews_in(const struct page *p, const struct book_view *v,
                           enum review_order order);
/* The edition that a review is of, where it is another one that may be shown: NULL else. */
const struct shown_card *review_edition(const struct book_view *v, const struct shown_review *r);
struct url link_comment(const struct page *p, const struct book_view *v, uint64_t review);
/* Whether who looks is asked if it helped: not of their own, and as helpful.h takes it. */
bool review_asks(const struct page *p, const struct shown_review *r);
struct url link_helpful(const struct page *p, const struct book_view *v, uint64_t review);
struct url link_comment_change(const struct page *p, const struct book_view *v, uint64_t comment);
struct url link_comment_withdraw(const struct page *p, const struct book_view *v, uint64_t comment);

/* The book's page again, or that of its reviews, with what was wrong with a vote at its review. */
enum rc show_vote_refused(struct context *c, struct str error, struct response *ret,
                          struct fault *fault) MUST_CHECK;

/* In the place of a page of a title whose listing is withheld here. */
enum rc answer_listing_withheld(struct context *c, struct page *p, struct book_view *v,
                                struct response *ret) MUST_CHECK;
/* Tells shared caches and readers who blocks what: status, Link, Cache-Control
 * of a resource that this restriction withholds whole (RFC 7725). */
void answer_withheld(struct context *c, const struct restriction *r, struct response *ret);

#endif
