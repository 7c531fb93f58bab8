#include "app/signer_serve.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sodium.h>
#include <sys/file.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "app/key.h"
#include "app/signer_parts.h"
#include "app/signer_wire.h"
#include "base/crash.h"
#include "base/file.h"
#include "record/merkle.h"

enum { PROOF_HASHES = 64 };

struct serving {
    const char *key_path, *next_path, *state;
    struct str origin;
};

/* One question: the keys as they lie there now, and no longer in memory than this takes. */
struct answering {
    const struct serving *s;
    struct arena arena;
    struct note_signer own[LOG_COUNT], next[LOG_COUNT];
    bool has_next;
    struct checkpoint last[LOG_COUNT]; /* origin empty: never signed */
};

static enum rc load_keys(struct answering *a, struct fault *fault)
{
    enum rc rc = key_load_both(a->s->key_path, a->s->origin, &a->arena, a->own, fault);
    if (rc == RC_OK)
        a->has_next =
            key_load_both(a->s->next_path, a->s->origin, &a->arena, a->next, NULL) == RC_OK;
    return rc;
}

/* ---- what was signed last ---- */

/* Two checkpoints' texts, an empty line behind each. */
static enum rc read_state(struct answering *a, struct fault *fault)
{
    struct str text, first;
    enum rc rc = file_read(a->s->state, SIGNER_MESSAGE_MAX, &a->arena, &text, fault);
    if (rc == RC_NOT_FOUND)
        return RC_OK;
    while (rc == RC_OK && text.n > 0) {
        struct checkpoint c;
        size_t end = str_find_str(text, STR("\n\n"));
        first = str_sub(text, 0, end + 1);
        text = str_sub(text, end + 2, text.n);
        rc = checkpoint_parse_text(&c, first, fault);
        for (int log = 0; rc == RC_OK && log < LOG_COUNT; log++)
            if (str_eq(c.origin, a->own[log].key.name))
                a->last[log] = c;
    }
    return rc == RC_OK ? rc : fault_prefix(fault, RC_CORRUPT, "%s", a->s->state);
}

static enum rc write_state(struct answering *a, struct fault *fault)
{
    BUF_AUTO text = BUF_INIT(SIGNER_MESSAGE_MAX);
    for (int log = 0; log < LOG_COUNT; log++)
        if (a->last[log].origin.n > 0) {
            checkpoint_text(&text, &a->last[log]);
            buf_char(&text, '\n');
        }
    enum rc rc = buf_check(&text);
    return rc == RC_OK ? file_replace(a->s->state, buf_str(&text), fault) : rc;
}

/* ---- signing ---- */

static enum rc check_grows(const struct checkpoint *last, const struct checkpoint *c,
                           const struct hash *proof, size_t n, struct fault *fault)
{
    if (last->size == 0)
        return n == 0 ? RC_OK : fault_set(fault, RC_INVALID, "nothing is to be proved");
    if (c->size < last->size)
        return fault_set(fault, RC_DENIED, "%llu entries were signed for, these are %llu",
                         (unsigned long long)last->size, (unsigned long long)c->size);
    if (c->size == last->size)
        return hash_eq(&c->root, &last->root)
                   ? RC_OK
                   : fault_set(fault, RC_DENIED, "another tree of %llu entries was signed",
                               (unsigned long long)last->size);
    return merkle_check_consistency(last->size, &last->root, c->size, &c->root, proof, n) == RC_OK
               ? RC_OK
               : fault_set(fault, RC_DENIED, "it does not continue what was signed");
}

/* The new key signs alone: the old one has no use any more. */
static enum rc go_over(struct answering *a, struct fault *fault)
{
    uint32_t old_id = a->own[LOG_DECISIONS].key.id;
    key_adopt(a->s->key_path, a->s->next_path, old_id);
    return load_keys(a, fault);
}

static bool is_key(const struct note_signer *signer, struct arena *arena, struct str vkey)
{
    return str_eq(key_vkey(&signer->key, arena), vkey);
}

static enum rc find_log(struct answering *a, struct str vkey, struct str next, int *ret,
                        struct fault *fault)
{
    for (int log = 0; log < LOG_COUNT; log++) {
        bool alone = str_eq(next, STR("-"));
        *ret = log;
        if (is_key(&a->own[log], &a->arena, vkey) &&
            (alone || (a->has_next && is_key(&a->next[log], &a->arena, next))))
            return RC_OK;
        if (alone && a->has_next && is_key(&a->next[log], &a->arena, vkey))
            return go_over(a, fault);
    }
    return fault_set(fault, RC_DENIED, "that key is not here");
}

static enum rc sign(struct answering *a, struct str rest, struct buf *out, struct fault *fault)
{
    struct str vkey, next, size, line;
    struct hash proof[PROOF_HASHES];
    size_t n = 0;
    uint64_t old;
    int log;
    struct checkpoint c;
    BUF_AUTO text = BUF_INIT(NOTE_MAX);
    if (!str_next(&rest, '\n', &vkey) || !str_next(&rest, '\n', &next) ||
        !str_next(&rest, '\n', &size) || !str_to_u64(size, &old))
        return fault_set(fault, RC_INVALID, "a key, the next or -, and a size are needed");
    while (str_next(&rest, '\n', &line) && line.n > 0)
        if (n == PROOF_HASHES || !base64_decode_exact(line, proof[n++].b, sizeof proof[0].b))
            return fault_set(fault, RC_INVALID, "the proof: hashes are needed");
    enum rc rc = find_log(a, vkey, next, &log, fault);
    if (rc == RC_OK)
        rc = checkpoint_parse_text(&c, rest, fault);
    if (rc != RC_OK)
        return rc;
    checkpoint_text(&text, &c);
    if (!str_eq(buf_str(&text), rest) || !str_eq(c.origin, a->own[log].key.name))
        return fault_set(fault, RC_DENIED, "it is no checkpoint of that log");
    if (old != a->last[log].size) {
        buf_printf(out, "at\n%llu\n", (unsigned long long)a->last[log].size);
        return RC_OK;
    }
    rc = check_grows(&a->last[log], &c, proof, n, fault);
    if (rc != RC_OK)
        return rc;
    a->last[log] = c;
    crash_point("signer-checked");
    rc = write_state(a, fault);
    crash_point("signer-kept");
    if (rc != RC_OK)
        return rc;
    BUF_LIT(out, "ok\n");
    note_sign_line(out, rest, &a->own[log]);
    if (!str_eq(next, STR("-")))
        note_sign_line(out, rest, &a->next[log]);
    return RC_OK;
}

static enum rc hand_over(struct answering *a, struct str rest, struct buf *out, struct fault *fault)
{
    struct key_entry h = {0};
    struct str from;
    if (!str_next(&rest, '\n', &h.log) || !str_next(&rest, '\n', &from) ||
        !str_to_u64(from, &h.from) || !str_next(&rest, '\n', &h.old_vkey) ||
        !str_next(&rest, '\n', &h.new_vkey) || rest.n > 0)
        return fault_set(fault, RC_INVALID, "a log, a size and two keys are needed");
    for (int log = 0; log < LOG_COUNT; log++)
        if (a->has_next && is_key(&a->own[log], &a->arena, h.old_vkey) &&
            is_key(&a->next[log], &a->arena, h.new_vkey)) {
            enum rc rc = handover_sign(&h, &a->own[log], &a->next[log], fault);
            if (rc != RC_OK)
                return rc;
            BUF_LIT(out, "ok\n");
            base64_add(out, h.by_old, sizeof h.by_old);
            buf_char(out, '\n');
            base64_add(out, h.by_new, sizeof h.by_new);
            buf_char(out, '\n');
            return RC_OK;
        }
    return fault_set(fault, RC_DENIED, "these are not the key here and the one prepared for it");
}

static void tell_keys(struct answering *a, struct buf *out)
{
    BUF_LIT(out, "ok\n");
    for (int log = 0; log < LOG_COUNT; log++)
        buf_printf(out, "%.*s\n", STR_ARG(key_vkey(&a->own[log].key, &a->arena)));
    for (int log = 0; a->has_next && log < LOG_COUNT; log++)
        buf_printf(out, "%.*s\n", STR_ARG(key_vkey(&a->next[log].key, &a->arena)));
}

static void answer(const struct serving *s, struct str question, struct buf *out)
{
    struct answering a = {.s = s, .arena = ARENA_INIT};
    struct fault fault = {""};
    struct str word, rest = question;
    enum rc rc = load_keys(&a, &fault);
    if (rc == RC_OK)
        rc = read_state(&a, &fault);
    if (rc == RC_OK && !str_next(&rest, '\n', &word))
        rc = fault_set(&fault, RC_INVALID, "nothing was asked");
    if (rc == RC_OK && str_eq(word, STR("keys")) && rest.n == 0)
        tell_keys(&a, out);
    else if (rc == RC_OK && str_eq(word, STR("sign")))
        rc = sign(&a, rest, out, &fault);
    else if (rc == RC_OK && str_eq(word, STR("hand-over")))
        rc = hand_over(&a, rest, out, &fault);
    else if (rc == RC_OK)
        rc = fault_set(&fault, RC_INVALID, "keys, sign or hand-over is needed");
    if (rc != RC_OK) {
        buf_clear(out);
        buf_printf(out, "no\n%s\n", fault.text);
    }
    key_clear_both(a.own);
    key_clear_both(a.next);
    arena_free(&a.arena);
}

/* ---- the socket ---- */

/* Our own user's processes, and root's. */
static bool is_ours(int fd)
{
    struct ucred peer;
    socklen_t n = sizeof peer;
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &n) == 0 &&
           (peer.uid == geteuid() || peer.uid == 0);
}

static void serve_one(const struct serving *s, int fd)
{
    BUF_AUTO question = BUF_INIT(SIGNER_MESSAGE_MAX);
    BUF_AUTO said = BUF_INIT(SIGNER_MESSAGE_MAX);
    if (is_ours(fd) && signer_receive(fd, &question, NULL) == RC_OK) {
        answer(s, buf_str(&question), &said);
        if (!said.failed)
            (void)!signer_send(fd, buf_str(&said), NULL);
    }
    close(fd);
}

static enum rc listen_on(const char *path, int *ret, struct fault *fault)
{
    struct sockaddr_un address;
    enum rc rc = signer_address(path, &address, fault);
    if (rc != RC_OK)
        return rc;
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    unlink(path); /* of a signer that was killed: the state's lock says that none lives */
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) != 0 ||
        chmod(path, 0600) != 0 || listen(fd, 16) != 0) {
        rc = fault_set(fault, RC_IO, "%s: %s", path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return rc;
    }
    *ret = fd;
    return RC_OK;
}

static enum rc take_lock(const char *state, int *ret, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    const char *path = arena_printf(&arena, "%s.lock", state).p;
    *ret = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (*ret < 0)
        return fault_set(fault, RC_IO, "%s: %s", path, strerror(errno));
    if (flock(*ret, LOCK_EX | LOCK_NB) != 0)
        return fault_set(fault, RC_BUSY, "%s: another signer runs with this", state);
    return RC_OK;
}

/* The key must be there and good, and what was signed last readable. */
static enum rc check(struct serving *s, struct arena *arena, struct fault *fault)
{
    struct note_signer own = {0};
    struct answering a = {.s = s, .arena = ARENA_INIT};
    enum rc rc = key_load(s->key_path, arena, &own, fault);
    s->origin = own.key.name;
    note_signer_clear(&own);
    if (rc == RC_OK)
        rc = load_keys(&a, fault);
    if (rc == RC_OK)
        rc = read_state(&a, fault);
    key_clear_both(a.own);
    key_clear_both(a.next);
    arena_free(&a.arena);
    return rc;
}

enum rc signer_serve(const char *key_path, const char *socket_path, const char *state,
                     void (*ready)(void *context), void *context, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct serving s = {.key_path = key_path,
                        .next_path = arena_printf(&arena, "%s" KEY_NEXT_SUFFIX, key_path).p,
                        .state = state};
    sigset_t signals;
    int lock = -1, fd = -1;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    sigprocmask(SIG_BLOCK, &signals, NULL);
    int ends = signalfd(-1, &signals, SFD_CLOEXEC);
    enum rc rc = sodium_init() < 0 ? fault_set(fault, RC_IO, "libsodium does not start") : RC_OK;
    if (rc == RC_OK)
        rc = check(&s, &arena, fault);
    if (rc == RC_OK)
        rc = take_lock(state, &lock, fault);
    if (rc == RC_OK)
        rc = listen_on(socket_path, &fd, fault);
    if (rc == RC_OK)
        ready(context);
    while (rc == RC_OK) {
        struct pollfd fds[] = {{fd, POLLIN, 0}, {ends, POLLIN, 0}};
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            rc = fault_set(fault, RC_IO, "%s", strerror(errno));
        if (fds[1].revents != 0)
            break;
        int one = fds[0].revents != 0 ? accept4(fd, NULL, NULL, SOCK_CLOEXEC) : -1;
        if (one >= 0)
            serve_one(&s, one);
    }
    if (fd >= 0) {
        close(fd);
        unlink(socket_path);
    }
    if (lock >= 0)
        close(lock);
    close(ends);
    return rc;
}
