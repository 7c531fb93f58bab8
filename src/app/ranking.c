#include "app/ranking.h"

#include "app/shown.h"
#include "base/clock.h"
#include "domain/rating.h"
#include "record/entry.h"
#include "search/search.h"
#include "store/record_log.h"

static const char rule[] =
    "The ranking rule of a Colophon bookstore\n"
    "\n"
    "The same for everybody: who looks, what they did before, and what anybody pays has no part "
    "in\n"
    "any order. Nobody can buy a place. There is no demotion: a title stands where this rule puts\n"
    "it, or it is withheld by a restriction, which stands in the Record.\n"
    "\n"
    "Search results\n"
    "  by relevance: the sum of: how often the words stand in these fields, each times its\n"
    "    weight, at most %d for each word that was typed:\n"
    "    %s\n"
    "    and, of Chinese, its syllables where they are typed in pinyin:\n"
    "    %s\n"
    "    and, of other scripts, their words as Latin letters have them, in one plain spelling:\n"
    "    %s\n"
    "    where the words find ten editions at most, each word in that spelling too, of Latin names "
    "as\n"
    "    well, or all by their consonants:\n"
    "    %s\n"
    "    and where what was typed is the title (%d), the title up to a colon or a bracket (%d), "
    "the\n"
    "    first contributor's name (%d) or the last word of it (%d); where it is a part of what "
    "was\n"
    "    typed, as much of that as it is of all its letters. Then the shorter title, then the "
    "later\n"
    "    date of publication, then the order of coming into the catalogue.\n"
    "  newest: the later date of publication. title: the alphabet. price: the lowest first;\n"
    "    what is not sold here last.\n"
    "  rating: (sum of stars + %d * mean of all works) / (number of ratings + %d); works without\n"
    "    ratings, or whose ratings are withheld here, last.\n"
    "  Where the words find nothing, and nothing that they find is withheld, the nearest\n"
    "    spelling that finds something takes their place, or titles with some of the words; the\n"
    "    page says so and leads to the search as it was typed.\n"
    "  Did you mean: where the words find at most 3 works, nothing of it is withheld, and one "
    "word\n"
    "    of at least 5 letters stands in at most 3 works, the nearest spelling of that word is "
    "named\n"
    "    if it finds at least 10 times as many works. The results stay as they are.\n"
    "  By work: each work stands once, by the edition that is first in the order above. Its other\n"
    "    editions stand beside it: first those sold here in the same language, then those sold "
    "here\n"
    "    in another, then the rest; among these paperback, hardback, electronic, audio, other, and "
    "of\n"
    "    one form the cheaper first.\n"
    "  Pages of a subject and of a publisher (or an imprint): the newest first, each work once.\n"
    "\n"
    "Home: each shelf holds what is sold here, each work once. What a restriction keeps from it\n"
    "  is counted below it. Fewer than %d make no shelf, but of what came last and what readers "
    "like.\n"
    "  New this month: published in the last %d days, the latest first; of the latest 60 editions\n"
    "    that are sold here those in the page's language first.\n"
    "  New on our shelves: what came into the catalogue last; titles in the page's language "
    "first.\n"
    "    What stands in \"New this month\" is left out. Of the latest 192 editions those sold "
    "here;\n"
    "    where that is little, behind them the newest sold here, by date of publication.\n"
    "  What readers said lately: of the three works that were reviewed here last, the latest "
    "review\n"
    "    that is shown, whatever it says.\n"
    "  Coming soon: not yet published, the next first.\n"
    "  What readers like: works with at least %d ratings, in the order of rating above.\n"
    "  Subjects: the two, not of one kind, of which most editions are sold here, at least %d. Of "
    "each\n"
    "    its newest, titles in the page's language first; what stands in \"New this month\" is "
    "left\n"
    "    out, or in \"New on our shelves\" where there is no such month.\n"
    "  Collections: the shop's own first, then the others, those made last first: three of them "
    "of\n"
    "    which at least %d works are sold here, each in its own order.\n"
    "\n"
    "Series: the order of the numbers; where a reader asks for it, the order in which the "
    "editions\n"
    "  came out.\n"
    "Reviews: the latest first; where a reader asks for it, those first that most readers found\n"
    "  helpful, or that have the most or the fewest stars, then the latest. A reader may choose\n"
    "  them by stars and language; whatever is withheld of a review by itself decides nothing: it\n"
    "  stands behind those that fit. What was taken over from another shop stands by the day "
    "it\n"
    "  came here; its stars count in every order as all others do.\n"
    "Comments: the oldest first.\n"
    "Lists of a collection: the order its maker gave it.\n";

static const char *const inputs[] = {
    "words searched for",
    "title",
    "contributors",
    "names in another script",
    "subtitle",
    "original title",
    "collections",
    "numbers in a series",
    "publisher",
    "imprint",
    "subject",
    "keywords",
    "ISBN",
    "publication date",
    "price",
    "form",
    "language",
    "sold here or not",
    "editions sold of a subject",
    "date of today",
    "restrictions in effect",
    "ratings",
    "order of coming into the catalogue",
    "page language",
    "time of a review",
    "stars of a review",
    "readers who found a review helpful",
};

struct str ranking_rule(struct arena *arena)
{
    return arena_printf(arena, rule, SEARCH_WORD_MAX, search_weights(), search_sound_weights(),
                        search_roman_weights(), search_loose_weights(), SEARCH_EXACT_TITLE,
                        SEARCH_EXACT_HEAD, SEARCH_EXACT_NAME, SEARCH_EXACT_LAST_NAME,
                        RATING_PRIOR_WEIGHT, RATING_PRIOR_WEIGHT, SHOWN_SHELF_LEAST,
                        SHOWN_MONTH_DAYS, SHOWN_LIKED_VOTES, 2 * SHOWN_SHELF_LEAST,
                        SHOWN_SHELF_LEAST);
}

static enum rc read_latest(void *context, const struct log_entry *stored, struct fault *fault)
{
    struct ranking_published *latest = context;
    ARENA_AUTO arena = ARENA_INIT;
    struct entry entry;
    enum rc rc = entry_read(&arena, stored->bytes, &entry, fault);
    if (rc == RC_OK)
        *latest =
            (struct ranking_published){entry.ranking.version, entry.ranking.rule, stored->index};
    return rc;
}

enum rc ranking_latest(struct store_conn *conn, struct ranking_published *ret, struct fault *fault)
{
    struct ranking_published latest = {0};
    enum rc rc = record_log_of_type(conn, LOG_DECISIONS, entry_type_name(ENTRY_RANKING_VERSION), 0,
                                    read_latest, &latest, fault);
    if (rc == RC_OK)
        *ret = latest;
    return rc;
}

enum rc ranking_declare(struct store_conn *conn, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO bytes = BUF_INIT(64 << 10);
    enum { INPUTS = sizeof inputs / sizeof *inputs };
    struct str text = ranking_rule(&arena), names[INPUTS];
    struct hash hash = sha256(text.p, text.n);
    struct ranking_published latest;
    uint64_t id;
    enum rc rc = ranking_latest(conn, &latest, fault);
    if (rc != RC_OK || (latest.version != 0 && hash_eq(&latest.rule, &hash)))
        return rc;
    for (size_t i = 0; i < INPUTS; i++)
        names[i] = str_of(inputs[i]);
    struct entry entry = {.type = ENTRY_RANKING_VERSION, .at = clock_now()};
    entry.ranking.version = latest.version + 1;
    entry.ranking.rule = hash;
    entry.ranking.inputs = (struct strs){names, INPUTS};
    rc = entry_write(&entry, &bytes, fault);
    if (rc == RC_OK)
        rc = record_log_add(conn, LOG_DECISIONS, entry_type_name(entry.type), buf_str(&bytes), &id,
                            fault);
    return rc;
}
