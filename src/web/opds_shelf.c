/* The reader's own library as a catalogue, for their devices. */
#include "app/library.h"
#include "app/shown_range.h"
#include "web/handlers.h"
#include "web/library.h"
#include "web/opds.h"

#define N_(text) text

enum { PAGES_MAX = 10000 };

static enum rc add_book(struct context *c, const struct page *p, const struct library_book *book,
                        struct opds_feed *feed, struct fault *fault)
{
    struct opds_entry *e = &feed->entries.v[feed->entries.n++];
    struct shown_card card = book->listed ? book->card : shown_card_kept(&book->row);
    card.withheld = book->withheld; /* what is withheld of it is its file */
    enum rc rc = opds_entry_of(c, p, feed->json, &card, e, fault);
    if (rc != RC_OK)
        return rc;
    e->owned = true;
    e->summary = word_form(p, card.form);
    e->updated = book->row.since > e->updated ? book->row.since : e->updated;
    if (book->files.n > 0)
        e->file = opds_absolute(c, link_library_file(p, book, &book->files.v[0]));
    else if (book->withheld != NULL)
        e->summary = word_text(p, N_("Withheld in this storefront"));
    return RC_OK;
}

enum rc handle_opds_shelf(struct context *c, struct response *ret, struct fault *fault)
{
    struct page p = page_begin(c, ret);
    struct library_choice choice = {.order = LIBRARY_SINCE};
    struct library_page books;
    uint64_t page;
    enum rc rc = page_number(c, PAGES_MAX, &page, fault);
    if (rc == RC_OK)
        rc = library_show(&c->visit, &choice, (page - 1) * OPDS_A_PAGE, OPDS_A_PAGE, &books, fault);
    if (rc != RC_OK)
        return rc;
    struct opds_feed feed = opds_begin(c, &p, true, word_text(&p, N_("Your library")));
    opds_link_add(&feed.links, "up", opds_type(feed.json, false), opds_place(c, &p, feed.json, ""),
                  word_text(&p, N_("Catalogue")), 0);
    rc = opds_paged(c, &feed, (struct url){c->request->path}, books.total, page, fault);
    feed.entries.v = ARENA_ARRAY(c->arena, struct opds_entry, books.books.n);
    for (size_t i = 0; rc == RC_OK && i < books.books.n; i++)
        rc = add_book(c, &p, &books.books.v[i], &feed, fault);
    if (rc == RC_OK)
        opds_write(c, &feed, ret);
    return rc;
}

/* A file that is given away here, to anybody. */
enum rc handle_opds_file(struct context *c, struct response *ret, struct fault *fault)
{
    struct str name = c->captures[0];
    struct shown_edition e;
    struct library_file file;
    if (!str_ends(name, STR(".epub")))
        return fault_set(fault, RC_NOT_FOUND, "there is no such file");
    enum rc rc = shown_edition(&c->visit, str_sub(name, 0, name.n - 5), &e, fault);
    enum feature by = rc == RC_WITHHELD ? FEATURE_LISTING : FEATURE_DELIVERY;
    if (rc == RC_OK && visibility_withholds(&e.visibility, FEATURE_DELIVERY))
        rc = fault_set(fault, RC_WITHHELD, "its file is withheld here");
    if (rc == RC_WITHHELD)
        c->withheld = e.visibility.by[by];
    if (rc == RC_OK)
        rc = library_free_file(&c->visit, &e, &file, fault);
    return rc == RC_OK ? library_send(c, &file, e.key, ret, fault) : rc;
}
