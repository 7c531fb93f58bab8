/* Which addresses are somebody's on the public network: what a stranger's link may lead to. */
#ifndef COLOPHON_APP_PUBLIC_ADDRESS_H
#define COLOPHON_APP_PUBLIC_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* Of an IPv4 or IPv6 address that is about to be connected to; everything else is none. */
bool address_is_public(const struct sockaddr *address);
bool address_is_loopback(const struct sockaddr *address);

#endif
