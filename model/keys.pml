/* Going over to a new key, and the key in a process of its own: what may crash in between,
 * a node that has the old key alone, a backup that is restored, a server that somebody took
 * over. The commit protocol itself is commit.pml's; here a batch is one step.
 *
 *   here             in the code
 *   holds            record_keys_load (app/record_keys.c): the published entries say which
 *                    key signs; key_load_in_force (app/signer_file.c): a node that has it
 *   batch, over      sequencer_append, handover_append (app/sequencer.c, app/handover.c): the
 *                    entries, and checkpoints signed by both keys, in one transaction
 *   accepted         key_chain_verify (record/key_chain.c), by everybody who follows
 *   kept             head_file_take, head_file_give (app/head_file.c)
 *   -DSIGNER         candidate: sequencer_propose, sign_candidate, sequencer_publish
 *                    (app/candidate.c); the signer: sign, write_state, check_grows
 *                    (app/signer_serve.c); Thief: who has the server, not the key
 *
 * Properties: no fork (whoever kept a signed tree finds it a prefix of every later one); every
 * published checkpoint is accepted by who follows the keys; the old key signs nothing behind
 * the hand-over; an honest server is never refused by its signer.
 *
 * Each -DWITHOUT_… takes one wall away. model/run wants every such model to fail. */

#define SIZES 5
#define OLD 1
#define NEW 2
#ifndef CRASHES
#define CRASHES 1
#endif

/* The database: a log is its entries as digits of base 2, a leading 1 before them. */
byte size, root = 1;
byte over;      /* the size from which on the new key signs; 0: the old one does */
byte signed_by = OLD; /* the keys on the published checkpoint */
bool standing;  /* a candidate, what it would be */
byte cand_size, cand_root;
bool cand_over, cand_signed;

/* A backup of it, and what is kept apart. */
byte old_size, old_root = 1, old_over;
bool backed, restored;
byte kept_size, kept_root = 1;
bool locked; /* from the comparison to what is kept behind the commit */

/* The signer's disk: the last tree that it signed. */
byte last_size, last_root = 1;

/* What the world remembers. */
byte seen[SIZES];
bool stolen;
byte crashes;

/* A signed checkpoint leaves the process. */
inline saw(n, r)
{
    assert(seen[n] == 0 || seen[n] == r);
    seen[n] = r;
    assert(n < 2 || seen[1] == 0 || seen[1] == (r >> (n - 1)));
    assert(n < 3 || seen[2] == 0 || seen[2] == (r >> (n - 2)));
    assert(n < 4 || seen[3] == 0 || seen[3] == (r >> (n - 3)));
    assert(n > 1 || seen[2] == 0 || (seen[2] >> (2 - n)) == r);
    assert(n > 2 || seen[3] == 0 || (seen[3] >> (3 - n)) == r);
    assert(n > 3 || seen[4] == 0 || (seen[4] >> (4 - n)) == r)
}

/* Whoever knows the chain: a tree of more than `over` entries by the new key. */
#define accepted (over == 0 || size <= over || (signed_by & NEW))

#ifdef WITHOUT_CHAIN
#define holds(me) true /* the key that lies in the node's file, whatever the entries say */
#else
#define holds(me) (over == 0 || me == 0)
#endif

#ifdef WITHOUT_HEAD_FILE
#define level true
#else
#define level (kept_size <= size && kept_root == (root >> (size - kept_size)))
#endif

#ifdef WITHOUT_LOCK
#define free true
#else
#define free (!locked)
#endif

/* Node 0 has both keys, node 1 the old one. The lead's fencing is commit.pml's: one at a
 * time, in any order. */
proctype Node(byte me)
{
    bool mine;
end_idle:
    do
#ifndef SIGNER
    :: atomic { holds(me) && free && level && size < SIZES - 1 ->
           size++;
           if :: root = root << 1 :: root = (root << 1) | 1 fi;
           signed_by = ((over != 0 && me == 0) -> NEW : OLD);
           if
           :: over == 0 && me == 0 ->   /* ordered */
               over = size - 1 + (size == 1); /* 0 says that none was */
#ifndef WITHOUT_BOTH
               signed_by = OLD | NEW
#endif
           :: true
           fi;
           assert(accepted);
           saw(size, root);
           mine = true; locked = true }
    :: atomic { mine -> kept_size = size; kept_root = root; mine = false; locked = false }
#else
    /* Commit 1. Without it, the tree is in memory alone when the signer sees it. */
#ifndef WITHOUT_CANDIDATE
    :: atomic { !standing && me == 0 && size < SIZES - 1 ->
           cand_size = size + 1; cand_over = false; cand_signed = false;
           if :: cand_root = root << 1 :: cand_root = (root << 1) | 1 fi;
           standing = true }
#else
    :: atomic { !mine && !standing && me == 0 && size < SIZES - 1 ->
           cand_size = size + 1; cand_signed = false;
           if :: cand_root = root << 1 :: cand_root = (root << 1) | 1 fi;
           standing = true; mine = true }
    :: atomic { mine && crashes < CRASHES -> crashes++; mine = false; standing = false; cand_signed = false }
#endif
    /* The signer: on its disk, then the answer. */
    :: atomic { me == 0 && standing && !cand_signed ->
           if
#ifdef WITHOUT_GROWTH
           :: true ->
#else
           :: last_size <= cand_size && last_root == (cand_root >> (cand_size - last_size)) ->
#endif
               last_size = cand_size; last_root = cand_root;
               cand_signed = true;
               saw(cand_size, cand_root)
           :: else -> assert(stolen || restored)
           fi }
    /* Commit 2 */
    :: atomic { me == 0 && standing && cand_signed ->
           size = cand_size; root = cand_root; standing = false; cand_signed = false; mine = false }
#endif
    /* kill -9 */
    :: atomic { crashes < CRASHES -> crashes++;
           if :: mine -> mine = false; locked = false :: else fi
#ifdef SIGNER
           ;
           /* The answer is lost, the candidate stands. */
           cand_signed = false
#ifdef WITHOUT_SIGNERS_DISK
           ; last_size = 0; last_root = 1
#endif
#endif
           }
    od
}

/* The folder as it was, once. What a kill left unkept, nobody could know of: it is kept
 * before the restoring. */
proctype Backup()
{
end_nothing:
    atomic { true -> old_size = size; old_root = root; old_over = over; backed = true };
end_backed:
#ifdef SIGNER
    atomic { backed -> size = old_size; root = old_root; over = old_over; standing = false; cand_signed = false; restored = true }
#else
    atomic { backed && !locked && kept_size == size -> size = old_size; root = old_root; over = old_over; restored = true }
#endif
}

#ifdef SIGNER
/* Whoever took the server over may ask for any tree. */
proctype Thief()
{
    byte n, r;
end_asking:
    do
    :: atomic { true ->
           stolen = true;
           if :: n = 1 :: n = 2 :: n = 3 fi;
           if :: r = 0 :: r = 1 :: r = 2 :: r = 5 fi;
           r = (1 << n) | (r & ((1 << n) - 1));
           if
#ifdef WITHOUT_GROWTH
           :: true ->
#else
           :: last_size <= n && last_root == (r >> (n - last_size)) ->
#endif
               last_size = n; last_root = r;
               saw(n, r)
           :: else
           fi;
           n = 0; r = 0 }
    od
}
#endif

init
{
    atomic {
        run Node(0);
#ifdef SIGNER
#ifdef WITH_THIEF
        run Thief()
#endif
        ;
#else
        run Node(1);
#endif
#ifndef WITHOUT_RESTORE
        run Backup()
#endif
    }
}
