#include "app/herald.h"

#include <stdio.h>

#include "app/follow.h"
#include "app/mail_queue.h"
#include "app/mailer.h"
#include "base/clock.h"
#include "base/wait.h"
#include "store/follows.h"
#include "store/store.h"

enum {
    LOOK_MS = 1000,
    AGAIN_MS = 60000, /* for whom it is a day by now, and while feeds come */
    REST_S = 600,     /* since the last edition came: then its feed is over, most likely */
    LONG_S = 7200,    /* feeds may come all day */
    EACH_S = 86400,   /* between two letters to one reader */
    AT_ONCE = 50,     /* readers of one round */
    LETTER_S = 3600,  /* what the gate let through is sent soon, or not at all */
    NAMES_MAX = 8,
};

struct herald {
    struct site *site;
    struct gate *gate;
    struct writer *writer;
    struct store_conn *conn; /* the thread's; NULL while there is none */
    struct sleeper sleeper;
    uint64_t told;    /* everybody who could be told was told up to here */
    int64_t again_at; /* when to look, though nothing more came */
};

/* ---- letters ---- */

/* Some readers' letters, for one transaction. */
struct telling {
    const struct follower_due *due;
    json_t *values[AT_ONCE];     /* NULL: there is nothing to tell */
    owed_editions owed[AT_ONCE]; /* what is withheld of it */
    bool more[AT_ONCE];          /* not all was looked at: what was owed before is owed still */
    size_t n;
    uint64_t latest; /* told up to here */
    int64_t now;
};

static enum rc tell_one(const struct telling *t, size_t i, struct store_conn *conn,
                        struct fault *fault)
{
    const struct follower_due *due = &t->due[i];
    json_t *values = t->values[i];
    if (values == NULL && due->told == t->latest && due->owed == t->owed[i].n)
        return RC_OK; /* what is owed is withheld still */
    struct letter letter = {
        .kind = "news", .account = due->account, .values = values, .until = t->now + LETTER_S};
    enum rc rc = follower_row_told(conn, due->account, due->told, t->latest,
                                   values != NULL ? t->now : 0, fault);
    if (rc == RC_NOT_FOUND) /* told by whoever led before, or no letters are wanted any more */
        return RC_OK;
    if (rc == RC_OK && !t->more[i])
        rc = news_owed_clear(conn, due->account, fault);
    for (size_t k = 0; rc == RC_OK && k < t->owed[i].n; k++)
        rc = news_owed_add(conn, due->account, t->owed[i].v[k], fault);
    return rc == RC_OK && values != NULL ? mail_queue(conn, &letter, fault) : rc;
}

static enum rc tell_work(void *context, struct store_conn *conn, struct fault *fault)
{
    const struct telling *t = context;
    enum rc rc = RC_OK;
    for (size_t i = 0; rc == RC_OK && i < t->n; i++)
        rc = tell_one(t, i, conn, fault);
    return rc;
}

static json_t *title_json(struct arena *arena, const struct follower_due *due,
                          const struct shown_card *card)
{
    json_t *by = json_array(); /* joined as the letter's language joins */
    for (size_t i = 0; i < card->contributors.n && i < NAMES_MAX; i++)
        json_array_append_new(by, json_from_str(card->contributors.v[i].name));
    return json_pack("{s:I, s:I, s:o, s:o, s:o, s:o}", "edition", (json_int_t)card->id, "work",
                     (json_int_t)card->work, "key", json_from_str(card->key), "title",
                     json_from_str(card->title), "by", by, "path",
                     json_from_str(ARENA_JOIN(arena, due->root, STR("/books/"), card->key)));
}

static json_t *letter_values(struct arena *arena, const struct follower_due *due,
                             const struct shown_news *news)
{
    json_t *titles = json_array();
    for (size_t i = 0; i < news->items.n && i < NEWS_LETTER_TITLES; i++)
        json_array_append_new(titles, title_json(arena, due, &news->items.v[i].card));
    return json_pack(
        "{s:o, s:o, s:I, s:o, s:o}", "storefront", json_from_str(due->storefront), "titles", titles,
        "withheld", (json_int_t)news->withheld.works, "page",
        json_from_str(ARENA_JOIN(arena, due->root, STR("/account/following"))), LETTER_STOP,
        json_from_str(ARENA_JOIN(arena, due->root, STR("/news/"), due->stop, STR("/stop"))));
}

size_t news_letter_pass(const struct gate_view *view, json_t *values, struct news_dropped *ret)
{
    json_t *titles = json_object_get(values, "titles");
    const struct storefront *storefront =
        gate_storefront(view, json_member_str(values, "storefront"));
    int64_t withheld = 0, work, edition;
    ret->n = 0;
    (void)!json_member_int(values, "withheld", &withheld);
    for (size_t i = json_array_size(titles); i > 0; i--) {
        const json_t *title = json_array_get(titles, i - 1);
        bool known = storefront != NULL && json_member_int(title, "work", &work);
        if (known && gate_withholder(view, storefront, FEATURE_LISTING, (uint64_t)work,
                                     json_member_str(title, "key")) == NULL)
            continue;
        if (json_member_int(title, "edition", &edition) && ret->n < NEWS_LETTER_TITLES)
            ret->v[ret->n++] = (uint64_t)edition;
        json_array_remove(titles, i - 1);
        withheld++;
    }
    json_object_set_new(values, "withheld", json_integer(withheld));
    return json_array_size(titles);
}

/* The letter of the reader at `i`, and what stays owed. */
static enum rc write_letter(struct herald *h, const struct gate_view *view, struct arena *round,
                            struct telling *t, size_t i, struct fault *fault)
{
    const struct follower_due *due = &t->due[i];
    owed_editions *owed = &t->owed[i];
    ARENA_AUTO arena = ARENA_INIT;
    struct viewer nobody = {0};
    struct visit visit = {.conn = h->conn,
                          .arena = &arena,
                          .view = view,
                          .storefront = gate_storefront(view, due->storefront),
                          .viewer = &nobody};
    struct shown_news news = {0};
    enum rc rc = visit.storefront == NULL
                     ? RC_OK
                     : shown_news(&visit, due->account, due->told, &news, fault);
    if (rc == RC_OK && news.items.n > 0)
        t->values[i] = letter_values(&arena, due, &news);
    if (rc == RC_OK && news.owed.n > 0) {
        owed->v = ARENA_ARRAY(round, uint64_t, news.owed.n);
        for (; owed->n < news.owed.n; owed->n++)
            owed->v[owed->n] = news.owed.v[owed->n];
    }
    t->more[i] = news.more;
    return rc;
}

/* ---- the thread ---- */

/* What came up to `ret->told_before`, if anybody was not told of it, may be told now. */
struct arrivals {
    uint64_t latest, told_before;
    bool settled; /* all of it */
};

static enum rc look_what_came(struct herald *h, int64_t now, struct arrivals *ret,
                              struct fault *fault)
{
    int64_t last = 0;
    struct arrivals a = {0};
    enum rc rc = arrival_last(h->conn, &a.latest, &last, fault);
    a.settled = last + REST_S <= now;
    a.told_before = a.latest;
    bool again = clock_monotonic_ms() >= h->again_at;
    if (rc == RC_OK && !again && (!a.settled || a.latest == h->told))
        return RC_NOT_FOUND;
    if (rc == RC_OK && !a.settled)
        rc = arrival_until(h->conn, now - LONG_S, &a.told_before, fault);
    if (rc == RC_NOT_FOUND)
        h->again_at = clock_monotonic_ms() + AGAIN_MS;
    *ret = a;
    return rc;
}

static enum rc tell_some(struct herald *h, const struct gate_view *view, const struct arrivals *a,
                         uint64_t *after, bool *ret_more, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct follower_due *due;
    size_t n = 0;
    enum rc rc = follower_rows_due(h->conn, &arena, view->now - EACH_S, a->told_before, a->settled,
                                   *after, AT_ONCE, &due, &n, fault);
    struct telling t = {.due = due, .latest = a->latest, .now = view->now};
    for (; rc == RC_OK && t.n < n && !sleeper_ended(&h->sleeper); t.n++)
        rc = write_letter(h, view, &arena, &t, t.n, fault);
    if (rc == RC_OK && t.n > 0) {
        *after = due[t.n - 1].account;
        rc = writer_run_aside(h->writer, tell_work, &t, fault);
    }
    for (size_t i = 0; i < t.n; i++)
        json_decref(t.values[i]);
    *ret_more = n == AT_ONCE;
    return rc;
}

/* Who was not told yet is told, each batch through the gate as it is then. */
static enum rc tell_all(struct herald *h, struct fault *fault)
{
    struct arrivals a;
    uint64_t after = 0;
    bool more = true;
    enum rc rc = look_what_came(h, clock_now(), &a, fault);
    while (rc == RC_OK && more && !sleeper_ended(&h->sleeper) && writer_turn(h->writer) != 0) {
        ARENA_AUTO arena = ARENA_INIT;
        GATE_HELD view = gate_hold(h->gate, &arena);
        rc = tell_some(h, view, &a, &after, &more, fault);
    }
    if (rc == RC_OK && !more) {
        h->told = a.settled ? a.latest : 0;
        h->again_at = clock_monotonic_ms() + AGAIN_MS;
    }
    return rc == RC_NOT_FOUND ? RC_OK : rc;
}

static void look(struct herald *h)
{
    bool set = false;
    struct fault fault = {""};
    enum rc rc = h->conn == NULL ? site_connect_wholly(h->site, &h->conn, &fault) : RC_OK;
    if (rc == RC_OK)
        rc = mail_is_set(h->conn, &set, &fault);
    if (rc == RC_OK && set)
        rc = tell_all(h, &fault);
    if (rc != RC_OK) {
        fprintf(stderr, "colophon: readers are not told what is new: %s\n", fault.text);
        site_disconnect(h->conn); /* perhaps the database went away */
        h->conn = NULL;
    }
}

static void *herald_thread(void *context)
{
    struct herald *h = context;
    while (sleeper_rest(&h->sleeper, LOOK_MS))
        if (writer_turn(h->writer) != 0)
            look(h);
    site_disconnect(h->conn);
    return NULL;
}

enum rc herald_open(struct site *site, struct gate *gate, struct writer *writer,
                    struct herald **ret, struct fault *fault)
{
    struct herald *h = calloc(1, sizeof *h);
    if (h == NULL)
        abort();
    h->site = site;
    h->gate = gate;
    h->writer = writer;
    sleeper_init(&h->sleeper);
    enum rc rc = sleeper_start(&h->sleeper, herald_thread, h, "tells news", fault);
    if (rc != RC_OK) {
        sleeper_free(&h->sleeper);
        free(h);
        return rc;
    }
    *ret = h;
    return RC_OK;
}

void herald_close(struct herald *h)
{
    if (h == NULL)
        return;
    sleeper_stop(&h->sleeper);
    sleeper_free(&h->sleeper);
    free(h);
}
