/* Inside audit/: the audit's own state, and its parts. */
#ifndef COLOPHON_AUDIT_PARTS_H
#define COLOPHON_AUDIT_PARTS_H

#include "audit/audit.h"
#include "audit/fetch.h"
#include "record/key_chain.h"
#include "record/merkle.h"
#include "record/policy.h"
#include "record/replay.h"
#include "record/state.h"

/* A checkpoint that somebody else saw: where, and the signed note. */
struct audit_seen {
    struct str source, note;
    bool live;  /* as it is shown there now; else somebody kept it */
    bool after; /* it was shown after the logs were read */
    bool alone; /* one witness's own copy: it carries no quorum */
};

/* An entry that was promised to an author. */
struct audit_receipt {
    struct str name;
    bool voices; /* of that log; else of the decisions */
    uint64_t index;
    struct hash leaf;
    enum voice_kind kind;
    uint64_t work;
    bool withdrawn, erased; /* what the audit finds in the log */
    struct str basis;
};

/* One log, verified whole. */
struct audited_log {
    const char *base; /* "/record" or "/record/voices" */
    struct str name;
    struct key_chain *keys; /* as the shop lists them, followed from one that is trusted */
    struct key_chain said;  /* as the entries say; empty before the first of them */
    struct str note;        /* the checkpoint as signed */
    uint64_t size;
    struct hash *leaves; /* malloc'ed: it grows with what is really served */
    size_t leaf_room;
};

/* When a log of so many entries was there: at `from` there were no more, by `until`
 * there were as many. */
struct audit_bound {
    uint64_t size;
    int64_t from, until;
    struct str source;
    bool shown; /* to this monitor; else witnesses say so */
};
struct audit_bounds {
    struct audit_bound *v; /* by size */
    size_t n, next;        /* those before `next` are behind the entries read so far */
};

struct audited_storefront {
    struct str slug;
};

/* Something sealed, as far as the entries say. */
struct audited_seal {
    uint64_t id;
    int64_t opens;
    struct audited_seal *next;
};

/* Titles that left a storefront's list, as an entry says. */
struct audited_unlisted {
    struct unlisted_entry entry;
    struct audited_unlisted *next;
};

/* The signed lists of titles of one storefront: the latest and the one before. */
struct audited_listing {
    struct str storefront;
    struct listing_entry latest, before; /* before.storefront empty: none */
    int64_t at;                          /* of the latest */
    struct audited_unlisted *gone;       /* between the two */
    struct audited_unlisted *waiting;    /* after the latest: the next list's */
    struct audited_listing *next;
};

struct audit {
    const struct audit_order *order;
    struct audit_result *result;
    struct findings *findings;
    struct fetcher *fetcher;
    struct arena arena; /* everything of one run */
    struct str vkey;
    struct policy *policy;     /* that is asked for; NULL: none */
    struct policy *own_policy; /* the shop's; NULL: none */
    struct hash own_digest;
    /* What the latest policy entry says; policy_next, the index behind it, 0: none. */
    uint64_t policy_next;
    uint64_t policy_settled; /* behind the first head that must have its quorum; 0: none yet */
    int64_t policy_at;
    struct hash policy_digest;
    struct audited_log decisions, voices;
    struct replay replay;
    struct record_state *state; /* what the heads must say of the restrictions before them */
    bool mapped;                /* a head carried the map's root */
    uint64_t mapped_next;       /* index behind the last one that did */
    struct voices_replay *counts;
    struct audited_seal *seals; /* that nothing opened yet */
    struct audited_listing *listings;
    uint64_t highest_work; /* in them */
    uint64_t ranking;      /* version of the latest ranking rule; 0: none */
    struct hash ranking_rule;
    /* The voices up to the latest head, and their root: heads follow each other. */
    struct log_edge *anchored;
    struct hash anchored_root;
    /* Of the replay, those in effect: the only ones a page can depend on. */
    const struct restriction **in_effect;
    size_t in_effect_count;
    int64_t now;
    int64_t head_at; /* of the heads read so far, the latest */
    struct audit_bounds bounds;
    int64_t latest_at;             /* of the entries read so far */
    int64_t cosigned_at, shown_at; /* when a log without those still to come was there */
    struct audited_storefront *storefronts;
    size_t storefront_count;
    /* What saved files of the time before said. */
    struct str saved_vkey, saved_decisions, saved_voices;
    struct str refusal_keys; /* as they were listed before the log was read */
};

/* findings.c */
void contradiction(struct audit *a, const char *kind, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void audit_note(struct audit *a, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* logs.c: fetches, verifies, replays. RC_CORRUPT with a contradiction told where
 * the logs do not hold. */
enum rc audit_logs(struct audit *a, struct fault *fault) MUST_CHECK;
enum rc audit_load_saved(struct audit *a, struct fault *fault) MUST_CHECK;
enum rc audit_save(struct audit *a, struct fault *fault) MUST_CHECK;

/* times.c: times of entries, cosignatures. Begun before the decisions are read. */
enum rc audit_times_begin(struct audit *a, struct fault *fault) MUST_CHECK;
void audit_times(struct audit *a, uint64_t index, const struct entry *entry);
void audit_note_policy(struct audit *a, uint64_t index, const struct entry *entry);
void audit_times_end(struct audit *a);

/* quorums.c. The latest moment for which a quorum says that there was no more, and the
 * earliest by which a quorum had seen as much: one witness whose clock is wrong moves
 * neither. False where the note has no quorum. */
bool audit_cosigned_at(const struct policy *policy, struct str note, int64_t *ret_from,
                       int64_t *ret_until);
/* Tells where the note lacks the policy's quorum. */
void audit_check_quorum(struct audit *a, const struct policy *policy, const struct audited_log *log,
                        struct str source, struct str note);
/* The quorum of the policy that is asked for: on this checkpoint, or on one of the same log
 * that a peer shows now and whose cosignatures are no older than ten minutes (a mirror
 * cosigns what is public already). RC_DENIED where neither has it. */
enum rc audit_quorum(struct audit *a, const struct audited_log *log, struct str note,
                     struct fault *fault) MUST_CHECK;
/* A checkpoint that somebody else saw, and of which log, must have the quorum, too. */
void audit_seen_quorum(struct audit *a, const struct audit_seen *seen, bool decisions,
                       uint64_t size);

/* seen.c: checkpoints of others, an author's receipts. */
void audit_seen(struct audit *a);
void audit_check_seen(struct audit *a, const struct audit_seen *seen);
void audit_receipt_fate(struct audit *a, const struct entry *entry);
enum rc audit_receipts(struct audit *a, struct fault *fault) MUST_CHECK;

/* works.c: what is served, against what the Record says. */
enum rc audit_works(struct audit *a, struct fault *fault) MUST_CHECK;

/* The numbers behind a signed root, as /record/lists/ has them; not checked. RC_NOT_FOUND,
 * RC_CORRUPT. */
enum rc audit_read_list(void *audit, struct arena *arena, const struct hash *root,
                        struct work_set *ret, struct fault *fault) MUST_CHECK;

/* order.c: lists of results stand in the order of the ranking rule. */
enum rc audit_order_of_results(struct audit *a, struct fault *fault) MUST_CHECK;

/* listings.c: the lists of titles. */
void audit_note_listing(struct audit *a, const struct entry *entry);
enum rc audit_listings(struct audit *a, struct fault *fault) MUST_CHECK;

/* page.c: what a book's page carries for machines. */
struct page_slip {
    uint64_t restriction;
    struct str features; /* "ratings reviews" */
    struct str voice;    /* "review:12" where it stands for that alone; else empty */
};
#define PAGE_SLIPS 64
/* A line of the sums: how many of one kind are where, and how many its restrictions are
 * said to withhold. */
struct page_sum {
    bool there;
    uint64_t shown, withheld, withdrawn, erased, by;
};
struct page_facts {
    struct str edition; /* data-edition */
    uint64_t work;      /* data-work */
    bool heading;       /* an h1 with text in it */
    struct page_slip slips[PAGE_SLIPS];
    size_t slip_count;
    struct page_slip voice_slips[PAGE_SLIPS]; /* the first of them */
    size_t voice_slip_count;
    bool has_tallies;
    struct page_sum sums[VOICE_KIND_COUNT];
    uint64_t ratings_shown, reviews_shown, comments_shown;
    uint64_t review_articles; /* elements with data-review */
    uint64_t comment_items;   /* elements with data-comment */
    int64_t rating_count;     /* data-rating-count; -1 where no stars stand */
};
void page_read(struct arena *arena, struct str html, struct page_facts *ret);

#endif
