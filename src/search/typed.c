#include "search/typed.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "domain/isbn.h"
#include "search/romans.h"
#include "search/sounds.h"

enum { TERMS_MAX = 12, TEXT_MAX = 1000, FEW = 10 };

/* Title ten times a keyword, names five times. */
static const char weights[] =
    "title * 10 || contributors * 5 || subtitle * 3 || original * 3 || collections * 3 || "
    "publisher || keywords || isbn * 20";

static const char sound_weights[] = "sound_title * 4 || sound_name * 2";

static const char roman_weights[] = "roman_title * 4 || roman_name * 2";

/* Where words find little: all of it, and names in their plain spelling. */
static const char loose_weights[] =
    "title * 10 || contributors * 5 || subtitle * 3 || original * 3 || collections * 3 || "
    "publisher || keywords || roman_title * 4 || roman_name * 2 || spelt * 4";

const char *search_weights(void)
{
    return weights;
}

const char *search_sound_weights(void)
{
    return sound_weights;
}

const char *search_roman_weights(void)
{
    return roman_weights;
}

const char *search_loose_weights(void)
{
    return loose_weights;
}

bool typed_next(struct str *rest, struct str *ret)
{
    *rest = str_trim(*rest);
    if (rest->n == 0)
        return false;
    bool quoted = rest->p[0] == '"';
    size_t from = quoted ? 1 : 0, end = from;
    while (end < rest->n && (quoted ? rest->p[end] != '"' : (unsigned char)rest->p[end] > ' '))
        end++;
    *ret = str_sub(*rest, from, end);
    *rest = str_sub(*rest, end + (quoted && end < rest->n ? 1 : 0), rest->n);
    return true;
}

static void put_quoted(struct buf *b, struct str term)
{
    if (b->n > 0)
        buf_char(b, ' ');
    buf_char(b, '"');
    buf_str_add(b, term); /* folded: letters, digits and spaces only */
    buf_char(b, '"');
}

/* A folded term whose last word may go on. Chinese has no words to go on. */
static void put_beginning(struct buf *b, struct str term)
{
    size_t at = term.n;
    while (at > 0 && term.p[at - 1] != ' ')
        at--;
    struct str last = str_sub(term, at, term.n);
    if (at > 0)
        put_quoted(b, str_trim(str_sub(term, 0, at)));
    if (utf8_has_cjk(last) || utf8_length(last) < 2)
        put_quoted(b, last);
    else
        buf_printf(b, "%s%.*s*", b->n > 0 ? " " : "", STR_ARG(last));
}

/* Groonga's query language with nothing in it but quoted phrases, and where it goes on
 * the beginning of a word. */
static void read_terms(struct arena *arena, struct str text, bool goes_on, struct buf *ret)
{
    char isbn[14];
    struct str rest = str_sub(text, 0, TEXT_MAX), term;
    if (rest.n == TEXT_MAX) /* cut between characters */
        while (rest.n > 0 && ((unsigned char)rest.p[rest.n - 1] & 0xc0) == 0x80)
            rest.n--;
    if (isbn_parse(text, isbn)) {
        put_quoted(ret, arena_str(arena, str_of(isbn)));
        return;
    }
    for (int n = 0; n < TERMS_MAX && typed_next(&rest, &term); n++) {
        struct str folded =
            isbn_parse(term, isbn) ? arena_str(arena, str_of(isbn)) : search_fold(arena, term);
        if (folded.n > 0 && goes_on && str_trim(rest).n == 0)
            put_beginning(ret, folded);
        else if (folded.n > 0)
            put_quoted(ret, folded);
        else
            n--;
    }
}

/* Adds what `question` finds by these weights to *ret, which is made where it is NULL. */
static enum rc select_into(struct search_reader *reader, struct str by, struct str question,
                           grn_operator between, grn_obj **ret, struct fault *fault)
{
    grn_ctx *ctx = reader->ctx;
    grn_obj *variable = NULL, *weighted = NULL, *query = NULL, *selected = NULL;
    grn_obj *table = reader->index->table;
    GRN_EXPR_CREATE_FOR_QUERY(ctx, table, weighted, variable);
    GRN_EXPR_CREATE_FOR_QUERY(ctx, table, query, variable);
    grn_rc parsed = GRN_INVALID_ARGUMENT;
    if (weighted != NULL && query != NULL)
        parsed = grn_expr_parse(ctx, weighted, by.p, (unsigned)by.n, NULL, GRN_OP_MATCH, GRN_OP_AND,
                                GRN_EXPR_SYNTAX_SCRIPT);
    if (parsed == GRN_SUCCESS)
        parsed = grn_expr_parse(ctx, query, question.p, (unsigned)question.n, weighted,
                                GRN_OP_MATCH, between, GRN_EXPR_SYNTAX_QUERY);
    if (parsed == GRN_SUCCESS)
        selected = grn_table_select(ctx, table, query, *ret, GRN_OP_OR);
    enum rc rc = selected == NULL ? groonga_fault(ctx, fault, "searching") : RC_OK;
    if (rc == RC_OK)
        *ret = selected;
    if (query != NULL)
        grn_obj_unlink(ctx, query);
    if (weighted != NULL)
        grn_obj_unlink(ctx, weighted);
    ctx->rc = GRN_SUCCESS;
    return rc;
}

/* One short word may be English as well: it is read as pinyin where little else is found. */
static bool wants_sounds(const struct sounds *sounds, unsigned others)
{
    return others <= FEW || sounds->words > 1 || sounds->syllables > 2;
}

enum rc typed_select(struct search_reader *reader, struct str text, enum typed_way way,
                     grn_obj **ret, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO terms = BUF_INIT(64 << 10);
    struct sounds sounds;
    *ret = NULL;
    if (!utf8_valid(text, NULL))
        return RC_OK;
    read_terms(&arena, text, way == TYPED_UNFINISHED, &terms);
    if (terms.n == 0 || terms.failed)
        return RC_OK;
    enum rc rc = select_into(reader, str_of(weights), buf_str(&terms),
                             way == TYPED_ANY_WORD ? GRN_OP_OR : GRN_OP_AND, ret, fault);
    if (rc != RC_OK || (way != TYPED_WORDS && way != TYPED_UNFINISHED))
        return rc;
    unsigned others = grn_table_size(reader->ctx, *ret);
    struct romans romans;
    bool read = romans_read(reader, &arena, text, &romans);
    if (read && romans.strict.n > 0)
        rc = select_into(reader, str_of(roman_weights), romans.strict, GRN_OP_AND, ret, fault);
    if (rc == RC_OK && ((sounds_read(&arena, text, &sounds) && wants_sounds(&sounds, others)) ||
                        (others <= FEW && sounds_read_older(&arena, text, &sounds))))
        rc = select_into(reader, str_of(sound_weights), sounds.question, GRN_OP_AND, ret, fault);
    if (rc == RC_OK && read && romans.loose.n > 0 && grn_table_size(reader->ctx, *ret) <= FEW)
        rc = select_into(reader, str_of(loose_weights), romans.loose, GRN_OP_AND, ret, fault);
    return rc;
}
