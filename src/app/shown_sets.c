/* Contributors, by what they did; series, in reading order. */
#include <stdlib.h>

#include "app/shown_parts.h"
#include "base/clock.h"
#include "store/catalogue.h"

/* ---- contributors ---- */

/* Where somebody took part in more works than these, they stand in the order they came. */
enum { SORTED_MAX = 400 };

/* ONIX list 17: by the letter, but for those that are another deed. */
static enum contribution contribution_of(struct str role)
{
    static const struct {
        const char *role;
        enum contribution contribution;
    } known[] = {
        {"A07", ILLUSTRATED}, {"A08", ILLUSTRATED}, {"A12", ILLUSTRATED}, {"A13", ILLUSTRATED},
        {"A35", ILLUSTRATED}, {"A36", ILLUSTRATED}, {"A15", TOOK_PART},   {"A16", TOOK_PART},
        {"A19", TOOK_PART},   {"A20", TOOK_PART},   {"A21", TOOK_PART},   {"A22", TOOK_PART},
        {"A23", TOOK_PART},   {"A24", TOOK_PART},   {"A29", TOOK_PART},   {"A32", TOOK_PART},
        {"A34", TOOK_PART},   {"A39", TOOK_PART},   {"A43", TOOK_PART},   {"A44", TOOK_PART},
        {"B06", TRANSLATED},  {"B08", TRANSLATED},  {"B10", TRANSLATED},  {"B32", TRANSLATED},
        {"B01", EDITED},      {"B02", EDITED},      {"B09", EDITED},      {"B11", EDITED},
        {"B12", EDITED},      {"B13", EDITED},      {"B16", EDITED},      {"B21", EDITED},
        {"C01", EDITED},      {"C02", EDITED},      {"C99", EDITED},      {"E03", READ_ALOUD},
        {"E07", READ_ALOUD},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (str_eq(role, str_of(known[i].role)))
            return known[i].contribution;
    return str_starts(role, STR("A")) ? WROTE : TOOK_PART;
}

struct part_taken {
    uint64_t work;
    enum contribution contribution;
    int32_t published;
};

struct sorting {
    const struct visit *visit;
    struct str key; /* the contributor's */
    struct part_taken *v;
    size_t n;
    struct shown_person *person; /* what its editions say of who it is */
};

enum { SPELLINGS_MAX = 6, LANGUAGES_MAX = 16 };

static void note_spelling(struct shown_person *p, struct str name)
{
    bool known = str_eq(name, p->name) || name.n == 0 || p->spellings.n == SPELLINGS_MAX;
    for (size_t i = 0; i < p->spellings.n; i++)
        known |= str_eq(p->spellings.v[i], name);
    if (!known)
        p->spellings.v[p->spellings.n++] = name;
}

static void note_person(struct sorting *s, const struct catalogue_edition *edition,
                        const struct contributor *c)
{
    struct shown_person *p = s->person;
    int32_t published = edition_published(&edition->facts);
    char title[1024];
    note_spelling(p, c->name);
    if (p->transliterated.n == 0)
        p->transliterated = c->transliterated;
    if (p->filing.name.n == 0 || str_eq(c->name, p->name)) /* as it was filed first */
        p->filing = (struct directory_name){DIRECTORY_CONTRIBUTORS, c->name,
                                            contributor_filed(s->visit->arena, c), s->key};
    if (c->note.n == 0 || (p->biography.html.n > 0 && p->biography.published >= published))
        return;
    p->biography.html = c->note;
    p->biography.language = edition_language(&edition->facts);
    p->biography.title =
        arena_str(s->visit->arena, edition_display_title(&edition->facts, title, sizeof title));
    p->biography.key = arena_str(s->visit->arena, edition->product_key);
    p->biography.published = published;
}

static void note_language(struct sorting *s, const struct edition *facts)
{
    struct shown_person *p = s->person;
    struct str language = edition_language(facts);
    bool known = p->languages.n == LANGUAGES_MAX || str_is(language, "und");
    for (size_t i = 0; i < p->languages.n; i++)
        known |= str_eq(p->languages.v[i], language);
    if (!known)
        p->languages.v[p->languages.n++] = arena_str(s->visit->arena, language);
}

/* The first edition of each work that is listed here says what was done, and when; the others
 * in what other languages there is something of theirs. */
static enum rc sort_edition(void *context, const struct catalogue_edition *edition,
                            enum enough *ret_enough, struct fault *fault)
{
    struct sorting *s = context;
    (void)fault;
    struct part_taken part = {edition->work, TOOK_PART, edition_published(&edition->facts)};
    if (gate_withholder(s->visit->view, s->visit->storefront, FEATURE_LISTING, edition->work,
                        edition->product_key) != NULL)
        return RC_OK;
    bool first = s->n == 0 || s->v[s->n - 1].work != edition->work;
    for (size_t i = 0; i < edition->facts.contributors.n; i++) {
        const struct contributor *c = &edition->facts.contributors.v[i];
        if (!str_eq(catalogue_contributor_key(s->visit->arena, c), s->key))
            continue;
        note_language(s, &edition->facts);
        if (!first)
            break;
        note_person(s, edition, c);
        for (size_t r = 0; r < c->roles.n; r++)
            if (contribution_of(c->roles.v[r]) < part.contribution)
                part.contribution = contribution_of(c->roles.v[r]);
    }
    if (s->person->languages.n == LANGUAGES_MAX)
        *ret_enough = ENOUGH_OF_WORK;
    if (!first)
        return RC_OK;
    if (part.published > date_of(s->visit->view->now))
        part.contribution = COMING;
    s->v[s->n++] = part;
    return RC_OK;
}

/* What is to come with the next first, all else with the latest first. */
static int by_contribution(const void *a, const void *b)
{
    const struct part_taken *one = a, *other = b;
    if (one->contribution != other->contribution)
        return one->contribution < other->contribution ? -1 : 1;
    if (one->published != other->published)
        return (one->published < other->published) == (one->contribution == COMING) ? -1 : 1;
    return one->work < other->work ? -1 : one->work > other->work;
}

/* Puts the works into the order of the page; those of which nothing is listed come last. */
static void put_in_order(const struct sorting *s, uint64_t *works, size_t n)
{
    size_t kept = 0, rest = 0;
    uint64_t *others = ARENA_ARRAY(s->visit->arena, uint64_t, n);
    for (size_t i = 0; i < n; i++) {
        size_t at = 0;
        while (at < s->n && s->v[at].work != works[i])
            at++;
        if (at == s->n)
            others[rest++] = works[i];
    }
    for (size_t i = 0; i < s->n; i++)
        works[kept++] = s->v[i].work;
    memcpy(works + kept, others, rest * sizeof *others);
}

static enum contribution contribution_to(const struct sorting *s, uint64_t work)
{
    for (size_t i = 0; i < s->n; i++)
        if (s->v[i].work == work)
            return s->v[i].contribution;
    return TOOK_PART;
}

enum rc shown_contributor(const struct visit *visit, uint64_t id, size_t offset, size_t limit,
                          struct shown_person *ret, struct shown_page *ret_page,
                          struct fault *fault)
{
    struct contributor_row row;
    struct sorting s = {.visit = visit};
    uint64_t *works;
    size_t n;
    enum rc rc = catalogue_contributor(visit->conn, visit->arena, id, &row, fault);
    if (rc == RC_NOT_FOUND)
        return fault_set(fault, rc, "there is no contributor %llu", (unsigned long long)id);
    if (rc == RC_OK)
        rc = catalogue_contributor_works(visit->conn, visit->arena, id, &works, &n, fault);
    if (rc != RC_OK)
        return rc;
    struct shown_person person = {.name = row.name, .sorted = n <= SORTED_MAX};
    person.spellings.v = ARENA_ARRAY(visit->arena, struct str, SPELLINGS_MAX);
    person.languages.v = ARENA_ARRAY(visit->arena, struct str, LANGUAGES_MAX);
    s.person = &person;
    if (person.sorted) {
        s.key = row.key;
        s.v = ARENA_ARRAY(visit->arena, struct part_taken, n);
        rc = catalogue_author_editions(visit->conn, visit->arena, row.key, 0, SORTED_MAX,
                                       sort_edition, &s, &person.sorted, fault);
        if (rc != RC_OK)
            return rc;
    }
    if (person.sorted) {
        if (s.n > 0)
            qsort(s.v, s.n, sizeof *s.v, by_contribution);
        put_in_order(&s, works, n);
    }
    rc = shown_page_of(visit, works, n, offset, limit, ret_page, fault);
    if (rc != RC_OK)
        return rc;
    person.contributions = ARENA_ARRAY(visit->arena, enum contribution, ret_page->cards.n);
    for (size_t i = 0; i < ret_page->cards.n; i++)
        person.contributions[i] = contribution_to(&s, ret_page->cards.v[i].work);
    *ret = person;
    return RC_OK;
}

/* ---- series ---- */

enum { GAP_MAX = 20 }; /* a larger one is no gap but another way to count */

/* The whole numbers between two volumes, of which the catalogue has none. */
static void add_missing(const struct visit *visit, int64_t from, int64_t to,
                        struct shown_series *series)
{
    if (from % 1000 != 0 || to % 1000 != 0 || to == PART_POSITION_NONE ||
        to - from > GAP_MAX * 1000)
        return;
    for (int64_t number = from / 1000 + 1; number < to / 1000; number++)
        series->members.v[series->members.n++] = (struct shown_member){
            .missing = true, .part = arena_printf(visit->arena, "%lld", (long long)number)};
}

static enum rc add_member(const struct visit *visit, const struct collection_member *member,
                          struct shown_series *series, struct fault *fault)
{
    struct shown_member shown = {.part = member->part};
    shown_cards cards;
    enum rc rc = shown_cards_of_works(visit, &member->work, 1, &cards, fault);
    if (rc == RC_OK && cards.n > 0)
        shown.card = cards.v[0];
    else if (rc == RC_OK)
        rc = shown_withholder_of(visit, member->work, &shown.withheld, fault);
    if (rc == RC_OK && (cards.n > 0 || shown.withheld != NULL))
        series->members.v[series->members.n++] = shown;
    return rc;
}

/* The page's members, and between them what is missing; `first`: the one before the page is
 * among them, for what is missing between the two. */
static enum rc add_members(const struct visit *visit, const struct collection_member *v, size_t n,
                           size_t first, struct shown_series *series, struct fault *fault)
{
    enum rc rc = RC_OK;
    int64_t before = first > 0 ? v[0].position : 0;
    series->members.v = ARENA_ARRAY(visit->arena, struct shown_member, (n + 1) * (GAP_MAX + 1));
    for (size_t i = first; rc == RC_OK && i < n; i++) {
        add_missing(visit, before, v[i].position, series);
        before = v[i].position;
        rc = add_member(visit, &v[i], series, fault);
    }
    return rc;
}

static enum rc find_series(const struct visit *visit, struct str name, struct collection *ret,
                           struct fault *fault)
{
    uint64_t id;
    enum rc rc = catalogue_collection(visit->conn, visit->arena, name, ret, fault);
    if (rc == RC_NOT_FOUND && str_to_u64(name, &id))
        rc = catalogue_collection_by_id(visit->conn, visit->arena, id, ret, fault);
    return rc == RC_NOT_FOUND ? fault_set(fault, rc, "there is no series %.*s", STR_ARG(name)) : rc;
}

static bool is_volume(const struct shown_member *m)
{
    return !m->missing && m->withheld == NULL && m->card.published != 0;
}

/* Whether those that have a day did not come out as they stand. */
static bool is_other_by_date(const struct shown_series *series)
{
    int32_t before = 0;
    for (size_t i = 0; i < series->members.n; i++) {
        const struct shown_member *m = &series->members.v[i];
        if (!is_volume(m))
            continue;
        if (m->card.published < before)
            return true;
        before = m->card.published;
    }
    return false;
}

/* What has no day stays behind, and what is missing has no place. */
static void put_by_date(struct shown_series *series)
{
    size_t n = 0;
    for (size_t i = 0; i < series->members.n; i++) {
        struct shown_member m = series->members.v[i];
        int32_t day = is_volume(&m) ? m.card.published : INT32_MAX;
        size_t at = n;
        if (m.missing)
            continue;
        for (; at > 0 &&
               (!is_volume(&series->members.v[at - 1]) ||
                series->members.v[at - 1].card.published > day) &&
               day != INT32_MAX;
             at--)
            series->members.v[at] = series->members.v[at - 1];
        series->members.v[at] = m;
        n++;
    }
    series->members.n = n;
}

/* Those behind the last that the viewer rated: the first, whether it is shown here or not. */
static const struct shown_member *unread_of(const struct visit *visit,
                                            const struct shown_series *series)
{
    const struct shown_member *unread = NULL;
    bool rated = false;
    for (size_t i = 0; i < series->members.n; i++) {
        const struct shown_member *m = &series->members.v[i];
        if (!m->missing && m->withheld == NULL && m->card.rated > 0) {
            rated = true;
            unread = NULL;
        } else if (rated && unread == NULL && !m->missing) {
            unread = m;
        }
    }
    if (unread == NULL)
        return NULL;
    struct shown_member *kept = ARENA_NEW(visit->arena, struct shown_member);
    *kept = *unread; /* the members may be put into another order */
    return kept;
}

static const struct shown_member *coming_of(const struct shown_series *series, int32_t today)
{
    const struct shown_member *coming = NULL;
    for (size_t i = 0; i < series->members.n; i++) {
        const struct shown_member *m = &series->members.v[i];
        if (is_volume(m) && m->card.published > today &&
            (coming == NULL || m->card.published < coming->card.published))
            coming = m;
    }
    return coming;
}

enum rc shown_series(const struct visit *visit, struct str name, bool by_date, size_t offset,
                     size_t limit, struct shown_series *ret, struct fault *fault)
{
    struct collection collection;
    struct collection_member *members;
    struct shown_series series = {.total = 0};
    size_t n, first = offset > 0 ? 1 : 0;
    enum rc rc = find_series(visit, name, &collection, fault);
    if (rc == RC_OK)
        rc = catalogue_collection_count(visit->conn, collection.id, &series.total, fault);
    if (rc == RC_OK)
        rc = catalogue_collection_parts(visit->conn, visit->arena, collection.id, offset - first,
                                        limit + first, &members, &n, fault);
    if (rc == RC_OK)
        rc = add_members(visit, members, n, n > 0 ? first : 0, &series, fault);
    if (rc != RC_OK)
        return rc;
    series.place = (struct shown_place){collection.slug, collection.name, STR_NONE, collection.id};
    series.slips = shown_slips_of(visit, TARGET_COLLECTION, collection.slug);
    series.unread = unread_of(visit, &series);
    series.other_by_date = series.total <= limit && is_other_by_date(&series);
    if (by_date && series.other_by_date)
        put_by_date(&series);
    series.coming = coming_of(&series, date_of(visit->view->now));
    *ret = series;
    return RC_OK;
}
