#include "app/taken_row.h"

#include <stdio.h>

#include "app/account_parts.h"
#include "base/clock.h"
#include "base/utf8.h"
#include "domain/isbn.h"
#include "domain/names.h"

/* The other shop's number where it has one; else all that the row says. */
static struct hash mark_of(const struct review_fields *f, struct str source)
{
    BUF_AUTO text = BUF_INIT(2 << 20);
    bool numbered = f->v[REVIEW_ID].n > 0;
    buf_printf(&text, "%zu %.*s ", source.n, STR_ARG(source));
    for (int c = 0; c < REVIEW_COLUMNS; c++)
        if (c != REVIEW_SOURCE && (c == REVIEW_ID || !numbered)) {
            buf_printf(&text, "%d %zu ", c, f->v[c].n);
            buf_str_add(&text, f->v[c]);
        }
    return sha256(text.p, text.n);
}

static enum rc read_title(struct arena *arena, const struct review_fields *f, struct taken_row *r,
                          struct fault *fault)
{
    char isbn[14];
    bool by_isbn = f->v[REVIEW_ISBN].n > 0;
    if (by_isbn == (f->v[REVIEW_WORK].n > 0))
        return fault_set(fault, RC_INVALID, "isbn: either it or work is needed");
    if (by_isbn && !isbn_parse(f->v[REVIEW_ISBN], isbn))
        return fault_set(fault, RC_INVALID, "isbn: it is none");
    if (!by_isbn && (!str_to_u64(f->v[REVIEW_WORK], &r->work) || r->work == 0))
        return fault_set(fault, RC_INVALID, "work: a number is needed");
    if (by_isbn)
        r->isbn13 = r->review.isbn13 = arena_str(arena, str_of(isbn));
    return RC_OK;
}

static enum rc read_stars(const struct review_fields *f, struct taken_row *r, struct fault *fault)
{
    uint64_t stars = 0;
    if (f->v[REVIEW_STARS].n > 0 &&
        (!str_to_u64(f->v[REVIEW_STARS], &stars) || stars < 1 || stars > 5))
        return fault_set(fault, RC_INVALID, "stars: a number from 1 to 5");
    r->review.stars = (unsigned)stars;
    return RC_OK;
}

static enum rc read_words(struct arena *arena, const struct review_fields *f, struct taken_row *r,
                          struct fault *fault)
{
    struct review_text *review = &r->review;
    review->title = arena_str(arena, f->v[REVIEW_TITLE]);
    review->text = arena_str(arena, f->v[REVIEW_TEXT]);
    r->author = arena_str(arena, f->v[REVIEW_AUTHOR]);
    enum rc rc = text_check("title", review->title, TEXT_LINE, REVIEW_TITLE_MAX, fault);
    if (rc == RC_OK)
        rc = text_check("text", review->text, TEXT_NEEDED, REVIEW_TEXT_MAX, fault);
    if (rc == RC_OK && !language_tag_valid(review->language))
        rc = fault_set(fault, RC_INVALID, "language: a tag such as \"en\" or \"zh-Hans\"");
    if (rc == RC_OK && !account_name_readable(r->author))
        rc = fault_set(fault, RC_INVALID,
                       "author: 1 to %d characters that can be seen, on one line", NAME_MAX_POINTS);
    if (rc == RC_OK && (!date_parse(f->v[REVIEW_DATE], &r->written) || r->written % 100 == 0 ||
                        date_start(r->written) > clock_now()))
        rc = fault_set(fault, RC_INVALID, "date: the day it was written, such as 2019-05-31");
    return rc;
}

enum rc taken_row_read(struct arena *arena, const struct review_fields *f, struct str source,
                       struct str language, struct taken_row *ret, struct fault *fault)
{
    struct taken_row r = {.source = f->v[REVIEW_SOURCE].n > 0 ? f->v[REVIEW_SOURCE] : source};
    struct str tag = f->v[REVIEW_LANGUAGE].n > 0 ? f->v[REVIEW_LANGUAGE] : language;
    r.review.language = arena_str(arena, tag);
    r.source = arena_str(arena, r.source);
    enum rc rc = read_title(arena, f, &r, fault);
    if (rc == RC_OK)
        rc = read_stars(f, &r, fault);
    if (rc == RC_OK && !account_name_readable(r.source))
        rc = fault_set(fault, RC_INVALID,
                       "source: the other shop's name, 1 to %d characters on one line",
                       NAME_MAX_POINTS);
    bool words = f->v[REVIEW_TITLE].n + f->v[REVIEW_TEXT].n > 0;
    if (rc == RC_OK && words)
        rc = read_words(arena, f, &r, fault);
    else if (rc == RC_OK && r.review.stars == 0)
        rc = fault_set(fault, RC_INVALID, "stars: there are neither stars nor words");
    if (rc != RC_OK)
        return rc;
    r.mark = mark_of(f, r.source);
    r.may_repeat = !words && f->v[REVIEW_ID].n == 0;
    *ret = r;
    return RC_OK;
}

struct hash taken_row_mark(const struct taken_row *row, uint64_t times)
{
    if (times == 0)
        return row->mark;
    char number[24];
    snprintf(number, sizeof number, "%llu", (unsigned long long)times);
    struct str parts[] = {{(const char *)row->mark.b, sizeof row->mark.b}, str_of(number)};
    return sha256_parts(parts, sizeof parts / sizeof *parts);
}
