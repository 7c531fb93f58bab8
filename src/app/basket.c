#include "app/basket.h"

#include "app/account.h"
#include "app/vouchers.h"
#include "base/clock.h"
#include "store/baskets.h"

enum { DAY_S = 86400 };

bool basket_act_parse(struct str s, enum basket_act *ret)
{
    static const char *const names[] = {[BASKET_ADD] = "add",
                                        [BASKET_SET] = "set",
                                        [BASKET_REMOVE] = "remove",
                                        [BASKET_LATER] = "later",
                                        [BASKET_BACK] = "back"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (str_is(s, names[i])) {
            *ret = (enum basket_act)i;
            return true;
        }
    return false;
}

static bool is_nobody(const struct basket_owner *owner)
{
    return owner->account == 0 && owner->secret.n != TOKEN_SIZE;
}

enum rc basket_find(struct store_conn *conn, const struct basket_owner *owner,
                    struct basket_row *ret, struct fault *fault)
{
    struct hash hash = sha256(owner->secret.p, owner->secret.n);
    return is_nobody(owner) ? RC_NOT_FOUND : basket_row(conn, owner->account, &hash, ret, fault);
}

enum rc basket_count(struct store_conn *conn, const struct basket_owner *owner, uint64_t *ret,
                     struct fault *fault)
{
    *ret = 0;
    if (is_nobody(owner))
        return RC_OK;
    struct hash hash = sha256(owner->secret.p, owner->secret.n);
    return basket_line_count(conn, owner->account, &hash, ret, fault);
}

/* ---- reading ---- */

static enum rc read_rows(struct store_conn *conn, struct arena *arena,
                         const struct basket_owner *owner, struct basket_row *ret_basket,
                         struct basket_line_row **ret, size_t *ret_n, struct fault *fault)
{
    *ret_n = 0;
    *ret_basket = (struct basket_row){0};
    enum rc rc = basket_find(conn, owner, ret_basket, fault);
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    return rc == RC_OK
               ? basket_line_rows(conn, arena, ret_basket->id, SALE_LINES_MAX, ret, ret_n, fault)
               : rc;
}

static struct sale_wish *wishes_of(struct arena *arena, const struct basket_line_row *rows,
                                   size_t n)
{
    struct sale_wish *wishes = ARENA_ARRAY(arena, struct sale_wish, n);
    for (size_t i = 0; i < n; i++)
        wishes[i] = (struct sale_wish){rows[i].key, rows[i].quantity};
    return wishes;
}

static void add_line(const struct visit *visit, struct basket *b, const struct sale_line *sale,
                     const struct basket_line_row *row)
{
    struct basket_line line = {
        .sale = *sale, .edition = row->edition, .was = -1, .later = row->later};
    if (sale->bar == SALE_OPEN && row->price >= 0 && row->price != sale->unit &&
        str_eq(row->currency, visit->storefront->currency))
        line.was = row->price;
    if (row->later)
        b->later.v[b->later.n++] = line;
    else if (sale->bar != SALE_OPEN)
        b->apart.v[b->apart.n++] = line;
    else
        b->lines.v[b->lines.n++] = line;
}

static enum rc reckon(const struct visit *visit, uint64_t voucher, struct basket *b,
                      struct fault *fault)
{
    struct arena *arena = visit->arena;
    sale_line_list open = {ARENA_ARRAY(arena, struct sale_line, b->lines.n), b->lines.n};
    for (size_t i = 0; i < b->lines.n; i++) {
        open.v[i] = b->lines.v[i].sale;
        b->printed = b->printed || !open.v[i].digital;
        b->digital = b->digital || open.v[i].digital;
        b->tax_later = b->tax_later || open.v[i].tax_later;
    }
    sale_reckoning(arena, &open, &b->reckoning);
    enum rc rc = voucher_reckon(visit, voucher, &open, &b->reckoning, &b->voucher, fault);
    if (rc == RC_OK)
        rc = reckoning_make(&b->reckoning, arena, fault);
    for (size_t i = 0; rc == RC_OK && i < b->lines.n; i++)
        b->lines.v[i].reckoned = &b->reckoning.lines.v[i];
    if (rc == RC_OK)
        b->hash = reckoning_hash(&b->reckoning, visit->storefront->currency);
    return rc;
}

enum rc basket_read(const struct visit *visit, const struct basket_owner *owner, struct basket *ret,
                    struct fault *fault)
{
    struct basket_line_row *rows = NULL;
    sale_line_list sales = {NULL, 0};
    struct basket_row basket;
    size_t n = 0;
    *ret = (struct basket){.printed = false};
    enum rc rc = read_rows(visit->conn, visit->arena, owner, &basket, &rows, &n, fault);
    if (rc == RC_OK)
        rc = sale_lines(visit, NULL, wishes_of(visit->arena, rows, n), n, &sales, fault);
    ret->lines.v = ARENA_ARRAY(visit->arena, struct basket_line, n);
    ret->apart.v = ARENA_ARRAY(visit->arena, struct basket_line, n);
    ret->later.v = ARENA_ARRAY(visit->arena, struct basket_line, n);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        add_line(visit, ret, &sales.v[i], &rows[i]);
    return rc == RC_OK ? reckon(visit, basket.voucher, ret, fault) : rc;
}

/* ---- changing ---- */

struct changing {
    const struct basket_owner *owner;
    const struct visit *visit;
    const struct sale_line *sale;
    enum basket_act act;
    int64_t quantity;
    struct hash made; /* of the secret of a basket that is made */
    bool is_new;
};

/* By its edition, or, of one that left the catalogue, by its key. */
static const struct basket_line_row *line_meant(const struct changing *c,
                                                const struct basket_line_row *rows, size_t n)
{
    uint64_t edition = c->sale->edition.id;
    for (size_t i = 0; i < n; i++)
        if (edition != 0 ? rows[i].edition == edition : str_eq(rows[i].key, c->sale->wish.key))
            return &rows[i];
    return NULL;
}

static bool brings(enum basket_act act)
{
    return act == BASKET_ADD || act == BASKET_PUT;
}

/* How it stands there after the act; RC_NOT_FOUND where nothing is to be done. */
static enum rc line_after(const struct changing *c, const struct basket_line_row *rows, size_t n,
                          struct basket_line_row *ret, struct fault *fault)
{
    const struct sale_line *sale = c->sale;
    const struct basket_line_row *was = line_meant(c, rows, n);
    if (was == NULL && !brings(c->act))
        return RC_NOT_FOUND;
    if (was == NULL && n >= SALE_LINES_MAX)
        return fault_set(fault, RC_LIMIT, "basket: no more than %d titles fit", SALE_LINES_MAX);
    *ret = was != NULL
               ? *was
               : (struct basket_line_row){.edition = sale->edition.id, .added = clock_now()};
    if (brings(c->act) || c->act == BASKET_SET) {
        ret->quantity =
            c->act == BASKET_ADD && !ret->later ? ret->quantity + c->quantity : c->quantity;
        ret->price = sale->bar == SALE_OPEN || sale->bar == SALE_NEEDS_ACCOUNT ? sale->unit : -1;
        ret->currency = c->visit->storefront->currency;
    }
    if (sale->digital)
        ret->quantity = 1;
    if (ret->quantity < 1 || ret->quantity > SALE_QUANTITY_MAX)
        return fault_set(fault, RC_INVALID, "quantity: 1 to %d copies", SALE_QUANTITY_MAX);
    ret->later = c->act == BASKET_LATER || (ret->later && c->act == BASKET_SET);
    return RC_OK;
}

static enum rc change_work(void *context, struct store_conn *conn, struct fault *fault)
{
    struct changing *c = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct basket_line_row *rows = NULL, line;
    struct basket_row basket;
    size_t n = 0;
    unsigned storefront = c->visit->storefront->id;
    int64_t now = clock_now();
    c->is_new = false;
    enum rc rc = read_rows(conn, &arena, c->owner, &basket, &rows, &n, fault);
    uint64_t id = basket.id;
    if (rc == RC_OK && id == 0) {
        if (!brings(c->act))
            return RC_OK;
        c->is_new = true;
        rc = basket_row_add(conn, c->owner->account, &c->made, storefront, now, &id, fault);
    } else if (rc == RC_OK) {
        rc = basket_row_touch(conn, id, storefront, now, fault);
    }
    if (rc == RC_OK && c->act == BASKET_REMOVE) {
        const struct basket_line_row *meant = line_meant(c, rows, n);
        return meant == NULL ? RC_OK : basket_line_row_remove(conn, id, meant->edition, fault);
    }
    if (rc == RC_OK)
        rc = line_after(c, rows, n, &line, fault);
    if (rc == RC_OK)
        rc = basket_line_row_put(conn, id, &line, fault);
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

enum rc basket_change(struct writer *writer, const struct visit *visit,
                      const struct basket_owner *owner, enum basket_act act, struct str key,
                      int64_t quantity, char ret_secret[TOKEN_SIZE + 1], struct fault *fault)
{
    struct sale_wish wish = {key, 1};
    sale_line_list sales = {NULL, 0};
    struct changing c = {.owner = owner, .visit = visit, .act = act, .quantity = quantity};
    char secret[TOKEN_SIZE + 1];
    ret_secret[0] = 0;
    enum rc rc = sale_lines(visit, NULL, &wish, 1, &sales, fault);
    if (rc != RC_OK)
        return rc;
    c.sale = &sales.v[0];
    bool buyable =
        c.sale->bar == SALE_OPEN || c.sale->bar == SALE_NEEDS_ACCOUNT || c.sale->bar == SALE_NO_TAX;
    bool known = c.sale->edition.id != 0 || act == BASKET_REMOVE;
    if (!known || (brings(act) && !buyable)) {
        struct str says = sale_bar_says(visit->arena, visit->storefront, c.sale);
        return fault_set(fault, c.sale->bar == SALE_UNKNOWN ? RC_NOT_FOUND : RC_INVALID, "%.*s",
                         STR_ARG(says));
    }
    secret_make(secret);
    c.made = sha256(secret, TOKEN_SIZE);
    rc = writer_run_aside(writer, change_work, &c, fault);
    if (rc == RC_OK && c.is_new && owner->account == 0)
        memcpy(ret_secret, secret, sizeof secret);
    return rc;
}

/* ---- signing in ---- */

struct merging {
    struct str secret, session;
    uint64_t *ret_left;
};

/* *room: for so many more titles. What does not fit stays where it is. */
static enum rc take_line(struct store_conn *conn, uint64_t from, uint64_t to,
                         const struct basket_line_row *line, const struct basket_line_row *there,
                         size_t n, size_t *room, uint64_t *left, struct fault *fault)
{
    struct basket_line_row row = *line;
    bool is_there = false;
    for (size_t i = 0; i < n; i++)
        if (there[i].edition == line->edition) {
            is_there = true;
            row = there[i];
            if (line->quantity > row.quantity)
                row.quantity = line->quantity;
            row.later = row.later && line->later;
        }
    if (!is_there && *room == 0) {
        *left += 1;
        return RC_OK;
    }
    *room -= is_there ? 0 : 1;
    enum rc rc = basket_line_row_put(conn, to, &row, fault);
    return rc == RC_OK ? basket_line_row_remove(conn, from, line->edition, fault) : rc;
}

static enum rc merge_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct merging *m = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct basket_owner guest = {.secret = m->secret}, own = {0};
    struct basket_line_row *from = NULL, *there = NULL;
    struct viewer viewer = {0};
    struct basket_row guest_row, own_row;
    size_t n = 0, there_n = 0;
    *m->ret_left = 0; /* it may run again */
    enum rc rc = read_rows(conn, &arena, &guest, &guest_row, &from, &n, fault);
    if (rc != RC_OK || guest_row.id == 0)
        return rc;
    rc = account_viewer(conn, &arena, m->session, &viewer, fault);
    own.account = viewer.account;
    if (rc == RC_OK)
        rc = read_rows(conn, &arena, &own, &own_row, &there, &there_n, fault);
    char secret[TOKEN_SIZE + 1];
    secret_make(secret);
    struct hash hash = sha256(secret, TOKEN_SIZE);
    if (rc == RC_OK && own_row.id == 0)
        rc = basket_row_add(conn, own.account, &hash, 0, clock_now(), &own_row.id, fault);
    if (rc == RC_OK && guest_row.voucher != 0 && own_row.voucher == 0)
        rc = basket_row_voucher(conn, own_row.id, guest_row.voucher, fault);
    size_t room = SALE_LINES_MAX - there_n;
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        rc = take_line(conn, guest_row.id, own_row.id, &from[i], there, there_n, &room, m->ret_left,
                       fault);
    return rc == RC_OK && *m->ret_left == 0 ? basket_row_remove(conn, guest_row.id, fault) : rc;
}

enum rc basket_merge(struct writer *writer, struct str secret, struct str session,
                     uint64_t *ret_left, struct fault *fault)
{
    struct merging m = {secret, session, ret_left};
    *ret_left = 0;
    return secret.n == TOKEN_SIZE ? writer_run_aside(writer, merge_work, &m, fault) : RC_OK;
}

/* ---- buying ---- */

enum rc basket_wishes(struct store_conn *conn, struct arena *arena,
                      const struct basket_owner *owner, struct sale_wish **ret, size_t *ret_n,
                      struct basket_row *ret_basket, struct fault *fault)
{
    struct basket_line_row *rows = NULL;
    size_t n = 0, kept = 0;
    enum rc rc = read_rows(conn, arena, owner, ret_basket, &rows, &n, fault);
    for (size_t i = 0; rc == RC_OK && i < n; i++)
        if (!rows[i].later)
            rows[kept++] = rows[i];
    *ret = wishes_of(arena, rows, kept);
    *ret_n = kept;
    return rc;
}

enum rc basket_bought(struct store_conn *conn, uint64_t basket, uint64_t edition,
                      struct fault *fault)
{
    return basket_line_row_remove(conn, basket, edition, fault);
}

enum rc baskets_forget(struct store_conn *conn, int64_t now, struct fault *fault)
{
    return basket_rows_forget(conn, now - (int64_t)BASKET_DAYS * DAY_S, fault);
}
