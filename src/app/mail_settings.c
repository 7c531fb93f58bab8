#include "app/mail_settings.h"

#include "app/mail_way.h"
#include "base/file.h"
#include "store/store.h"

enum { LOGIN_MAX = 1000, SECONDS_MIN = 1, SECONDS_MAX = 600 };

/* Each is a setting of its own. */
static const struct {
    const char *name;
    size_t at; /* in struct mail_settings */
} parts[] = {
    {"mail-server", offsetof(struct mail_settings, server)},
    {"mail-from", offsetof(struct mail_settings, from)},
    {"mail-url", offsetof(struct mail_settings, url)},
    {"mail-tls", offsetof(struct mail_settings, tls)},
    {"mail-login-file", offsetof(struct mail_settings, login_file)},
    {"mail-ca-file", offsetof(struct mail_settings, ca_file)},
    {"mail-timeout", offsetof(struct mail_settings, timeout)},
};
enum { PARTS = sizeof parts / sizeof *parts };

static struct str *part_of(struct mail_settings *m, size_t i)
{
    return (struct str *)((char *)m + parts[i].at);
}

enum rc mail_settings_get(struct store_conn *conn, struct arena *arena, struct mail_settings *ret,
                          struct fault *fault)
{
    struct mail_settings m = {0};
    for (size_t i = 0; i < PARTS; i++) {
        enum rc rc = store_setting(conn, arena, parts[i].name, part_of(&m, i), fault);
        if (rc == RC_NOT_FOUND && i == 0)
            return fault_set(fault, rc, "this shop sends no mail: see `colophon mail set`");
        if (rc != RC_OK && rc != RC_NOT_FOUND)
            return rc;
    }
    *ret = m;
    return RC_OK;
}

/* ---- checking ---- */

static enum rc check_server(const struct mail_settings *m, struct arena *arena,
                            struct mail_server *ret, struct fault *fault)
{
    uint64_t seconds = 60;
    enum rc rc = mail_server_parse(arena, m->server, m->tls, ret, fault);
    if (rc != RC_OK)
        return rc;
    if (m->timeout.n > 0 &&
        (!str_to_u64(m->timeout, &seconds) || seconds < SECONDS_MIN || seconds > SECONDS_MAX))
        return fault_set(fault, RC_INVALID, "timeout: %d to %d seconds", SECONDS_MIN, SECONDS_MAX);
    if (m->login_file.n > 0 && ret->tls == MAIL_TLS_NONE && !mail_server_is_here(ret))
        return fault_set(fault, RC_INVALID,
                         "login-file: a password is not sent to another machine in the clear");
    ret->timeout_ms = (long)seconds * 1000;
    return RC_OK;
}

static bool url_valid(struct str url)
{
    for (size_t i = 0; i < url.n; i++)
        if (url.p[i] <= ' ' || url.p[i] > '~' || strchr("<>\"'\\?#", url.p[i]) != NULL)
            return false;
    return (str_starts(url, STR("https://")) && url.n > 8) ||
           (str_starts(url, STR("http://")) && url.n > 7);
}

static enum rc check(const struct mail_settings *m, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct mail_server server;
    struct mail_address from;
    if (m->server.n == 0 || m->from.n == 0 || m->url.n == 0)
        return fault_set(fault, RC_INVALID, "server, from and url are needed");
    enum rc rc = check_server(m, &arena, &server, fault);
    if (rc == RC_OK)
        rc = mail_address_parse(m->from, &from, fault);
    if (rc == RC_OK && !url_valid(m->url))
        rc = fault_set(fault, RC_INVALID, "url %.*s: https://books.example is needed",
                       STR_ARG(m->url));
    if (rc == RC_OK && m->login_file.n > 0 && m->login_file.p[0] != '/')
        rc = fault_set(fault, RC_INVALID, "login-file %.*s: an absolute path is needed",
                       STR_ARG(m->login_file));
    if (rc == RC_OK && m->ca_file.n > 0 && m->ca_file.p[0] != '/')
        rc = fault_set(fault, RC_INVALID, "ca-file %.*s: an absolute path is needed",
                       STR_ARG(m->ca_file));
    return rc;
}

static enum rc put_work(void *context, struct store_conn *conn, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    struct mail_settings m = {0}, given = *(const struct mail_settings *)context;
    enum rc rc = mail_settings_get(conn, &arena, &m, fault);
    if (rc != RC_OK && rc != RC_NOT_FOUND)
        return rc;
    for (size_t i = 0; i < PARTS; i++)
        if (part_of(&given, i)->n > 0)
            *part_of(&m, i) = *part_of(&given, i);
    while (m.url.n > 0 && m.url.p[m.url.n - 1] == '/')
        m.url.n--;
    /* Another server has words of its own: a "none" of the old one is not kept. */
    if (given.server.n > 0 && given.tls.n == 0)
        m.tls = STR_NONE;
    rc = check(&m, fault);
    for (size_t i = 0; rc == RC_OK && i < PARTS; i++)
        rc = part_of(&m, i)->n > 0 ? store_setting_put(conn, parts[i].name, *part_of(&m, i), fault)
                                   : store_setting_remove(conn, parts[i].name, fault);
    return rc;
}

enum rc mail_settings_put(struct writer *writer, const struct mail_settings *m, struct fault *fault)
{
    struct mail_settings given = *m;
    return writer_run(writer, put_work, &given, fault);
}

static enum rc remove_work(void *context, struct store_conn *conn, struct fault *fault)
{
    enum rc rc = RC_OK;
    (void)context;
    for (size_t i = 0; rc == RC_OK && i < PARTS; i++)
        rc = store_setting_remove(conn, parts[i].name, fault);
    return rc;
}

enum rc mail_settings_remove(struct writer *writer, struct fault *fault)
{
    return writer_run(writer, remove_work, NULL, fault);
}

/* ---- ready to send ---- */

static enum rc read_login(const char *path, struct arena *arena, struct mail_server *server,
                          struct fault *fault)
{
    struct str text, user, password;
    enum rc rc = file_read_secret(path, LOGIN_MAX, arena, &text, fault);
    if (rc == RC_OK && (!str_next(&text, '\n', &user) || !str_next(&text, '\n', &password)))
        rc = fault_set(fault, RC_INVALID, "%s: the user and the password, a line each", path);
    if (rc != RC_OK)
        return rc == RC_NOT_FOUND ? RC_IO : rc;
    server->user = str_trim(user);
    server->password = str_trim(password);
    return RC_OK;
}

/* Our own name for the server: the shop's, as far as it is one. */
static struct str host_of_origin(struct str origin)
{
    size_t end = 0;
    while (end < origin.n && origin.p[end] != '/' && origin.p[end] != ':' && origin.p[end] != '_')
        end++;
    return end > 0 ? str_sub(origin, 0, end) : STR("localhost");
}

enum rc mail_way_find(const struct site *site, const struct mail_settings *m, struct arena *arena,
                      struct mail_way *ret, struct fault *fault)
{
    struct mail_way way = {0};
    enum rc rc = check_server(m, arena, &way.server, fault);
    if (rc == RC_OK)
        rc = mail_address_parse(m->from, &way.from, fault);
    if (rc == RC_OK && m->login_file.n > 0)
        rc = read_login(arena_z(arena, m->login_file), arena, &way.server, fault);
    if (rc != RC_OK)
        return rc;
    way.server.ca_file = m->ca_file;
    way.server.hello = site != NULL ? host_of_origin(site_origin(site))
                                    : str_sub(way.from.address, str_find(way.from.address, '@') + 1,
                                              way.from.address.n);
    *ret = way;
    return RC_OK;
}
