/* Letters of each step of a sale (app/paper_letters.c). */
#include "domain/withdrawal.h"
#include "web/letters.h"

#define N_(text) text
#define NN_(singular, plural) singular, plural

static int64_t number_of(const json_t *json, const char *name)
{
    int64_t n = 0;
    (void)!json_member_int(json, name, &n);
    return n;
}

static struct str money(const struct draft *d, int64_t amount)
{
    return word_money(d->p, amount, draft_value(d, "currency"));
}

/* On a line of its own, without an empty one behind it. */
static void line(struct draft *d, struct str text)
{
    if (text.n == 0)
        return;
    buf_str_add(&d->text, text);
    buf_char(&d->text, '\n');
}

static void line_filled(struct draft *d, const char *msgid, struct str value)
{
    if (value.n > 0)
        line(d, word_filled(d->p, msgid, &value, 1));
}

static void gap(struct draft *d)
{
    buf_char(&d->text, '\n');
}

static void below_root(struct draft *d, const char *place)
{
    draft_link(d, ARENA_JOIN(d->p->arena, draft_value(d, "root"), str_of(place)));
}

/* ---- what all have ---- */

static void title_line(struct draft *d, const json_t *one, struct str price)
{
    struct str title = json_member_str(one, "title"), by = json_member_str(one, "by");
    if (by.n > 0)
        title = ARENA_JOIN(d->p->arena, title, STR(" · "), by);
    buf_printf(&d->text, "%lld × %.*s", (long long)number_of(one, "quantity"), STR_ARG(title));
    if (price.n > 0)
        buf_printf(&d->text, " — %.*s", STR_ARG(price));
    gap(d);
    int64_t available = number_of(one, "available");
    if (available > 0)
        line_filled(d, N_("Ordered before its day: it is to come on %1."),
                    word_date(d->p, (int32_t)available));
}

static void order_lines(struct draft *d, const json_t *order)
{
    const json_t *lines = json_object_get(order, "lines"), *one;
    size_t i;
    json_array_foreach (lines, i, one)
        title_line(d, one, money(d, number_of(one, "total")));
    int64_t shipping = number_of(order, "shipping");
    struct str name = json_member_str(order, "shipping_name");
    if (shipping > 0 || name.n > 0) {
        struct str args[] = {name, money(d, shipping)};
        line(d, word_filled(d->p, N_("Delivery %1: %2"), args, 2));
    }
    line_filled(d, N_("Total: %1"), money(d, number_of(order, "total")));
    line_filled(d, N_("Tax in it: %1"), money(d, number_of(order, "tax")));
    gap(d);
}

static const json_t *first_order(const struct draft *d)
{
    return json_array_get(json_object_get(d->values, "orders"), 0);
}

/* Who the contract is made with. */
static void seller_lines(struct draft *d, const json_t *order)
{
    struct str name = json_member_str(order, "seller");
    if (name.n == 0) {
        line_filled(d, N_("Sold by %1"), json_member_str(order, "shop"));
        gap(d);
        return;
    }
    line_filled(d, N_("Sold by %1"), name);
    line(d, json_member_str(order, "address"));
    line(d, word_country(d->p, json_member_str(order, "country")));
    line(d, json_member_str(order, "email"));
    gap(d);
}

static void the_page(struct draft *d)
{
    draft_add(d, word_text(d->p, N_("The order’s page, where you see how it stands:")));
    draft_link(d, draft_value(d, "path"));
}

static void the_paper(struct draft *d, const char *words)
{
    struct str number = draft_value(d, "paper");
    if (number.n == 0)
        return;
    draft_add(d, word_filled(d->p, words, &number, 1));
    draft_link(d, arena_printf(d->p->arena, "%.*s/invoices/%lld", STR_ARG(draft_value(d, "papers")),
                               (long long)number_of(d->values, "paper_n")));
}

/* ---- placed ---- */

static void how_to_pay(struct draft *d)
{
    const json_t *transfer = json_object_get(d->values, "transfer");
    if (!json_is_true(json_object_get(d->values, "waiting")))
        return;
    struct str day = word_day(d->p, number_of(d->values, "expires"));
    if (transfer == NULL) {
        draft_add(d, word_filled(d->p, N_("It is to be paid by %1; the order’s page says how."),
                                 &day, 1));
        return;
    }
    draft_add(d, word_filled(d->p,
                             N_("Please pay by bank transfer. What has not come by %1 ends "
                                "the order."),
                             &day, 1));
    line_filled(d, N_("To: %1"), json_member_str(transfer, "holder"));
    line_filled(d, N_("Account: %1"), json_member_str(transfer, "account"));
    line_filled(d, N_("Bank: %1"), json_member_str(transfer, "bank"));
    line_filled(d, N_("Amount: %1"), money(d, number_of(d->values, "total")));
    line_filled(d, N_("Reference, alone and as it stands here: %1"),
                json_member_str(transfer, "reference"));
    gap(d);
}

static void where_to(struct draft *d)
{
    if (draft_value(d, "delivery_name").n == 0)
        return;
    line(d, word_text(d->p, N_("It is sent to:")));
    line(d, draft_value(d, "delivery_name"));
    line(d, draft_value(d, "delivery"));
    line(d, word_country(d->p, draft_value(d, "delivery_country")));
    gap(d);
}

static bool has(const struct draft *d, bool digital)
{
    const json_t *orders = json_object_get(d->values, "orders"), *order, *one;
    size_t i, k;
    json_array_foreach (orders, i, order)
        json_array_foreach (json_object_get(order, "lines"), k, one)
            if (json_is_true(json_object_get(one, "digital")) == digital)
                return true;
    return false;
}

/* The words of Annex I of Directive 2011/83/EU in short, and its form. */
static void withdrawal(struct draft *d)
{
    unsigned days = withdrawal_days(draft_value(d, "country"));
    struct str n = word_number(d->p, days);
    if (days > 0 && has(d, false))
        draft_add(d, word_text(d->p, N_("Your right to withdraw")));
    if (str_is(draft_value(d, "country"), "CN") && has(d, false)) {
        draft_add(d, word_filled(d->p,
                                 N_("You may send printed books back within %1 days after "
                                    "they came to you, without giving a reason, as long as "
                                    "they are in good condition. The price is paid back "
                                    "within 7 days after the seller has them; sending them "
                                    "back is at your cost."),
                                 &n, 1));
    } else if (days > 0 && has(d, false)) {
        draft_add(d, word_filled(d->p,
                                 N_("You may withdraw from this contract within %1 days "
                                    "after the last of the printed books came to you, "
                                    "without giving a reason. A clear statement that is "
                                    "sent in time is enough: on the order’s page, or to "
                                    "the seller’s address above. You are paid back all "
                                    "that you paid, the cheapest delivery included, within "
                                    "14 days; send the books back within 14 days after "
                                    "your statement."),
                                 &n, 1));
        draft_add(d, word_text(d->p, N_("Model statement: “I hereby withdraw from my contract for "
                                        "the following goods: …; ordered on …, received on …; "
                                        "name, address, date.”")));
    }
    struct str consent = draft_value(d, "consent_text");
    if (consent.n > 0 && has(d, true)) {
        struct str day = word_day(d->p, number_of(d->values, "consent"));
        draft_add(d, word_filled(d->p,
                                 N_("E-books: on %1 you agreed to these words, with which "
                                    "your right to withdraw from them ends once they are "
                                    "delivered:"),
                                 &day, 1));
        draft_add(d, consent);
    }
    draft_add(d, word_text(d->p, N_("What the shop says about returns:")));
    below_root(d, "/texts/returns");
}

void sale_placed_letter(struct draft *d)
{
    const json_t *orders = json_object_get(d->values, "orders"), *order;
    size_t i;
    struct str number = draft_value(d, "number");
    d->subject = word_filled(d->p, N_("Your order %1"), &number, 1);
    draft_add(d, word_text(d->p, N_("Thank you. This is what you ordered; keep this letter, which "
                                    "confirms the contract.")));
    json_array_foreach (orders, i, order) {
        line_filled(d, N_("Order %1"), json_member_str(order, "number"));
        order_lines(d, order);
        seller_lines(d, order);
    }
    if (json_array_size(orders) > 1)
        line_filled(d, N_("To pay for all of it: %1"), money(d, number_of(d->values, "total")));
    how_to_pay(d);
    where_to(d);
    the_page(d);
    withdrawal(d);
}

/* ---- afterwards ---- */

void sale_paid_letter(struct draft *d)
{
    struct str number = draft_value(d, "number");
    d->subject = word_filled(d->p, N_("Your order %1 is paid"), &number, 1);
    draft_add(d, word_text(d->p, N_("Thank you: your payment has come.")));
    order_lines(d, first_order(d));
    the_paper(d, N_("Invoice %1, to read, print or take as a PDF:"));
    the_page(d);
}

void sale_ebooks_letter(struct draft *d)
{
    const json_t *one;
    size_t i;
    struct str number = draft_value(d, "number");
    d->subject = word_filled(d->p, N_("Your e-books are ready: order %1"), &number, 1);
    draft_add(d, word_text(d->p, N_("These e-books are in your library, to be read in the browser "
                                    "or taken to your own device:")));
    json_array_foreach (json_object_get(first_order(d), "lines"), i, one)
        if (json_is_true(json_object_get(one, "digital")))
            title_line(d, one, STR_NONE);
    gap(d);
    below_root(d, "/account/library");
}

void sale_sent_letter(struct draft *d)
{
    const json_t *content = json_object_get(d->values, "content"), *one;
    size_t i;
    struct str number = draft_value(d, "number");
    d->subject = word_filled(d->p, N_("Your order %1 is on its way"), &number, 1);
    draft_add(d, word_text(d->p, N_("This has left:")));
    json_array_foreach (content, i, one)
        title_line(d, one, STR_NONE);
    gap(d);
    line_filled(d, N_("Carrier: %1"), draft_value(d, "carrier"));
    line_filled(d, N_("Number to follow it by: %1"), draft_value(d, "tracking"));
    gap(d);
    the_page(d);
}

void sale_cancelled_letter(struct draft *d)
{
    const json_t *one;
    size_t i;
    struct str number = draft_value(d, "number");
    d->subject = word_filled(d->p, N_("Your order %1 was cancelled"), &number, 1);
    draft_add(d, word_text(d->p, N_("What was cancelled is not sent. What was paid for it is given "
                                    "back, and another letter says so.")));
    json_array_foreach (json_object_get(first_order(d), "lines"), i, one)
        if (number_of(one, "cancelled") > 0)
            title_line(d, one, STR_NONE);
    gap(d);
    the_page(d);
}

void sale_refunded_letter(struct draft *d)
{
    struct str number = draft_value(d, "number");
    struct str args[] = {money(d, number_of(d->values, "refund")), number};
    d->subject = word_filled(d->p, N_("You are paid back: order %1"), &number, 1);
    draft_add(d, word_filled(d->p,
                             N_("%1 of what you paid for order %2 goes back to you, the way "
                                "it came."),
                             args, 2));
    the_paper(d, N_("Credit note %1, to read, print or take as a PDF:"));
    the_page(d);
}

static void list_of(struct draft *d, const char *name)
{
    const json_t *all = json_object_get(d->values, name), *one;
    size_t i;
    json_array_foreach (all, i, one)
        title_line(d, one, STR_NONE);
    gap(d);
}

/* What is sent back where to. */
static void send_back(struct draft *d)
{
    const json_t *order = first_order(d);
    if (json_array_size(json_object_get(d->values, "expected")) == 0)
        return;
    if (str_is(draft_value(d, "reason"), "returned")) {
        draft_add(d, word_text(d->p, N_("The seller answers you; until then, keep it.")));
        seller_lines(d, order);
        return;
    }
    draft_add(d, word_text(d->p, N_("Please send this back within 14 days, to the address below. "
                                    "Once it is there, what you paid for it is given back.")));
    list_of(d, "expected");
    seller_lines(d, order);
    draft_add(d, word_text(d->p, N_("What the shop says about returns:")));
    below_root(d, "/texts/returns");
}

/* The receipt of a statement on a durable medium: what it says, its date and its time. */
void sale_return_letter(struct draft *d)
{
    struct str number = draft_value(d, "number"), reason = draft_value(d, "reason");
    struct str when = word_time(d->p, number_of(d->values, "asked"));
    struct str args[] = {number, word_day(d->p, number_of(d->values, "placed"))};
    const char *words = str_is(reason, "returned")
                            ? N_("Something is wrong with this, which came with order %1 of %2:")
                        : str_is(reason, "withdrawn")
                            ? N_("I withdraw from the contract for this, of order %1 of %2:")
                            : N_("I call this off, of order %1 of %2:");
    d->subject = word_filled(d->p, N_("We have what you stated of order %1"), &number, 1);
    draft_add(d, word_filled(d->p, N_("This came to us on %1:"), &when, 1));
    line(d, word_filled(d->p, words, args, 2));
    list_of(d, "stated");
    line(d, draft_value(d, "name"));
    gap(d);
    if (json_is_true(json_object_get(d->values, "at_once")))
        draft_add(d, word_text(d->p, N_("What had not been sent is called off; e-books are taken "
                                        "out of your library. What you paid for them is given "
                                        "back, and another letter says so.")));
    send_back(d);
    the_page(d);
}
