/* Devices of an account: their page, and how they sign in. */
#ifndef COLOPHON_WEB_DEVICES_H
#define COLOPHON_WEB_DEVICES_H

#include "app/devices.h"
#include "web/page.h"

struct devices_view {
    device_list devices;
    struct str error, typed;
    struct str login, password;   /* of one that was made a moment ago; else empty */
    struct str catalogue, server; /* the addresses that a device is told */
};
struct url link_device_remove(const struct page *p, const struct device *d);

/* Who sends a device's name and password (Basic), where the route is for devices: into c->viewer.
 * RC_DENIED for a wrong one; RC_LIMIT after many. Nothing was sent: RC_OK, and nobody. */
enum rc device_read_basic(struct context *c, struct fault *fault) MUST_CHECK;
/* The same by a name and the password's MD5. */
enum rc device_read(struct context *c, struct str login, struct str key,
                    struct fault *fault) MUST_CHECK;
/* 401, with the Authentication Document: how to sign in, for who reads it, and the header for who
 * does not. */
void device_ask(struct context *c, struct response *ret);

#endif
