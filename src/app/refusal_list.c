#include "app/refusal_list.h"

#include "app/feeds.h"
#include "base/clock.h"
#include "record/merkle.h"
#include "record/refusal_keys.h"
#include "store/record_log.h"
#include "store/store.h"

/* A line for each: the key, its node, the key that it follows, whether its entry is made. Before
 * there were entries, lines held the key alone. */
#define KEYS_SETTING "refusal-keys"
#define NOBODY STR("-")   /* nobody knows any more which node's it is; or it follows none */
#define SEVERAL STR("*")  /* nodes have it: one of them that leaves it replaces nothing */
#define DECLARED STR("1") /* its entry is made */

enum { LIST_MAX = 512 << 10 };

struct line {
    struct str vkey, node, follows;
    bool declared;
};
struct key_list {
    LIST(struct line) lines;
    size_t room;
};

static struct line *find(const struct key_list *list, struct str vkey)
{
    for (size_t i = 0; i < list->lines.n; i++)
        if (str_eq(list->lines.v[i].vkey, vkey))
            return &list->lines.v[i];
    return NULL;
}

static bool was_replaced(const struct key_list *list, struct str vkey)
{
    for (size_t i = 0; i < list->lines.n; i++)
        if (str_eq(list->lines.v[i].follows, vkey))
            return true;
    return false;
}

static void add(struct key_list *list, struct arena *arena, const struct line *line)
{
    ARENA_ROOM(arena, list->lines.v, list->lines.n, list->room);
    list->lines.v[list->lines.n++] = *line;
}

static enum rc load(struct store_conn *conn, struct arena *arena, struct key_list *ret,
                    struct fault *fault)
{
    struct str text = STR_NONE, rest, said;
    *ret = (struct key_list){.room = 0};
    enum rc rc = store_setting(conn, arena, KEYS_SETTING, &text, fault);
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    while (rc == RC_OK && str_next(&text, '\n', &rest)) {
        struct line line = {.node = NOBODY, .follows = NOBODY};
        if (str_next(&rest, ' ', &line.vkey) && str_next(&rest, ' ', &line.node) &&
            str_next(&rest, ' ', &line.follows) && str_next(&rest, ' ', &said))
            line.declared = str_eq(said, DECLARED);
        add(ret, arena, &line);
    }
    return rc;
}

static enum rc keep(struct store_conn *conn, const struct key_list *list, struct fault *fault)
{
    BUF_AUTO text = BUF_INIT(LIST_MAX);
    for (size_t i = 0; i < list->lines.n; i++) {
        const struct line *l = &list->lines.v[i];
        buf_printf(&text, "%.*s %.*s %.*s %d\n", STR_ARG(l->vkey), STR_ARG(l->node),
                   STR_ARG(l->follows), l->declared);
    }
    if (text.failed || list->lines.n > REFUSAL_KEYS_MAX)
        return fault_set(fault, RC_LIMIT, "too many keys of refusals");
    return store_setting_put(conn, KEYS_SETTING, buf_str(&text), fault);
}

/* The one that this node signed with until now; empty: none. */
static struct str former(const struct key_list *list, struct str node)
{
    for (size_t i = list->lines.n; i-- > 0;)
        if (str_eq(list->lines.v[i].node, node))
            return list->lines.v[i].vkey;
    return NOBODY;
}

static enum rc join(struct store_conn *conn, struct arena *arena, struct str node, struct str vkey,
                    bool *ret_new, struct fault *fault)
{
    struct key_list list;
    enum rc rc = load(conn, arena, &list, fault);
    if (rc != RC_OK)
        return rc;
    if (was_replaced(&list, vkey))
        return fault_set(fault, RC_CONFLICT, "this key of refusals was replaced by another");
    struct line *there = find(&list, vkey);
    if (there == NULL)
        add(&list, arena, &(struct line){vkey, node, former(&list, node), false});
    else if (str_eq(there->node, NOBODY))
        there->node = node;
    else if (!str_eq(there->node, node))
        there->node = SEVERAL;
    *ret_new = there == NULL || !there->declared;
    return keep(conn, &list, fault);
}

enum rc refusal_list_join(struct site *site, struct str vkey, bool *ret_new, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct store_conn *conn = NULL;
    struct str node;
    enum rc rc = feeds_node(site, &arena, &node, fault);
    if (rc == RC_OK)
        rc = store_connect(site_store(site), true, &conn, fault);
    if (rc == RC_OK)
        rc = store_begin(conn, fault);
    if (rc == RC_OK)
        rc = join(conn, &arena, node, vkey, ret_new, fault);
    if (rc == RC_OK)
        rc = store_commit(conn, fault);
    else if (conn != NULL)
        store_rollback(conn);
    store_disconnect(conn);
    return rc;
}

/* ---- entries ---- */

static enum rc declare(struct store_conn *conn, const struct line *line, struct fault *fault)
{
    BUF_AUTO bytes = BUF_INIT(ENTRY_MAX);
    uint64_t id;
    struct entry e = {.type = ENTRY_REFUSAL_KEY, .at = clock_now()};
    e.refusal_key.vkey = line->vkey;
    e.refusal_key.replaces = str_eq(line->follows, NOBODY) ? STR_NONE : line->follows;
    enum rc rc = entry_write(&e, &bytes, fault);
    return rc == RC_OK ? record_log_add(conn, LOG_DECISIONS, entry_type_name(e.type),
                                        buf_str(&bytes), &id, fault)
                       : rc;
}

enum rc refusal_list_declare(struct store_conn *conn, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct key_list list;
    bool any = false;
    enum rc rc = load(conn, &arena, &list, fault);
    for (size_t i = 0; rc == RC_OK && i < list.lines.n; i++) {
        struct line *line = &list.lines.v[i];
        if (line->declared)
            continue;
        rc = declare(conn, line, fault);
        line->declared = any = true;
    }
    return rc == RC_OK && any ? keep(conn, &list, fault) : rc;
}

struct naming {
    struct arena *arena;
    struct refusal_keys keys;
};

static enum rc take(void *context, const struct log_entry *stored, struct fault *fault)
{
    struct naming *n = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct entry entry;
    enum rc rc = entry_read(&arena, stored->bytes, &entry, fault);
    if (rc == RC_OK)
        rc = refusal_keys_add(&n->keys, n->arena, &entry, fault);
    return rc == RC_OK ? rc
                       : fault_prefix(fault, rc, "entry %llu", (unsigned long long)stored->index);
}

/* As published entries name them, and the list. */
static enum rc load_both(struct store_conn *conn, struct naming *named, struct key_list *list,
                         struct fault *fault)
{
    enum rc rc = record_log_of_type(conn, LOG_DECISIONS, entry_type_name(ENTRY_REFUSAL_KEY), 0,
                                    take, named, fault);
    return rc == RC_OK ? load(conn, named->arena, list, fault) : rc;
}

enum rc refusal_list_text(struct store_conn *conn, struct arena *arena, struct str *ret,
                          struct fault *fault)
{
    BUF_AUTO text = BUF_INIT(LIST_MAX);
    struct naming named = {.arena = arena};
    struct key_list list;
    enum rc rc = load_both(conn, &named, &list, fault);
    for (size_t i = 0; rc == RC_OK && i < list.lines.n; i++) {
        const struct refusal_key *key = refusal_keys_find(&named.keys, list.lines.v[i].vkey);
        if (key != NULL)
            refusal_key_write(&text, key);
    }
    if (rc == RC_OK)
        rc = buf_check(&text);
    if (rc == RC_OK)
        *ret = arena_str(arena, buf_str(&text));
    return rc;
}

enum rc refusal_list_verify(struct store_conn *conn, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct naming named = {.arena = &arena};
    struct key_list list;
    enum rc rc = load_both(conn, &named, &list, fault);
    if (rc != RC_OK)
        return rc;
    for (size_t i = 0; i < named.keys.list.n; i++)
        if (find(&list, named.keys.list.v[i].vkey) == NULL)
            return fault_set(fault, RC_CORRUPT,
                             "a key of refusals that an entry names is listed "
                             "no more");
    return RC_OK;
}
