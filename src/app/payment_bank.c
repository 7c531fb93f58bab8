/* Payments by bank transfer: what staff say came, and whole statements. */
#include <sodium.h>

#include "app/payment_parts.h"
#include "base/clock.h"
#include "base/encode.h"
#include "base/utf8.h"
#include "domain/money.h"
#include "domain/payment_reference.h"
#include "pay/bank_statement.h"
#include "store/payments.h"

enum { A_BATCH = 50, FIELD_MAX = 200 };

/* ---- said by staff ---- */

struct saying {
    struct arena *arena;
    const struct payment_said *said;
    char reference[PAYMENT_REFERENCE + 1];
    enum payment_outcome outcome;
};

static enum rc say_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct saying *s = context;
    const struct payment_said *said = s->said;
    struct payment_row payment;
    struct payment_news news = {.method = STR(PAYMENT_TRANSFER),
                                .event = said->event,
                                .kind = STR("staff"),
                                .text = str_of(s->reference),
                                .told = clock_now(),
                                .account = said->account};
    enum rc rc = payment_row_by_reference(conn, s->arena, news.text, &payment, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no payment %s", s->reference);
    if (rc != RC_OK)
        return rc;
    news.payment = payment.id;
    news.currency = said->currency.n > 0 ? said->currency : payment.currency;
    if (news.event.n == 0)
        news.event = arena_printf(s->arena, "staff/%s", s->reference);
    if (!money_parse(said->amount, news.currency, &news.amount) || news.amount == 0)
        return fault_set(fault, RC_INVALID, "amount: %.*s is no amount in %.*s",
                         STR_ARG(said->amount), STR_ARG(news.currency));
    return payment_take(conn, s->arena, &news, &s->outcome, fault);
}

static enum rc read_reference(struct str text, char ret[PAYMENT_REFERENCE + 1], struct fault *fault)
{
    return payment_reference_read(text, ret)
               ? RC_OK
               : fault_set(fault, RC_INVALID,
                           "reference: %.*s is mistyped (nine characters, the last checks them)",
                           STR_ARG(str_sub(text, 0, 40)));
}

enum rc payment_say(struct writer *writer, struct arena *arena, const struct payment_said *said,
                    enum payment_outcome *ret, struct fault *fault)
{
    struct saying s = {.arena = arena, .said = said};
    enum rc rc = read_reference(said->reference, s.reference, fault);
    if (rc == RC_OK)
        rc = writer_run(writer, say_work, &s, fault);
    if (rc == RC_OK)
        *ret = s.outcome;
    return rc;
}

struct assigning {
    struct arena *arena;
    struct str method, event;
    char reference[PAYMENT_REFERENCE + 1];
    enum payment_outcome outcome;
};

static enum rc assign_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct assigning *a = context;
    struct payment_event held;
    struct payment_row payment;
    enum rc rc = payment_event_get(conn, a->arena, a->method, a->event, &held, fault);
    if (rc == RC_NOT_FOUND || (rc == RC_OK && !str_is(held.outcome, EVENT_HELD)))
        return fault_set(fault, RC_CONFLICT, "%.*s: nothing of that is held", STR_ARG(a->event));
    if (rc == RC_OK)
        rc = payment_row_by_reference(conn, a->arena, str_of(a->reference), &payment, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no payment %s", a->reference);
    if (rc == RC_OK)
        rc = payment_take_held(conn, a->arena, &held, payment.id, &a->outcome, fault);
    if (rc == RC_OK && held.payment != payment.id)
        rc = payment_rest(conn, a->arena, held.payment, fault);
    if (rc == RC_OK && a->outcome == PAYMENT_UNCLEAR)
        rc =
            fault_set(fault, RC_CONFLICT,
                      "payment %s waits for no such money: it is paid, has ended, or is in another "
                      "currency",
                      a->reference);
    return rc;
}

enum rc payment_assign(struct writer *writer, struct arena *arena, struct str method,
                       struct str event, struct str reference, enum payment_outcome *ret,
                       struct fault *fault)
{
    struct assigning a = {.arena = arena, .method = method, .event = event};
    enum rc rc = read_reference(reference, a.reference, fault);
    if (rc == RC_OK)
        rc = writer_run(writer, assign_work, &a, fault);
    if (rc == RC_OK)
        *ret = a.outcome;
    return rc;
}

/* ---- the operator's accounts ---- */

static enum rc account_work(void *context, struct store_conn *conn, struct fault *fault)
{
    return bank_account_put(conn, context, fault);
}

enum rc bank_account_set(struct writer *writer, const struct bank_account *account,
                         struct fault *fault)
{
    struct bank_account a = *account;
    a.changed = clock_now();
    if (money_exponent(a.currency) < 0)
        return fault_set(fault, RC_INVALID, "currency: three capital letters (ISO 4217)");
    enum rc rc = text_check("holder", a.holder, TEXT_LINE, FIELD_MAX, fault);
    if (rc == RC_OK)
        rc = text_check("account", a.account, TEXT_LINE, FIELD_MAX, fault);
    if (rc == RC_OK)
        rc = text_check("bank", a.bank, TEXT_OPTIONAL, FIELD_MAX, fault);
    return rc == RC_OK ? writer_run(writer, account_work, &a, fault) : rc;
}

/* ---- statements ---- */

/* A line is known again by what the bank numbers it with, else by all that it says and by how many
 * like it stood before it: two who pay the same on one day are two. */
static struct hash line_hash(const struct statement_line *l, unsigned like)
{
    char day[12], amount[24], nth[12];
    snprintf(day, sizeof day, "%d", l->day);
    snprintf(amount, sizeof amount, "%lld", (long long)l->amount);
    snprintf(nth, sizeof nth, "%u", like);
    struct str zero = {"", 1};
    struct str parts[] = {str_of(day),
                          zero,
                          l->currency,
                          zero,
                          str_of(amount),
                          zero,
                          l->id.n > 0 ? l->id : l->text,
                          zero,
                          l->id.n > 0 ? STR_NONE : l->payer,
                          zero,
                          str_of(nth)};
    return sha256_parts(parts, sizeof parts / sizeof *parts);
}

struct numbered {
    struct hash hash;
    struct str event;
};

static int by_hash(const void *a, const void *b)
{
    const struct numbered *const *x = a, *const *y = b;
    int order = memcmp(&(*x)->hash, &(*y)->hash, sizeof(struct hash));
    return order != 0 ? order : (*x > *y) - (*x < *y);
}

/* Every line's number, the same whenever the statement comes. */
static struct numbered *number_lines(struct arena *arena, const struct bank_statement *s)
{
    struct numbered *all = ARENA_ARRAY(arena, struct numbered, s->lines.n);
    struct numbered **sorted = ARENA_ARRAY(arena, struct numbered *, s->lines.n);
    for (size_t i = 0; i < s->lines.n; i++) {
        all[i].hash = line_hash(&s->lines.v[i], 0);
        sorted[i] = &all[i];
    }
    qsort(sorted, s->lines.n, sizeof *sorted, by_hash);
    for (size_t i = 0, like = 0; i < s->lines.n; i++) {
        like = i > 0 && hash_eq(&sorted[i]->hash, &sorted[i - 1]->hash) ? like + 1 : 0;
        size_t at = (size_t)(sorted[i] - all);
        struct hash hash = line_hash(&s->lines.v[at], (unsigned)like);
        sorted[i]->event = hex_str(arena, hash.b, 20);
    }
    return all;
}

struct batch {
    const struct statement_line *lines;
    const struct numbered *numbers;
    size_t n;
    enum payment_outcome outcomes[A_BATCH];
};

static struct payment_news news_of(const struct statement_line *l, const struct numbered *number)
{
    return (struct payment_news){.method = STR(PAYMENT_TRANSFER),
                                 .event = number->event,
                                 .kind = STR("statement"),
                                 .currency = l->currency,
                                 .amount = l->amount,
                                 .text = l->text,
                                 .strange = l->reversed,
                                 .told = date_start(l->day)};
}

static enum rc batch_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct batch *b = context;
    enum rc rc = RC_OK;
    ARENA_AUTO arena = ARENA_INIT;
    for (size_t i = 0; rc == RC_OK && i < b->n; i++) {
        const struct statement_line *l = &b->lines[i];
        struct payment_news news = news_of(l, &b->numbers[i]);
        rc = payment_take(conn, &arena, &news, &b->outcomes[i], fault);
        if (rc != RC_OK)
            rc = fault_prefix(fault, rc, "line %llu", (unsigned long long)l->line);
    }
    return rc;
}

static void count_one(struct statement_summary *sum, enum payment_outcome outcome)
{
    size_t *counts[] = {[PAYMENT_KNOWN] = &sum->known,
                        [PAYMENT_SETTLED] = &sum->settled,
                        [PAYMENT_PARTLY] = &sum->partly,
                        [PAYMENT_OVER] = &sum->over,
                        [PAYMENT_UNCLEAR] = &sum->unclear};
    *counts[outcome] += 1;
}

static void count(const struct statement_order *order, const struct batch *b,
                  struct statement_summary *sum)
{
    for (size_t i = 0; i < b->n; i++) {
        const struct statement_line *l = &b->lines[i];
        count_one(sum, b->outcomes[i]);
        sum->first = sum->first == 0 || l->day < sum->first ? l->day : sum->first;
        sum->last = l->day > sum->last ? l->day : sum->last;
        if (b->outcomes[i] > PAYMENT_SETTLED && order->told != NULL)
            order->told(order->context, l->line, l->text, b->outcomes[i]);
    }
}

enum rc statement_take(struct writer *writer, const struct statement_order *order,
                       struct statement_summary *ret, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct bank_statement s;
    struct statement_summary sum = {0};
    enum rc rc = bank_statement_read(&arena, order->bytes, &s, fault);
    if (rc != RC_OK)
        return rc;
    struct numbered *numbers = number_lines(&arena, &s);
    sum.lines = s.lines.n;
    sum.left = s.left;
    sum.pending = s.pending;
    for (size_t at = 0; rc == RC_OK && at < s.lines.n; at += A_BATCH) {
        struct batch b = {.lines = s.lines.v + at,
                          .numbers = numbers + at,
                          .n = s.lines.n - at < A_BATCH ? s.lines.n - at : A_BATCH};
        rc = writer_run(writer, batch_work, &b, fault);
        if (rc == RC_OK)
            count(order, &b, &sum);
        if (rc == RC_OK && order->going != NULL)
            order->going(order->context, at + b.n, s.lines.n);
    }
    *ret = sum;
    return rc;
}

enum rc statement_look(struct store_conn *conn, struct arena *arena, struct str bytes, size_t room,
                       bank_looks *ret, struct statement_summary *ret_sum, struct fault *fault)
{
    struct bank_statement s;
    enum rc rc = bank_statement_read(arena, bytes, &s, fault);
    if (rc == RC_OK && s.lines.n > room)
        rc = fault_set(
            fault, RC_LIMIT,
            "statement: more than %zu lines of money that came: the command line takes them", room);
    if (rc != RC_OK)
        return rc;
    struct numbered *numbers = number_lines(arena, &s);
    payment_rows seen = {ARENA_ARRAY(arena, struct payment_row, s.lines.n), 0};
    struct statement_summary sum = {.lines = s.lines.n, .left = s.left, .pending = s.pending};
    *ret = (bank_looks){ARENA_ARRAY(arena, struct statement_look, s.lines.n), 0};
    for (size_t i = 0; rc == RC_OK && i < s.lines.n; i++) {
        const struct statement_line *l = &s.lines.v[i];
        struct payment_news news = news_of(l, &numbers[i]);
        struct statement_look *look = &ret->v[ret->n++];
        *look = (struct statement_look){.line = l->line,
                                        .day = l->day,
                                        .currency = l->currency,
                                        .amount = l->amount,
                                        .text = str_sub(l->text, 0, str_find(l->text, '\n')),
                                        .payer = l->payer};
        rc = payment_foresee(conn, arena, &news, &seen, &look->payment, &look->outcome, fault);
        if (rc == RC_OK)
            count_one(&sum, look->outcome);
    }
    *ret_sum = sum;
    return rc;
}
