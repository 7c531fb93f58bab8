/* ONIX for Books 2.1, 3.0 and 3.1, reference and short tags, read as a stream.
 *
 * Bytes go in by pieces (push); each <Product> comes out as a domain edition,
 * or as a finding that says what is wrong with it and where. One product is in
 * memory at a time; one that is known by its bytes is not even parsed. Unknown elements and codes
 * are left out without failing; of ONIX 2.1 they are told of, as the sender may miss them. Nothing
 * is fetched, no external entity is expanded, memory is capped whatever the input. */
#ifndef COLOPHON_ONIX_ONIX_H
#define COLOPHON_ONIX_ONIX_H

#include "base/arena.h"
#include "base/fault.h"
#include "domain/edition.h"

enum notification { /* list 1 */
                    NOTIFY_EARLY = 1,
                    NOTIFY_ADVANCE = 2,
                    NOTIFY_CONFIRMED = 3,
                    NOTIFY_BLOCK_UPDATE = 4,
                    NOTIFY_DELETE = 5,
                    NOTIFY_SALE = 8,
                    NOTIFY_ACQUISITION = 9,
                    NOTIFY_TEST_UPDATE = 88,
                    NOTIFY_TEST = 89,
};

struct onix_header {
    struct str
        sender; /* the sender's key: "gln:5055555000019", "san:…", "name:heron street press" */
    struct str sender_name;
    int64_t sent; /* SentDateTime; 0 where absent or unreadable */
    struct str message_number;
    struct str release; /* "2.1", "3.0", "3.1" */
    bool short_tags;
};

/* A record as sent. For a block update `edition.blocks` names the blocks sent;
 * a block sent empty is in `emptied` and not in `blocks`. An update of ONIX 2.1 has
 * no blocks: it is `partial`, and what it says takes the place of the same alone. */
enum { ON_HAND_MAX = 10000000 };

struct onix_record {
    struct str reference;
    enum notification notification;
    struct str
        source_type; /* RecordSourceType, list 3: 01 publisher, 02 publisher's distributor … */
    struct edition edition;
    unsigned emptied;
    bool partial;
    int64_t on_hand;    /* copies that its suppliers have; -1: nothing is said */
    uint64_t line;      /* of <Product> */
    uint64_t number;    /* first product of the message is 1 */
    uint8_t digest[16]; /* of the record's events and of the header defaults: equal digest, equal
                           record */
    bool has_bytes;     /* `bytes` stands for the record: it came between two others, whole */
    uint8_t bytes[16];  /* of its bytes and of all that their meaning rests on */
};

enum severity { SEVERITY_WARNING, SEVERITY_ERROR, SEVERITY_INFORMATION };

/* Something to tell the sender. An error refuses its record; an information says what was left
 * of one that is right. */
struct onix_finding {
    enum severity severity;
    uint64_t line;
    struct str reference; /* RecordReference, where known */
    struct str isbn;      /* as its ProductIdentifier says, right or wrong; may be empty */
    struct str element;   /* path in reference names: "PublishingDetail/PublishingDate/Date" */
    struct str code;      /* "isbn-check-digit", "date", "territory" … stable, for machines */
    char reason[300];     /* a sentence, with the offending value quoted and cut */
};

/* The code of a warning that is told of many records alike: who sells may know of it already. */
#define ONIX_RIGHTS_MISSING "rights-missing"

struct onix_sink {
    void *context;
    /* Called once, before the first record. Anything but RC_OK stops the reader. */
    enum rc (*header)(void *context, const struct onix_header *header, struct fault *fault);
    /* The record lives in `arena`, which the sink owns from now on where it
     * takes it by setting *arena to ARENA_INIT; else the reader reuses it. */
    enum rc (*record)(void *context, const struct onix_record *record, struct arena *arena,
                      struct fault *fault);
    void (*finding)(void *context, const struct onix_finding *finding);
    /* May be NULL. Whether a record of these `bytes` is known and to be passed over: it is
     * counted, and neither parsed nor told of. */
    bool (*known)(void *context, const uint8_t bytes[16]);
};

struct onix_reader;
enum rc onix_reader_open(const struct onix_sink *sink, struct onix_reader **ret,
                         struct fault *fault) MUST_CHECK;
/* RC_INVALID for a file that is no ONIX or breaks off: what came before has
 * been delivered; the fault names line and reason. Whatever the sink returned
 * otherwise is passed through. */
enum rc onix_reader_push(struct onix_reader *reader, const void *bytes, size_t n,
                         struct fault *fault) MUST_CHECK;
enum rc onix_reader_end(struct onix_reader *reader, struct fault *fault) MUST_CHECK;
uint64_t onix_reader_count(const struct onix_reader *reader); /* products read so far */
void onix_reader_close(struct onix_reader *reader);

/* Caps: a product larger than this is refused alone; one text node longer too. */
#define ONIX_PRODUCT_MAX (4u << 20)
#define ONIX_TEXT_MAX (256u << 10)

/* A feed file opened for reading: plain, .gz or .xz by content, "-" for
 * standard input (libarchive). Progress counts compressed bytes read. */
struct feed_file;
enum rc feed_open(const char *path, struct feed_file **ret, struct fault *fault) MUST_CHECK;
/* *ret_n = 0 at the end. */
enum rc feed_read(struct feed_file *file, void *ret, size_t room, size_t *ret_n,
                  struct fault *fault) MUST_CHECK;
uint64_t feed_position(const struct feed_file *file); /* bytes of the file taken so far */
uint64_t feed_size(const struct feed_file *file);     /* 0 where unknown */
void feed_close(struct feed_file *file);

#endif
