/* E-readers and reading apps of an account, each with a name and a password of its own, which we
 * make: random, shown once, and taken back one by one. They open the catalogue with its shelf, the
 * files of the library and the sync of places, and nothing else; the account's own password opens
 * none of these. */
#ifndef COLOPHON_APP_DEVICES_H
#define COLOPHON_APP_DEVICES_H

#include "app/account.h"
#include "base/list.h"

enum {
    DEVICES_MAX = 20,
    DEVICE_LOGIN_SIZE = 8,
    DEVICE_PASSWORD_SIZE = 23, /* four groups of five, with hyphens between */
    DEVICE_KEY_SIZE = 32,
};

struct device {
    uint64_t id;
    struct str name, login;
    int64_t made, used; /* used: the day it was last; 0: never */
};
typedef LIST(struct device) device_list;
enum rc devices_read(struct store_conn *conn, struct arena *arena, uint64_t account,
                     device_list *ret, struct fault *fault) MUST_CHECK;

/* RC_INVALID names the field; RC_CONFLICT for one too many. */
enum rc device_add(struct passwords *passwords, struct writer *writer, uint64_t account,
                   struct str name, char ret_login[DEVICE_LOGIN_SIZE + 1],
                   char ret_password[DEVICE_PASSWORD_SIZE + 1], struct fault *fault) MUST_CHECK;
/* RC_NOT_FOUND where the account has none of that id. */
enum rc device_remove(struct writer *writer, uint64_t account, uint64_t id,
                      struct fault *fault) MUST_CHECK;

/* What was right lately, so that a device that asks again and again is not hashed for each time;
 * one that was taken back is not asked about here. */
struct device_checks;
struct device_checks *device_checks_new(void);
void device_checks_free(struct device_checks *checks);

/* What signing in by a device takes. */
struct device_desk {
    struct device_checks *checks;
    struct passwords *passwords;
    struct site *site;
    struct writer *writer;
    struct store_conn *conn; /* that reads */
    struct arena *arena;
};
/* All that KOReader sends of a password: its MD5, in hex. */
struct str device_key(struct arena *arena, struct str password);
/* RC_DENIED, alike for a name that nobody
 * has and a wrong password. `key` is device_key's. */
enum rc device_sign_in(const struct device_desk *desk, struct str login, struct str key,
                       struct viewer *ret, struct fault *fault) MUST_CHECK;
/* The same where it was right lately; RC_DENIED where that is not known. */
enum rc device_sign_in_again(const struct device_desk *desk, struct str login, struct str key,
                             struct viewer *ret, struct fault *fault) MUST_CHECK;

#endif
