#include "app/review_rows.h"

#include <csv.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/utf8.h"

enum { ROW_MAX = 1 << 20, FIELDS_MAX = 64, NO_COLUMN = -1 };

static const char *const names[REVIEW_COLUMNS] = {"isbn",     "work",   "stars", "title",  "text",
                                                  "language", "author", "date",  "source", "id"};

const char *review_column_name(enum review_column c)
{
    return names[c];
}

struct review_rows {
    review_row_taker take;
    void *context;
    enum { KIND_UNKNOWN, KIND_CSV, KIND_JSON } kind;
    struct buf line; /* as far as it has come */
    uint64_t at;     /* its number */
    bool after_cr;   /* a LF belongs to the line before */

    struct csv_parser csv;
    struct buf texts; /* the fields of the row so far, one behind the other */
    size_t ends[FIELDS_MAX];
    size_t fields;    /* more than FIELDS_MAX: so many were too many */
    bool open, ended; /* a row has begun; the line ended one */
    uint64_t begun;   /* the line at which it did */
    size_t bytes;     /* of it */
    size_t columns;   /* 0: the first line is still to come */
    int column_of[FIELDS_MAX];
};

struct review_rows *review_rows_new(review_row_taker take, void *context)
{
    struct review_rows *r = calloc(1, sizeof *r);
    if (r == NULL || csv_init(&r->csv, CSV_STRICT | CSV_STRICT_FINI) != 0)
        abort();
    r->take = take;
    r->context = context;
    r->line = BUF_INIT(ROW_MAX);
    r->texts = BUF_INIT(ROW_MAX);
    r->at = 1;
    return r;
}

void review_rows_free(struct review_rows *r)
{
    if (r == NULL)
        return;
    csv_free(&r->csv);
    buf_free(&r->line);
    buf_free(&r->texts);
    free(r);
}

static enum rc tell_wrong(struct review_rows *r, uint64_t line, const char *wrong,
                          struct fault *fault)
{
    return r->take(r->context, line, NULL, wrong, fault);
}

static enum rc hand_on(struct review_rows *r, uint64_t line, struct review_fields *fields,
                       struct fault *fault)
{
    for (size_t c = 0; c < REVIEW_COLUMNS; c++) {
        fields->v[c] = str_trim(fields->v[c]);
        if (!utf8_valid(fields->v[c], NULL)) {
            char wrong[80];
            snprintf(wrong, sizeof wrong, "%s: it is no UTF-8", names[c]);
            return tell_wrong(r, line, wrong, fault);
        }
    }
    return r->take(r->context, line, fields, NULL, fault);
}

/* ---- CSV ---- */

static void on_field(void *text, size_t n, void *context)
{
    struct review_rows *r = context;
    struct str field = {text, n}, piece;
    while (str_next(&field, '\r', &piece)) /* CR LF within a text is a line's end */
        buf_str_add(&r->texts, piece);
    if (r->fields < FIELDS_MAX)
        r->ends[r->fields] = r->texts.n;
    r->fields++;
}

static void on_row(int end, void *context)
{
    (void)end;
    ((struct review_rows *)context)->ended = true;
}

static struct str field_at(const struct review_rows *r, size_t i)
{
    return str_sub(buf_str(&r->texts), i == 0 ? 0 : r->ends[i - 1], r->ends[i]);
}

static void forget_row(struct review_rows *r)
{
    buf_clear(&r->texts);
    r->fields = r->bytes = 0;
    r->open = r->ended = false;
}

/* What cannot be read leaves nothing behind: the next line begins a row. */
static void begin_anew(struct review_rows *r)
{
    csv_free(&r->csv);
    if (csv_init(&r->csv, CSV_STRICT | CSV_STRICT_FINI) != 0)
        abort();
    forget_row(r);
}

static int column_named(struct str name)
{
    for (int c = 0; c < REVIEW_COLUMNS; c++)
        if (str_eq_nocase(name, str_of(names[c])))
            return c;
    return NO_COLUMN;
}

static enum rc column_wrong(size_t at, struct str name, bool twice, struct fault *fault)
{
    name = utf8_valid(name, NULL) ? utf8_cut(name, 40) : STR("its name");
    return fault_set(fault, RC_INVALID,
                     "line 1, column %zu: %.*s is %s; there are isbn, work, stars, title, text, "
                     "language, author, date, source, id",
                     at, STR_ARG(name), twice ? "there twice" : "not known");
}

static enum rc read_header(struct review_rows *r, struct fault *fault)
{
    unsigned seen = 0;
    if (r->fields > FIELDS_MAX)
        return fault_set(fault, RC_INVALID, "line 1: more than %d columns", FIELDS_MAX);
    for (size_t i = 0; i < r->fields; i++) {
        struct str name = str_trim(field_at(r, i));
        int c = column_named(name);
        if (c == NO_COLUMN || (seen >> c & 1) != 0)
            return column_wrong(i + 1, name, c != NO_COLUMN, fault);
        seen |= 1u << c;
        r->column_of[i] = c;
    }
    if ((seen & (1u << REVIEW_ISBN | 1u << REVIEW_WORK)) == 0 ||
        (seen & (1u << REVIEW_STARS | 1u << REVIEW_TEXT)) == 0)
        return fault_set(fault, RC_INVALID,
                         "line 1: the columns are named here, isbn or work, and stars or text "
                         "among them");
    r->columns = r->fields;
    return RC_OK;
}

static enum rc end_row(struct review_rows *r, struct fault *fault)
{
    struct review_fields fields = {0};
    char wrong[120];
    if (r->columns == 0)
        return read_header(r, fault);
    if (buf_check(&r->texts) != RC_OK)
        return tell_wrong(r, r->begun, "it is longer than 1 MiB", fault);
    if (r->fields != r->columns) {
        snprintf(wrong, sizeof wrong, "%zu fields, where the first line names %zu", r->fields,
                 r->columns);
        return tell_wrong(r, r->begun, wrong, fault);
    }
    for (size_t i = 0; i < r->fields; i++)
        fields.v[r->column_of[i]] = field_at(r, i);
    return hand_on(r, r->begun, &fields, fault);
}

static enum rc broken_row(struct review_rows *r, const char *wrong, struct fault *fault)
{
    uint64_t begun = r->begun;
    bool header = r->columns == 0;
    begin_anew(r);
    return header ? fault_set(fault, RC_INVALID, "line 1: %s", wrong)
                  : tell_wrong(r, begun, wrong, fault);
}

/* With its end, or the last one without. */
static enum rc csv_line(struct review_rows *r, struct str line, struct fault *fault)
{
    if (!r->open)
        r->begun = r->at;
    r->bytes += line.n;
    if (r->bytes > ROW_MAX)
        return broken_row(r, "it is longer than 1 MiB", fault);
    if (csv_parse(&r->csv, line.p, line.n, on_field, on_row, r) != line.n)
        return broken_row(r, "its quotes do not fit", fault);
    if (!r->ended) {
        r->open |= str_trim(line).n > 0;
        r->bytes = r->open ? r->bytes : 0;
        return RC_OK;
    }
    enum rc rc = end_row(r, fault);
    forget_row(r);
    return rc;
}

/* ---- JSON lines ---- */

static enum rc json_value(const json_t *value, struct buf *out)
{
    double stars = json_number_value(value);
    if (json_is_string(value))
        buf_add(out, json_string_value(value), json_string_length(value));
    else if (json_is_integer(value))
        buf_i64(out, json_integer_value(value));
    else if (json_is_real(value) && stars >= 0 && stars <= 5 && stars == (double)(int)stars)
        buf_i64(out, (int64_t)stars); /* "5.0", as programs write them */
    else if (!json_is_null(value))
        return RC_INVALID;
    return buf_check(out);
}

static enum rc json_line(struct review_rows *r, struct str line, struct fault *fault)
{
    struct review_fields fields = {0};
    struct fault why = {""};
    JSON_AUTO *json = NULL;
    const char *key;
    json_t *value;
    size_t from[REVIEW_COLUMNS] = {0}, to[REVIEW_COLUMNS] = {0};
    char wrong[120];
    buf_clear(&r->texts);
    if (json_read(line, &json, &why) != RC_OK || !json_is_object(json))
        return tell_wrong(r, r->at, json != NULL ? "it is no JSON object" : why.text, fault);
    json_object_foreach (json, key, value) {
        int c = column_named(str_of(key));
        if (c == NO_COLUMN) {
            snprintf(wrong, sizeof wrong, "%.40s: there is no such member", key);
            return tell_wrong(r, r->at, utf8_valid(str_of(wrong), NULL) ? wrong : "no such member",
                              fault);
        }
        from[c] = r->texts.n;
        if (json_value(value, &r->texts) != RC_OK) {
            snprintf(wrong, sizeof wrong, "%s: a text or a whole number is needed", names[c]);
            return tell_wrong(r, r->at, wrong, fault);
        }
        to[c] = r->texts.n;
    }
    for (size_t c = 0; c < REVIEW_COLUMNS; c++)
        fields.v[c] = str_sub(buf_str(&r->texts), from[c], to[c]);
    return hand_on(r, r->at, &fields, fault);
}

/* ---- lines ---- */

static enum rc take_line(struct review_rows *r, struct fault *fault)
{
    struct str line = buf_str(&r->line);
    if (r->kind == KIND_UNKNOWN) {
        if (str_starts(line, STR("\xEF\xBB\xBF")))
            line = str_sub(line, 3, line.n);
        if (str_trim(line).n == 0)
            return RC_OK;
        r->kind = str_trim(line).p[0] == '{' ? KIND_JSON : KIND_CSV;
    }
    if (buf_check(&r->line) != RC_OK)
        return r->kind == KIND_CSV ? broken_row(r, "it is longer than 1 MiB", fault)
                                   : tell_wrong(r, r->at, "it is longer than 1 MiB", fault);
    if (r->kind == KIND_CSV)
        return csv_line(r, line, fault);
    return str_trim(line).n == 0 ? RC_OK : json_line(r, line, fault);
}

enum rc review_rows_push(struct review_rows *r, struct str bytes, struct fault *fault)
{
    while (bytes.n > 0) {
        if (r->after_cr && bytes.p[0] == '\n')
            bytes = str_sub(bytes, 1, bytes.n);
        r->after_cr = false;
        size_t lf = str_find(bytes, '\n'), cr = str_find(str_sub(bytes, 0, lf), '\r');
        bool ends = lf < bytes.n || cr < lf;
        size_t end = cr < lf ? cr : lf;
        buf_str_add(&r->line, str_sub(bytes, 0, end));
        if (!ends)
            return RC_OK;
        r->after_cr = end == cr && cr < lf;
        buf_char(&r->line, '\n');
        enum rc rc = take_line(r, fault);
        buf_clear(&r->line);
        r->at++;
        if (rc != RC_OK)
            return rc;
        bytes = str_sub(bytes, end + 1, bytes.n);
    }
    return RC_OK;
}

enum rc review_rows_end(struct review_rows *r, struct fault *fault)
{
    enum rc rc = RC_OK;
    if (r->line.n > 0) {
        buf_char(&r->line, '\n');
        rc = take_line(r, fault);
        buf_clear(&r->line);
    }
    if (rc == RC_OK && r->open)
        rc = broken_row(r, "its quotes do not fit", fault);
    if (rc == RC_OK && r->kind != KIND_JSON && r->columns == 0)
        rc = fault_set(fault, RC_INVALID, "line 1: the columns are named here");
    return rc;
}
