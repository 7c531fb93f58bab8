/* What the viewer themselves did with works: put them on their list, rated them. */
#include "app/shown_parts.h"
#include "store/reader_lists.h"

static void mark(struct shown_card *card, const struct reader_mark_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (rows[i].work != card->work)
            continue;
        if (rows[i].stars > 0)
            card->rated = rows[i].stars;
        else
            card->wanted = true;
    }
}

enum rc shown_mark_own(const struct visit *visit, const shown_cards *cards, struct fault *fault)
{
    enum rc rc = RC_OK;
    if (visit->viewer->account == 0)
        return RC_OK;
    for (size_t from = 0; rc == RC_OK && from < cards->n; from += READER_MARKS_AT_ONCE) {
        uint64_t works[READER_MARKS_AT_ONCE];
        struct reader_mark_row rows[2 * READER_MARKS_AT_ONCE];
        size_t n = 0, rows_n = 0;
        for (; n < READER_MARKS_AT_ONCE && from + n < cards->n; n++)
            works[n] = cards->v[from + n].work;
        rc = reader_marks(visit->conn, visit->viewer->account, works, n, rows, &rows_n, fault);
        for (size_t i = 0; rc == RC_OK && i < n; i++)
            mark(&cards->v[from + i], rows, rows_n);
    }
    return rc;
}
