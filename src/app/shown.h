/* What a viewer is shown. These types are the gate's other half: only shown.c
 * and shown_*.c make them, asking the gate for each, and pages, JSON and feeds
 * accept nothing else. What is withheld is not loaded; the slip stands for it. */
#ifndef COLOPHON_APP_SHOWN_H
#define COLOPHON_APP_SHOWN_H

#include "app/gate.h"
#include "app/parties.h"
#include "app/viewer.h"
#include "domain/rating.h"
#include "domain/rendition.h"
#include "domain/seller.h"
#include "search/directory.h"

struct indexer;
struct store_conn;
struct work_parts;

/* Who looks, and where: what every use case that reads begins with. */
struct visit {
    struct store_conn *conn;
    struct arena *arena; /* results lie here */
    const struct gate_view *view;
    const struct storefront *storefront;
    const struct viewer *viewer;
};

/* One restriction's notice, with those of its features that are meant here. */
struct shown_slip {
    const struct restriction *restriction;
    feature_mask features;
};
typedef LIST(struct shown_slip) shown_slips;

/* The slips for the features in `wanted` that are withheld, grouped by
 * restriction, earliest feature first. */
shown_slips shown_slips_for(const struct visit *visit, const struct visibility *v,
                            feature_mask wanted);

struct shown_stars {
    const struct restriction *withheld; /* by; then the rest is zero */
    struct rating_sum sum;
    uint64_t count;
    uint32_t mean_milli;
};

struct shown_offer {
    struct str shop, shop_name;
    const struct restriction *withheld; /* sale is, by; then `offer` is zero */
    struct offer offer;
    enum verdict barred;                 /* offer_barred, also where the sale is withheld */
    const struct disclosure *disclosure; /* NULL: none was published */
    uint64_t shop_id;
    /* Of one edition's page, not of lists: its shop counts it, and so many can be bought. */
    bool counted;
    uint64_t left;
};

struct shown_contributor {
    uint64_t id; /* of the contributor's page; 0 where there is none */
    struct str name;
    struct str transliterated; /* where the record has both; may be empty */
    LIST(struct str) roles;    /* ONIX list 17 */
    struct str key;            /* what they are one by; empty on a card that was made bare */
};

struct shown_place {
    struct str slug, name, part;
    uint64_t id;
};
typedef LIST(struct shown_place) shown_places;

/* Its picture; `file` is empty where there is none, and where listing is withheld. */
struct shown_cover {
    struct str file;
    struct hash digest;     /* of the file */
    unsigned width, height; /* of the largest form, which is the first of: */
    rendition_list parts;   /* none: the file is one JPEG */
};

struct shown_edition {
    uint64_t id, work;
    struct str key; /* ISBN-13, or the product key where it has none */
    struct visibility visibility;
    /* Nothing of the following where listing is withheld. */
    const struct edition *facts;
    struct str title;    /* for display, without subtitle */
    struct str language; /* BCP 47 */
    struct str form;     /* "paperback", "hardback", "ebook", "audio", "other" */
    struct shown_cover cover;
    LIST(struct shown_contributor) contributors;
    shown_places collections;
    LIST(struct shown_offer) offers; /* the best first */
    struct shown_stars stars;
    struct work_parts *parts; /* app's own: what the work's other editions share */
};

/* By ISBN in any notation, or product key. RC_NOT_FOUND; RC_WITHHELD where
 * `listing` is withheld here: *ret then holds visibility, key and ids alone. */
enum rc shown_edition(const struct visit *visit, struct str key, struct shown_edition *ret,
                      struct fault *fault) MUST_CHECK;
/* The same, for a page that shows its work's other editions, its neighbours and so many of its
 * first reviews too: what they take comes with it in one journey. */
enum rc shown_edition_with(const struct visit *visit, struct str key, size_t reviews,
                           struct shown_edition *ret, struct fault *fault) MUST_CHECK;

/* By what the viewer may not rate, review or comment on it here: the work's own
 * restrictions, or one on their account. */
shown_slips shown_submission_slips(const struct visit *visit, const struct shown_edition *e);

/* An edition in a list. */
struct shown_card {
    uint64_t id, work;
    struct str key, title, subtitle, language, form;
    const char *media;    /* edition_media */
    struct str sorted_as; /* the title as it stands in the alphabet */
    struct str publisher, imprint;
    LIST(struct shown_contributor) contributors;
    struct str collection, part; /* the first one; may be empty */
    struct str thema;
    int32_t published;
    const struct restriction *withheld; /* sale is */
    const struct restriction *unlisted; /* its own page is, and the cover with it */
    struct shown_cover cover;
    enum verdict verdict;
    int64_t minor; /* price; -1 where there is none */
    struct str currency;
    bool price_includes_tax;
    struct shown_stars stars;
    bool wanted;    /* the viewer themselves want to read it, */
    unsigned rated; /* or gave it so many stars; 0: none */
};
typedef LIST(struct shown_card) shown_cards;
/* It has a name, and no contributor before it has the same: who wrote and drew a book is named
 * once. */
bool shown_is_named_first(const struct shown_card *card, const struct shown_contributor *c);

/* Cards of these editions in this order, without what `feature` (listing or
 * search) withholds here and without what is no longer there. */
enum rc shown_cards_of(const struct visit *visit, enum feature feature, const uint64_t *editions,
                       size_t n, shown_cards *ret, struct fault *fault) MUST_CHECK;
/* One card for each work: the edition that is sold here and in a language of
 * the storefront, as far as there is one. */
enum rc shown_cards_of_works(const struct visit *visit, const uint64_t *works, size_t n,
                             shown_cards *ret, struct fault *fault) MUST_CHECK;
/* The card of an edition that shown_edition gave. */
struct shown_card shown_card_of(const struct shown_edition *e);
/* The work's other editions. */
enum rc shown_other_editions(const struct visit *visit, const struct shown_edition *e,
                             shown_cards *ret, struct fault *fault) MUST_CHECK;

/* What else of a card's work there is: for a list that names each work once. */
struct shown_beside {
    shown_cards cards;    /* by form; sold here in the card's language first, not sold here last */
    shown_slips withheld; /* by what editions of it are, each once */
};
/* Of each card of a page, in its order. */
enum rc shown_beside(const struct visit *visit, enum feature feature, const shown_cards *cards,
                     struct shown_beside **ret, struct fault *fault) MUST_CHECK;

/* An edition among the others of its work. */
struct shown_formats {
    shown_cards same;  /* sold here in its language, by form; itself, wherever it is sold */
    shown_cards other; /* in other languages, or not sold here */
};
void shown_formats(const struct visit *visit, const struct shown_edition *e,
                   const shown_cards *others, struct shown_formats *ret);

/* What of a list of works is not shown here. Each work that is not there at all counts
 * once, for the restriction that withholds it: their sum, with `others`, is `works`. */
struct shown_withholder {
    const struct restriction *restriction;
    uint64_t works;
    uint64_t partly; /* works that are shown, but for an edition that it withholds */
};
struct shown_withheld {
    uint64_t works, partly;
    LIST(struct shown_withholder) by; /* at most 50 */
    uint64_t others;                  /* of `works`: by those that are not named any more */
};

/* What stands beside a book on its page. */
struct shown_volume {
    struct shown_place series;
    struct str part;                    /* of the next volume, as printed */
    const struct restriction *withheld; /* it is, by: then there is no card */
    struct shown_card card;
};
struct shown_neighbours {
    LIST(struct shown_volume) next; /* for each series the book is a volume of */
    struct shown_contributor author;
    shown_cards by_author;          /* sold here; `author` is filled where there are any */
    struct shown_withheld withheld; /* works of theirs whose listing or sale is */
    /* Sold here, and liked by readers who liked this one (liked.h). None where ratings of this
     * work, or any of them, are withheld here; nor works whose ratings are. */
    shown_cards liked;
    struct shown_withheld liked_withheld; /* works whose listing or sale is */
};
enum { SHELF_PLACES = 6 }; /* cards of a shelf at most */
enum rc shown_neighbours(const struct visit *visit, const struct shown_edition *e,
                         struct shown_neighbours *ret, struct fault *fault) MUST_CHECK;

/* All editions of a work that are listed here, and its stars. */
enum rc shown_work_editions(const struct visit *visit, uint64_t work, shown_cards *ret,
                            struct shown_stars *ret_stars, struct fault *fault) MUST_CHECK;

/* A page out of a list, with what the list holds under the gate. */
struct shown_page {
    uint64_t total; /* works that are shown, on all pages */
    struct shown_withheld withheld;
    shown_cards cards;
};

struct shown_collection {
    uint64_t id;
    struct str slug, name;
    int64_t created;
    bool own;          /* staff of the shop made it; else a feed brought it */
    shown_slips slips; /* restrictions on this very collection, all their features */
};
enum rc shown_collection(const struct visit *visit, struct str slug, size_t offset, size_t limit,
                         struct shown_collection *ret, struct shown_page *ret_page,
                         struct fault *fault) MUST_CHECK;
/* What somebody did for a work, the first of it; COMING: it is not published yet. */
enum contribution { COMING, WROTE, TRANSLATED, EDITED, ILLUSTRATED, READ_ALOUD, TOOK_PART };
struct shown_person {
    struct str name, transliterated;
    bool sorted;                      /* by what they did, then by year; else there are too many */
    enum contribution *contributions; /* to each card of the page */
    LIST(struct str) spellings;       /* other ones, of the editions that are listed here */
    LIST(struct str) languages;       /* in which those are */
    struct directory_name filing;     /* without a name where no edition is listed here */
    /* What the latest of them says of the person, clean HTML; where from: */
    struct {
        struct str html, language, title, key;
        int32_t published;
    } biography;
};
enum rc shown_contributor(const struct visit *visit, uint64_t id, size_t offset, size_t limit,
                          struct shown_person *ret, struct shown_page *ret_page,
                          struct fault *fault) MUST_CHECK;

/* A volume of a series, or the place where one is missing or withheld. */
struct shown_member {
    struct str part; /* the number as printed; may be empty */
    bool missing;    /* the catalogue has none of this number */
    const struct restriction *withheld;
    struct shown_card card; /* where it is neither */
};
struct shown_series {
    struct shown_place place;
    shown_slips slips;  /* restrictions on the series as such */
    uint64_t total;     /* works, on all pages */
    bool other_by_date; /* its editions came out in another order; never of several pages */
    LIST(struct shown_member) members;
    const struct shown_member *coming; /* of these the next that is published; NULL: none */
    const struct shown_member *unread; /* behind the last that the viewer rated; NULL: none */
};
/* In reading order; by slug, or by the collection's number. `by_date`: in the order in which
 * these editions came out, where that is another. */
enum rc shown_series(const struct visit *visit, struct str name, bool by_date, size_t offset,
                     size_t limit, struct shown_series *ret, struct fault *fault) MUST_CHECK;
struct shown_shop {
    struct str slug, name;
    const struct disclosure *disclosure;
    const struct seller *seller; /* without account and fee; NULL: nobody said */
    shown_slips slips;
};
enum rc shown_shop(const struct visit *visit, struct str slug, size_t offset, size_t limit,
                   struct shown_shop *ret, struct shown_page *ret_page,
                   struct fault *fault) MUST_CHECK;
/* A page of names by the alphabet (search/directory.h). */
struct shown_name {
    struct str name, slug; /* of a collection, of a publisher */
    uint64_t id;           /* of a contributor, a collection */
    uint64_t works;        /* that are listed here */
    uint64_t withheld;     /* that are not */
    bool more;             /* works than were counted */
};
struct shown_names {
    LIST(struct str) letters; /* under which anything stands */
    struct str letter;        /* under which these do; empty: nothing stands anywhere */
    uint64_t total;           /* under it, on all pages */
    uint64_t most;            /* works that are counted of each, where there are more */
    LIST(struct shown_name) names;
};
/* Under `letter`, or the first letter; RC_NOT_FOUND where nothing stands under it. */
enum rc shown_names(const struct visit *visit, struct indexer *indexer, enum directory_kind kind,
                    struct str language, struct str letter, size_t offset, size_t limit,
                    struct shown_names *ret, struct fault *fault) MUST_CHECK;
/* Others of the same name, which no number of theirs says to be the same. */
struct shown_namesake {
    uint64_t id, works, withheld;
    struct str name, title; /* of one of the works, if any is shown, in: */
    struct str language;
};
typedef LIST(struct shown_namesake) shown_namesakes;
enum rc shown_namesakes_of(const struct visit *visit, struct indexer *indexer,
                           const struct shown_person *person, shown_namesakes *ret,
                           struct fault *fault) MUST_CHECK;
/* Those the shop made, which stand in no feed. */
enum rc shown_own_collections(const struct visit *visit, shown_places *ret,
                              struct fault *fault) MUST_CHECK;

/* ---- what readers say ---- */

/* A comment, or the place of one that is withheld alone: then nothing but id and
 * index is filled. */
struct shown_comment {
    uint64_t id;
    uint64_t index;                     /* of its accepted entry in the voices log */
    const struct restriction *withheld; /* by */
    struct str author, text;            /* Markdown, as written */
    int64_t created;
    bool own;
};

/* A review, or the place of one that is withheld alone: then its comments are all
 * there is besides id and index. */
struct shown_review {
    uint64_t id;
    uint64_t index;        /* of its accepted entry in the voices log */
    feature_mask withheld; /* of this review alone: reviews (its text), ratings (its stars) */
    shown_slips slips;     /* by */
    struct str author, title, text, language, isbn13; /* text: Markdown */
    unsigned stars;                                   /* 0: none given, or withheld */
    uint64_t helpful;                                 /* so many readers found it */
    bool helped;                                      /* the viewer did */
    int64_t created, changed;
    bool bought;       /* its author paid for an edition of the work here, before they wrote it */
    struct str source; /* the other shop it was taken over from; empty: it was written here */
    int64_t written;   /* there, the day; else 0 */
    bool own;
    uint64_t comment_count;              /* shown here, on all pages */
    uint64_t comment_places;             /* with those that are withheld alone */
    LIST(struct shown_comment) comments; /* the first of those places */
};

/* Per work and kind: accepted = shown + withheld + withdrawn + erased; `by` adds up to
 * `withheld`. */
struct shown_by {
    const struct restriction *restriction;
    uint64_t n;
};
typedef LIST(struct shown_by) shown_bys;
struct shown_tally {
    uint64_t shown, withheld, withdrawn, erased;
    shown_bys by;
};

/* Which of a work's reviews, and in what order; all zero: all of them, the latest first.
 * Nothing is chosen or put in order by what is withheld: a review withheld alone is in every
 * choice, behind those that fit, and where all stars are withheld nobody chooses by them. */
enum review_order {
    REVIEWS_NEWEST,
    REVIEWS_HELPFUL,
    REVIEWS_HIGHEST,
    REVIEWS_LOWEST,
    REVIEW_ORDER_COUNT
};
struct review_choice {
    enum review_order order;
    unsigned stars; /* bit n: those with n stars; none: with any, or without */
    LIST(struct str) languages;
    bool bought;  /* those whose author had bought the work here, of the latest 2,000 such */
    bool unasked; /* nothing is chosen, and it is only looked what there is to choose from */
};
const char *review_order_name(enum review_order order);
bool review_order_parse(struct str name, enum review_order *ret);
/* How many reviews each value would leave, beside what else is chosen. */
struct shown_language {
    struct str tag;
    uint64_t n;
};
struct shown_choice {
    bool starless;      /* all stars are withheld */
    uint64_t fitting;   /* reviews that fit */
    uint64_t undecided; /* those that are in it because what would decide is withheld */
    uint64_t stars[6];  /* [n]: with n stars */
    LIST(struct shown_language) languages; /* the most frequent first */
    uint64_t latest; /* only so many were looked at, the latest; 0: all of them */
};

struct shown_reviews {
    struct visibility visibility;
    struct shown_tally ratings, reviews, comments;
    uint64_t places;            /* on all pages of reviews: those shown, and those withheld alone */
    struct shown_choice choice; /* where one was made, or may be */
    LIST(struct shown_review) reviews_page;
    /* Comments whose review is withheld while they are not: the first of them;
     * `comments_alone_places` says how many places there are. */
    LIST(struct shown_comment) comments_alone;
    uint64_t comments_alone_places;
};
/* So many comments of one review stand on a page of reviews; the rest has pages
 * of its own (shown_thread). */
enum { COMMENTS_SHOWN = 50 };
/* `seen` is the visibility of the edition on whose page they stand: a restriction
 * on that edition alone withholds them there and nowhere else. NULL: the work's.
 * `choice`: NULL takes all, and counts nothing of it.
 * RC_NOT_FOUND where there is no such work. */
enum rc shown_reviews(const struct visit *visit, const struct visibility *seen, uint64_t work,
                      const struct review_choice *choice, size_t offset, size_t limit,
                      struct shown_reviews *ret, struct fault *fault) MUST_CHECK;

/* A page of comments, oldest first. */
struct shown_thread {
    struct visibility visibility;
    uint64_t work;
    uint64_t total;  /* shown here, on all pages */
    uint64_t places; /* with those that are withheld alone */
    LIST(struct shown_comment) comments;
    struct shown_review review; /* above them; id 0 where there is none or it is withheld */
};
/* Those under one review, and those under all of a work's. `seen` as above.
 * RC_NOT_FOUND where no such review stands, or there is no such work. */
enum rc shown_thread_of_review(const struct visit *visit, const struct visibility *seen,
                               uint64_t review, size_t offset, size_t limit,
                               struct shown_thread *ret, struct fault *fault) MUST_CHECK;
/* One text by its entry in the voices, to be quoted; false where there is none, or it is
 * withheld here. */
struct shown_quote {
    struct str author, title, text;
};
bool shown_quote(const struct visit *visit, enum target_kind kind, uint64_t index,
                 struct shown_quote *ret);
enum rc shown_thread_of_work(const struct visit *visit, const struct visibility *seen,
                             uint64_t work, size_t offset, size_t limit, struct shown_thread *ret,
                             struct fault *fault) MUST_CHECK;

/* ---- home ---- */

struct shown_shelf {
    struct str slug, name; /* of a subject: its code alone */
    uint64_t total;        /* works of the set that are listed here; editions sold of a subject */
    shown_cards cards;
    bool series, own; /* numbered volumes; a set the shop made */
    struct shown_withheld withheld;
};
struct shown_subject {
    struct str code;
    uint64_t count, whole; /* editions sold here */
};
/* What somebody said of a book lately. */
struct shown_voice {
    struct shown_card card;
    struct shown_review review;
};
enum {
    SHOWN_LIKED_VOTES = 3,
    SHOWN_MONTH_DAYS = 30,
    SHOWN_SHELF_LEAST = 3, /* fewer make no shelf, but of what came last */
};
/* All of it sold here; of the newest, what is written in `language` stands first. A shelf
 * that would hold next to nothing is empty. What would stand there but for a restriction on
 * its listing or sale is counted; also of a shelf that is empty for that. */
struct shown_home {
    shown_cards month; /* published since month_from, the latest first */
    int32_t month_from;
    shown_cards latest; /* what came last into the catalogue, and does not stand in `month` */
    bool latest_filled; /* little of that is sold here: behind it stands the newest that is */
    bool all_looked_at; /* where nothing is among the latest, nothing is sold here */
    shown_cards soon;   /* to be published, the next first */
    uint64_t soon_total;
    shown_cards liked;
    struct shown_withheld month_withheld, latest_withheld, soon_withheld, liked_withheld;
    unsigned votes_least;                    /* a work that readers like has so many ratings */
    uint64_t unweighed;                      /* works whose ratings are withheld here */
    LIST(struct shown_subject) subjects;     /* the top of the tree, most editions first */
    struct shown_withheld subjects_withheld; /* of any subject: not counted */
    LIST(struct shown_shelf) by_subject;
    LIST(struct shown_shelf) collections;
    LIST(struct shown_voice) voices;
    struct shown_withheld voices_withheld; /* works */
    shown_slips voice_slips;               /* by what later reviews were passed over */
};
enum rc shown_home(const struct visit *visit, struct indexer *indexer, struct str language,
                   size_t each, struct shown_home *ret, struct fault *fault) MUST_CHECK;

/* A reader's own things, which nothing withholds from them. */
struct own_review {
    uint64_t id, work;
    struct str key; /* of an edition, for links; may be empty */
    struct str work_title, title, text, language, isbn13, state;
    unsigned stars;
    int64_t created;
    uint64_t index;
    shown_slips slips; /* of this review alone, in whatever storefront */
};
struct own_comment {
    uint64_t id, work;
    struct str key, work_title, text;
    int64_t created;
    uint64_t index;
    shown_slips slips;
};
struct own_stars {
    uint64_t work;
    struct str key, work_title;
    unsigned stars;
    uint64_t index;
};
struct own_things {
    LIST(struct own_review) reviews;
    LIST(struct own_stars) stars;
    LIST(struct own_comment) comments;
    shown_slips slips; /* on the account itself, in whatever storefront */
    uint64_t sessions;
};
enum rc own_things(const struct visit *visit, struct own_things *ret,
                   struct fault *fault) MUST_CHECK;
/* The reader's review of this work that stands; RC_NOT_FOUND. */
enum rc own_review_of(const struct visit *visit, uint64_t work, struct own_review *ret,
                      struct fault *fault) MUST_CHECK;
enum rc own_stars_of(const struct visit *visit, uint64_t work, unsigned *ret,
                     struct fault *fault) MUST_CHECK;

#endif
