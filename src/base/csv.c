#include "base/csv.h"

static void add_quoted(struct buf *out, struct str s, bool marked)
{
    buf_char(out, '"');
    if (marked)
        buf_char(out, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '"')
            buf_char(out, '"');
        buf_char(out, s.p[i]);
    }
    buf_char(out, '"');
}

void csv_add(struct buf *out, struct str s)
{
    add_quoted(out, s, false);
}

void csv_line_add(struct buf *out, const struct str *cells, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            buf_char(out, ',');
        add_quoted(out, cells[i], cells[i].n > 0 && strchr("=+-@\t\r", cells[i].p[0]) != NULL);
    }
    BUF_LIT(out, "\r\n");
}
