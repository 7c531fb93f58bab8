#include "web/covers.h"

#include "base/encode.h"
#include "base/utf8.h"

enum { WIDTH = 240, HEIGHT = 360, LINES_MAX = 6 };

const struct palette cover_palettes[PALETTES] = {
    {"#1f3a3d", "#f0e6cf", "#d9764f"}, {"#7a2e2b", "#f6ead6", "#e0a458"},
    {"#3e4a3a", "#f1ead8", "#d7a84a"}, {"#53334e", "#f5ebe4", "#d1a95f"},
    {"#26324f", "#eee8da", "#c9a063"}, {"#e3b04b", "#2b211a", "#7d2f1e"},
    {"#d9d0bd", "#2a2723", "#8a3b2a"}, {"#5b4632", "#f3e8d3", "#d6b06a"},
    {"#2d4a5e", "#f2ecdf", "#e2b77a"}, {"#c8d0c0", "#22302a", "#6b3a2e"},
};

static const char serif[] = "'Iowan Old Style','Palatino Linotype','EB Garamond','Source Han Serif "
                            "SC','Noto Serif CJK SC',Georgia,serif";

static void put_escaped(struct buf *out, struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        switch (s.p[i]) {
        case '<':
            BUF_LIT(out, "&lt;");
            break;
        case '>':
            BUF_LIT(out, "&gt;");
            break;
        case '&':
            BUF_LIT(out, "&amp;");
            break;
        case '"':
            BUF_LIT(out, "&quot;");
            break;
        default:
            buf_char(out, s.p[i]);
        }
}

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
    for (int r = 18, i = 0; r <= 84; r += 13, i++)
        buf_printf(o,
                   "<circle cx=\"120\" cy=\"252\" r=\"%d\" fill=\"none\" stroke=\"%s\" "
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
               "<path d=\"M0 236Q72 190 132 240T240 222V360H0Z\" fill=\"%s\"/>"
               "<path d=\"M0 282Q96 246 168 290T240 276V360H0Z\" fill=\"%s\" opacity=\".22\"/>",
               p->accent, p->ink);
}

static void bound_spine(struct buf *o, const struct palette *p)
{
    buf_printf(o,
               "<rect width=\"26\" height=\"360\" fill=\"%s\"/><rect x=\"30\" width=\"1.2\" "
               "height=\"360\" fill=\"%s\" opacity=\".5\"/>",
               p->accent, p->ink);
}

static void sun(struct buf *o, const struct palette *p)
{
    buf_printf(o,
               "<circle cx=\"120\" cy=\"262\" r=\"54\" fill=\"%s\"/><rect x=\"0\" y=\"262\" "
               "width=\"240\" height=\"98\" fill=\"%s\"/>"
               "<rect x=\"24\" y=\"262\" width=\"192\" height=\"1.4\" fill=\"%s\"/>",
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

/* Breaks at spaces so that no line is wider than `room`; false where it needs
 * more lines than there are. */
static bool break_lines(struct str text, double room, struct str *lines, size_t *ret_n)
{
    size_t n = 0, begun = 0, last = 0;
    for (size_t i = 0; i <= text.n; i++) {
        if (i < text.n && text.p[i] != ' ')
            continue;
        if (width_of(str_sub(text, begun, i)) > room && last > begun) {
            if (n == LINES_MAX)
                return false;
            lines[n++] = str_sub(text, begun, last);
            begun = last + 1;
        }
        last = i;
    }
    if (n == LINES_MAX)
        return false;
    lines[n++] = str_sub(text, begun, text.n);
    for (size_t i = 0; i < n; i++)
        if (width_of(lines[i]) > room)
            return false;
    *ret_n = n;
    return true;
}

static void latin_type(struct buf *o, const struct cover *c, const struct palette *p, bool spine)
{
    static const int sizes[] = {30, 26, 23, 20, 17, 15, 13};
    struct str lines[LINES_MAX] = {c->title};
    size_t n = 1;
    int size = 12;
    double room = spine ? 184 : 196;
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        if (break_lines(c->title, room / sizes[i], lines, &n) && (int)n * sizes[i] <= 150) {
            size = sizes[i];
            break;
        }
    if (size == 12) { /* longer than a cover holds: its beginning */
        lines[0] = utf8_cut(c->title, 60);
        n = break_lines(lines[0], room / 13, lines, &n) ? n : 1;
        size = 13;
    }
    const char *anchor = spine ? "start" : "middle";
    int x = spine ? 44 : 120, y = 62;
    buf_printf(o, "<g font-family=\"%s\" fill=\"%s\" text-anchor=\"%s\"><g font-size=\"%d\">",
               serif, p->ink, anchor, size);
    for (size_t i = 0; i < n; i++, y += size * 5 / 4) {
        buf_printf(o, "<text x=\"%d\" y=\"%d\">", x, y);
        put_escaped(o, lines[i]);
        BUF_LIT(o, "</text>");
    }
    BUF_LIT(o, "</g>");
    struct str author = utf8_cut(c->author, 34);
    int author_size = width_of(author) * 12.5 > room - 20 ? 10 : 12;
    buf_printf(o, "<text x=\"%d\" y=\"%d\" font-size=\"%d\" letter-spacing=\"1.2\">", x, y + 8,
               author_size);
    put_escaped(o, author);
    BUF_LIT(o, "</text></g>");
}

/* One character below the other; Latin within runs on turned by the browser is
 * left to horizontal setting, since covers must look alike everywhere. */
static void vertical(struct buf *o, struct str text, int x, int y, int size, size_t most)
{
    uint32_t point;
    struct str rest = text;
    for (size_t i = 0; i < most && rest.n > 0; i++) {
        struct str before = rest;
        utf8_next(&rest, &point);
        if (point == ' ')
            continue;
        buf_printf(o, "<text x=\"%d\" y=\"%d\" font-size=\"%d\">", x, y, size);
        put_escaped(o, str_sub(before, 0, before.n - rest.n));
        BUF_LIT(o, "</text>");
        y += size + size / 8;
    }
}

static void cjk_type(struct buf *o, const struct cover *c, const struct palette *p)
{
    size_t length = utf8_length(c->title);
    int size = length <= 4 ? 44 : length <= 6 ? 36 : length <= 9 ? 27 : 20;
    size_t fits = (size_t)(280 / (size + size / 8));
    size_t shown = length < fits ? length : fits;
    int strip = (int)shown * (size + size / 8) + 18;
    buf_printf(o,
               "<rect x=\"%d\" y=\"30\" width=\"%d\" height=\"%d\" fill=\"%s\" stroke=\"%s\" "
               "stroke-width=\"1.2\"/>",
               206 - size, size + 6, strip, p->ground, p->ink);
    buf_printf(o, "<g font-family=\"%s\" fill=\"%s\" text-anchor=\"middle\">", serif, p->ink);
    vertical(o, c->title, 209 - size / 2, 30 + size + 4, size, shown);
    if (utf8_has_cjk(c->author))
        vertical(o, c->author, 186 - size, 58, 15, 12);
    else if (c->author.n > 0) {
        struct str author = utf8_cut(c->author, 30);
        buf_printf(o, "<text x=\"24\" y=\"336\" font-size=\"%d\" text-anchor=\"start\">",
                   width_of(author) * 12 > 190 ? 9 : 12);
        put_escaped(o, author);
        BUF_LIT(o, "</text>");
    }
    BUF_LIT(o, "</g>");
}

void cover_draw(struct buf *out, const struct cover *c)
{
    struct hash digest = sha256(c->key.p, c->key.n);
    const struct palette *p = &cover_palettes[digest.b[0] % PALETTES];
    unsigned composition = digest.b[1] % COMPOSITIONS;
    bool spine = compositions[composition] == bound_spine;
    BUF_LIT(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 240 360\" role=\"img\"><title>");
    put_escaped(out, c->title);
    buf_printf(out, "</title><rect width=\"%d\" height=\"%d\" fill=\"%s\"/>", WIDTH, HEIGHT,
               p->ground);
    compositions[composition](out, p);
    if (utf8_has_cjk(c->title))
        cjk_type(out, c, p);
    else
        latin_type(out, c, p, spine);
    if (c->part.n > 0) {
        struct str part = utf8_cut(c->part, 4);
        buf_printf(out,
                   "<circle cx=\"%d\" cy=\"330\" r=\"13\" fill=\"%s\"/><text x=\"%d\" y=\"335\" "
                   "font-size=\"13\" "
                   "text-anchor=\"middle\" font-family=\"%s\" fill=\"%s\">",
                   spine ? 13 : 30, spine ? p->ground : p->ink, spine ? 13 : 30, serif,
                   spine ? p->ink : p->ground);
        put_escaped(out, part);
        BUF_LIT(out, "</text>");
    }
    BUF_LIT(out, "</svg>\n");
}
