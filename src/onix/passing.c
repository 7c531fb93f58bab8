#include "onix/passing.h"

#include <string.h>

enum { TAG_LENGTH = 10 };

/* Through the first end tag of a product; 0 without one. */
static size_t length_of(struct str bytes, bool short_tags)
{
    struct str tag = short_tags ? STR("</product>") : STR("</Product>");
    size_t at = str_find_str(bytes, tag);
    return at < bytes.n ? at + TAG_LENGTH : 0;
}

static struct str cut(struct str *rest, size_t n)
{
    struct str piece = str_sub(*rest, 0, n);
    *rest = str_sub(*rest, piece.n, rest->n);
    return piece;
}

/* Whether an end tag lies across the border: then the piece ends there. */
static bool ends_on_border(struct pieces *p, struct str *rest, bool short_tags)
{
    char border[2 * TAG_LENGTH];
    size_t left = p->kept.n < TAG_LENGTH ? p->kept.n : TAG_LENGTH;
    size_t right = rest->n < TAG_LENGTH ? rest->n : TAG_LENGTH;
    memcpy(border, p->kept.p + p->kept.n - left, left);
    memcpy(border + left, rest->p, right);
    size_t n = length_of((struct str){border, left + right}, short_tags);
    if (n == 0)
        return false;
    buf_str_add(&p->kept, cut(rest, n - left));
    return true;
}

/* Goes on with what is kept; true once that is a piece. */
static bool complete(struct pieces *p, struct str *rest, bool short_tags)
{
    if (ends_on_border(p, rest, short_tags))
        return true;
    size_t n = length_of(*rest, short_tags);
    if (p->kept.n + (n > 0 ? n : rest->n) > ONIX_PRODUCT_MAX)
        return true;
    buf_str_add(&p->kept, cut(rest, n > 0 ? n : rest->n));
    return n > 0;
}

struct str pieces_next(struct pieces *p, struct str *rest, bool short_tags)
{
    if (p->taken)
        buf_clear(&p->kept);
    p->taken = false;
    if (p->kept.n > 0) {
        p->taken = complete(p, rest, short_tags);
        return p->taken ? buf_str(&p->kept) : STR_NONE;
    }
    size_t n = length_of(*rest, short_tags);
    if (n > 0 || rest->n > ONIX_PRODUCT_MAX)
        return cut(rest, n > 0 ? n : rest->n);
    buf_str_add(&p->kept, cut(rest, rest->n));
    return STR_NONE;
}

struct str pieces_rest(struct pieces *p)
{
    return p->taken ? STR_NONE : buf_str(&p->kept);
}

struct hash passing_basis(const struct hash *before_root, const struct header_defaults *defaults,
                          bool old)
{
    /* NUL stands in no text of XML. */
    /* Whoever reads more of a record than before raises this: records that came under
     * another number are read once more. */
    static const char reader[] = "2", reader_of_old[] = "old 1";
    const struct str parts[] = {
        {old ? reader_of_old : reader, old ? sizeof reader_of_old : sizeof reader},
        {(const char *)before_root->b, sizeof before_root->b},
        defaults->language,
        {"", 1},
        defaults->price_type,
        {"", 1},
        defaults->currency};
    return sha256_parts(parts, sizeof parts / sizeof *parts);
}

void piece_digest(const struct hash *basis, struct str piece, uint8_t ret[16])
{
    const struct str parts[] = {{(const char *)basis->b, sizeof basis->b}, piece};
    struct hash hash = sha256_parts(parts, 2);
    memcpy(ret, hash.b, 16);
}

uint64_t line_ends(struct str bytes)
{
    uint64_t n = 0;
    for (size_t i = 0; i < bytes.n; i++)
        n += bytes.p[i] == '\n';
    return n;
}
