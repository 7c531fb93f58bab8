/* C2SP signed-note with Ed25519 (type 0x01), and tlog-checkpoint on top. */
#ifndef COLOPHON_RECORD_NOTE_H
#define COLOPHON_RECORD_NOTE_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/encode.h"
#include "base/fault.h"

struct note_key { /* verifier key */
    struct str name;
    uint32_t id;
    uint8_t public_key[32];
};

struct note_signer { /* the secret half; wiped by note_signer_clear */
    struct note_key key;
    uint8_t secret[64]; /* libsodium's Ed25519 secret key */
};

/* RC_INVALID for a name that is empty or holds a space or '+'. `name` must live on. */
enum rc note_signer_generate(struct note_signer *ret, struct str name,
                             struct fault *fault) MUST_CHECK;
/* "PRIVATE+KEY+name+hexid+base64(0x01 || seed)", as Go's note tool writes it.
 * The name in the signer points into `text`. */
enum rc note_signer_parse(struct note_signer *ret, struct str text, struct fault *fault) MUST_CHECK;
void note_signer_add(struct buf *b, const struct note_signer *signer);
void note_signer_clear(struct note_signer *signer);

/* "name+hexid+base64(0x01 || public key)". */
enum rc note_key_parse(struct note_key *ret, struct str vkey, struct fault *fault) MUST_CHECK;
void note_key_add(struct buf *b, const struct note_key *key);
/* The same seed under another name: the voices log's key name is its origin. */
enum rc note_signer_rename(struct note_signer *ret, const struct note_signer *signer,
                           struct str name, struct fault *fault) MUST_CHECK;

/* The same for the public half. `name` must live on. */
enum rc note_key_rename(struct note_key *ret, const struct note_key *key, struct str name,
                        struct fault *fault) MUST_CHECK;

/* Any text as a signed note; it must end with a line. */
void note_sign(struct buf *b, struct str text, const struct note_signer *signer);
/* One more signature line of the same text. */
void note_sign_line(struct buf *b, struct str text, const struct note_signer *signer);
/* A signature alone, of what is no note. */
void note_sign_bytes(uint8_t ret[64], struct str text, const struct note_signer *signer);
bool note_check_bytes(const uint8_t signature[64], struct str text, const struct note_key *key);
/* Checks a signed note against `key`; the text in `ret_text`, its last line end
 * included, points into `note`. RC_INVALID for malformed notes, unknown or bad
 * signatures. */
enum rc note_verify(struct str *ret_text, struct str note, const struct note_key *key,
                    struct fault *fault) MUST_CHECK;

struct checkpoint {
    struct str origin;
    uint64_t size;
    struct hash root;
};

/* What of it is signed. */
void checkpoint_text(struct buf *b, const struct checkpoint *c);
/* Writes the whole signed note. */
void checkpoint_sign(struct buf *b, const struct checkpoint *c, const struct note_signer *signer);
/* Reads a signed note and checks it against `key`. RC_INVALID for malformed
 * notes, unknown or bad signatures, an origin other than the key's name. The
 * origin in `ret` points into `note`. */
enum rc checkpoint_verify(struct checkpoint *ret, struct str note, const struct note_key *key,
                          struct fault *fault) MUST_CHECK;
/* Notes larger than this, or with more signature lines, are refused. */
#define NOTE_MAX (64 * 1024)
#define NOTE_SIGNATURES_MAX 64

/* ---- the parts of a note, for other kinds of signature (cosignature.h) ---- */

enum note_type { NOTE_ED25519 = 0x01, NOTE_COSIGNATURE = 0x04 };

/* Cuts a note at its last empty line: the text with its last newline, and the
 * signature lines. RC_INVALID for what is no note. */
enum rc note_split(struct str note, struct str *ret_text, struct str *ret_lines,
                   struct fault *fault) MUST_CHECK;

struct note_line {
    struct str name;
    uint32_t id;
    uint8_t bytes[4096]; /* what follows the key id */
    size_t n;
};
/* One signature line without its end. RC_INVALID where it is malformed. */
enum rc note_line_parse(struct note_line *ret, struct str line, struct fault *fault) MUST_CHECK;
void note_line_add(struct buf *b, struct str name, uint32_t id, const void *bytes, size_t n);

/* "name+hexid+base64(type || 32 bytes)" of whatever type, as both kinds of key are
 * written. The name points into `text`. */
enum rc note_key_parts(struct str text, struct str *ret_name, uint32_t *ret_id, uint8_t *ret_type,
                       uint8_t ret_bytes[32], struct fault *fault) MUST_CHECK;
void note_key_parts_add(struct buf *b, struct str name, uint32_t id, uint8_t type,
                        const uint8_t bytes[32]);
uint32_t note_key_id(struct str name, uint8_t type, const uint8_t public_key[32]);
bool note_name_valid(struct str name);

/* The text of a checkpoint, whoever signed it; `ret` points into it. */
enum rc checkpoint_parse_text(struct checkpoint *ret, struct str text,
                              struct fault *fault) MUST_CHECK;

#endif
