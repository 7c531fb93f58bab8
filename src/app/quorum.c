#include "app/quorum.h"

#include <curl/curl.h>

#include "base/arena.h"
#include "base/clock.h"
#include "record/add_checkpoint.h"

enum { ANSWER_MAX = 16 << 10, TRIES_MAX = 3, CONNECT_MS = 1000, POLL_MS = 50 };

struct quorum {
    CURLM *multi;
    struct hash policy; /* whose numbers the witnesses have below */
    /* The size a witness is known to have cosigned, and one; 0: not known. */
    uint64_t known[POLICY_WITNESSES_MAX][QUORUM_LOGS];
};

/* One witness asked about one checkpoint. */
struct asking {
    const struct policy_witness *witness;
    const struct quorum_question *question;
    unsigned number; /* the witness's */
    CURL *curl;
    struct curl_slist *headers;
    struct buf body, answer;
    uint64_t old;
    int tries;
    bool busy, cosigned;
    bool telling, told; /* it is told of the log's new key, or was */
    char reason[160];
};

struct quorum *quorum_new(void)
{
    struct quorum *q = calloc(1, sizeof *q);
    if (q == NULL || (q->multi = curl_multi_init()) == NULL)
        abort();
    return q;
}

void quorum_free(struct quorum *q)
{
    if (q == NULL)
        return;
    curl_multi_cleanup(q->multi);
    free(q);
}

static size_t take(char *bytes, size_t size, size_t n, void *context)
{
    struct buf *answer = context;
    buf_add(answer, bytes, size * n);
    return answer->failed ? 0 : size * n; /* an endless one ends here */
}

static void give_up(struct asking *a, const char *why)
{
    snprintf(a->reason, sizeof a->reason, "%.150s", why);
    a->busy = false;
}

/* Sends what stands in the body. */
static void send_to(struct quorum *q, struct asking *a, const char *what, int64_t end)
{
    char url[2048];
    int64_t left = end - clock_monotonic_ms();
    snprintf(url, sizeof url, "%.*s/%s", STR_ARG(a->witness->url), what);
    buf_clear(&a->answer);
    curl_easy_setopt(a->curl, CURLOPT_URL, url);
    curl_easy_setopt(a->curl, CURLOPT_POSTFIELDS, a->body.p);
    curl_easy_setopt(a->curl, CURLOPT_POSTFIELDSIZE, (long)a->body.n);
    curl_easy_setopt(a->curl, CURLOPT_TIMEOUT_MS, (long)(left > 0 ? left : 1));
    a->busy = curl_multi_add_handle(q->multi, a->curl) == CURLM_OK;
    if (!a->busy)
        give_up(a, "libcurl does not take it");
}

/* It knows the log by an older key, perhaps. */
static void tell_keys(struct quorum *q, struct asking *a, int64_t end)
{
    a->telling = a->told = true;
    buf_clear(&a->body);
    buf_str_add(&a->body, a->question->keys);
    send_to(q, a, "add-key", end);
}

/* Sends it, from the size that this witness has. */
static void start(struct quorum *q, struct asking *a, int64_t end)
{
    struct add_checkpoint request = {.old_size = a->old, .note = a->question->note};
    struct hash proof[64];
    struct fault fault = {""};
    int64_t left = end - clock_monotonic_ms();
    if (left <= 0)
        return give_up(a, "no answer in time");
    if (a->old > 0 && a->old < a->question->size) {
        size_t n = 0;
        if (a->question->prove(a->question->context, a->old, proof, &n, &fault) != RC_OK ||
            n > ADD_CHECKPOINT_PROOF_MAX)
            return give_up(a, fault.text);
        memcpy(request.proof, proof, n * sizeof *proof);
        request.proof_n = n;
    }
    buf_clear(&a->body);
    add_checkpoint_write(&a->body, &request);
    a->tries++;
    send_to(q, a, "add-checkpoint", end);
}

static void prepare(struct asking *a)
{
    a->body = BUF_INIT(ADD_CHECKPOINT_MAX);
    a->answer = BUF_INIT(ANSWER_MAX);
    a->curl = curl_easy_init();
    if (a->curl == NULL)
        abort();
    a->headers = curl_slist_append(NULL, "Content-Type: text/plain; charset=utf-8");
    a->headers = curl_slist_append(a->headers, "Expect:");
    curl_easy_setopt(a->curl, CURLOPT_HTTPHEADER, a->headers);
    curl_easy_setopt(a->curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(a->curl, CURLOPT_USERAGENT, "colophon");
    curl_easy_setopt(a->curl, CURLOPT_CONNECTTIMEOUT_MS, (long)CONNECT_MS);
    curl_easy_setopt(a->curl, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(a->curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(a->curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(a->curl, CURLOPT_WRITEDATA, &a->answer);
    curl_easy_setopt(a->curl, CURLOPT_PRIVATE, a);
}

/* Among the lines it answered, a good one by its own key. */
static void read_cosignature(struct quorum *q, struct asking *a)
{
    struct str rest = buf_str(&a->answer), line, text, lines;
    struct fault fault = {"it answered with no cosignature of its own"};
    int64_t time;
    if (note_split(a->question->note, &text, &lines, &fault) != RC_OK)
        return give_up(a, fault.text);
    while (str_next(&rest, '\n', &line)) {
        if (cosignature_verify(line, text, &a->witness->key, &time, &fault) != RC_OK)
            continue;
        buf_str_add(a->question->lines, line);
        buf_char(a->question->lines, '\n');
        a->cosigned = true;
        a->busy = false;
        q->known[a->number][a->question->log] = a->question->size + 1;
        return;
    }
    give_up(a, fault.text);
}

static void read_answer(struct quorum *q, struct asking *a, CURLcode done, int64_t end)
{
    char why[100];
    long status = 0;
    uint64_t size;
    curl_multi_remove_handle(q->multi, a->curl);
    if (done != CURLE_OK)
        return give_up(a, a->answer.failed ? "its answer has no end" : curl_easy_strerror(done));
    curl_easy_getinfo(a->curl, CURLINFO_RESPONSE_CODE, &status);
    if (a->telling) {
        a->telling = false;
        return status == 200 ? start(q, a, end) : give_up(a, "it does not know the log's new key");
    }
    if (status == 200)
        return read_cosignature(q, a);
    if (status == 403 && a->question->keys.n > 0 && !a->told)
        return tell_keys(q, a, end);
    snprintf(why, sizeof why, "it answered %ld", status);
    if (status != 409 || tlog_size_parse(buf_str(&a->answer), &size, NULL) != RC_OK)
        return give_up(a, why);
    if (size > a->question->size)
        return give_up(a, "it says that it has seen a longer log");
    q->known[a->number][a->question->log] = size + 1;
    if (a->tries == TRIES_MAX)
        return give_up(a, "it always says that it stands elsewhere");
    a->old = size;
    start(q, a, end);
}

static bool satisfied(const struct policy *policy, const struct quorum_question *question,
                      const struct asking *v, size_t n)
{
    bool cosigned[POLICY_WITNESSES_MAX] = {false};
    for (size_t i = 0; i < n; i++)
        if (v[i].question == question && v[i].cosigned)
            cosigned[v[i].number] = true;
    return policy_satisfied(policy, cosigned);
}

static bool all_satisfied(const struct policy *policy, const struct quorum_question *questions,
                          size_t question_n, const struct asking *v, size_t n)
{
    bool all = true;
    for (size_t i = 0; i < question_n; i++)
        all = all && satisfied(policy, &questions[i], v, n);
    return all;
}

static void go_on(struct quorum *q, int64_t end)
{
    CURLMsg *message;
    int running, left;
    curl_multi_perform(q->multi, &running);
    while ((message = curl_multi_info_read(q->multi, &left)) != NULL) {
        struct asking *a;
        CURLcode done = message->data.result;
        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &a);
        read_answer(q, a, done, end);
    }
}

static bool any_busy(const struct asking *v, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (v[i].busy)
            return true;
    return false;
}

static enum rc tell_missing(const struct asking *v, size_t n, struct fault *fault)
{
    BUF_AUTO text = BUF_INIT(300);
    for (size_t i = 0; i < n; i++) {
        bool said = false;
        for (size_t k = 0; k < i; k++)
            said = said || (v[k].number == v[i].number && !v[k].cosigned);
        if (!v[i].cosigned && !said)
            buf_printf(&text, "%s%.*s: %s", text.n > 0 ? "; " : "", STR_ARG(v[i].witness->name),
                       v[i].reason);
    }
    return fault_set(fault, RC_BUSY, "the witnesses' quorum is missing (%.*s)",
                     STR_ARG(buf_str(&text)));
}

enum rc quorum_ask(struct quorum *q, const struct policy *policy,
                   const struct quorum_question *questions, size_t question_n, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct asking *v = ARENA_ARRAY(&arena, struct asking, QUORUM_LOGS * POLICY_WITNESSES_MAX);
    size_t n = 0;
    int64_t end = clock_monotonic_ms() + QUORUM_MS;
    struct hash digest = sha256(policy->text.p, policy->text.n);
    if (!hash_eq(&digest, &q->policy))
        memset(q->known, 0, sizeof q->known);
    q->policy = digest;
    for (size_t i = 0; i < question_n; i++)
        for (unsigned w = 0; w < policy->witness_count; w++) {
            if (policy->witnesses[w].url.n == 0)
                continue;
            struct asking *a = &v[n++];
            uint64_t known = q->known[w][questions[i].log];
            *a = (struct asking){.witness = &policy->witnesses[w],
                                 .question = &questions[i],
                                 .number = w,
                                 .old = known > 0 ? known - 1 : questions[i].published,
                                 .reason = "no answer in time"};
            if (a->old > questions[i].size)
                a->old = questions[i].published;
            prepare(a);
            start(q, a, end);
        }
    go_on(q, end);
    while (!all_satisfied(policy, questions, question_n, v, n) && any_busy(v, n) &&
           clock_monotonic_ms() < end) {
        curl_multi_poll(q->multi, NULL, 0, POLL_MS, NULL);
        go_on(q, end);
    }
    enum rc rc =
        all_satisfied(policy, questions, question_n, v, n) ? RC_OK : tell_missing(v, n, fault);
    for (size_t i = 0; i < n; i++) {
        if (v[i].busy)
            curl_multi_remove_handle(q->multi, v[i].curl);
        curl_easy_cleanup(v[i].curl);
        curl_slist_free_all(v[i].headers);
        buf_free(&v[i].body);
        buf_free(&v[i].answer);
    }
    return rc;
}
