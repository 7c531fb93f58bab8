/* JSON through Jansson: strict reading, canonical writing (RFC 8785), and the
 * few accessors that every reader of entries needs. */
#ifndef COLOPHON_BASE_JSON_H
#define COLOPHON_BASE_JSON_H

#include <jansson.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fault.h"
#include "base/str.h"

#define JSON_AUTO __attribute__((cleanup(json_auto_free))) json_t
void json_auto_free(json_t **json);

/* Parses one object or array: no duplicate keys, no trailing bytes, depth as
 * Jansson limits it. The caller frees it (json_decref or JSON_AUTO). */
enum rc json_read(struct str text, json_t **ret_json, struct fault *fault) MUST_CHECK;
/* Canonical form. RC_INVALID where a value has none here: reals and strings
 * with control characters never stand in an entry. */
enum rc json_write_canonical(const json_t *json, struct buf *out, struct fault *fault) MUST_CHECK;
/* Compact, for answers. */
void json_write(const json_t *json, struct buf *out);

/* New references, as those below. */
json_t *json_from_str(struct str s);
json_t *json_from_hex(const void *bytes, size_t n);
json_t *json_from_time(int64_t t);      /* "2026-11-24T06:07:00Z" */
json_t *json_from_some_time(int64_t t); /* the same; null for 0, which is none */
/* The member's text in the object's own memory, or the empty slice where it is
 * absent or no string. */
struct str json_member_str(const json_t *object, const char *name);
bool json_member_int(const json_t *object, const char *name, int64_t *ret);

#endif
