/* Stock under random histories: what is promised is what is open, nothing falls below nought, and
 * of a last copy exactly one gets hold. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/stock.h"

enum { SHOP = 7, EDITIONS = 3, PURCHASES = 40, STEPS = 1500, BUYERS = 8, SEEDS = 2 };

#define OK(call)                                                                                   \
    do {                                                                                           \
        struct fault fault = {""};                                                                 \
        enum rc ok_rc = (call);                                                                    \
        if (ok_rc != RC_OK)                                                                        \
            fail_msg("%s: %s: %s", #call, rc_name(ok_rc), fault.text);                             \
    } while (0)

struct fixture {
    char dir[40], path[60];
    struct store *store;
    struct store_conn *conn;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    snprintf(f->dir, sizeof f->dir, "/tmp/colophon-test-XXXXXX");
    if (mkdtemp(f->dir) == NULL)
        return -1;
    snprintf(f->path, sizeof f->path, "%s/colophon.db", f->dir);
    if (store_open(f->path, true, &f->store, NULL) != RC_OK ||
        store_connect(f->store, true, &f->conn, NULL) != RC_OK)
        return -1;
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    static const char *const tails[] = {"", "-wal", "-shm"};
    store_disconnect(f->conn);
    store_close(f->store);
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        char path[80];
        snprintf(path, sizeof path, "%s%s", f->path, tails[i]);
        unlink(path);
    }
    rmdir(f->dir);
    free(f);
    return 0;
}

/* ---- the model ---- */

enum state { NONE, WAITING, PAID };
struct model {
    uint64_t on_hand[EDITIONS];
    struct {
        enum state state;
        uint64_t open[EDITIONS]; /* copies that were asked for and did not leave */
    } purchases[PURCHASES];
    uint32_t chance;
};

static uint32_t draw(struct model *m, uint32_t below)
{
    m->chance = m->chance * 1664525u + 1013904223u;
    return (m->chance >> 8) % below;
}

static uint64_t open_of(const struct model *m, size_t e)
{
    uint64_t n = 0;
    for (size_t i = 0; i < PURCHASES; i++)
        n += m->purchases[i].open[e];
    return n;
}

static void check(struct fixture *f, const struct model *m)
{
    for (size_t e = 0; e < EDITIONS; e++) {
        struct stock_row row;
        OK(stock_row(f->conn, SHOP, e + 1, &row, &fault));
        assert_int_equal(row.on_hand, m->on_hand[e]);
        assert_int_equal(row.promised, open_of(m, e));
    }
}

static void promise(struct fixture *f, struct model *m, size_t p, size_t e)
{
    uint64_t n = 1 + draw(m, 3), open = open_of(m, e);
    enum rc rc = stock_row_promise(f->conn, p + 1, SHOP, e + 1, n, 99, NULL);
    bool fits = m->on_hand[e] >= open + n;
    assert_int_equal(rc, fits ? RC_OK : RC_CONFLICT);
    if (fits) {
        m->purchases[p].state = WAITING;
        m->purchases[p].open[e] += n;
    }
}

static void end(struct fixture *f, struct model *m, size_t p, bool back)
{
    OK(stock_holds_end(f->conn, p + 1, back, &fault));
    m->purchases[p].state = back ? NONE : PAID;
    for (size_t e = 0; back && e < EDITIONS; e++)
        m->purchases[p].open[e] = 0;
}

static void leave(struct fixture *f, struct model *m, size_t p, size_t e, bool sent)
{
    uint64_t *open = &m->purchases[p].open[e];
    if (*open == 0)
        return;
    uint64_t n = 1 + draw(m, (uint32_t)*open);
    enum rc rc =
        stock_row_move(f->conn, sent ? STOCK_LEAVE : STOCK_UNPROMISE, SHOP, e + 1, n, NULL);
    bool fits = !sent || m->on_hand[e] >= n;
    assert_int_equal(rc, fits ? RC_OK : RC_CONFLICT);
    if (!fits)
        return;
    *open -= n;
    m->on_hand[e] -= sent ? n : 0;
}

static void step(struct fixture *f, struct model *m)
{
    size_t p = draw(m, PURCHASES), e = draw(m, EDITIONS);
    enum state state = m->purchases[p].state;
    switch (draw(m, 7)) {
    case 0:
    case 1:
        if (state != PAID)
            promise(f, m, p, e);
        break;
    case 2:
        if (state == WAITING)
            end(f, m, p, draw(m, 2) == 0);
        break;
    case 3:
    case 4:
        if (state == PAID)
            leave(f, m, p, e, draw(m, 3) > 0);
        break;
    case 5:
        OK(stock_row_move(f->conn, STOCK_COME_BACK, SHOP, e + 1, 1, &fault));
        m->on_hand[e]++;
        break;
    default: /* counted anew, and perhaps fewer than are promised */
        m->on_hand[e] = draw(m, 12);
        OK(stock_row_put(f->conn, SHOP, e + 1, m->on_hand[e], 5, &fault));
    }
}

/* Every few steps the transaction is undone, as a kill would, and the model with it. */
static void test_histories(void **state)
{
    struct fixture *f = *state;
    for (uint32_t seed = 1; seed <= SEEDS; seed++) {
        struct model m = {.chance = seed}, kept;
        OK(store_begin(f->conn, &fault));
        for (size_t e = 0; e < EDITIONS; e++) {
            if (seed > 1)
                OK(stock_row_remove(f->conn, SHOP, e + 1, &fault));
            OK(stock_row_put(f->conn, SHOP, e + 1, m.on_hand[e] = 10, 5, &fault));
        }
        OK(store_commit(f->conn, &fault));
        for (int i = 0; i < STEPS; i += 10) {
            kept = m;
            OK(store_begin(f->conn, &fault));
            for (int k = 0; k < 10; k++)
                step(f, &m);
            check(f, &m);
            if (draw(&m, 5) > 0) {
                OK(store_commit(f->conn, &fault));
                continue;
            }
            store_rollback(f->conn);
            kept.chance = m.chance;
            m = kept;
            OK(store_begin(f->conn, &fault));
            check(f, &m);
            store_rollback(f->conn);
        }
        /* All that waits expires, and all that was paid leaves. */
        OK(store_begin(f->conn, &fault));
        for (size_t p = 0; p < PURCHASES; p++)
            if (m.purchases[p].state == WAITING)
                end(f, &m, p, true);
        for (size_t e = 0; e < EDITIONS; e++) {
            m.on_hand[e] += open_of(&m, e);
            OK(stock_row_put(f->conn, SHOP, e + 1, m.on_hand[e], 6, &fault));
        }
        for (size_t p = 0; p < PURCHASES; p++)
            for (size_t e = 0; e < EDITIONS; e++)
                while (m.purchases[p].open[e] > 0)
                    leave(f, &m, p, e, true);
        check(f, &m);
        OK(store_commit(f->conn, &fault));
    }
}

/* ---- the last copy ---- */

struct buyer {
    struct fixture *fixture;
    uint64_t purchase;
    enum rc rc;
    pthread_t thread;
};

static void *buy(void *context)
{
    struct buyer *b = context;
    struct store_conn *conn = NULL;
    b->rc = store_connect(b->fixture->store, true, &conn, NULL);
    if (b->rc == RC_OK)
        b->rc = store_begin(conn, NULL);
    if (b->rc == RC_OK)
        b->rc = stock_row_promise(conn, b->purchase, SHOP, 50, 1, 99, NULL);
    if (b->rc == RC_OK)
        b->rc = store_commit(conn, NULL);
    else
        store_rollback(conn);
    store_disconnect(conn);
    return NULL;
}

static void test_last_copy(void **state)
{
    struct fixture *f = *state;
    struct buyer buyers[BUYERS];
    struct stock_row row;
    int won = 0;
    OK(store_begin(f->conn, &fault));
    OK(stock_row_put(f->conn, SHOP, 50, 1, 5, &fault));
    OK(store_commit(f->conn, &fault));
    for (size_t i = 0; i < BUYERS; i++) {
        buyers[i] = (struct buyer){.fixture = f, .purchase = 1000 + i};
        assert_int_equal(pthread_create(&buyers[i].thread, NULL, buy, &buyers[i]), 0);
    }
    for (size_t i = 0; i < BUYERS; i++) {
        pthread_join(buyers[i].thread, NULL);
        assert_true(buyers[i].rc == RC_OK || buyers[i].rc == RC_CONFLICT);
        won += buyers[i].rc == RC_OK;
    }
    assert_int_equal(won, 1);
    OK(store_begin(f->conn, &fault));
    OK(stock_row(f->conn, SHOP, 50, &row, &fault));
    assert_int_equal(row.on_hand, 1);
    assert_int_equal(row.promised, 1);
    /* What nobody counts is ordered, however often. */
    OK(stock_row_promise(f->conn, 1, SHOP, 51, 9, 99, &fault));
    OK(stock_row_move(f->conn, STOCK_LEAVE, SHOP, 51, 9, &fault));
    assert_int_equal(stock_row(f->conn, SHOP, 51, &row, NULL), RC_NOT_FOUND);
    store_rollback(f->conn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_histories),
        cmocka_unit_test(test_last_copy),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
