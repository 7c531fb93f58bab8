/* A statement as CSV, by libcsv. */
#include <csv.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "pay/parts.h"

enum { FIELDS_MAX = 64, ROW_MAX = 64 << 10 };
enum column { COLUMN_DATE, COLUMN_AMOUNT, COLUMN_CURRENCY, COLUMN_TEXT, COLUMN_PAYER, COLUMN_ID };
enum { COLUMNS = COLUMN_ID + 1, NEEDED = COLUMN_TEXT + 1, NO_COLUMN = -1 };
static const char *const names[COLUMNS] = {"date", "amount", "currency", "text", "payer", "id"};

struct reading_csv {
    struct statement_reading *to;
    struct fault *fault;
    enum rc rc;
    struct buf texts;
    size_t ends[FIELDS_MAX], fields;
    size_t columns; /* 0: the first line is still to come */
    int column_of[FIELDS_MAX];
    bool semicolons;
    uint64_t line; /* the row begins there */
    bool ended;    /* in the line at hand */
};

static void on_field(void *text, size_t n, void *context)
{
    struct reading_csv *r = context;
    struct str field = {text, n}, piece;
    while (str_next(&field, '\r', &piece)) /* CR LF within a text is a line's end */
        buf_str_add(&r->texts, piece);
    if (r->fields < FIELDS_MAX)
        r->ends[r->fields] = r->texts.n;
    r->fields++;
}

static struct str field_at(const struct reading_csv *r, size_t i)
{
    return str_trim(str_sub(buf_str(&r->texts), i == 0 ? 0 : r->ends[i - 1], r->ends[i]));
}

static enum rc read_header(struct reading_csv *r)
{
    unsigned seen = 0;
    for (size_t i = 0; i < r->fields; i++) {
        r->column_of[i] = NO_COLUMN;
        for (int c = 0; c < COLUMNS; c++)
            if (str_eq_nocase(field_at(r, i), str_of(names[c])))
                r->column_of[i] = c;
        if (r->column_of[i] == NO_COLUMN)
            continue;
        if ((seen >> r->column_of[i] & 1) != 0)
            return fault_set(r->fault, RC_INVALID, "line 1, column %zu: %s is there twice", i + 1,
                             names[r->column_of[i]]);
        seen |= 1u << r->column_of[i];
    }
    if ((seen & ((1u << NEEDED) - 1)) != (1u << NEEDED) - 1)
        return fault_set(r->fault, RC_INVALID,
                         "line 1: the columns are named here, date, amount, currency and text "
                         "among them");
    r->columns = r->fields;
    return RC_OK;
}

/* "1.234,56", as is written where semicolons part the fields. */
static struct str with_point(struct arena *arena, struct str amount)
{
    struct buf plain = BUF_INIT(ROW_MAX);
    for (size_t i = 0; i < amount.n; i++)
        if (amount.p[i] != '.')
            buf_char(&plain, amount.p[i] == ',' ? '.' : amount.p[i]);
    struct str s = arena_str(arena, buf_str(&plain));
    buf_free(&plain);
    return s;
}

static enum rc read_row(struct reading_csv *r)
{
    struct str v[COLUMNS] = {0};
    struct statement_line line = {.line = r->line};
    for (size_t i = 0; i < r->fields; i++)
        if (r->column_of[i] != NO_COLUMN)
            v[r->column_of[i]] = field_at(r, i);
    if (!date_parse(v[COLUMN_DATE], &line.day))
        return fault_set(r->fault, RC_INVALID, "line %llu: date: a day as 2026-11-30",
                         (unsigned long long)r->line);
    struct str amount = v[COLUMN_AMOUNT];
    bool left = amount.n > 0 && amount.p[0] == '-';
    if (amount.n > 0 && (left || amount.p[0] == '+'))
        amount = str_sub(amount, 1, amount.n);
    /* "1.200" is twelve hundred to who writes semicolons: it is not guessed at. */
    size_t comma = str_find(amount, ','), point = str_find(amount, '.');
    if (r->semicolons && comma == amount.n && point < amount.n && amount.n - point == 4)
        return fault_set(r->fault, RC_INVALID, "line %llu: amount: “%.*s” can be read in two ways",
                         (unsigned long long)r->line, STR_ARG(amount));
    if (r->semicolons && comma < amount.n)
        amount = with_point(r->to->arena, amount);
    if (!utf8_valid(amount, NULL))
        amount = STR("?");
    enum rc rc = statement_amount(r->line, amount, v[COLUMN_CURRENCY], &line.amount, r->fault);
    if (rc != RC_OK || left || line.amount == 0) {
        r->to->statement->left += rc == RC_OK;
        return rc;
    }
    line.currency = v[COLUMN_CURRENCY];
    line.text = v[COLUMN_TEXT];
    line.payer = v[COLUMN_PAYER];
    line.id = v[COLUMN_ID];
    return statement_add(r->to, &line, r->fault);
}

static void on_row(int end, void *context)
{
    struct reading_csv *r = context;
    unsigned long long at = r->line;
    (void)end;
    bool blank = r->fields == 0 || (r->fields == 1 && field_at(r, 0).n == 0);
    if (r->rc != RC_OK)
        return;
    if (buf_check(&r->texts) != RC_OK)
        r->rc = fault_set(r->fault, RC_INVALID, "line %llu: it is longer than 64 KiB", at);
    else if (r->fields > FIELDS_MAX)
        r->rc = fault_set(r->fault, RC_INVALID, "line %llu: more than %d columns", at, FIELDS_MAX);
    else if (r->columns == 0)
        r->rc = read_header(r);
    else if (!blank && r->fields != r->columns)
        r->rc =
            fault_set(r->fault, RC_INVALID, "line %llu: %zu fields, where the first line names %zu",
                      at, r->fields, r->columns);
    else if (!blank)
        r->rc = read_row(r);
    buf_clear(&r->texts);
    r->fields = 0;
    r->ended = true;
}

enum rc statement_csv(struct statement_reading *to, struct str bytes, struct fault *fault)
{
    struct str first = str_sub(bytes, 0, str_find(bytes, '\n'));
    struct reading_csv r = {.to = to, .fault = fault, .texts = BUF_INIT(ROW_MAX), .line = 1};
    struct csv_parser csv;
    if (csv_init(&csv, CSV_STRICT | CSV_STRICT_FINI) != 0)
        abort();
    r.semicolons = str_find(first, ';') < first.n && str_find(first, ',') == first.n;
    csv_set_delim(&csv, r.semicolons ? ';' : ',');
    /* Line by line, so that what is wrong ends the reading there and has its number. */
    uint64_t at = 1;
    bool open = false;
    for (struct str rest = bytes; rest.n > 0 && r.rc == RC_OK; at++) {
        size_t n = str_find(rest, '\n');
        struct str piece = str_sub(rest, 0, n + 1);
        rest = str_sub(rest, n + 1, rest.n);
        r.line = open ? r.line : at;
        r.ended = false;
        if (csv_parse(&csv, piece.p, piece.n, on_field, on_row, &r) != piece.n && r.rc == RC_OK)
            r.rc = fault_set(fault, RC_INVALID, "line %llu: its quotes do not fit",
                             (unsigned long long)r.line);
        open = !r.ended && (open || str_trim(piece).n > 0);
    }
    if (r.rc == RC_OK && csv_fini(&csv, on_field, on_row, &r) != 0)
        r.rc = fault_set(fault, RC_INVALID, "line %llu: its quotes do not fit",
                         (unsigned long long)r.line);
    csv_free(&csv);
    buf_free(&r.texts);
    return r.rc;
}
