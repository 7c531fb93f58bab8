/* What letters say: the forms of each kind (app/mail_queue.h), in the receiver's
 * language, from the catalogues. A letter is plain text; a kind is a function in the
 * table of letters.c. */
#ifndef COLOPHON_WEB_LETTERS_H
#define COLOPHON_WEB_LETTERS_H

#include "app/mailer.h"
#include "web/page.h"

/* A letter being written. */
struct draft {
    const struct page *p; /* words: word_text(d->p, "…"), word_filled … */
    struct str url;       /* where the shop is, for links: no slash at the end */
    const json_t *values; /* as mail_queue was given them */
    struct str subject;   /* to be set */
    struct buf text;
};

/* A paragraph, and an empty line behind it. */
void draft_add(struct draft *d, struct str paragraph);
/* A value by its name; empty where it is absent. */
struct str draft_value(const struct draft *d, const char *name);
/* A link on a line of its own: `path` begins with a slash. */
void draft_link(struct draft *d, struct str path);

/* ---- of sales (sale_letters.c) ---- */

void sale_placed_letter(struct draft *d);
void sale_paid_letter(struct draft *d);
void sale_ebooks_letter(struct draft *d);
void sale_sent_letter(struct draft *d);
void sale_cancelled_letter(struct draft *d);
void sale_refunded_letter(struct draft *d);
void sale_return_letter(struct draft *d);

/* A letter_composer. RC_INVALID for a kind that has no form. */
enum rc letter_compose(struct arena *arena, struct str kind, struct str language, struct str url,
                       const json_t *values, struct str *ret_subject, struct str *ret_text,
                       struct fault *fault) MUST_CHECK;

#endif
