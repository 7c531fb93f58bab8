#include "audit/alarms.h"

#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/encode.h"
#include "base/file.h"
#include "base/json.h"
#include "base/markup.h"

enum { FILE_MAX_BYTES = 64 << 20, FEED_MAX = 100 };

static const char *path_in(struct arena *arena, const struct watch_order *order, const char *name)
{
    return arena_printf(arena, "%s/%s%c", order->state, name, 0).p;
}

static enum rc read_all(struct arena *arena, const char *path, struct str *ret, struct fault *fault)
{
    BUF_AUTO text = BUF_INIT(FILE_MAX_BYTES);
    FILE *file = fopen(path, "re");
    size_t got = 1;
    *ret = STR_NONE;
    if (file == NULL)
        return errno == ENOENT ? RC_OK : fault_set(fault, RC_IO, "%s: %s", path, strerror(errno));
    while (got > 0) {
        char *to = buf_reserve(&text, 65536);
        got = to == NULL ? 0 : fread(to, 1, 65536, file);
        text.n += got;
    }
    fclose(file);
    *ret = arena_str(arena, buf_str(&text));
    return buf_check(&text);
}

static json_t *alarm_json(const struct alarm *alarm)
{
    BUF_AUTO at = BUF_INIT(32);
    time_add(&at, alarm->at);
    return json_pack("{s:o, s:s, s:i, s:o}", "at", json_from_str(buf_str(&at)), "kind", alarm->kind,
                     "threat", (int)alarm->threat, "text", json_from_str(alarm->text));
}

static bool is_known(struct str kept, const struct alarm *alarm)
{
    struct str line;
    while (str_next(&kept, '\n', &line)) {
        JSON_AUTO *o = NULL;
        if (json_read(line, &o, NULL) == RC_OK &&
            str_eq(json_member_str(o, "kind"), str_of(alarm->kind)) &&
            str_eq(json_member_str(o, "text"), alarm->text))
            return true;
    }
    return false;
}

enum rc alarms_keep(const struct watch_order *order, const struct alarm *v, size_t n,
                    bool *ret_fresh, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    BUF_AUTO text = BUF_INIT(2 * (size_t)FILE_MAX_BYTES);
    struct str kept;
    const char *path = path_in(&arena, order, "alarms.jsonl");
    enum rc rc = read_all(&arena, path, &kept, fault);
    size_t added = 0;
    buf_str_add(&text, kept);
    for (size_t i = 0; rc == RC_OK && i < n; i++) {
        ret_fresh[i] = !is_known(kept, &v[i]);
        if (!ret_fresh[i])
            continue;
        JSON_AUTO *o = alarm_json(&v[i]);
        json_write(o, &text);
        buf_char(&text, '\n');
        added++;
    }
    if (rc == RC_OK && added > 0)
        rc = buf_check(&text);
    return rc == RC_OK && added > 0 ? file_replace(path, buf_str(&text), fault) : rc;
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
    BUF_AUTO out = BUF_INIT(FILE_MAX_BYTES);
    struct str kept, line, lines[FEED_MAX];
    size_t n = 0;
    enum rc rc = read_all(&arena, path_in(&arena, order, "alarms.jsonl"), &kept, fault);
    if (rc != RC_OK)
        return rc;
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
    rc = buf_check(&out);
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

/* ---- mail, by the machine's own sendmail command ---- */

static void one_line(struct buf *b, struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        buf_char(b, (unsigned char)text.p[i] < 0x20 ? ' ' : text.p[i]);
    buf_char(b, '\n');
}

static enum rc send_mail(const struct watch_order *order, const struct alarm *v, size_t n,
                         const bool *fresh, struct fault *fault)
{
    extern char **environ;
    BUF_AUTO letter = BUF_INIT(FILE_MAX_BYTES);
    BUF_LIT(&letter, "To: ");
    one_line(&letter, order->mail);
    BUF_LIT(&letter, "Subject: colophon watch: alarm\nMIME-Version: 1.0\n"
                     "Content-Type: text/plain; charset=utf-8\n\n");
    one_line(&letter, order->url);
    for (size_t i = 0; i < n; i++)
        if (fresh[i]) {
            buf_printf(&letter, "\n%s: ", v[i].kind);
            one_line(&letter, v[i].text);
        }
    int ends[2], status = 0;
    pid_t pid;
    ARENA_AUTO arena = ARENA_INIT;
    char *const arguments[] = {arena_z(&arena, str_of(order->sendmail)), arena_z(&arena, STR("-t")),
                               arena_z(&arena, STR("-oi")), NULL};
    if (pipe2(ends, O_CLOEXEC) != 0)
        return fault_set(fault, RC_IO, "--mail: %s", strerror(errno));
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[0], 0);
    int failed = posix_spawn(&pid, order->sendmail, &actions, NULL, arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    close(ends[0]);
    struct str left = buf_str(&letter);
    signal(SIGPIPE, SIG_IGN);
    while (failed == 0 && left.n > 0) {
        ssize_t written = write(ends[1], left.p, left.n);
        if (written <= 0)
            break;
        left = str_sub(left, (size_t)written, left.n);
    }
    close(ends[1]);
    if (failed != 0)
        return fault_set(fault, RC_IO, "--mail: %s: %s", order->sendmail, strerror(failed));
    if (waitpid(pid, &status, 0) != pid || status != 0 || left.n > 0)
        return fault_set(fault, RC_IO, "--mail: %s did not take the letter", order->sendmail);
    return RC_OK;
}

enum rc alarms_tell(const struct watch_order *order, const struct alarm *v, size_t n,
                    const bool *fresh, struct fault *fault)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += fresh[i];
    enum rc rc = RC_OK, also;
    if (order->atom != NULL)
        rc = write_feed(order, fault);
    if (count == 0)
        return rc;
    if (order->webhook.n > 0) {
        BUF_AUTO body = BUF_INIT(FILE_MAX_BYTES);
        JSON_AUTO *o = json_object();
        json_t *list = json_array();
        for (size_t i = 0; i < n; i++)
            if (fresh[i])
                json_array_append_new(list, alarm_json(&v[i]));
        json_object_set_new(o, "url", json_from_str(order->url));
        json_object_set_new(o, "alarms", list);
        json_write(o, &body);
        also = post(order, buf_str(&body), rc == RC_OK ? fault : NULL);
        rc = rc == RC_OK ? also : rc;
    }
    if (order->mail.n > 0) {
        also = send_mail(order, v, n, fresh, rc == RC_OK ? fault : NULL);
        rc = rc == RC_OK ? also : rc;
    }
    return rc;
}
