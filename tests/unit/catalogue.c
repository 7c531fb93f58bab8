/* The catalogue: what is written is found, one shop's word does not become
 * another's, what nobody describes any more is not shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <unistd.h>

#include <cmocka.h>

#include "store/catalogue.h"
#include "store/catalogue_write.h"
#include "store/engine.h"
#include "store/pack.h"

struct fixture {
    char dir[40];
    char path[60];
    struct store *store;
    struct store_conn *conn;
    struct arena arena;
};

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    struct fault fault;
    snprintf(f->dir, sizeof f->dir, "/tmp/colophon-test-XXXXXX");
    if (mkdtemp(f->dir) == NULL)
        return -1;
    snprintf(f->path, sizeof f->path, "%s/colophon.db", f->dir);
    if (store_open(f->path, true, &f->store, &fault) != RC_OK ||
        store_connect(f->store, true, &f->conn, &fault) != RC_OK ||
        store_begin(f->conn, &fault) != RC_OK)
        return -1;
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    static const char *const tails[] = {"", "-wal", "-shm"};
    store_rollback(f->conn);
    store_disconnect(f->conn);
    store_close(f->store);
    for (size_t i = 0; i < sizeof tails / sizeof *tails; i++) {
        char path[80];
        snprintf(path, sizeof path, "%s%s", f->path, tails[i]);
        unlink(path);
    }
    rmdir(f->dir);
    arena_free(&f->arena);
    free(f);
    return 0;
}

#define OK(call)                                                                                   \
    do {                                                                                           \
        struct fault fault = {""};                                                                 \
        enum rc ok_rc = (call);                                                                    \
        if (ok_rc != RC_OK)                                                                        \
            fail_msg("%s: %s: %s", #call, rc_name(ok_rc), fault.text);                             \
    } while (0)

static void assert_text(struct str s, const char *text)
{
    assert_int_equal(s.n, strlen(text));
    assert_memory_equal(s.p, text, s.n);
}

static uint64_t add_shop(struct fixture *f, const char *slug)
{
    struct shop shop = {.slug = str_of(slug), .name = str_of(slug), .created = 5};
    uint64_t id = 0;
    OK(catalogue_shop_add(f->conn, &shop, &id, &fault));
    return id;
}

struct written {
    uint64_t shop, sender, edition;
    unsigned precedence;
    int64_t sent;
};

static void add_record(struct fixture *f, uint64_t id, const char *reference, const char *title,
                       struct written w)
{
    BUF_AUTO facts = BUF_INIT(PACK_MAX);
    struct edition e = {.title.text = str_of(title)};
    pack_edition(&e, &facts);
    struct record_row row = {id, w.edition, w.precedence, w.sent, false, {7}};
    OK(catalogue_record_add(f->conn, &row, w.sender, str_of(reference), w.shop, buf_str(&facts),
                            &fault));
}

/* As SQLite does by itself on a full disk: what follows is not written alone. */
static void nothing_follows_a_lost_transaction(void **state)
{
    struct fixture *f = *state;
    struct str value;
    OK(store_setting_put(f->conn, "first", STR("1"), &fault));
    OK(f->conn->engine->execute(f->conn, "ROLLBACK", &fault));
    assert_int_equal(store_setting_put(f->conn, "second", STR("2"), NULL), RC_IO);
    assert_int_equal(store_mark(f->conn, NULL), RC_IO);
    assert_int_not_equal(store_commit(f->conn, NULL), RC_OK);
    OK(store_begin(f->conn, &fault));
    assert_int_equal(store_setting(f->conn, &f->arena, "first", &value, NULL), RC_NOT_FOUND);
    assert_int_equal(store_setting(f->conn, &f->arena, "second", &value, NULL), RC_NOT_FOUND);
}

static void storefronts_are_numbered_from_nought(void **state)
{
    struct fixture *f = *state;
    struct str languages[] = {STR("zh-Hans"), STR("en")};
    struct storefront s = {.slug = STR("us"), .country = STR("US"), .currency = STR("USD")};
    unsigned id = 9;
    OK(catalogue_storefront_add(f->conn, &s, &id, &fault));
    assert_int_equal(id, 0);
    s.slug = STR("cn");
    s.languages.v = languages;
    s.languages.n = 2;
    s.tax_included = true;
    OK(catalogue_storefront_add(f->conn, &s, &id, &fault));
    assert_int_equal(id, 1);
    assert_int_equal(catalogue_storefront_add(f->conn, &s, &id, NULL), RC_CONFLICT);

    struct storefront *list;
    size_t n;
    OK(catalogue_storefronts(f->conn, &f->arena, &list, &n, &fault));
    assert_int_equal(n, 2);
    assert_text(list[0].slug, "us");
    assert_int_equal(list[0].languages.n, 0);
    assert_int_equal(list[1].languages.n, 2);
    assert_text(list[1].languages.v[1], "en");
    assert_true(list[1].tax_included);
    assert_false(list[1].print_without_rights);
}

static void the_record_with_precedence_describes(void **state)
{
    struct fixture *f = *state;
    uint64_t heron = add_shop(f, "heron"), crane = add_shop(f, "crane");
    OK(catalogue_work_add(f->conn, 3, &fault));
    add_record(f, 1, "a", "by an aggregator", (struct written){heron, 1, 5, PRECEDENCE_OTHER, 900});
    add_record(f, 2, "b", "by the publisher",
               (struct written){crane, 2, 5, PRECEDENCE_PUBLISHER, 1});
    add_record(f, 3, "c", "the aggregator again",
               (struct written){heron, 1, 5, PRECEDENCE_OTHER, 950});
    struct record_standing standing;
    OK(catalogue_record_standing(f->conn, 5, 1, &standing, &fault));
    assert_int_equal(standing.best, 2);
    assert_int_equal(standing.of_sender, 2);
    assert_int_equal(standing.living, 3);
    OK(catalogue_edition_add(f->conn, 5, STR("9780306406157"), 3, standing.best, &fault));
    OK(catalogue_edition_describe(f->conn, 5, &standing, &fault));

    struct catalogue_edition e;
    OK(catalogue_edition_by_key(f->conn, &f->arena, STR("9780306406157"), &e, &fault));
    assert_int_equal(e.id, 5);
    assert_int_equal(e.work, 3);
    assert_int_equal(e.shop, crane);
    assert_true(e.disputed);
    assert_text(e.facts.title.text, "by the publisher");

    /* One offer per shop, from that shop's own best record. */
    struct shop_record *shops;
    size_t n;
    OK(catalogue_edition_shops(f->conn, &f->arena, &e, &shops, &n, &fault));
    assert_int_equal(n, 2);
    assert_text(shops[0].shop.slug, "heron");
    assert_text(shops[0].facts.title.text, "the aggregator again");
    assert_text(shops[1].facts.title.text, "by the publisher");
}

static void deleted_records_leave_the_shelf(void **state)
{
    struct fixture *f = *state;
    uint64_t shop = add_shop(f, "heron"), id, work;
    add_record(f, 1, "a", "one", (struct written){shop, 1, 5, PRECEDENCE_PUBLISHER, 1});
    OK(catalogue_work_add(f->conn, 3, &fault));
    OK(catalogue_edition_add(f->conn, 5, STR("9780306406157"), 3, 1, &fault));
    struct record_row row;
    OK(catalogue_record_find(f->conn, 1, STR("a"), &row, &fault));
    row.sent = 2;
    OK(catalogue_record_delete(f->conn, &row, &fault));
    struct record_standing standing;
    OK(catalogue_record_standing(f->conn, 5, 1, &standing, &fault));
    assert_int_equal(standing.best, 0);
    OK(catalogue_edition_describe(f->conn, 5, &standing, &fault));

    struct catalogue_edition e, *list;
    size_t n;
    uint64_t *works;
    assert_int_equal(catalogue_edition(f->conn, &f->arena, 5, &e, NULL), RC_NOT_FOUND);
    assert_int_equal(catalogue_edition_id(f->conn, STR("9780306406157"), &id, NULL), RC_NOT_FOUND);
    OK(catalogue_work_editions(f->conn, &f->arena, 3, 10, &list, &n, &fault));
    assert_int_equal(n, 0);
    OK(catalogue_shop_works(f->conn, &f->arena, shop, &works, &n, &fault));
    assert_int_equal(n, 0);
    /* Its number and its work are kept for when it comes back. */
    OK(catalogue_edition_known(f->conn, STR("9780306406157"), &id, &work, &fault));
    assert_int_equal(id, 5);
    assert_int_equal(work, 3);
}

static uint64_t take_ids(struct fixture *f, const char *counter, uint64_t count)
{
    uint64_t first = 0;
    OK(store_take_ids(f->conn, counter, count, &first, &fault));
    return first;
}

/* Counted in memory, they are as if each had been written at once. */
static void ids_go_with_what_took_them(void **state)
{
    struct fixture *f = *state;
    assert_int_equal(take_ids(f, "work", 2), 1);
    OK(store_mark(f->conn, &fault));
    assert_int_equal(take_ids(f, "work", 1), 3);
    OK(store_mark(f->conn, &fault));
    assert_int_equal(take_ids(f, "work", 1), 4);
    assert_int_equal(take_ids(f, "edition", 7), 1);
    store_mark_undo(f->conn);
    assert_int_equal(take_ids(f, "edition", 1), 1);
    assert_int_equal(take_ids(f, "work", 1), 4);
    OK(store_mark_release(f->conn, &fault));
    assert_int_equal(take_ids(f, "work", 1), 5);
    OK(store_commit(f->conn, &fault));
    assert_int_equal(take_ids(f, "work", 1), 6); /* alone, without a transaction */
    OK(store_begin(f->conn, &fault));
    assert_int_equal(take_ids(f, "work", 1), 7);
    store_rollback(f->conn);
    OK(store_begin(f->conn, &fault));
    assert_int_equal(take_ids(f, "work", 1), 7);
    assert_int_equal(take_ids(f, "edition", 1), 2);
}

static void more_counters_than_are_remembered_count_as_well(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"};
    enum { N = sizeof names / sizeof *names };
    for (int round = 0; round < 3; round++)
        for (int i = 0; i < N; i++)
            assert_int_equal(take_ids(f, names[i], 1), round + 1);
    OK(store_mark(f->conn, &fault));
    for (int i = 0; i < N; i++)
        assert_int_equal(take_ids(f, names[i], 1), 4);
    store_mark_undo(f->conn);
    for (int i = N; i-- > 0;)
        assert_int_equal(take_ids(f, names[i], 1), 4);
}

static void parts_stand_in_their_order(void **state)
{
    struct fixture *f = *state;
    static const char *const parts[] = {"下", "10", "2.5", "IX", "2", ""};
    OK(catalogue_collection_put(f->conn, 1, STR("salt"), STR("Salt"), STR("onix:salt"), &fault));
    for (uint64_t i = 0; i < 6; i++)
        OK(catalogue_collection_work_put(f->conn, 1, i + 1, str_of(parts[i]), &fault));
    uint64_t *members;
    size_t n;
    OK(catalogue_collection_members(f->conn, &f->arena, 1, 0, 10, &members, &n, &fault));
    static const uint64_t order[] = {5, 3, 4, 2, 1, 6};
    assert_int_equal(n, 6);
    for (size_t i = 0; i < n; i++)
        assert_int_equal(members[i], order[i]);
    OK(catalogue_collection_members(f->conn, &f->arena, 1, 4, 10, &members, &n, &fault));
    assert_int_equal(n, 2);
    assert_int_equal(members[0], 1);
    OK(catalogue_collection_has(f->conn, 1, 6, &fault));
    assert_int_equal(catalogue_collection_has(f->conn, 1, 7, NULL), RC_NOT_FOUND);

    uint64_t *works, count;
    OK(catalogue_collection_works(f->conn, &f->arena, 1, &works, &n, &fault));
    assert_int_equal(works[0], 1);
    OK(catalogue_collection_count(f->conn, 1, &count, &fault));
    assert_int_equal(count, 6);
    assert_int_equal(
        catalogue_collection_put(f->conn, 2, STR("salt"), STR("S"), STR("onix:s"), NULL),
        RC_CONFLICT);
}

static void staffs_collections_are_not_the_feeds(void **state)
{
    struct fixture *f = *state;
    struct collection own = {.slug = STR("speeches"), .name = STR("Speeches")};
    uint64_t works[] = {4, 7}, id;
    OK(catalogue_collection_add(f->conn, &own, works, 2, &id, &fault));
    OK(catalogue_collection_put(f->conn, id + 1, STR("salt"), STR("Salt"), STR("onix:salt"),
                                &fault));
    OK(catalogue_collection_work_put(f->conn, id + 1, 7, STR("3"), &fault));
    struct collection_place *places;
    size_t n;
    OK(catalogue_work_collections(f->conn, &f->arena, 7, &places, &n, &fault));
    assert_int_equal(n, 2);
    assert_text(places[0].collection.slug, "salt");
    assert_text(places[0].part, "3");
    assert_text(places[1].collection.slug, "speeches");
    OK(catalogue_work_feed_collections(f->conn, &f->arena, 7, &places, &n, &fault));
    assert_int_equal(n, 1);
    assert_int_equal(places[0].collection.id, id + 1);
    struct collection found;
    OK(catalogue_collection(f->conn, &f->arena, STR("speeches"), &found, &fault));
    assert_int_equal(found.id, id);
    assert_int_equal(catalogue_collection_add(f->conn, &own, works, 2, &id, NULL), RC_CONFLICT);
}

static void contributors_are_found_by_any_spelling(void **state)
{
    struct fixture *f = *state;
    struct contributor person = {.name = STR("Inés Marlow"), .identifier = STR("orcid:1")};
    struct contributor namesake = {.name = STR("ines MARLOW")};
    struct str key = catalogue_contributor_key(&f->arena, &person);
    assert_text(key, "orcid:1");
    OK(catalogue_contributor_add(f->conn, &(struct contributor_row){1, key, person.name}, &fault));
    key = catalogue_contributor_key(&f->arena, &namesake);
    assert_text(key, "name:inesmarlow");
    OK(catalogue_contributor_add(f->conn, &(struct contributor_row){2, key, namesake.name},
                                 &fault));
    OK(catalogue_work_contributor_add(f->conn, 1, 8, &fault));
    OK(catalogue_work_contributor_add(f->conn, 1, 8, &fault));
    struct contributor_row *rows;
    size_t n;
    OK(catalogue_contributors_named(f->conn, &f->arena, STR("INÉS marlow"), &rows, &n, &fault));
    assert_int_equal(n, 2);
    OK(catalogue_work_contributors(f->conn, &f->arena, 8, &rows, &n, &fault));
    assert_int_equal(n, 1);
    assert_text(rows[0].name, "Inés Marlow");
    static const struct contributor unnamed = {.unnamed = {"04", 2}};
    assert_int_equal(catalogue_contributor_key(&f->arena, &unnamed).n, 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_follows_a_lost_transaction),
        TEST(storefronts_are_numbered_from_nought),
        TEST(the_record_with_precedence_describes),
        TEST(deleted_records_leave_the_shelf),
        TEST(ids_go_with_what_took_them),
        TEST(more_counters_than_are_remembered_count_as_well),
        TEST(parts_stand_in_their_order),
        TEST(staffs_collections_are_not_the_feeds),
        TEST(contributors_are_found_by_any_spelling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
