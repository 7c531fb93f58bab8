/* What every page has around its own matter, and the links and words that
 * templates use. */
#ifndef COLOPHON_WEB_PAGE_H
#define COLOPHON_WEB_PAGE_H

#include "app/restrict.h"
#include "app/restriction_view.h"
#include "app/texts.h"
#include "web/server.h"
#include "web/url.h"

struct page_choice {
    struct str name, tag;
    struct str lang; /* of the name, where it is not the page's; may be empty */
    struct url url;
    bool chosen;
};
typedef LIST(struct page_choice) choice_list;

/* A text of the storefront's own that each of its pages leads to. */
struct page_text {
    enum text_kind kind;
    struct str name;
    struct str lang; /* where it is not in the page's; else empty */
    struct url url;
};

struct page {
    struct arena *arena;
    const struct language *language;
    const struct storefront *storefront; /* NULL: the Record, the desk */
    struct str root;                     /* where its pages begin: "/us/es" */
    const struct viewer *viewer;
    const struct gate_view *view;
    struct str title;                   /* of the document; may be empty */
    struct str description;             /* may be empty */
    struct str query;                   /* what the search box holds */
    struct str sort, look;              /* the order and view that a new search keeps; or empty */
    struct str token;                   /* of forms; empty where the page has none */
    struct str head;                    /* the Record's: "48,219 · 3f9c…a71e" */
    struct url style, icon, suggesting; /* files; the last one is a script */
    struct url script;                  /* one more that this page has; may be empty */
    struct url canonical;
    struct url image; /* of what it is about, absolute; may be empty */
    struct str image_alt;
    unsigned image_width, image_height;
    struct url feed; /* what is new of it, as Atom; may be empty */
    choice_list storefronts, languages;
    choice_list alternates; /* this page in every storefront and language: hreflang */
    struct url
        refusal; /* the signed statement, as a file to take; empty where nothing was refused */
    LIST(struct page_text) texts; /* of the storefront, those that are there */
    struct str about, about_lang; /* the shop's line about itself; may be empty */
    unsigned refresh; /* seconds after which the page asks for itself again; 0: it does not */
    bool desk;
    struct url own;  /* at a desk: one's own password, passkeys, sessions; may be empty */
    uint64_t basket; /* how many titles are in the viewer's */
    bool done;       /* what was asked for at the desk, by the form before */
    bool noindex;
    bool book; /* it is about one */
};

/* Begins a page: fills in everything but title, description, query, token. */
struct page page_begin(struct context *c, struct response *ret);
/* A script of ours by its name, for this page alone. */
void page_script(struct page *p, struct response *ret, const char *name);
/* A file of ours; and of the reader's modules, empty where the build had none. */
struct url link_asset(struct arena *arena, const char *name);
struct url link_module(struct arena *arena, const char *name);
/* The writer of its body. */
struct html page_html(struct context *c, struct response *ret);
/* What it is about, for results of search engines: cut to what they show. */
void page_describe(struct page *p, struct str text);
/* The same of a list: what it is, and the first names of it. */
void page_describe_names(struct page *p, struct str said, const struct str *names, size_t n);

/* ---- links ---- */

/* "/us/es": where the storefront's pages in this page's language begin. */
struct str page_root(const struct page *p);
/* The same of any storefront, as short as it can be told on the page being made. */
struct str page_root_of(const struct context *c, const struct storefront *storefront,
                        struct str tag);
struct url link_home(const struct page *p);
struct url link_to(const struct page *p, const char *place); /* "search", "account" … */
struct url link_book(const struct page *p, struct str key);
struct url link_book_part(const struct page *p, struct str key, const char *part);
struct url link_subject(const struct page *p, struct str code);
struct url link_series(const struct page *p, struct str slug);
struct url link_collection(const struct page *p, struct str slug);
struct url link_contributor(const struct page *p, uint64_t id);
struct url link_publisher(const struct page *p, struct str name); /* or an imprint */
struct url link_shop(const struct page *p, struct str slug);
struct url link_text(const struct page *p, enum text_kind kind);
struct url link_record(const struct page *p, const char *place); /* "", "check" … */
/* Any page of the Record in the page's language. */
struct url link_below_record(const struct page *p, struct url url);
struct url link_country(const struct page *p, struct str country); /* its Record */
struct url link_restriction(const struct page *p, uint64_t id);
/* Nothing but the sale of these works is. */
struct shown_withheld;
bool withheld_from_sale(const struct shown_withheld *w);
struct url link_entry(const struct page *p, uint64_t index);
struct url link_cover(const struct page *p, struct str key);
struct url link_cover_form(const struct page *p, struct str key, struct str name);
/* Things of `size` by the name that each has at `name_at`, as the page's language sorts. */
void page_sort_by_name(const struct page *p, void *v, size_t n, size_t size, size_t name_at);
/* By name, as the page's language sorts. */
void page_choices_sort(const struct page *p, choice_list *choices);
/* "en_US", as Open Graph names a language and its country. */
struct str page_locale(const struct page *p);

/* Numbered pages of a list. */
struct pager {
    choice_list pages;         /* those shown: first, around this, last */
    struct url previous, next; /* empty where there is none */
    uint64_t number, count;
};
struct pager pager_make(const struct page *p, struct url list, uint64_t total, uint64_t per_page,
                        uint64_t number);
/* Whether it asks for a page behind the last one: then *ret leads to that. */
bool pager_is_past(const struct page *p, const struct pager *g, struct url list,
                   struct response *ret);
/* Which of them "page" asks for: the first where it says nothing, `max` where it says more. */
enum rc page_number(const struct context *c, uint64_t max, uint64_t *ret,
                    struct fault *fault) MUST_CHECK;

/* ---- words ---- */

struct str word_text(const struct page *p, const char *msgid);
/* The text with %1, %2 … replaced. */
struct str word_filled(const struct page *p, const char *msgid, const struct str *args, size_t n);
/* A plural of a table's two msgids, which stand there as NN_("…", "…"), with the number for %1. */
struct str word_count(const struct page *p, const char *singular, const char *plural, uint64_t n);
/* An English sentence from below, and the msgid that people are told in its place. "%" stands for
 * what the sentence was filled with: %1, %2 … of the words. */
struct saying {
    const char *sentence, *words;
};
/* The words of the first that fits; the sentence itself where none does. */
struct str word_saying(const struct page *p, const struct saying *sayings, size_t n,
                       struct str sentence);
/* A fault's sentence as people are told it; itself where it is not meant for them. */
struct str word_fault(const struct page *p, struct str sentence);
struct str word_feature(const struct page *p, enum feature feature); /* "ratings" */
struct str word_features(const struct page *p, feature_mask features);
struct str word_ground(const struct page *p, enum ground ground);
struct str word_state(const struct page *p, enum restriction_state state);
/* "the collection “Speeches”", "the edition “Emma” (9780000000040)". */
struct str word_target(const struct page *p, const struct restriction_view *v);
struct str word_text_kind(const struct page *p, enum text_kind kind); /* "Terms" */
struct str word_form(const struct page *p, struct str form);
struct str word_verdict(const struct page *p, enum verdict verdict);
/* The same behind "Not sold here", which it does not repeat. */
struct str word_verdict_reason(const struct page *p, enum verdict verdict);
struct str word_role(const struct page *p, struct str role); /* ONIX list 17 */
struct str word_subject(const struct page *p, struct str thema);
struct str word_country(const struct page *p, struct str country);
/* A reader's words (web/markdown.h); what gives a story away is folded up. */
struct html_trusted reader_html(const struct page *p, struct str text);
/* The countries in whose storefronts a restriction keeps the work's stars or reviews from
 * being shown; empty: in none. */
struct str word_silent(const struct page *p, const struct visit *visit,
                       const struct shown_edition *e);
/* "2 works are withheld here: restriction 7, restriction 9"; empty: none is. */
struct str word_withheld(const struct page *p, const struct shown_withheld *w);
struct str word_currency(const struct page *p, struct str currency); /* "US dollars" */
/* "Example Authority: an authority’s order on the ground of Act 1, § 4 (17)". */
struct str word_wish(const struct page *p, const struct restriction *r);
/* "12 May 2026, until 31 December 2027". */
struct str word_span(const struct page *p, const struct restriction *r);
struct str word_storefronts(const struct page *p, const struct restriction *r);
struct str word_number(const struct page *p, uint64_t n);
struct str word_money(const struct page *p, int64_t minor, struct str currency);
struct str word_date(const struct page *p, int32_t date);
struct str word_year(const struct page *p, int32_t date); /* "2019" */
struct str word_time(const struct page *p, int64_t t);
struct str word_day(const struct page *p, int64_t t); /* without the hour */
/* A bare date lasts that day: what ends at midnight ended the day before. */
struct str word_until(const struct page *p, int64_t t);
struct str word_rating(const struct page *p, uint32_t milli);
struct str word_language(const struct page *p, struct str tag);

/* "Ratings and reviews of the collection “Speeches”". */
struct str restriction_title(const struct page *p, const struct restriction_view *v);

/* ---- small parts of templates ---- */

struct str word_submissions(const struct page *p, const struct shown_slip *s);
struct str word_own_slip(const struct page *p, const struct shown_slip *s);
struct str word_account_slip(const struct page *p, const struct shown_slip *s);
/* "review:12": what a slip is about that stands for one thing a reader said. */
struct str slip_voice(const struct page *p, const char *kind, uint64_t index);
struct str slip_features(const struct page *p, feature_mask features); /* "ratings reviews" */
struct str slip_id(const struct page *p, const char *place, const struct shown_slip *s);
/* Where a restriction may have several in such a place: one of each `of`, a slug. */
struct str slip_id_of(const struct page *p, const char *place, struct str of,
                      const struct shown_slip *s);
struct str star_glyphs(uint32_t milli); /* "★★★★☆" */
const char *state_class(enum restriction_state state);
/* Whether one of the faults, a line each, is about this field of a form: "email: …",
 * "until, review: …"; and the first that is, or nothing. */
bool fault_is_of(struct str sentences, const char *field);
struct str fault_of(struct str sentences, const char *field);
typedef LIST(struct str) fault_lines;
fault_lines faults_each(const struct page *p, struct str sentences);
/* Mark-up that was made clean when it was stored (base/clean.h, for feeds). */
struct html_trusted trusted_html(struct str clean);

struct star_choice {
    unsigned stars;
    uint64_t count;
    unsigned percent; /* of all who rated */
    bool chosen;
};
typedef LIST(struct star_choice) star_choices;
star_choices star_choices_make(const struct page *p, unsigned chosen);
star_choices histogram_bars(const struct page *p, const struct shown_stars *s); /* five first */

/* Thema's first and second level, as far as shops browse by them. */
struct subject_word {
    const char *code;
    const char *name; /* msgid */
};
extern const struct subject_word subject_words[];
extern const size_t subject_word_count;

/* A code of a list with its word; empty where the list has none for it. */
struct code_word {
    const char *code, *word;
};
#define WORD_OF(p, words, code) word_of_code(p, words, sizeof(words) / sizeof *(words), code)
struct str word_of_code(const struct page *p, const struct code_word *words, size_t n,
                        struct str code);

#endif
