#include "web/covers.h"

#include "base/encode.h"
#include "base/markup.h"
#include "base/utf8.h"

/* Type stands above ART_TOP, the art below it, so that neither crosses the other;
 * a frame or a band stands around both. */
enum { WIDTH = 240, HEIGHT = 360, LINES_MAX = 6, TYPE_TOP = 30, ART_TOP = 226, BAND = 26 };

const struct palette cover_palettes[PALETTES] = {
    {"#1f3a3d", "#f0e6cf", "#d9764f"}, {"#7a2e2b", "#f6ead6", "#e0a458"},
    {"#3e4a3a", "#f1ead8", "#d7a84a"}, {"#53334e", "#f5ebe4", "#d1a95f"},
    {"#26324f", "#eee8da", "#c9a063"}, {"#e3b04b", "#2b211a", "#7d2f1e"},
    {"#d9d0bd", "#2a2723", "#8a3b2a"}, {"#5b4632", "#f3e8d3", "#d6b06a"},
    {"#2d4a5e", "#f2ecdf", "#e2b77a"}, {"#c8d0c0", "#22302a", "#6b3a2e"},
};

static const char serif[] = "'Iowan Old Style','Palatino Linotype','EB Garamond','Source Han Serif "
                            "SC','Noto Serif CJK SC','Noto Naskh Arabic',Amiri,'Geeza Pro',Georgia,"
                            "serif";

/* ---- compositions: what stands behind the type ---- */

static void double_frame(struct buf *o, const struct palette *p)
{
    buf_printf(o,
               "<rect x=\"14\" y=\"14\" width=\"212\" height=\"332\" fill=\"none\" stroke=\"%s\" "
               "stroke-width=\"1.4\"/>"
               "<rect x=\"19\" y=\"19\" width=\"202\" height=\"322\" fill=\"none\" stroke=\"%s\" "
               "stroke-width=\".6\"/>",
               p->ink, p->ink);
}

static void rings(struct buf *o, const struct palette *p)
{
    for (int r = 10, i = 0; r <= 56; r += 9, i++)
        buf_printf(o,
                   "<circle cx=\"120\" cy=\"285\" r=\"%d\" fill=\"none\" stroke=\"%s\" "
                   "stroke-width=\"%.1f\"/>",
                   r, p->accent, 2.4 - i * 0.3);
}

static void stripes(struct buf *o, const struct palette *p)
{
    for (int y = 226; y < 340; y += 16)
        buf_printf(
            o, "<rect x=\"0\" y=\"%d\" width=\"240\" height=\"%d\" fill=\"%s\" opacity=\".85\"/>",
            y, 3 + (y - 226) / 16, p->accent);
}

static void hills(struct buf *o, const struct palette *p)
{
    buf_printf(o,
               "<path d=\"M0 262Q72 206 132 264T240 246V360H0Z\" fill=\"%s\"/>"
               "<path d=\"M0 300Q96 264 168 306T240 292V360H0Z\" fill=\"%s\" opacity=\".22\"/>",
               p->accent, p->ink);
}

static void bound_spine(struct buf *o, const struct palette *p)
{
    buf_printf(o,
               "<rect width=\"%d\" height=\"360\" fill=\"%s\"/><rect x=\"30\" width=\"1.2\" "
               "height=\"360\" fill=\"%s\" opacity=\".5\"/>",
               BAND, p->accent, p->ink);
}

static void sun(struct buf *o, const struct palette *p)
{
    buf_printf(o,
               "<circle cx=\"120\" cy=\"290\" r=\"54\" fill=\"%s\"/><rect x=\"0\" y=\"290\" "
               "width=\"240\" height=\"70\" fill=\"%s\"/>"
               "<rect x=\"24\" y=\"290\" width=\"192\" height=\"1.4\" fill=\"%s\"/>",
               p->accent, p->ground, p->ink);
}

static void lattice(struct buf *o, const struct palette *p)
{
    for (int x = 24; x <= 216; x += 24)
        buf_printf(
            o,
            "<path d=\"M%d 236V340M24 %dH216\" stroke=\"%s\" stroke-width=\"1\" opacity=\".8\"/>",
            x, 236 + (x - 24) / 24 * 13, p->accent);
}

static void label(struct buf *o, const struct palette *p)
{
    buf_printf(o,
               "<rect x=\"0\" y=\"0\" width=\"240\" height=\"8\" fill=\"%s\"/><rect x=\"0\" "
               "y=\"352\" width=\"240\" height=\"8\" fill=\"%s\"/>"
               "<path d=\"M120 250l14 22-14 22-14-22z\" fill=\"%s\"/>",
               p->accent, p->accent, p->accent);
}

static void (*const compositions[COMPOSITIONS])(struct buf *, const struct palette *) = {
    double_frame, rings, stripes, hills, bound_spine, sun, lattice, label,
};

/* ---- type ---- */

/* About how wide a line is, in ems of its size: no font is at hand here. */
static double width_of(struct str s)
{
    double width = 0;
    uint32_t c;
    while (utf8_next(&s, &c))
        width += utf8_is_cjk(c)                                              ? 1.0
                 : c == ' ' || c == 'i' || c == 'l' || c == 'j' || c == '\'' ? 0.26
                 : c == 'm' || c == 'w' || c == 'M' || c == 'W'              ? 0.82
                 : c >= 'A' && c <= 'Z'                                      ? 0.66
                                                                             : 0.47;
    return width;
}

/* How much of the text, at least one character, fits into `room` ems. */
static size_t fitting(struct str text, double room)
{
    struct str rest = text;
    uint32_t point;
    size_t n = 0;
    while (utf8_next(&rest, &point)) {
        size_t end = text.n - rest.n;
        if (n > 0 && width_of(str_sub(text, 0, end)) > room)
            break;
        n = end;
    }
    return n;
}

/* Breaks at spaces, or where a word alone is wider than `room` and `hard` says
 * so, inside it. False where it does not fit into LINES_MAX lines. */
static bool break_lines(struct str text, double room, bool hard, struct str *lines, size_t *ret_n)
{
    size_t n = 0;
    text = str_trim(text);
    while (text.n > 0) {
        size_t end = 0;
        for (size_t i = 1; i <= text.n; i++)
            if ((i == text.n || text.p[i] == ' ') && width_of(str_sub(text, 0, i)) <= room)
                end = i;
        if (end == 0 && !hard)
            return false;
        if (end == 0)
            end = fitting(text, room);
        if (n == LINES_MAX)
            return false;
        lines[n++] = str_sub(text, 0, end);
        text = str_trim(str_sub(text, end, text.n));
    }
    *ret_n = n;
    return n > 0;
}

static void put_author(struct buf *o, struct str author, const char *anchor, int x, int y, int room)
{
    static const int sizes[] = {13, 12, 11, 10};
    const double spacing = utf8_has_rtl(author) ? 0 : 1; /* joined letters stay joined */
    int size = 10;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        size = sizes[i];
        if ((width_of(author) * 1.1 * size + (double)utf8_length(author) * spacing) <= room)
            break;
    }
    struct str shown = str_sub(author, 0, fitting(author, room / (1.1 * size + 2 * spacing)));
    buf_printf(o,
               "<text x=\"%d\" y=\"%d\" font-size=\"%d\" letter-spacing=\"%.0f\" "
               "text-anchor=\"%s\">",
               x, y, size, spacing, anchor);
    markup_escape(o, shown.n < author.n ? shown : author);
    BUF_LIT(o, "</text>");
}

static void latin_type(struct buf *o, const struct cover *c, const struct palette *p, bool band)
{
    static const int sizes[] = {30, 26, 23, 20, 17, 15, 13};
    enum { ROOM_BAND = 180, ROOM = 184, HIGH = ART_TOP - 62 - 24 };
    struct str lines[LINES_MAX] = {c->title};
    size_t n = 0;
    int size = 13;
    double room = band ? ROOM_BAND : ROOM;
    bool fits = false;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes && !fits; i++) {
        size = sizes[i];
        fits =
            break_lines(c->title, room / size, false, lines, &n) && (int)n * size * 5 / 4 <= HIGH;
    }
    /* Longer than a cover holds: its beginning. */
    for (size_t most = 110; !fits && most > 10; most -= 10)
        fits = break_lines(utf8_cut(c->title, most), room / size, true, lines, &n) &&
               (int)n * size * 5 / 4 <= HIGH;
    /* Beside a band: from its margin, or from the other one. */
    bool rtl = utf8_has_rtl(c->title);
    const char *anchor = band ? "start" : "middle";
    int x = !band ? WIDTH / 2 : rtl ? WIDTH - 18 : BAND + 18, y = 62;
    buf_printf(o, "<g font-family=\"%s\" fill=\"%s\"%s><g font-size=\"%d\" text-anchor=\"%s\">",
               serif, p->ink, rtl ? " direction=\"rtl\"" : "", size, anchor);
    for (size_t i = 0; i < n; i++, y += size * 5 / 4) {
        buf_printf(o, "<text x=\"%d\" y=\"%d\">", x, y);
        markup_escape(o, lines[i]);
        BUF_LIT(o, "</text>");
    }
    BUF_LIT(o, "</g>");
    if (c->author.n > 0)
        put_author(o, c->author, anchor, x, y + 6, (int)room);
    BUF_LIT(o, "</g>");
}

/* One character below the other, at most `most`; what is left. Words in other
 * scripts are set upright like the rest: turned ones would hang on the browser. */
static struct str vertical(struct buf *o, struct str text, int x, int y, int size, size_t most)
{
    uint32_t point;
    struct str rest = text;
    for (size_t i = 0; i < most && rest.n > 0;) {
        struct str before = rest;
        utf8_next(&rest, &point);
        if (point == ' ')
            continue;
        buf_printf(o, "<text x=\"%d\" y=\"%d\" font-size=\"%d\">", x, y, size);
        markup_escape(o, str_sub(before, 0, before.n - rest.n));
        BUF_LIT(o, "</text>");
        y += size + size / 8;
        i++;
    }
    return rest;
}

/* A strip of one to three columns, from the right to the left, as titles of
 * Chinese and Japanese books are pasted on. */
static void cjk_type(struct buf *o, const struct cover *c, const struct palette *p)
{
    static const int sizes[] = {44, 38, 34, 30, 27, 24, 21, 18, 16};
    enum { PAD = 9, COLUMNS_MAX = 3, RIGHT = 212 };
    bool upright = utf8_has_cjk(c->author);
    int high = ART_TOP - 8 - TYPE_TOP - 2 * PAD - (upright || c->author.n == 0 ? 0 : 20);
    size_t length = utf8_length(c->title), columns = 1, each = 1;
    int size = 16, step = 18;
    for (columns = 1; columns <= COLUMNS_MAX; columns++) {
        bool fits = false;
        each = (length + columns - 1) / columns;
        for (size_t i = 0; i < sizeof sizes / sizeof *sizes && !fits; i++) {
            size = sizes[i];
            step = size + size / 8;
            /* A second column only once one would be small. */
            fits = (int)each * step <= high && (size >= 21 || columns == COLUMNS_MAX);
        }
        if (fits)
            break;
    }
    if (columns > COLUMNS_MAX)
        columns = COLUMNS_MAX;
    if ((int)each * step > high)
        each = (size_t)(high / step);
    int wide = (int)columns * (size + 6), tall = (int)each * step + 2 * PAD;
    buf_printf(o,
               "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\" stroke=\"%s\" "
               "stroke-width=\"1.2\"/>",
               RIGHT - wide, TYPE_TOP, wide, tall, p->ground, p->ink);
    buf_printf(o, "<g font-family=\"%s\" fill=\"%s\" text-anchor=\"middle\">", serif, p->ink);
    struct str rest = c->title;
    for (size_t i = 0; i < columns; i++)
        rest = vertical(o, rest, RIGHT - (int)i * (size + 6) - (size + 6) / 2,
                        TYPE_TOP + PAD + size * 7 / 8, size, each);
    if (upright)
        (void)vertical(o, c->author, RIGHT - wide - 18, TYPE_TOP + 28, 15, 9);
    else if (c->author.n > 0)
        put_author(o, c->author, "end", RIGHT, TYPE_TOP + tall + 18, 168);
    BUF_LIT(o, "</g>");
}

/* The number of a series stands on its band, as on the spine of a volume. */
static void put_part(struct buf *o, struct str part, const struct palette *p)
{
    part = utf8_cut(part, 4);
    int size = width_of(part) * 13 <= 20 ? 13 : 9;
    buf_printf(o,
               "<circle cx=\"%d\" cy=\"332\" r=\"12\" fill=\"%s\"/><text x=\"%d\" y=\"%d\" "
               "font-size=\"%d\" text-anchor=\"middle\" font-family=\"%s\" fill=\"%s\">",
               BAND / 2, p->ground, BAND / 2, 332 + size * 3 / 8, size, serif, p->ink);
    markup_escape(o, part);
    BUF_LIT(o, "</text>");
}

static void draw_within(struct buf *out, const struct cover *c)
{
    struct hash digest = sha256(c->key.p, c->key.n);
    const struct palette *p = &cover_palettes[digest.b[0] % PALETTES];
    unsigned composition = digest.b[1] % COMPOSITIONS;
    bool band = c->part.n > 0 || compositions[composition] == bound_spine;
    buf_printf(out, "<rect width=\"%d\" height=\"%d\" fill=\"%s\"/>", WIDTH, HEIGHT, p->ground);
    compositions[composition](out, p);
    if (band && compositions[composition] != bound_spine)
        bound_spine(out, p);
    if (utf8_has_cjk(c->title))
        cjk_type(out, c, p);
    else
        latin_type(out, c, p, band);
    if (c->part.n > 0)
        put_part(out, c->part, p);
}

void cover_draw(struct buf *out, const struct cover *c)
{
    BUF_LIT(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 240 360\" role=\"img\"><title>");
    markup_escape(out, c->title);
    BUF_LIT(out, "</title>");
    draw_within(out, c);
    BUF_LIT(out, "</svg>\n");
}

void cover_draw_card(struct buf *out, const struct cover *c)
{
    enum { TALL = 510, WIDE = TALL * WIDTH / HEIGHT, X = (CARD_WIDTH - WIDE) / 2, Y = 60 };
    buf_printf(out,
               "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\">"
               "<rect width=\"%d\" height=\"%d\" fill=\"#fbf9f4\"/>",
               CARD_WIDTH, CARD_HEIGHT, CARD_WIDTH, CARD_HEIGHT);
    /* A shadow without a filter, which not every reader of SVG has. */
    for (int i = 1; i <= 8; i++)
        buf_printf(out,
                   "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"%d\" "
                   "fill-opacity=\".03\"/>",
                   X - i, Y - i + 6, WIDE + 2 * i, TALL + 2 * i, i);
    buf_printf(out, "<svg x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\">", X,
               Y, WIDE, TALL, WIDTH, HEIGHT);
    draw_within(out, c);
    BUF_LIT(out, "</svg></svg>\n");
}
