#include "audit/alarms.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/file.h"
#include "base/json.h"
#include "base/list.h"
#include "base/markup.h"

enum {
    TEXT_MAX = 64 << 20, /* of one letter, one request, one feed */
    FEED_MAX = 100,
    KEPT_MAX = 16 << 20, /* of alarms.jsonl, then it is the first of the older ones */
    KEPT_FILES = 9,
    TOLD_MAX = 200000, /* digests; of more the latest half stays */
    TOLD_BYTES_MAX = 32 << 20,
};

static const char *path_in(struct arena *arena, const struct watch_order *order, const char *name)
{
    return arena_printf(arena, "%s/%s%c", order->state, name, 0).p;
}

static json_t *alarm_json(const struct alarm *alarm)
{
    BUF_AUTO at = BUF_INIT(32);
    time_add(&at, alarm->at);
    return json_pack("{s:o, s:s, s:i, s:o}", "at", json_from_str(buf_str(&at)), "kind", alarm->kind,
                     "threat", (int)alarm->threat, "text", json_from_str(alarm->text));
}

/* The first failure is the one that is told. */
static enum rc also(enum rc rc, enum rc next)
{
    return rc == RC_OK ? next : rc;
}

/* ---- what was told ---- */

struct told {
    struct hash *v; /* in the order of time */
    size_t n, room;
    struct hash *sorted;
};

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct hash));
}

/* Lines that are none are passed over: an alarm too many is better than one too few. */
static enum rc told_read(const struct watch_order *order, struct arena *arena, struct told *ret,
                         struct fault *fault)
{
    struct str text, line;
    enum rc rc = file_read(path_in(arena, order, "told"), TOLD_BYTES_MAX, arena, &text, fault);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_OK : rc;
    while (str_next(&text, '\n', &line)) {
        ARENA_ROOM(arena, ret->v, ret->n, ret->room);
        ret->n += hex_decode(line, ret->v[ret->n].b, sizeof ret->v->b);
    }
    ret->sorted = ARENA_ARRAY(arena, struct hash, ret->n);
    if (ret->n > 0) {
        memcpy(ret->sorted, ret->v, ret->n * sizeof *ret->v);
        qsort(ret->sorted, ret->n, sizeof *ret->sorted, by_bytes);
    }
    return RC_OK;
}

static bool was_told(const struct told *told, const struct hash *digest)
{
    return told->n > 0 &&
           bsearch(digest, told->sorted, told->n, sizeof *told->sorted, by_bytes) != NULL;
}

static enum rc told_write(const struct watch_order *order, struct arena *arena,
                          const struct told *told, const struct hash *more, size_t n,
                          struct fault *fault)
{
    BUF_AUTO text = BUF_INIT(TOLD_BYTES_MAX);
    size_t first = told->n + n > TOLD_MAX && told->n > TOLD_MAX / 2 ? told->n - TOLD_MAX / 2 : 0;
    for (size_t i = first; i < told->n + n; i++) {
        hex_add(&text, (i < told->n ? &told->v[i] : &more[i - told->n])->b, sizeof told->v->b);
        buf_char(&text, '\n');
    }
    enum rc rc = buf_check(&text);
    return rc == RC_OK ? file_replace(path_in(arena, order, "told"), buf_str(&text), fault) : rc;
}

/* ---- what they said ---- */

static const char *older_path(struct arena *arena, const struct watch_order *order, int age)
{
    return age == 0 ? path_in(arena, order, "alarms.jsonl")
                    : arena_printf(arena, "%s/alarms.%d.jsonl%c", order->state, age, 0).p;
}

static void make_room(const struct watch_order *order, struct arena *arena, size_t more)
{
    struct stat info;
    if (stat(older_path(arena, order, 0), &info) != 0 || (size_t)info.st_size + more <= KEPT_MAX)
        return;
    for (int age = KEPT_FILES; age > 0; age--)
        rename(older_path(arena, order, age - 1), older_path(arena, order, age));
}

static enum rc lines_write(const struct watch_order *order, struct arena *arena,
                           const struct alarm *v, size_t n, struct fault *fault)
{
    BUF_AUTO text = BUF_INIT(TEXT_MAX);
    for (size_t i = 0; i < n; i++) {
        JSON_AUTO *o = alarm_json(&v[i]);
        json_write(o, &text);
        buf_char(&text, '\n');
    }
    enum rc rc = buf_check(&text);
    if (rc != RC_OK)
        return rc;
    make_room(order, arena, text.n);
    const char *path = older_path(arena, order, 0);
    int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    off_t end = fd < 0 ? 0 : lseek(fd, 0, SEEK_END);
    bool good = fd >= 0 && write(fd, text.p, text.n) == (ssize_t)text.n && fsync(fd) == 0;
    int error = errno;
    if (fd >= 0 && !good && ftruncate(fd, end) != 0) /* no half of a line */
        error = errno;
    if (fd >= 0)
        close(fd);
    return good ? RC_OK : fault_set(fault, RC_IO, "%s: %s", path, strerror(error));
}

/* ---- Atom (RFC 4287): the last alarms, the latest first ---- */

static void feed_text(struct buf *b, const char *element, struct str text)
{
    buf_printf(b, "<%s>", element);
    markup_escape(b, text);
    buf_printf(b, "</%s>\n", element);
}

static enum rc write_feed(const struct watch_order *order, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO out = BUF_INIT(TEXT_MAX);
    struct str kept, line, lines[FEED_MAX];
    size_t n = 0;
    /* The file before, for where this one was begun a moment ago. */
    for (int age = 1; age >= 0; age--)
        if (file_read(older_path(&arena, order, age), TEXT_MAX, &arena, &kept, NULL) == RC_OK)
            while (str_next(&kept, '\n', &line))
                lines[n++ % FEED_MAX] = line;
    BUF_AUTO now = BUF_INIT(32);
    time_add(&now, clock_now());
    BUF_LIT(&out, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                  "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n");
    feed_text(&out, "title", arena_printf(&arena, "Alarms about %.*s", STR_ARG(order->url)));
    feed_text(&out, "id", order->url);
    feed_text(&out, "updated", buf_str(&now));
    BUF_LIT(&out, "<author><name>colophon watch</name></author>\n");
    for (size_t i = n; i > 0 && n - i < FEED_MAX; i--) {
        JSON_AUTO *o = NULL;
        struct str one = lines[(i - 1) % FEED_MAX];
        if (json_read(one, &o, NULL) != RC_OK)
            continue;
        struct hash id = sha256(one.p, one.n);
        BUF_AUTO hex = BUF_INIT(80);
        hex_add(&hex, id.b, 16);
        BUF_LIT(&out, "<entry>\n");
        feed_text(&out, "title", json_member_str(o, "kind"));
        feed_text(&out, "id", arena_printf(&arena, "urn:alarm:%.*s", STR_ARG(buf_str(&hex))));
        feed_text(&out, "updated", json_member_str(o, "at"));
        feed_text(&out, "summary", json_member_str(o, "text"));
        BUF_LIT(&out, "</entry>\n");
    }
    BUF_LIT(&out, "</feed>\n");
    enum rc rc = buf_check(&out);
    return rc == RC_OK ? file_replace(order->atom, buf_str(&out), fault) : rc;
}

/* ---- webhook ---- */

static size_t ignore(char *bytes, size_t size, size_t n, void *context)
{
    (void)bytes;
    (void)context;
    return size * n;
}

static enum rc post(const struct watch_order *order, struct str body, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    CURL *curl = curl_easy_init();
    struct curl_slist *headers = curl_slist_append(NULL, "Content-Type: application/json");
    long status = 0;
    if (curl == NULL)
        return fault_set(fault, RC_IO, "libcurl does not start");
    curl_easy_setopt(curl, CURLOPT_URL, arena_z(&arena, order->webhook));
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)body.n);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.p);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 30L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, ignore);
    CURLcode done = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(curl);
    curl_slist_free_all(headers);
    if (done != CURLE_OK)
        return fault_set(fault, RC_IO, "--webhook: %s", curl_easy_strerror(done));
    return status >= 200 && status < 300 ? RC_OK
                                         : fault_set(fault, RC_IO, "--webhook: status %ld", status);
}

/* ---- mail, by whoever can send it ---- */

static void one_line(struct buf *b, struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        buf_char(b, (unsigned char)text.p[i] < 0x20 ? ' ' : text.p[i]);
    buf_char(b, '\n');
}

static enum rc send_mail(const struct watch_order *order, const struct alarm *v, size_t n,
                         struct fault *fault)
{
    BUF_AUTO text = BUF_INIT(TEXT_MAX);
    one_line(&text, order->url);
    for (size_t i = 0; i < n; i++) {
        buf_printf(&text, "\n%s", v[i].kind);
        if (v[i].threat > 0)
            buf_printf(&text, " (threat %u)", v[i].threat);
        BUF_LIT(&text, ": ");
        one_line(&text, v[i].text);
    }
    enum rc rc = buf_check(&text);
    if (rc == RC_OK)
        rc = order->letter(order->context, STR("colophon watch: alarm"), buf_str(&text), fault);
    return rc == RC_OK ? RC_OK : fault_prefix(fault, rc, "--mail");
}

/* Each way is tried. */
static enum rc send_all(const struct watch_order *order, const struct alarm *v, size_t n,
                        struct fault *fault)
{
    enum rc rc = RC_OK;
    if (order->webhook.n > 0) {
        BUF_AUTO body = BUF_INIT(TEXT_MAX);
        JSON_AUTO *o = json_object();
        json_t *list = json_array();
        for (size_t i = 0; i < n; i++)
            json_array_append_new(list, alarm_json(&v[i]));
        json_object_set_new(o, "url", json_from_str(order->url));
        json_object_set_new(o, "alarms", list);
        json_write(o, &body);
        rc = post(order, buf_str(&body), fault);
    }
    if (order->letter != NULL)
        rc = also(rc, send_mail(order, v, n, rc == RC_OK ? fault : NULL));
    return rc;
}

enum rc alarms_raise(const struct watch_order *order, const struct alarm *v, size_t n,
                     uint64_t *ret_fresh, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct told told = {0};
    struct alarm *fresh = ARENA_ARRAY(&arena, struct alarm, n);
    struct hash *digests = ARENA_ARRAY(&arena, struct hash, n);
    size_t count = 0;
    enum rc rc = told_read(order, &arena, &told, fault);
    for (size_t i = 0; i < n; i++) {
        struct hash digest =
            sha256_parts((const struct str[]){str_of(v[i].kind), STR("\n"), v[i].text}, 3);
        bool known = was_told(&told, &digest);
        for (size_t k = 0; !known && k < count; k++)
            known = hash_eq(&digests[k], &digest); /* twice in this round */
        if (known)
            continue;
        digests[count] = digest;
        fresh[count++] = v[i];
        order->alarm(order->context, v[i].kind, v[i].threat, arena_z(&arena, v[i].text));
    }
    *ret_fresh = count;
    if (count > 0) {
        enum rc sent = send_all(order, fresh, count, rc == RC_OK ? fault : NULL);
        rc = also(rc, sent);
        rc = also(rc, lines_write(order, &arena, fresh, count, rc == RC_OK ? fault : NULL));
        if (sent == RC_OK)
            rc = also(rc,
                      told_write(order, &arena, &told, digests, count, rc == RC_OK ? fault : NULL));
    }
    if (order->atom != NULL)
        rc = also(rc, write_feed(order, rc == RC_OK ? fault : NULL));
    return rc;
}
