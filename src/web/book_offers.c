/* What an offer says in words. */
#include "web/book.h"

#define N_(text) text
#define NN_(one, many) one, many

/* ONIX list 65, of what is sold. */
static struct str supply_word(const struct page *p, const struct offer *o)
{
    static const char *const words[][2] = {
        {"21", N_("in stock")},
        {"22", N_("ordered from the publisher for you")},
        {"23", N_("printed when it is ordered")},
        {"11", N_("stock is on its way")},
        {"12", N_("to be printed when it is ordered")},
        {"31", N_("out of stock, more are expected")},
        {"32", N_("being reprinted")},
    };
    if (o->supply == NULL)
        return STR_NONE;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(o->supply->availability, str_of(words[i][0])))
            return word_text(p, words[i][1]);
    return STR_NONE;
}

/* What the shop itself counted; few are told by their number. */
static struct str stock_word(const struct page *p, const struct shown_offer *o)
{
    enum { FEW = 5 };
    if (o->left == 0)
        return word_text(p, N_("out of stock at present"));
    return o->left > FEW ? word_text(p, N_("in stock"))
                         : word_count(p, NN_("in stock: %1 left", "in stock: %1 left"), o->left);
}

/* How long the supplier usually takes. */
static struct str sent_word(const struct page *p, const struct offer *o)
{
    if (o->supply == NULL || o->supply->order_days == 0)
        return STR_NONE;
    return word_count(p, NN_("usually sent within %1 day", "usually sent within %1 days"),
                      o->supply->order_days);
}

/* "tax included", with its rate where there is one for all of it. */
static struct str tax_word(const struct page *p, const struct offer *o)
{
    const struct price *price = o->price;
    if (!o->price_includes_tax)
        return word_text(p, N_("plus tax"));
    if (price->taxes.n != 1 || price->taxes.v[0].percent_milli < 0)
        return word_text(p, N_("tax included"));
    int32_t milli = price->taxes.v[0].percent_milli;
    struct str rate = arena_printf(p->arena, milli % 1000 == 0 ? "%d" : "%d.%d", milli / 1000,
                                   milli % 1000 / 100);
    return word_filled(p, N_("%1 % tax included"), &rate, 1);
}

/* ONIX list 58: prices nobody but the publisher may change. */
static struct str price_word(const struct page *p, const struct price *price)
{
    static const char *const fixed[] = {"03", "04", "33", "34"};
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        if (str_eq(price->type, str_of(fixed[i])))
            return word_text(p, N_("fixed price: the same in every shop"));
    if (str_eq(price->type, STR("41")) || str_eq(price->type, STR("42")))
        return word_text(p, N_("the publisher sets this price"));
    return str_eq(price->status, STR("01")) ? word_text(p, N_("provisional price")) : STR_NONE;
}

static void note(struct book_offer *offer, struct str word)
{
    if (word.n > 0)
        offer->notes.v[offer->notes.n++] = word;
}

static void fill_notes(const struct page *p, struct book_offer *offer)
{
    enum { NOTES_MAX = 5 };
    const struct offer *o = &offer->offer->offer;
    offer->notes.v = ARENA_ARRAY(p->arena, struct str, NOTES_MAX);
    if (offer->offer->withheld != NULL || !verdict_sells(o->verdict) || o->price == NULL ||
        o->price->minor < 0)
        return;
    struct str supply = offer->offer->counted            ? stock_word(p, offer->offer)
                        : o->verdict == VERDICT_PREORDER ? STR_NONE
                                                         : supply_word(p, o);
    struct str day = o->available == 0 ? STR_NONE : word_date(p, o->available);
    struct str both[] = {word_verdict(p, o->verdict), day};
    note(offer, tax_word(p, o));
    note(offer, supply.n > 0 ? supply : day.n > 0 ? word_filled(p, N_("%1 %2"), both, 2) : both[0]);
    if (o->verdict != VERDICT_PREORDER && !offer->offer->counted)
        note(offer, sent_word(p, o));
    note(offer, price_word(p, o->price));
    if (o->price->until != 0) {
        struct str until = word_date(p, o->price->until);
        note(offer, word_filled(p, N_("valid until %1"), &until, 1));
    }
}

static bool is_sold(const struct shown_offer *o)
{
    return o->withheld == NULL && verdict_sells(o->offer.verdict);
}

void book_offers_fill(const struct page *p, struct book_view *v)
{
    v->offers.v = ARENA_ARRAY(p->arena, struct book_offer, v->edition.offers.n);
    v->unsold.v = ARENA_ARRAY(p->arena, struct book_offer, v->edition.offers.n);
    v->offers.n = v->unsold.n = 0;
    for (size_t i = 0; i < v->edition.offers.n; i++)
        v->sold = v->sold || is_sold(&v->edition.offers.v[i]);
    for (size_t i = 0; i < v->edition.offers.n; i++) {
        const struct shown_offer *o = &v->edition.offers.v[i];
        bool aside = v->sold && o->withheld == NULL && !is_sold(o);
        struct book_offer *offer =
            aside ? &v->unsold.v[v->unsold.n++] : &v->offers.v[v->offers.n++];
        *offer = (struct book_offer){.offer = o};
        fill_notes(p, offer);
    }
}
