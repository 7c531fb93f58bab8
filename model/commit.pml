/* The commit protocol: from a submission or a restriction to its published entry,
 * and from that to its effect; what may crash in between; how a lift works while
 * nothing can be signed; two nodes that may both think they lead.
 *
 *   here             in the code
 *   Client           whoever calls writer_run or writer_post (app/writer.h)
 *   Node, batch      writer_batch (app/writer_batch.c), sequencer_run (app/sequencer.c)
 *   Node, take_lead  lead_try; FENCE: lead_hold (app/lead.c)
 *   load             sequencer_ready: the tree is read anew; CAS: checkpoints are
 *                    replaced only where they are what was read (store/record_log.h)
 *   reload           gate_reload (app/gate.c)
 *   Lifter           restriction_lift, lift_journal_add; settle: lift_journal_clear
 *   candidate        with -DWITNESSED: a checkpoint that waits for its quorum, a row
 *                    of its own; entries have no index until it is published. Commit 1:
 *                    sequencer_propose; asking: sequencer_ask; commit 2: sequencer_publish
 *                    (app/candidate.c)
 *
 * Properties: no effect without a published entry; no fork (whoever kept a checkpoint
 * finds it a prefix of every later one); what was acknowledged stands in the log; a
 * lift never waits for the log, and what was lifted stays lifted.
 *
 * Each -DWITHOUT_… takes one wall away. model/run wants every such model to fail. */

#define NODES 2
#define CLIENTS 2 /* 0: a restriction, which is lifted; 1: a review */
#define LIFT 2    /* the entry of the lift of 0 */
#define SIZES 4
#ifndef TERMS
#define TERMS 2 /* how often the lead may be taken */
#endif
#ifndef CRASHES
#define CRASHES 1
#endif
#define bit(e) (1 << (e))

/* The database. What one transaction changes, one step changes; a crash undoes none of it. */
bool up = true;
byte term;
byte waiting;   /* entries without an index */
byte published; /* entries with one */
byte size;      /* of the log, as the last checkpoint says */
byte root;      /* of that tree: its entries as digits of base 4 */
bool standing;  /* a candidate, with its tree and what is in it */
byte cand_size, cand_root, cand_entries;
byte cosigned;  /* the largest size that the quorum signed */

/* The disk of each node. */
bool journal[NODES];

/* What each node holds in memory: a crash takes it. */
byte jobs[NODES];  /* handed to the writer, not committed */
byte gate[NODES];  /* entries its gate has taken in */

/* What the world remembers. */
byte acknowledged;
bool lifted;
byte seen[SIZES]; /* trees that somebody saw a signature on; 0: none */
byte crashes;

#define withheld(n) ((gate[n] & bit(0)) && !(gate[n] & bit(LIFT)) && !journal[n])

/* A signed checkpoint leaves the process: to readers, or to witnesses. Every one that
 * was ever seen must be a prefix of it, or it of them. */
inline saw(n, r)
{
    assert(seen[n] == 0 || seen[n] == r);
    seen[n] = r;
    assert(n < 2 || seen[1] == 0 || seen[1] == (r >> (2 * (n - 1))));
    assert(n < 3 || seen[2] == 0 || seen[2] == (r >> (2 * (n - 2))));
    assert(n > 1 || seen[2] == 0 || (seen[2] >> 2) == r);
    assert(n > 2 || seen[3] == 0 || (seen[3] >> (2 * (3 - n))) == r);
}

/* The entries of `from` at the end of a tree, in either order. */
inline append(from, n, r)
{
    if
    :: (from & bit(1)) && (from & bit(0)) -> n = n + 1; r = (r << 2) | 2; from = from & ~bit(1)
    :: else
    fi;
    if :: from & bit(LIFT) -> n = n + 1; r = (r << 2) | 3 :: else fi;
    if :: from & bit(0) -> n = n + 1; r = (r << 2) | 1 :: else fi;
    if :: from & bit(1) -> n = n + 1; r = (r << 2) | 2 :: else fi
}

/* What it had loaded of the log may be out of date. */
inline forget()
{
    loaded = false; quorum = false; n = 0; r = 0
}

proctype Node(byte me)
{
    byte my_term, n, r, batch, fresh;
    bool loaded, quorum;

end_idle:
    do
    /* take_lead: the beat of whoever leads stood still for three seconds. It may live. */
    :: atomic { up && term < TERMS -> term++; my_term = term; forget() }

    /* load */
    :: atomic { up && my_term != 0 && !loaded -> n = size; r = root; loaded = true }

#ifndef WITNESSED
    /* batch: one transaction for the jobs, their entries, index, tiles and checkpoint. */
    :: atomic {
           up && loaded && (waiting | jobs[me]) != 0 ->
           fresh = (waiting | jobs[me]) & ~published;
           if
#ifndef WITHOUT_FENCE
           :: term != my_term -> my_term = 0; forget()
#endif
#ifndef WITHOUT_CAS
           :: size != n -> forget()
#endif
           :: else ->
               batch = fresh;
               append(batch, n, r);
               published = published | fresh;
               waiting = 0;
               jobs[me] = 0;
               size = n;
               root = r;
               saw(n, r)
           fi;
           fresh = 0; batch = 0
       }
#else
    /* Commit 1: the rows of the jobs, and the candidate. Nothing is shown yet. */
    :: atomic {
#ifdef WITHOUT_ONE_CANDIDATE
           up && loaded && !quorum && (waiting | jobs[me]) != 0 ->
#else
           up && loaded && !standing && (waiting | jobs[me]) != 0 ->
#endif
           if
           :: term != my_term -> my_term = 0; forget()
           :: size != n -> forget()
           :: else ->
               waiting = waiting | jobs[me];
               jobs[me] = 0;
               batch = waiting;
               cand_entries = waiting;
               cand_size = n; cand_root = r;
               append(batch, cand_size, cand_root);
               standing = true;
               quorum = false
           fi;
           batch = 0
       }
    /* Outside of any transaction: witnesses see it and sign, or they do not (then it stands).
     * Whoever leads now takes up the candidate that stands. */
    :: atomic { my_term != 0 && loaded && standing && !quorum ->
           saw(cand_size, cand_root);
           if :: true -> quorum = true; cosigned = cand_size :: true fi }
    /* Commit 2 */
    :: atomic {
#ifdef WITHOUT_QUORUM
           up && loaded && standing ->
#else
           up && loaded && standing && quorum ->
#endif
           if
           :: term != my_term -> my_term = 0; forget()
           :: size != n -> forget()
           :: else ->
               published = published | cand_entries;
               waiting = waiting & ~cand_entries;
               size = cand_size; root = cand_root;
               n = size; r = root;
               standing = false; quorum = false;
               cand_entries = 0; cand_size = 0; cand_root = 0;
               assert(cosigned >= size);
               saw(n, r)
           fi
       }
#endif

    /* reload */
#ifdef WITHOUT_PUBLICATION
    :: atomic { up && gate[me] != (published | waiting) -> gate[me] = published | waiting }
#else
    :: atomic { up && gate[me] != (published | (waiting & bit(LIFT))) ->
           gate[me] = published | (waiting & bit(LIFT)) }
#endif

    /* The journal's lift becomes an entry that waits; it leaves the journal when the gate
     * has its entry from the database. */
    :: atomic { up && journal[me] && !((waiting | published) & bit(LIFT)) -> waiting = waiting | bit(LIFT) }
#ifdef WITHOUT_SETTLING
    :: atomic { up && journal[me] && (published & bit(LIFT)) -> journal[me] = false }
#else
    :: atomic { up && journal[me] && (published & bit(LIFT)) && (gate[me] & bit(LIFT)) -> journal[me] = false }
#endif

    /* kill -9, at any point between the others. What comes up again has read the
     * database's published entries before it serves. */
    :: atomic { crashes < CRASHES -> crashes++;
           my_term = 0; forget(); jobs[me] = 0;
#ifdef WITHOUT_JOURNAL
           journal[me] = false;
#endif
           gate[me] = 0 }
    od
}

/* Where its node dies, or what it asked for is undone, it asks again, elsewhere maybe. */
proctype Client(byte e)
{
    byte at;
end_waiting: /* for a database that stays away */
    do
    :: atomic { !((published | waiting | jobs[0] | jobs[1]) & bit(e)) -> at = 0; jobs[at] = jobs[at] | bit(e) }
    :: atomic { !((published | waiting | jobs[0] | jobs[1]) & bit(e)) -> at = 1; jobs[at] = jobs[at] | bit(e) }
    /* A node that does not lead commits it with its entry waiting, and waits (await_leader). */
    :: atomic { up && (jobs[at] & bit(e)) -> jobs[at] = jobs[at] & ~bit(e); waiting = waiting | bit(e) }
#ifdef WITHOUT_INCLUSION
    :: atomic { (jobs[at] & bit(e)) -> acknowledged = acknowledged | bit(e); break }
#else
    :: atomic { up && (published & bit(e)) -> acknowledged = acknowledged | bit(e); break }
#endif
    od;
end_answered:
    true
}

/* Staff lift the restriction, at the node that withholds it. No end label: where it
 * could be stuck, Spin says so. */
proctype Lifter()
{
end_nothing_to_lift:
    atomic { withheld(0) ->
#ifdef WITHOUT_FREE_LIFT
        true };
    atomic { up && (published & bit(LIFT)) -> lifted = true }
#else
        journal[0] = true; lifted = true }
#endif
}

/* A database that goes, and comes back or does not. */
proctype Outage()
{
    up = false;
end_away:
    up = true
}

/* Looks at everything between any two steps. */
active proctype Watcher()
{
end_watching:
    do
    :: atomic { withheld(0) && !(published & bit(0)) -> assert(false) }
    :: atomic { withheld(1) && !(published & bit(0)) -> assert(false) }
    :: atomic { lifted && withheld(0) -> assert(false) }
    :: atomic { (acknowledged & ~published) != 0 -> assert(false) }
    od
}

init
{
    atomic {
        run Node(0); run Node(1); run Client(0); run Client(1); run Lifter(); run Outage()
    }
}
