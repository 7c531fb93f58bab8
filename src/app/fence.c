#include "app/fence.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/landlock.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The kernel's headers may be older than the kernel: what came after its first version is named
 * here. Each version takes what those before it took. */
struct wall {
    uint64_t files, network, others;
};
enum {
    FILES_FIRST = (1 << 13) - 1,
    FILES_REFER = 1 << 13,    /* 2 */
    FILES_TRUNCATE = 1 << 14, /* 3 */
    FILES_IOCTL = 1 << 15,    /* 5 */
    /* Plain ones to be written, made and removed. */
    FILES_OWN = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_MAKE_REG |
                LANDLOCK_ACCESS_FS_REMOVE_FILE | FILES_TRUNCATE,
    NET_BIND = 1,              /* 4 */
    NET_CONNECT = 2,           /* 4 */
    NO_SOCKETS_NOR_SIGNALS = 3 /* 6: abstract Unix sockets, signals */
};

/* What programs, their libraries, the resolver and the drawing of letters are made of. */
static const char *const usual[] = {
    "/usr",
    "/lib",
    "/lib32",
    "/lib64",
    "/bin",
    "/nix/store",
    "/gnu/store",
    "/etc/ld.so.*",
    "/etc/resolv.conf",
    "/etc/hosts",
    "/etc/host.conf",
    "/etc/gai.conf",
    "/etc/nsswitch.conf",
    "/etc/services",
    "/etc/protocols",
    "/etc/localtime",
    "/etc/fonts",
    "/var/cache/fontconfig",
    "/etc/ssl/certs",
    "/etc/ssl/openssl.cnf",
    "/etc/pki/tls",
    "/etc/pki/ca-trust",
    "/etc/ca-certificates",
    "/etc/crypto-policies",
    "/dev/null",
    "/dev/zero",
    "/dev/random",
    "/dev/urandom",
    "/proc/cpuinfo",
    "/proc/meminfo",
    "/proc/stat",
    "/sys/devices/system/cpu",
};
static const char *const machine[] = {"/proc", "/sys/devices/system", "/sys/fs/cgroup",
                                      "/etc/java*", "/etc/alternatives"};

int fence_version(void)
{
    long version =
        syscall(SYS_landlock_create_ruleset, NULL, (size_t)0, LANDLOCK_CREATE_RULESET_VERSION);
    return version > 0 ? (int)version : 0;
}

static struct wall wall_of(int version, bool network)
{
    struct wall w = {.files = FILES_FIRST};
    w.files |= (version >= 2 ? FILES_REFER : 0) | (version >= 3 ? FILES_TRUNCATE : 0) |
               (version >= 5 ? FILES_IOCTL : 0);
    w.network = version < 4 ? 0 : NET_BIND | (network ? 0 : NET_CONNECT);
    w.others = version < 6 ? 0 : NO_SOCKETS_NOR_SIGNALS;
    return w;
}

/* What is not there needs no rule. A folder's rule holds for all that is beneath; what is made in
 * one is not executed. */
static bool let_use(int fence, const char *path, uint64_t besides)
{
    struct stat stat;
    int fd = open(path, O_PATH | O_CLOEXEC);
    if (fd < 0)
        return true;
    struct landlock_path_beneath_attr rule = {LANDLOCK_ACCESS_FS_READ_FILE | besides, fd};
    bool good = fstat(fd, &stat) == 0;
    if (good && S_ISDIR(stat.st_mode))
        rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
    if (good && besides == 0 && (S_ISDIR(stat.st_mode) || S_ISREG(stat.st_mode)))
        rule.allowed_access |= LANDLOCK_ACCESS_FS_EXECUTE;
    good = good && syscall(SYS_landlock_add_rule, fence, LANDLOCK_RULE_PATH_BENEATH, &rule, 0) == 0;
    close(fd);
    return good;
}

static bool let_use_all(int fence, const char *const *patterns, size_t n)
{
    bool good = true;
    for (size_t i = 0; i < n; i++) {
        glob_t found = {0};
        if (glob(patterns[i], GLOB_NOSORT, NULL, &found) == 0)
            for (size_t k = 0; k < found.gl_pathc; k++)
                good = let_use(fence, found.gl_pathv[k], 0) && good;
        globfree(&found);
    }
    return good;
}

enum rc fence_make(const struct fence_order *order, int *ret, struct fault *fault)
{
    int version = fence_version();
    *ret = -1;
    if (version == 0)
        return RC_OK;
    struct wall wall = wall_of(version, order->network);
    int fence = (int)syscall(SYS_landlock_create_ruleset, &wall,
                             version < 4   ? sizeof wall.files
                             : version < 6 ? sizeof wall.files + sizeof wall.network
                                           : sizeof wall,
                             0);
    bool good =
        fence >= 0 && let_use_all(fence, usual, sizeof usual / sizeof *usual) &&
        (!order->machine || let_use_all(fence, machine, sizeof machine / sizeof *machine)) &&
        let_use(fence, order->program, 0) &&
        (order->reads == NULL || let_use(fence, order->reads, 0)) &&
        (order->writes == NULL || let_use(fence, order->writes, wall.files & FILES_OWN));
    int why = errno;
    if (good) {
        *ret = fence;
        return RC_OK;
    }
    if (fence >= 0)
        close(fence);
    return fault_set(fault, RC_IO, "a process cannot be kept from files (Landlock): %s",
                     strerror(why));
}

bool fence_obey(int fence)
{
    return syscall(SYS_landlock_restrict_self, fence, 0) == 0;
}
