/* C2SP tlog-cosignature: what a witness says of a log's checkpoint. "As of that
 * time this is the largest consistent tree of that origin that I saw."
 *
 * Type 0x04 (timestamped Ed25519). Others, 0x06 (ML-DSA-44) among them, are known
 * by their type and are nobody's here: they are passed over, not refused. */
#ifndef COLOPHON_RECORD_COSIGNATURE_H
#define COLOPHON_RECORD_COSIGNATURE_H

#include "base/buf.h"
#include "base/fault.h"
#include "record/note.h"

struct cosigner_key {
    struct str name;
    uint32_t id;
    uint8_t type; /* enum note_type */
    uint8_t public_key[32];
};

struct cosigner { /* the secret half; wiped by cosigner_clear */
    struct cosigner_key key;
    uint8_t secret[64];
};

/* RC_INVALID for a name that is empty or holds a space or '+'. `name` must live on. */
enum rc cosigner_generate(struct cosigner *ret, struct str name, struct fault *fault) MUST_CHECK;
/* "PRIVATE+KEY+name+hexid+base64(0x04 || seed)". The name points into `text`. */
enum rc cosigner_parse(struct cosigner *ret, struct str text, struct fault *fault) MUST_CHECK;
void cosigner_add(struct buf *b, const struct cosigner *cosigner);
void cosigner_clear(struct cosigner *cosigner);

/* "name+hexid+base64(type || public key)". RC_INVALID for other types than 0x04. */
enum rc cosigner_key_parse(struct cosigner_key *ret, struct str vkey,
                           struct fault *fault) MUST_CHECK;
void cosigner_key_add(struct buf *b, const struct cosigner_key *key);

/* One signature line over `text`, a checkpoint's with its last newline. `time` in
 * seconds since 1970. */
void cosignature_add(struct buf *b, struct str text, int64_t time, const struct cosigner *cosigner);
/* `line` without its end. RC_NOT_FOUND where it is of another key or type,
 * RC_INVALID where it is this one's and bad. */
enum rc cosignature_verify(struct str line, struct str text, const struct cosigner_key *key,
                           int64_t *ret_time, struct fault *fault) MUST_CHECK;
/* The same among all lines of a note: RC_NOT_FOUND where there is none by this key. */
enum rc cosignature_find(struct str note, const struct cosigner_key *key, int64_t *ret_time,
                         struct fault *fault) MUST_CHECK;

#endif
