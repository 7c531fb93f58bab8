#include "record/state.h"

#include "base/clock.h"
#include "base/json.h"
#include "base/list.h"
#include "domain/edition.h"

enum { VALUE_MAX = 16 << 20 };

/* What stands under one key. */
struct item {
    struct str storefront, kind, key;
    const struct restriction **v; /* ids ascending */
    size_t n, room;
};

/* A restriction on a set covers a work. */
struct cover {
    uint64_t work, restriction;
};

/* The works that sets cover in one storefront, as the tree over them. */
struct covered {
    struct str storefront;
    const struct restriction **sets;
    size_t set_n, set_room;
    bool stale;
    struct cover *covers; /* malloc'ed, by work and restriction */
    size_t cover_n;
    uint64_t *begins; /* of each work's covers */
    size_t works;
    struct hash *levels[TILE_LEVELS]; /* hashes of tiles; malloc'ed */
    size_t widths[TILE_LEVELS];
    struct hash root;
};

struct record_state {
    struct arena arena;
    struct state_map *map;
    LIST(struct covered) covered;
    size_t covered_room;
    uint64_t changed;
};

struct record_state *record_state_new(void)
{
    struct record_state *state = calloc(1, sizeof *state);
    if (state == NULL)
        abort();
    state->map = state_map_new();
    return state;
}

static void covered_clear(struct covered *c)
{
    free(c->covers);
    free(c->begins);
    c->covers = NULL;
    c->begins = NULL;
    for (int l = 0; l < TILE_LEVELS; l++) {
        free(c->levels[l]);
        c->levels[l] = NULL;
        c->widths[l] = 0;
    }
    c->cover_n = c->works = 0;
}

void record_state_free(struct record_state *state)
{
    if (state == NULL)
        return;
    for (size_t i = 0; i < state->covered.n; i++)
        covered_clear(&state->covered.v[i]);
    state_map_free(state->map);
    arena_free(&state->arena);
    free(state);
}

struct hash state_key(struct str storefront, struct str kind, struct str key)
{
    static const char zero[1];
    struct str between = {zero, 1};
    struct str parts[] = {
        STR("colophon/state/v1"), between, storefront, between, kind, between, key};
    return sha256_parts(parts, sizeof parts / sizeof *parts);
}

/* ---- values ---- */

static json_t *time_json(int64_t t)
{
    BUF_AUTO b = BUF_INIT(32);
    time_add(&b, t);
    return json_from_str(buf_str(&b));
}

static json_t *restriction_json(const struct restriction *r, bool part)
{
    json_t *o = json_object(), *features = json_array();
    for (int f = 0; f < FEATURE_COUNT; f++)
        if (r->features & FEATURE_BIT(f))
            json_array_append_new(features, json_string(feature_name((enum feature)f)));
    json_object_set_new(o, "id", json_integer((json_int_t)r->id));
    json_object_set_new(o, "features", features);
    json_object_set_new(o, "from", time_json(r->from));
    if (r->until != 0)
        json_object_set_new(o, "until", time_json(r->until));
    if (r->review != 0)
        json_object_set_new(o, "lapses", time_json(r->review));
    if (part)
        json_object_set_new(o, target_name(r->target), json_from_str(r->target_key));
    return o;
}

/* Canonical JSON of what the entry's own checks have passed cannot fail. */
static struct str write_value(struct arena *arena, const json_t *o)
{
    BUF_AUTO bytes = BUF_INIT(VALUE_MAX);
    if (json_write_canonical(o, &bytes, NULL) != RC_OK || bytes.failed)
        abort();
    return arena_str(arena, buf_str(&bytes));
}

static struct str item_value(struct arena *arena, const struct item *item)
{
    JSON_AUTO *o = json_object();
    json_t *list = json_array();
    bool work = str_eq(item->kind, str_of(target_name(TARGET_WORK)));
    for (size_t i = 0; i < item->n; i++)
        json_array_append_new(
            list, restriction_json(item->v[i], work && item->v[i]->target != TARGET_WORK));
    json_object_set_new(o, "kind", json_from_str(item->kind));
    json_object_set_new(o, "key", json_from_str(item->key));
    json_object_set_new(o, "storefront", json_from_str(item->storefront));
    json_object_set_new(o, "restrictions", list);
    return write_value(arena, o);
}

static struct str covered_value(struct arena *arena, const struct covered *c)
{
    JSON_AUTO *o = json_object();
    BUF_AUTO root = BUF_INIT(80);
    hex_add(&root, c->root.b, sizeof c->root.b);
    json_object_set_new(o, "kind", json_string(STATE_COVERED));
    json_object_set_new(o, "key", json_string(""));
    json_object_set_new(o, "storefront", json_from_str(c->storefront));
    json_object_set_new(o, "works", json_integer((json_int_t)c->works));
    json_object_set_new(o, "root", json_from_str(buf_str(&root)));
    return write_value(arena, o);
}

/* ---- the works that sets cover ---- */

static int by_work(const void *a, const void *b)
{
    const struct cover *x = a, *y = b;
    if (x->work != y->work)
        return (x->work > y->work) - (x->work < y->work);
    return (x->restriction > y->restriction) - (x->restriction < y->restriction);
}

static struct str cover_leaf(struct arena *arena, const struct covered *c, size_t i)
{
    size_t from = c->begins[i], to = c->begins[i + 1];
    BUF_AUTO leaf = BUF_INIT(VALUE_MAX);
    buf_be(&leaf, c->covers[from].work, 8);
    for (size_t k = from; k < to; k++)
        buf_be(&leaf, c->covers[k].restriction, 8);
    return arena_str(arena, buf_str(&leaf));
}

static void *take_memory(size_t n, size_t size)
{
    void *v = calloc(n > 0 ? n : 1, size);
    if (v == NULL)
        abort();
    return v;
}

static enum rc read_level(void *context, unsigned level, uint64_t n, unsigned width,
                          struct hash *ret_hashes, struct fault *fault)
{
    const struct covered *c = context;
    if (level >= TILE_LEVELS || n * TILE_WIDTH + width > c->widths[level])
        return fault_set(fault, RC_CORRUPT, "a tree is smaller than it should be");
    memcpy(ret_hashes, c->levels[level] + n * TILE_WIDTH, width * sizeof *ret_hashes);
    return RC_OK;
}

/* The tree's tiles: of each level the roots of the full tiles below. */
static void make_levels(struct covered *c)
{
    ARENA_AUTO arena = ARENA_INIT;
    c->levels[0] = take_memory(c->works, sizeof **c->levels);
    c->widths[0] = c->works;
    for (size_t i = 0; i < c->works; i++) {
        c->levels[0][i] = merkle_leaf(cover_leaf(&arena, c, i));
        if (i % TILE_WIDTH == 0)
            arena_reset(&arena);
    }
    for (int l = 1; l < TILE_LEVELS && c->widths[l - 1] >= TILE_WIDTH; l++) {
        c->widths[l] = c->widths[l - 1] / TILE_WIDTH;
        c->levels[l] = take_memory(c->widths[l], sizeof **c->levels);
        for (size_t i = 0; i < c->widths[l]; i++)
            c->levels[l][i] = merkle_root(c->levels[l - 1] + i * TILE_WIDTH, TILE_WIDTH);
    }
    struct tile_source source = {c, read_level};
    if (tiles_root(&source, c->works, &c->root, NULL) != RC_OK)
        abort();
}

static void covered_make(struct record_state *state, struct covered *c)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct hash key = state_key(c->storefront, STR(STATE_COVERED), STR_NONE);
    c->stale = false;
    covered_clear(c);
    for (size_t i = 0; i < c->set_n; i++)
        c->cover_n += c->sets[i]->works.n;
    if (c->cover_n == 0) {
        state_map_remove(state->map, &key);
        return;
    }
    c->covers = take_memory(c->cover_n, sizeof *c->covers);
    c->begins = take_memory(c->cover_n + 1, sizeof *c->begins);
    size_t n = 0;
    for (size_t i = 0; i < c->set_n; i++)
        for (size_t k = 0; k < c->sets[i]->works.n; k++)
            c->covers[n++] = (struct cover){c->sets[i]->works.v[k], c->sets[i]->id};
    if (c->set_n > 1)
        qsort(c->covers, n, sizeof *c->covers, by_work);
    for (size_t i = 0; i < n; i++)
        if (i == 0 || c->covers[i].work != c->covers[i - 1].work)
            c->begins[c->works++] = i;
    c->begins[c->works] = n;
    make_levels(c);
    struct str value = covered_value(&arena, c);
    struct hash hash = sha256(value.p, value.n);
    state_map_put(state->map, &key, &hash, state);
}

static void make_stale(struct record_state *state)
{
    for (size_t i = 0; i < state->covered.n; i++)
        if (state->covered.v[i].stale)
            covered_make(state, &state->covered.v[i]);
}

static struct covered *covered_find(const struct record_state *state, struct str storefront)
{
    for (size_t i = 0; i < state->covered.n; i++)
        if (str_eq(state->covered.v[i].storefront, storefront))
            return &state->covered.v[i];
    return NULL;
}

static struct covered *covered_of(struct record_state *state, struct str storefront)
{
    struct covered *c = covered_find(state, storefront);
    if (c != NULL)
        return c;
    ARENA_ROOM(&state->arena, state->covered.v, state->covered.n, state->covered_room);
    c = &state->covered.v[state->covered.n++];
    c->storefront = arena_str(&state->arena, storefront);
    return c;
}

/* ---- taking entries in ---- */

static void add_to(struct arena *arena, const struct restriction ***v, size_t *n, size_t *room,
                   const struct restriction *r)
{
    ARENA_ROOM(arena, *v, *n, *room);
    size_t at = *n;
    for (; at > 0 && (*v)[at - 1]->id > r->id; at--)
        (*v)[at] = (*v)[at - 1];
    (*v)[at] = r;
    ++*n;
}

static void take_from(const struct restriction **v, size_t *n, const struct restriction *r)
{
    size_t kept = 0;
    for (size_t i = 0; i < *n; i++)
        if (v[i] != r)
            v[kept++] = v[i];
    *n = kept;
}

/* The restriction comes to stand under a key, or no longer does. */
static void change(struct record_state *state, struct str storefront, struct str kind,
                   struct str key, const struct restriction *r, bool add)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct hash at = state_key(storefront, kind, key);
    struct item *item = state_map_get(state->map, &at);
    if (item == NULL && !add)
        return;
    if (item == NULL) {
        item = ARENA_NEW(&state->arena, struct item);
        *item = (struct item){.storefront = storefront, .kind = kind, .key = key};
    }
    if (add)
        add_to(&state->arena, &item->v, &item->n, &item->room, r);
    else
        take_from(item->v, &item->n, r);
    if (item->n == 0) {
        state_map_remove(state->map, &at);
        return;
    }
    struct str value = item_value(&arena, item);
    struct hash hash = sha256(value.p, value.n);
    state_map_put(state->map, &at, &hash, item);
}

static void change_everywhere(struct record_state *state, const struct restriction *r, bool add)
{
    struct str work = r->target != TARGET_WORK && !target_is_set(r->target) && r->works.n == 1
                          ? arena_printf(&state->arena, "%llu", (unsigned long long)r->works.v[0])
                          : STR_NONE;
    for (size_t i = 0; i < r->storefront_count; i++) {
        struct str storefront = r->storefronts[i];
        change(state, storefront, str_of(target_name(r->target)), r->target_key, r, add);
        if (work.n > 0)
            change(state, storefront, str_of(target_name(TARGET_WORK)), work, r, add);
        if (!target_is_set(r->target))
            continue;
        struct covered *c = covered_of(state, storefront);
        if (add)
            add_to(&state->arena, &c->sets, &c->set_n, &c->set_room, r);
        else
            take_from(c->sets, &c->set_n, r);
        c->stale = true;
    }
}

void record_state_take(struct record_state *state, const struct replay *replay,
                       const struct entry *entry)
{
    if (entry->type != ENTRY_RESTRICTION && entry->type != ENTRY_LIFT &&
        entry->type != ENTRY_EXTENDED)
        return;
    const struct restriction *r = replay_find(replay, entry->restriction.id);
    if (r == NULL)
        return;
    state->changed = replay->next;
    if (entry->type != ENTRY_EXTENDED) {
        change_everywhere(state, r, entry->type == ENTRY_RESTRICTION);
        return;
    }
    for (size_t i = 0; r->lifted == 0 && i < r->storefront_count; i++)
        covered_of(state, r->storefronts[i])->stale = true;
}

uint64_t record_state_changed(const struct record_state *state)
{
    return state->changed;
}

struct hash record_state_root(struct record_state *state)
{
    make_stale(state);
    return state_map_root(state->map);
}

/* ---- proofs ---- */

struct str record_state_value(struct record_state *state, struct arena *arena,
                              struct str storefront, struct str kind, struct str key)
{
    struct hash at = state_key(storefront, kind, key);
    make_stale(state);
    if (str_eq(kind, STR(STATE_COVERED))) {
        const struct covered *c = covered_find(state, storefront);
        return c == NULL || c->works == 0 ? STR_NONE : covered_value(arena, c);
    }
    const struct item *item = state_map_get(state->map, &at);
    return item == NULL ? STR_NONE : item_value(arena, item);
}

void record_state_prove(struct record_state *state, struct str storefront, struct str kind,
                        struct str key, struct state_proof *ret)
{
    struct hash at = state_key(storefront, kind, key);
    make_stale(state);
    state_map_prove(state->map, &at, ret);
}

static enum rc prove_cover(struct arena *arena, struct covered *c, size_t i,
                           struct covered_work *ret, struct fault *fault)
{
    struct tile_source source = {c, read_level};
    ret->index = i;
    ret->leaf = cover_leaf(arena, c, i);
    return tiles_inclusion(&source, i, c->works, ret->path, &ret->n, fault);
}

enum rc record_state_covered(struct record_state *state, struct arena *arena, struct str storefront,
                             uint64_t work, struct covered_work ret[2], size_t *ret_n,
                             struct fault *fault)
{
    struct covered *c = covered_find(state, storefront);
    make_stale(state);
    *ret_n = 0;
    if (c == NULL || c->works == 0)
        return RC_OK;
    size_t low = 0, high = c->works;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (c->covers[c->begins[middle]].work < work)
            low = middle + 1;
        else
            high = middle;
    }
    bool there = low < c->works && c->covers[c->begins[low]].work == work;
    enum rc rc = RC_OK;
    if (!there && low > 0)
        rc = prove_cover(arena, c, low - 1, &ret[(*ret_n)++], fault);
    if (rc == RC_OK && low < c->works)
        rc = prove_cover(arena, c, low, &ret[(*ret_n)++], fault);
    return rc;
}
