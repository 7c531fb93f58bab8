/* EPUBCheck: a program in Java, for which the book is a file of its own. */
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/apart.h"
#include "app/epub_apart.h"
#include "base/json.h"
#include "base/utf8.h"

enum {
    REPORT_MAX = 16 << 20,
    CPU_SECONDS = 60,
    WALL_MS = 120000,
    FOUND_MAX = 60, /* that are told of */
};
static const size_t memory_max = (size_t)4 << 30; /* of addresses; its heap is 512 MB */

static const char *jar(void)
{
    const char *named = getenv("COLOPHON_EPUBCHECK");
    return named != NULL ? named : "/usr/share/java/epubcheck.jar";
}

static void unchecked(struct arena *arena, struct epub *e, const char *why)
{
    epub_add_problem(arena, e, WRONG_UNCHECKED, STR_NONE, str_of(why));
}

static struct str printed(struct arena *arena, const char *text)
{
    struct str s = str_of(text);
    return utf8_clean(s) ? arena_str(arena, s) : STR_NONE;
}

/* Its own names for files begin with that of the whole book. */
static struct str place_of(struct arena *arena, const json_t *location)
{
    struct str path = printed(arena, json_string_value(json_object_get(location, "path")));
    json_int_t line = json_integer_value(json_object_get(location, "line"));
    size_t begin = str_find_str(path, STR("book.epub"));
    if (begin < path.n)
        path = str_sub(path, begin + 9, path.n);
    if (str_starts(path, STR("/")))
        path = str_sub(path, 1, path.n);
    return line > 0 ? arena_printf(arena, "%.*s:%lld", STR_ARG(path), (long long)line) : path;
}

static void take_message(struct arena *arena, const json_t *message, struct epub *e)
{
    struct str severity = json_member_str(message, "severity");
    /* Debian's knows EPUB 3.2: what it calls an error may be right in 3.3. */
    bool refuses = str_is(severity, "FATAL");
    if (!refuses && !str_is(severity, "ERROR") && !str_is(severity, "WARNING"))
        return;
    const json_t *locations = json_object_get(message, "locations");
    struct str text = printed(arena, json_string_value(json_object_get(message, "message")));
    struct str id = printed(arena, json_string_value(json_object_get(message, "ID")));
    epub_add_problem(arena, e, refuses ? WRONG_EPUBCHECK : WRONG_EPUBCHECK_WARNS,
                     place_of(arena, json_array_get(locations, 0)),
                     ARENA_JOIN(arena, id, STR(": "), text));
}

/* What comes before the report is chat. */
static struct str read_report(struct arena *arena, struct str said, struct epub *e)
{
    JSON_AUTO *json = NULL;
    const json_t *one;
    size_t i, begin = str_starts(said, STR("{")) ? 0 : str_find_str(said, STR("\n{"));
    if (begin >= said.n || json_read(str_trim(str_sub(said, begin, said.n)), &json, NULL) != RC_OK)
        return STR_NONE;
    json_array_foreach (json_object_get(json, "messages"), i, one)
        if (i < FOUND_MAX)
            take_message(arena, one, e);
    return printed(arena, json_string_value(
                              json_object_get(json_object_get(json, "checker"), "checkerVersion")));
}

/* `folder` has a link by the name that it wants; where that leads is its own standard input. What
 * it unpacks of pictures it keeps there, too. */
static struct str run(struct arena *arena, struct str bytes, const char *folder, struct epub *e)
{
    const char *const argv[] = {"java",
                                "-Xmx512m",
                                "-XX:+UseSerialGC",
                                "-XX:-UsePerfData",
                                "-XX:TieredStopAtLevel=1",
                                "-Djava.awt.headless=true",
                                arena_printf(arena, "-Djava.io.tmpdir=%s", folder).p,
                                "-jar",
                                jar(),
                                arena_printf(arena, "%s/book.epub", folder).p,
                                "--json",
                                "-",
                                NULL};
    const char *const environment[] = {"LC_ALL=C.UTF-8", NULL};
    struct apart_order apart = {.argv = argv,
                                .environment = environment,
                                .input = bytes,
                                .memory_max = memory_max,
                                .cpu_seconds = CPU_SECONDS,
                                .wall_ms = WALL_MS,
                                .any_call = true,
                                .reads = jar(),
                                .writes = folder,
                                .any_status = true};
    BUF_AUTO said = BUF_INIT(REPORT_MAX);
    struct apart_outcome outcome;
    struct str version = STR_NONE;
    if (apart_run(&apart, &said, &outcome, NULL) != RC_OK)
        unchecked(arena, e, "it did not run");
    else if (outcome.end == APART_TOO_LONG)
        unchecked(arena, e, "it took too long");
    else if ((version = read_report(arena, buf_str(&said), e)).n == 0)
        unchecked(arena, e, "it said nothing that can be read");
    return version;
}

/* With what it left there, having been stopped. */
static void remove_folder(const char *folder)
{
    DIR *dir = opendir(folder);
    const struct dirent *one;
    while (dir != NULL && (one = readdir(dir)) != NULL)
        if (!str_is(str_of(one->d_name), ".") && !str_is(str_of(one->d_name), ".."))
            unlinkat(dirfd(dir), one->d_name, 0);
    if (dir != NULL)
        closedir(dir);
    rmdir(folder);
}

struct str epub_check(struct arena *arena, struct str bytes, struct epub *e)
{
    char folder[] = "/tmp/colophon-epub-XXXXXX", link[sizeof folder + 16];
    struct str version = STR_NONE;
    if (access(jar(), R_OK) != 0) {
        unchecked(arena, e, "it is not installed here");
        return STR_NONE;
    }
    if (mkdtemp(folder) == NULL) {
        unchecked(arena, e, "there is no room for it");
        return STR_NONE;
    }
    snprintf(link, sizeof link, "%s/book.epub", folder);
    if (symlink("/proc/self/fd/0", link) == 0)
        version = run(arena, bytes, folder, e);
    else
        unchecked(arena, e, "there is no room for it");
    remove_folder(folder);
    return version;
}
