#include "app/lift_journal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/crash.h"
#include "base/utf8.h"

/* One slot: check (8), restriction (8), at (8), length (8), reason, who; at its end
 * account (8) and the length of who (1). A slot whose check does not fit, an empty one
 * for instance, holds nothing. */
enum { SLOT_SIZE = 1024, SLOT_HEAD = 32, SLOT_ACCOUNT = SLOT_SIZE - 9, WHO_MAX = 255 };

struct slot {
    uint8_t bytes[SLOT_SIZE];
};

static uint64_t number_at(const uint8_t *p)
{
    uint64_t value = 0;
    for (int i = 0; i < 8; i++)
        value = value << 8 | p[i];
    return value;
}

static void put_number(uint8_t *p, uint64_t value)
{
    for (int i = 7; i >= 0; i--, value >>= 8)
        p[i] = (uint8_t)value;
}

static uint64_t check_of(const struct slot *slot)
{
    struct hash h = sha256(slot->bytes + 8, SLOT_SIZE - 8);
    return number_at(h.b);
}

static bool slot_read(const struct slot *slot, struct lift *ret)
{
    uint64_t length = number_at(slot->bytes + 24), check = number_at(slot->bytes);
    if (check == 0 || length > LIFT_REASON_MAX || check != check_of(slot))
        return false; /* most are empty: no hash is made to find that out */
    const char *reason = (const char *)slot->bytes + SLOT_HEAD;
    size_t who = slot->bytes[SLOT_SIZE - 1];
    *ret = (struct lift){number_at(slot->bytes + 8),
                         (int64_t)number_at(slot->bytes + 16),
                         {reason, length},
                         number_at(slot->bytes + SLOT_ACCOUNT),
                         {reason + length, who}};
    return SLOT_HEAD + length + who <= SLOT_ACCOUNT;
}

static enum rc journal_failed(const char *dir, struct fault *fault)
{
    return fault_set(fault, RC_IO, "%s/lifts.journal: %s", dir, strerror(errno));
}

/* Opens and locks: commands and the server write here side by side. */
static enum rc journal_open(const char *dir, int flags, int *ret_fd, struct fault *fault)
{
    ARENA_AUTO arena = ARENA_INIT;
    int fd = open(arena_printf(&arena, "%s/lifts.journal", dir).p, flags | O_CLOEXEC, 0600);
    if (fd < 0)
        return journal_failed(dir, fault);
    if (flock(fd, (flags & O_ACCMODE) == O_RDONLY ? LOCK_SH : LOCK_EX) != 0) {
        enum rc rc = journal_failed(dir, fault);
        close(fd);
        return rc;
    }
    *ret_fd = fd;
    return RC_OK;
}

enum rc lift_journal_create(const char *dir, struct str dump, struct fault *fault)
{
    struct slot slots[LIFT_JOURNAL_SLOTS] = {{{0}}};
    int fd;
    if (dump.n > 0 && !hex_decode(dump, (uint8_t *)slots, sizeof slots))
        return fault_set(fault, RC_CORRUPT, "the copy of the lifts' journal is damaged");
    enum rc rc = journal_open(dir, O_CREAT | O_RDWR, &fd, fault);
    if (rc != RC_OK)
        return rc;
    if (pwrite(fd, slots, sizeof slots, 0) != sizeof slots || fsync(fd) != 0)
        rc = journal_failed(dir, fault);
    close(fd);
    return rc;
}

static enum rc read_slots(const char *dir, int fd, struct slot *ret, struct fault *fault)
{
    size_t size = LIFT_JOURNAL_SLOTS * sizeof *ret;
    memset(ret, 0, size);
    /* A short file is an old or damaged one: the rest reads as empty. */
    return pread(fd, ret, size, 0) < 0 ? journal_failed(dir, fault) : RC_OK;
}

static enum rc write_slot(const char *dir, int fd, int at, const struct slot *slot,
                          struct fault *fault)
{
    if (pwrite(fd, slot, sizeof *slot, (off_t)at * SLOT_SIZE) != SLOT_SIZE || fdatasync(fd) != 0)
        return journal_failed(dir, fault);
    return RC_OK;
}

static void put_who(struct slot *slot, const struct lift *lift)
{
    size_t at = SLOT_HEAD + lift->reason.n, room = SLOT_ACCOUNT - at;
    struct str who = str_sub(lift->who, 0, room < WHO_MAX ? room : WHO_MAX);
    while (who.n > 0 && !utf8_valid(who, NULL)) /* no half a character */
        who.n--;
    if (who.n > 0)
        memcpy(slot->bytes + at, who.p, who.n);
    put_number(slot->bytes + SLOT_ACCOUNT, lift->account);
    slot->bytes[SLOT_SIZE - 1] = (uint8_t)who.n;
}

enum rc lift_journal_add(const char *dir, const struct lift *lift, struct fault *fault)
{
    struct slot slots[LIFT_JOURNAL_SLOTS], slot = {{0}};
    struct lift there;
    int fd, free_at = -1;
    if (lift->reason.n > LIFT_REASON_MAX)
        return fault_set(fault, RC_LIMIT, "the reason is longer than %d bytes", LIFT_REASON_MAX);
    enum rc rc = journal_open(dir, O_RDWR, &fd, fault);
    if (rc != RC_OK)
        return rc;
    rc = read_slots(dir, fd, slots, fault);
    for (int i = LIFT_JOURNAL_SLOTS - 1; rc == RC_OK && i >= 0; i--) {
        if (!slot_read(&slots[i], &there))
            free_at = i;
        else if (there.restriction == lift->restriction)
            rc = fault_set(fault, RC_CONFLICT, "restriction %llu is lifted already",
                           (unsigned long long)lift->restriction);
    }
    if (rc == RC_OK && free_at < 0)
        rc = fault_set(fault, RC_LIMIT, "%d lifts wait for the log already", LIFT_JOURNAL_SLOTS);
    put_number(slot.bytes + 8, lift->restriction);
    put_number(slot.bytes + 16, (uint64_t)lift->at);
    put_number(slot.bytes + 24, lift->reason.n);
    if (lift->reason.n > 0)
        memcpy(slot.bytes + SLOT_HEAD, lift->reason.p, lift->reason.n);
    put_who(&slot, lift);
    put_number(slot.bytes, check_of(&slot));
    if (rc == RC_OK) {
        static const struct slot empty;
        rc = write_slot(dir, fd, free_at, &slot, fault);
        /* Half written, or written and not durable: it must not be found. */
        if (rc != RC_OK)
            (void)!write_slot(dir, fd, free_at, &empty, NULL);
    }
    close(fd);
    return rc;
}

int64_t lift_journal_stamp(const struct site *site)
{
    struct stat info;
    if (stat(site_lifts_path(site), &info) != 0)
        return 0;
    return (int64_t)info.st_mtim.tv_sec * 1000000000 + info.st_mtim.tv_nsec;
}

int64_t lift_journal_stamp_before(const struct site *site)
{
    enum { TICK_NS = 20000000 }; /* file systems tell times apart no better than this */
    struct timespec now;
    int64_t stamp = lift_journal_stamp(site);
    clock_gettime(CLOCK_REALTIME, &now);
    int64_t age = (int64_t)now.tv_sec * 1000000000 + now.tv_nsec - stamp;
    return age >= -TICK_NS && age < TICK_NS ? stamp - 1 : stamp;
}

enum rc lift_journal_clear(const struct site *site, uint64_t restriction, struct fault *fault)
{
    struct slot slots[LIFT_JOURNAL_SLOTS];
    static const struct slot empty;
    struct lift there;
    int fd;
    enum rc rc = journal_open(site_dir(site), O_RDWR, &fd, fault);
    if (rc != RC_OK)
        return rc;
    rc = read_slots(site_dir(site), fd, slots, fault);
    for (int i = 0; rc == RC_OK && i < LIFT_JOURNAL_SLOTS; i++)
        if (slot_read(&slots[i], &there) && there.restriction == restriction) {
            crash_point("lift-published");
            rc = write_slot(site_dir(site), fd, i, &empty, fault);
            crash_point("lift-cleared");
        }
    close(fd);
    return rc;
}

static enum rc load_slots(const char *dir, struct slot ret[LIFT_JOURNAL_SLOTS], struct fault *fault)
{
    int fd;
    enum rc rc = journal_open(dir, O_RDONLY, &fd, fault);
    if (rc != RC_OK)
        return rc;
    rc = read_slots(dir, fd, ret, fault);
    close(fd);
    return rc;
}

enum rc lift_journal_read(const struct site *site,
                          void (*each)(void *context, const struct lift *lift), void *context,
                          struct fault *fault)
{
    struct slot slots[LIFT_JOURNAL_SLOTS];
    struct lift lift;
    enum rc rc = load_slots(site_dir(site), slots, fault);
    for (int i = 0; rc == RC_OK && i < LIFT_JOURNAL_SLOTS; i++)
        if (slot_read(&slots[i], &lift))
            each(context, &lift);
    return rc;
}

enum rc lift_journal_digest(const struct site *site, struct hash *ret, struct fault *fault)
{
    struct slot slots[LIFT_JOURNAL_SLOTS];
    uint8_t checks[LIFT_JOURNAL_SLOTS][8];
    enum rc rc = load_slots(site_dir(site), slots, fault);
    if (rc != RC_OK)
        return rc;
    /* A slot whose check does not fit holds nothing, whatever else stands there. */
    for (int i = 0; i < LIFT_JOURNAL_SLOTS; i++)
        memcpy(checks[i], slots[i].bytes, sizeof checks[i]);
    *ret = sha256(checks, sizeof checks);
    return RC_OK;
}

enum rc lift_journal_dump(const struct site *site, struct arena *arena, struct str *ret,
                          struct fault *fault)
{
    struct slot slots[LIFT_JOURNAL_SLOTS];
    struct lift lift;
    bool any = false;
    enum rc rc = load_slots(site_dir(site), slots, fault);
    if (rc != RC_OK)
        return rc;
    for (int i = 0; i < LIFT_JOURNAL_SLOTS; i++)
        any = any || slot_read(&slots[i], &lift);
    BUF_AUTO hex = BUF_INIT(2 * sizeof slots + 1);
    if (any)
        hex_add(&hex, (const uint8_t *)slots, sizeof slots);
    *ret = arena_str(arena, buf_str(&hex));
    return buf_check(&hex);
}
