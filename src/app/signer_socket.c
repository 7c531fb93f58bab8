/* Another process has the keys (signer_serve.c). Nothing that it says is believed but a
 * good signature. */
#include <errno.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/signer_parts.h"
#include "app/signer_wire.h"

enum { TRIES = 3 };

struct socket_signer {
    struct signer signer; /* first: what others see of it */
    struct arena arena;
    const char *path;
    struct note_key own[LOG_COUNT];
    struct str vkeys[LOG_COUNT];
    uint64_t known[LOG_COUNT]; /* the size it stands at, as far as is known */
};

static struct socket_signer *of(struct signer *signer)
{
    return (struct socket_signer *)signer;
}

/* *ret, in `arena`: what follows "ok". */
static enum rc ask(struct socket_signer *s, struct arena *arena, struct str question,
                   struct str *ret, uint64_t *ret_at, struct fault *fault)
{
    struct sockaddr_un address;
    BUF_AUTO answer = BUF_INIT(SIGNER_MESSAGE_MAX);
    struct str rest, word;
    enum rc rc = signer_address(s->path, &address, fault);
    if (rc != RC_OK)
        return rc;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) != 0)
        rc = fault_set(fault, RC_IO, "%s", strerror(errno));
    if (rc == RC_OK)
        rc = signer_send(fd, question, fault);
    if (rc == RC_OK)
        rc = signer_receive(fd, &answer, fault);
    if (fd >= 0)
        close(fd);
    rest = arena_str(arena, buf_str(&answer));
    if (rc == RC_OK && !str_next(&rest, '\n', &word))
        rc = fault_set(fault, RC_IO, "it hung up");
    if (rc != RC_OK)
        return fault_prefix(fault, rc == RC_LIMIT ? RC_IO : rc, "the signer at %s", s->path);
    if (str_eq(word, STR("at")) && ret_at != NULL && str_to_u64(str_trim(rest), ret_at))
        return RC_CONFLICT;
    if (!str_eq(word, STR("ok")))
        return fault_set(fault, RC_DENIED, "the signer at %s: %.*s", s->path,
                         STR_ARG(str_trim(rest)));
    *ret = rest;
    return RC_OK;
}

/* Its keys: two, and two more where another is prepared. */
static enum rc ask_keys(struct socket_signer *s, struct arena *arena, struct str ret[2 * LOG_COUNT],
                        size_t *ret_n, struct fault *fault)
{
    struct str answer, line;
    struct note_key key;
    *ret_n = 0;
    enum rc rc = ask(s, arena, STR("keys\n"), &answer, NULL, fault);
    while (rc == RC_OK && *ret_n < 2 * LOG_COUNT && str_next(&answer, '\n', &line)) {
        rc = note_key_parse(&key, line, fault);
        ret[(*ret_n)++] = line;
    }
    if (rc == RC_OK && (*ret_n == 0 || *ret_n % LOG_COUNT != 0 || answer.n > 0))
        rc = fault_set(fault, RC_IO, "the signer at %s: it names no keys", s->path);
    return rc;
}

static enum rc find_next(struct signer *signer, struct arena *arena,
                         struct str ret_vkeys[LOG_COUNT], struct fault *fault)
{
    struct socket_signer *s = of(signer);
    struct str keys[2 * LOG_COUNT];
    size_t n;
    enum rc rc = ask_keys(s, arena, keys, &n, fault);
    if (rc != RC_OK)
        return rc;
    if (n != 2 * LOG_COUNT || !str_eq(keys[0], s->vkeys[0]))
        return fault_set(fault, RC_NOT_FOUND, "the signer has no key that is to follow");
    memcpy(ret_vkeys, keys + LOG_COUNT, LOG_COUNT * sizeof *keys);
    return RC_OK;
}

static enum rc check_line(struct str text, struct str lines, const struct note_key *key,
                          struct fault *fault)
{
    BUF_AUTO note = BUF_INIT(NOTE_MAX);
    struct checkpoint c;
    buf_str_add(&note, text);
    buf_char(&note, '\n');
    buf_str_add(&note, lines);
    enum rc rc = buf_check(&note);
    if (rc == RC_OK)
        rc = checkpoint_verify(&c, buf_str(&note), key, fault);
    return rc == RC_OK ? rc : fault_prefix(fault, RC_IO, "what the signer said is no good");
}

/* From the size at which it stands, so that it sees that the log grows. */
static enum rc write_question(struct socket_signer *s, enum log_id log, const struct asked *asked,
                              struct str next, struct buf *b, struct fault *fault)
{
    struct checkpoint c;
    struct hash proof[64];
    size_t n = 0;
    enum rc rc = checkpoint_parse_text(&c, asked->text, fault);
    if (rc == RC_OK && s->known[log] > 0 && s->known[log] < c.size)
        rc = asked->prove(asked->context, s->known[log], proof, &n, fault);
    buf_printf(b, "sign\n%.*s\n%.*s\n%llu\n", STR_ARG(s->vkeys[log]), STR_ARG(next),
               (unsigned long long)s->known[log]);
    for (size_t i = 0; i < n; i++) {
        base64_add(b, proof[i].b, sizeof proof[i].b);
        buf_char(b, '\n');
    }
    buf_char(b, '\n');
    buf_str_add(b, asked->text);
    return rc == RC_OK ? buf_check(b) : rc;
}

static enum rc sign(struct signer *signer, enum log_id log, const struct asked *asked, bool both,
                    struct buf *lines, struct fault *fault)
{
    struct socket_signer *s = of(signer);
    ARENA_AUTO arena = ARENA_INIT;
    struct str next[LOG_COUNT] = {STR("-"), STR("-")}, answer = STR_NONE;
    struct note_key next_key;
    struct checkpoint c;
    enum rc rc = both ? find_next(signer, &arena, next, fault) : RC_OK;
    if (rc == RC_OK)
        rc = checkpoint_parse_text(&c, asked->text, fault);
    for (int i = 0; rc == RC_OK && i < TRIES; i++) {
        BUF_AUTO question = BUF_INIT(SIGNER_MESSAGE_MAX);
        rc = write_question(s, log, asked, next[log], &question, fault);
        if (rc == RC_OK)
            rc = ask(s, &arena, buf_str(&question), &answer, &s->known[log], fault);
        if (rc != RC_CONFLICT)
            break;
        rc = s->known[log] <= c.size && i + 1 < TRIES
                 ? RC_OK
                 : fault_set(fault, RC_DENIED,
                             "the signer has signed for %llu entries: here are %llu, and signing "
                             "would fork the log",
                             (unsigned long long)s->known[log], (unsigned long long)c.size);
    }
    if (rc == RC_OK)
        rc = check_line(asked->text, answer, &s->own[log], fault);
    if (rc == RC_OK && both)
        rc = note_key_parse(&next_key, next[log], fault);
    if (rc == RC_OK && both)
        rc = check_line(asked->text, answer, &next_key, fault);
    if (rc != RC_OK)
        return rc;
    s->known[log] = c.size;
    buf_str_add(lines, answer);
    return buf_check(lines);
}

static enum rc hand_over(struct signer *signer, enum log_id log, struct key_entry *handover,
                         struct fault *fault)
{
    struct socket_signer *s = of(signer);
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO question = BUF_INIT(SIGNER_MESSAGE_MAX);
    struct str answer, by_old, by_new;
    (void)log;
    buf_printf(&question, "hand-over\n%.*s\n%llu\n%.*s\n%.*s\n", STR_ARG(handover->log),
               (unsigned long long)handover->from, STR_ARG(handover->old_vkey),
               STR_ARG(handover->new_vkey));
    enum rc rc = buf_check(&question);
    if (rc == RC_OK)
        rc = ask(s, &arena, buf_str(&question), &answer, NULL, fault);
    if (rc != RC_OK)
        return rc;
    if (!str_next(&answer, '\n', &by_old) || !str_next(&answer, '\n', &by_new) ||
        !base64_decode_exact(by_old, handover->by_old, sizeof handover->by_old) ||
        !base64_decode_exact(by_new, handover->by_new, sizeof handover->by_new))
        return fault_set(fault, RC_IO, "what the signer said is no good");
    return key_handover_check(handover, fault);
}

static void close_socket(struct signer *signer)
{
    struct socket_signer *s = of(signer);
    arena_free(&s->arena);
    free(s);
}

static const struct signer_kind socket_kind = {true, sign, find_next, hand_over, close_socket};

/* Which of its keys the log has now; RC_DENIED where it is none of them. */
static enum rc choose(struct socket_signer *s, struct key_chain *const chains[LOG_COUNT],
                      struct fault *fault)
{
    struct str keys[2 * LOG_COUNT];
    size_t n;
    enum rc rc = ask_keys(s, &s->arena, keys, &n, fault);
    for (size_t first = 0; rc == RC_OK && first < n; first += LOG_COUNT) {
        bool fits = true;
        for (int log = 0; log < LOG_COUNT; log++)
            fits = fits && str_eq(keys[first + (size_t)log], key_chain_last(chains[log])->vkey);
        for (int log = 0; fits && rc == RC_OK && log < LOG_COUNT; log++) {
            s->vkeys[log] = keys[first + (size_t)log];
            rc = note_key_parse(&s->own[log], s->vkeys[log], fault);
        }
        if (fits)
            return rc;
    }
    return rc == RC_OK
               ? fault_set(fault, RC_DENIED, "the signer at %s has not the key of this log (%.*s)",
                           s->path, STR_ARG(key_chain_last(chains[LOG_DECISIONS])->vkey))
               : rc;
}

enum rc signer_connect(const char *path, struct key_chain *const chains[LOG_COUNT],
                       struct signer **ret, struct fault *fault)
{
    struct socket_signer *s = calloc(1, sizeof *s);
    if (s == NULL)
        abort();
    s->signer.kind = &socket_kind;
    s->arena = ARENA_INIT;
    s->path = arena_z(&s->arena, str_of(path));
    enum rc rc = choose(s, chains, fault);
    if (rc == RC_OK)
        *ret = &s->signer;
    else
        close_socket(&s->signer);
    return rc;
}
