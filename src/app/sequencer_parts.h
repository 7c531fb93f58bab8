/* Inside app/: the sequencer's own state, of sequencer.c, candidate.c and what they use. */
#ifndef COLOPHON_APP_SEQUENCER_PARTS_H
#define COLOPHON_APP_SEQUENCER_PARTS_H

#include "app/quorum.h"
#include "app/record_keeper.h"
#include "app/sequencer.h"
#include "app/signer.h"
#include "record/entry.h"
#include "record/note.h"

/* A tile as it is in a candidate's tree and not in the database yet. */
struct candidate_tile {
    enum log_id log;
    unsigned level, width;
    uint64_t n;
    struct hash hashes[TILE_WIDTH];
};

/* Checkpoints that stand and wait for their witnesses (candidate.c). */
struct candidate {
    bool stands;
    bool rehearsed; /* tiles and notes below are there */
    uint64_t last_entry;
    uint64_t size[LOG_COUNT]; /* 0: none of this log */
    struct str note[LOG_COUNT];
    struct buf own_lines[LOG_COUNT]; /* the log's own signature, where the signer remembers */
    struct buf lines[LOG_COUNT];     /* the cosignatures, once asked for */
    bool hands_over;                 /* to a new key, which signs as well */
    struct candidate_tile *tiles;
    size_t tile_count, tile_room;
    int64_t ask_at;     /* ms; not before */
    struct fault why;   /* what the last asking lacked */
    struct arena arena; /* of notes */
};

/* An entry that the sequencer adds itself: in a rehearsal it is kept, to be added again. */
#define OWN_ENTRIES 3
struct own_entry {
    enum entry_type type;
    struct str bytes;
};

/* Going over to a new key (handover.c). */
struct handover {
    int64_t looked_at; /* ms; 0: never */
    bool due;          /* the next batch does it */
    bool published;    /* this batch has such entries: all is loaded afresh behind it */
    struct str next[LOG_COUNT];
    struct hash left; /* the order that this process left to others */
};

/* How a batch is made. */
enum sequencing {
    SEQUENCING_ONCE,      /* signed and published in one transaction */
    SEQUENCING_REHEARSAL, /* to be undone: what would be signed is noted in the candidate */
    SEQUENCING_FINISH,    /* the candidate, with its cosignatures */
};

struct sequencer {
    struct site *site;
    struct lead *lead;
    bool loaded;
    uint64_t term;       /* of the lead it was loaded under */
    struct fault unable; /* why it could not be loaded the last time; empty: it could */
    struct arena arena;
    struct signer *signer;             /* NULL until loaded */
    struct key_chain *keys[LOG_COUNT]; /* as the entries name them; the last one signs */
    struct log_edge edges[LOG_COUNT];
    bool has_checkpoint[LOG_COUNT];
    int64_t
        signed_at; /* the latest time of a checkpoint: a clock that goes back goes not behind it */
    uint64_t signed_size[LOG_COUNT]; /* the largest that this process signed and committed */
    struct head_file *head;          /* NULL: nothing is kept apart */
    struct record_keeper *keeper;    /* of the state map; NULL until loaded */
    struct hash map;                 /* its root as of the last batch */
    int64_t last_head;
    bool public_key_told; /* it stands in the settings, for nodes without the key */
    int64_t batch_head;   /* last_head once the batch is committed */
    enum sequencing sequencing;
    struct own_entry own[OWN_ENTRIES];
    size_t own_n;
    struct handover handover;
    struct candidate candidate;
    /* Under this policy the published checkpoints were looked at; those that lack its
     * quorum are to be published once more, with cosignatures. */
    struct hash looked;
    bool cosign_again[LOG_COUNT];
    struct quorum *quorum; /* NULL before the first asking */
};

/* Gives entries up to `until` their places, in the transaction; *ret_n says how many. */
enum rc sequencer_append(struct sequencer *s, struct store_conn *conn, bool head, uint64_t until,
                         size_t *ret_n, struct fault *fault) MUST_CHECK;
/* This process leads, in the transaction; and what it tells once. */
enum rc sequencer_hold(struct sequencer *s, struct store_conn *conn,
                       struct fault *fault) MUST_CHECK;
/* log_append.c: adds an entry of its own to the decisions; in a rehearsal it is noted. */
enum rc sequencer_own_entry(struct sequencer *s, struct store_conn *conn, enum entry_type type,
                            struct str bytes, struct fault *fault) MUST_CHECK;
/* Appends the waiting entries of one log up to this one; *ret_n says how many. */
enum rc sequencer_append_pending(struct sequencer *s, struct store_conn *conn, struct arena *arena,
                                 enum log_id log, uint64_t until, size_t *ret_n,
                                 struct fault *fault) MUST_CHECK;
/* "books.example", "books.example/voices". */
struct str sequencer_name(const struct sequencer *s, enum log_id log);

/* handover.c: the entries by which the logs go over, behind the decisions of a batch. */
enum rc handover_append(struct sequencer *s, struct store_conn *conn, struct arena *arena,
                        size_t *ret_n, struct fault *fault) MUST_CHECK;

/* candidate_state.c: what stands in the database, outside of a transaction. */
enum rc candidate_load(struct sequencer *s, struct store_conn *conn,
                       struct fault *fault) MUST_CHECK;
void candidate_forget(struct sequencer *s);
void candidate_note_tile(struct sequencer *s, enum log_id log, unsigned level, uint64_t n,
                         const struct hash *hashes, unsigned width);

#endif
