#include "base/diff.h"

#include "base/utf8.h"

/* Cells of the tables in which the longest common part is looked for: of one, and of all that two
 * texts take. Which texts are compared, strangers choose. */
enum { CELLS_MAX = 1000000, CELLS_ALL_MAX = 4 * CELLS_MAX };

typedef LIST(struct str) tokens;
typedef void (*told)(void *context, enum diff_kind kind, struct str text);

struct made {
    struct arena *arena;
    diff_list list;
    size_t room;
    size_t cells; /* that are left */
};

/* What follows on a piece of the same kind, in the same text, becomes one with it. */
static void add_piece(void *context, enum diff_kind kind, struct str text)
{
    struct made *m = context;
    struct diff_piece *last = m->list.n == 0 ? NULL : &m->list.v[m->list.n - 1];
    if (text.n == 0)
        return;
    if (last != NULL && last->kind == kind && last->text.p + last->text.n == text.p) {
        last->text.n += text.n;
        return;
    }
    ARENA_ROOM(m->arena, m->list.v, m->list.n, m->room);
    m->list.v[m->list.n++] = (struct diff_piece){kind, text};
}

/* The tokens together are the text. */
static void add_token(struct arena *arena, tokens *all, size_t *room, struct str token)
{
    ARENA_ROOM(arena, all->v, all->n, *room);
    all->v[all->n++] = token;
}

static tokens lines_of(struct arena *arena, struct str text)
{
    tokens all = {NULL, 0};
    size_t room = 0;
    while (text.n > 0) {
        size_t end = str_find(text, '\n');
        add_token(arena, &all, &room, str_sub(text, 0, end + 1));
        text = str_sub(text, end + 1, text.n);
    }
    return all;
}

/* Words with the space behind them; of scripts that are set without spaces, each character. */
static tokens words_of(struct arena *arena, struct str text)
{
    tokens all = {NULL, 0};
    size_t room = 0, from = 0;
    uint32_t point;
    struct str rest = text;
    while (utf8_next(&rest, &point)) {
        size_t at = text.n - rest.n;
        if (point != ' ' && point != '\n' && !utf8_is_cjk(point) && rest.n > 0)
            continue;
        add_token(arena, &all, &room, str_sub(text, from, at));
        from = at;
    }
    return all;
}

static struct str spanned(const tokens *t, size_t from, size_t to)
{
    if (from >= to)
        return STR_NONE;
    const char *end = t->v[to - 1].p + t->v[to - 1].n;
    return (struct str){t->v[from].p, (size_t)(end - t->v[from].p)};
}

/* length[i * (m + 1) + k]: of what is common behind old[i] and new[k]. */
static uint32_t *common_lengths(struct arena *arena, const struct str *old, size_t n,
                                const struct str *new, size_t m)
{
    uint32_t *length = ARENA_ARRAY(arena, uint32_t, (n + 1) * (m + 1));
    for (size_t i = n; i-- > 0;)
        for (size_t k = m; k-- > 0;) {
            uint32_t down = length[(i + 1) * (m + 1) + k], right = length[i * (m + 1) + k + 1];
            length[i * (m + 1) + k] = str_eq(old[i], new[k]) ? length[(i + 1) * (m + 1) + k + 1] + 1
                                      : down > right         ? down
                                                             : right;
        }
    return length;
}

/* Whether there are so many cells left, which are taken. */
static bool take_cells(size_t *left, size_t n, size_t m)
{
    size_t most = *left < CELLS_MAX ? *left : CELLS_MAX;
    if (n > most / m)
        return false;
    *left -= n * m;
    return true;
}

/* The middle, between what is the same at both ends. */
static void tell_middle(struct arena *arena, size_t *cells, const tokens *old, const tokens *new,
                        told tell, void *context)
{
    size_t n = old->n, m = new->n, i = 0, k = 0;
    if (!take_cells(cells, n + 1, m + 1)) {
        tell(context, DIFF_GONE, spanned(old, 0, n));
        tell(context, DIFF_NEW, spanned(new, 0, m));
        return;
    }
    const uint32_t *length = common_lengths(arena, old->v, n, new->v, m);
    while (i < n || k < m) {
        if (i < n && k < m && str_eq(old->v[i], new->v[k])) {
            tell(context, DIFF_SAME, new->v[k]);
            i++;
            k++;
        } else if (k == m ||
                   (i < n && length[(i + 1) * (m + 1) + k] >= length[i * (m + 1) + k + 1])) {
            tell(context, DIFF_GONE, old->v[i++]);
        } else {
            tell(context, DIFF_NEW, new->v[k++]);
        }
    }
}

static tokens between(const tokens *t, size_t head, size_t tail)
{
    size_t n = t->n - head - tail;
    return n == 0 ? (tokens){NULL, 0} : (tokens){t->v + head, n};
}

/* The arena is for what is needed meanwhile. */
static void compare(struct arena *arena, size_t *cells, tokens old, tokens new, told tell,
                    void *context)
{
    size_t head = 0, tail = 0;
    while (head < old.n && head < new.n &&str_eq(old.v[head], new.v[head]))
        head++;
    while (tail < old.n - head &&
           tail < new.n - head &&str_eq(old.v[old.n - 1 - tail], new.v[new.n - 1 - tail]))
        tail++;
    tokens a = between(&old, head, tail), b = between(&new, head, tail);
    tell(context, DIFF_SAME, spanned(&new, 0, head));
    tell_middle(arena, cells, &a, &b, tell, context);
    tell(context, DIFF_SAME, spanned(&new, new.n - tail, new.n));
}

/* Lines that went and lines that came in their place are compared by their words. */
struct replaced {
    struct made *made;
    struct str gone, came;
};

static struct str joined(struct str before, struct str text)
{
    return before.n == 0 ? text : (struct str){before.p, before.n + text.n};
}

static void tell_replaced(struct replaced *r)
{
    ARENA_AUTO arena = ARENA_INIT;
    if (r->gone.n > 0 && r->came.n > 0)
        compare(&arena, &r->made->cells, words_of(&arena, r->gone), words_of(&arena, r->came),
                add_piece, r->made);
    else
        add_piece(r->made, r->gone.n > 0 ? DIFF_GONE : DIFF_NEW, r->gone.n > 0 ? r->gone : r->came);
    r->gone = r->came = STR_NONE;
}

static void note_line(void *context, enum diff_kind kind, struct str text)
{
    struct replaced *r = context;
    if (text.n == 0)
        return;
    if (kind == DIFF_GONE) {
        r->gone = joined(r->gone, text);
    } else if (kind == DIFF_NEW) {
        r->came = joined(r->came, text);
    } else {
        tell_replaced(r);
        add_piece(r->made, kind, text);
    }
}

diff_list diff_texts(struct arena *arena, struct str old, struct str new)
{
    ARENA_AUTO lines = ARENA_INIT;
    struct made made = {.arena = arena, .cells = CELLS_ALL_MAX};
    struct replaced r = {.made = &made};
    compare(&lines, &made.cells, lines_of(&lines, old), lines_of(&lines, new), note_line, &r);
    tell_replaced(&r);
    return made.list;
}
