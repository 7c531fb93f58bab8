#include "app/csv_table.h"

#include <csv.h>

#include "base/buf.h"
#include "base/utf8.h"

enum { ROW_MAX = 64 << 10, FIELDS_MAX = 128 };

struct reading {
    const char *const *names;
    size_t n, needed;
    struct csv_parser csv;
    struct buf texts; /* the fields of the row so far, one behind the other */
    size_t ends[FIELDS_MAX];
    size_t fields;
    bool open, ended; /* a row has begun; the line ended one */
    size_t columns;   /* 0: the first line is still to come */
    int name_of[FIELDS_MAX];
    unsigned column[CSV_COLUMNS];
};

static void on_field(void *text, size_t n, void *context)
{
    struct reading *r = context;
    buf_add(&r->texts, text, n);
    if (r->fields < FIELDS_MAX)
        r->ends[r->fields] = r->texts.n;
    r->fields++;
}

static void on_row(int end, void *context)
{
    (void)end;
    ((struct reading *)context)->ended = true;
}

static struct str field_at(const struct reading *r, size_t i)
{
    return str_trim(str_sub(buf_str(&r->texts), i == 0 ? 0 : r->ends[i - 1], r->ends[i]));
}

static enum rc read_header(struct reading *r, struct fault *fault)
{
    for (size_t i = 0; i < r->fields; i++) {
        struct str name = field_at(r, i);
        r->name_of[i] = -1;
        for (size_t k = 0; k < r->n; k++)
            if (str_eq_nocase(name, str_of(r->names[k])))
                r->name_of[i] = (int)k;
        if (r->name_of[i] < 0)
            continue;
        if (r->column[r->name_of[i]] != 0)
            return fault_set(fault, RC_INVALID, "line 1, column %zu: %s is there twice", i + 1,
                             r->names[r->name_of[i]]);
        r->column[r->name_of[i]] = (unsigned)i + 1;
    }
    for (size_t k = 0; k < r->needed; k++)
        if (r->column[k] == 0)
            return fault_set(fault, RC_INVALID, "line 1: the columns are named here; %s is missing",
                             r->names[k]);
    r->columns = r->fields;
    return RC_OK;
}

static enum rc end_row(struct reading *r, uint64_t line, csv_row_taker take, void *context,
                       struct fault *fault)
{
    struct str v[CSV_COLUMNS] = {{NULL, 0}};
    struct csv_row row = {line, v, r->column, r->names};
    if (r->fields > FIELDS_MAX || buf_check(&r->texts) != RC_OK)
        return fault_set(fault, RC_INVALID, "line %llu: it is too long", (unsigned long long)line);
    if (!utf8_valid(buf_str(&r->texts), NULL))
        return fault_set(fault, RC_INVALID, "line %llu: it is no UTF-8", (unsigned long long)line);
    if (r->columns == 0)
        return read_header(r, fault);
    if (r->fields != r->columns)
        return fault_set(fault, RC_INVALID, "line %llu: %zu fields, where the first line names %zu",
                         (unsigned long long)line, r->fields, r->columns);
    for (size_t i = 0; i < r->fields; i++)
        if (r->name_of[i] >= 0)
            v[r->name_of[i]] = field_at(r, i);
    return take(context, &row, fault);
}

static enum rc read_lines(struct reading *r, struct str text, csv_row_taker take, void *context,
                          struct fault *fault)
{
    enum rc rc = RC_OK;
    uint64_t at = 0, begun = 0;
    while (rc == RC_OK && text.n > 0) {
        size_t lf = str_find(text, '\n');
        struct str line = str_sub(text, 0, lf < text.n ? lf + 1 : lf);
        text = str_sub(text, line.n, text.n);
        at++;
        begun = begun == 0 ? at : begun;
        if (r->texts.failed || csv_parse(&r->csv, line.p, line.n, on_field, on_row, r) != line.n)
            return fault_set(fault, RC_INVALID, "line %llu: its quotes do not fit",
                             (unsigned long long)begun);
        if (text.n == 0 && csv_fini(&r->csv, on_field, on_row, r) != 0)
            return fault_set(fault, RC_INVALID, "line %llu: its quotes do not fit",
                             (unsigned long long)begun);
        if (r->ended) {
            rc = end_row(r, begun, take, context, fault);
            buf_clear(&r->texts);
            r->fields = 0;
            r->open = r->ended = false;
        } else {
            r->open = r->open || str_trim(line).n > 0; /* else an empty line */
        }
        begun = r->open ? begun : 0;
    }
    if (rc == RC_OK && r->columns == 0)
        rc = fault_set(fault, RC_INVALID, "line 1: the columns are named here");
    return rc;
}

enum rc csv_table_read(struct str text, const char *const *names, size_t n, size_t needed,
                       csv_row_taker take, void *context, struct fault *fault)
{
    struct reading r = {.names = names, .n = n, .needed = needed, .texts = BUF_INIT(ROW_MAX)};
    if (n > CSV_COLUMNS || csv_init(&r.csv, CSV_STRICT | CSV_STRICT_FINI) != 0)
        abort();
    if (str_starts(text, STR("\xEF\xBB\xBF")))
        text = str_sub(text, 3, text.n);
    enum rc rc = read_lines(&r, text, take, context, fault);
    csv_free(&r.csv);
    buf_free(&r.texts);
    return rc;
}

enum rc csv_row_wrong(const struct csv_row *row, size_t at, const char *why, struct fault *fault)
{
    return fault_set(fault, RC_INVALID, "line %llu, column %u (%s): %s",
                     (unsigned long long)row->line, row->column[at], row->names[at], why);
}
