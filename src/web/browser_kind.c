#include "web/browser_kind.h"

struct mark {
    struct str said, name;
};

#define MARK(said, name)                                                                           \
    {                                                                                              \
        {said, sizeof said - 1},                                                                   \
        {                                                                                          \
            name, sizeof name - 1                                                                  \
        }                                                                                          \
    }

/* Each says that it is those below it, too. */
static const struct mark programs[] = {
    MARK("Edg", "Edge"),
    MARK("OPR/", "Opera"),
    MARK("SamsungBrowser/", "Samsung Internet"),
    MARK("Firefox/", "Firefox"),
    MARK("FxiOS/", "Firefox"),
    MARK("CriOS/", "Chrome"),
    MARK("Chrome/", "Chrome"),
    MARK("Version/", "Safari"),
};
static const struct mark machines[] = {
    MARK("Kindle", "Kindle"),   MARK("Kobo", "Kobo"),       MARK("iPhone", "iPhone"),
    MARK("iPad", "iPad"),       MARK("Android", "Android"), MARK("CrOS", "ChromeOS"),
    MARK("Windows", "Windows"), MARK("Mac OS X", "macOS"),  MARK("Linux", "Linux"),
};

static size_t found(const struct mark *marks, size_t n, struct str agent)
{
    size_t i = 0;
    while (i < n && str_find_str(agent, marks[i].said) == agent.n)
        i++;
    return i;
}

struct str browser_kind(struct arena *arena, struct str user_agent)
{
    enum { PROGRAMS = sizeof programs / sizeof *programs };
    enum { MACHINES = sizeof machines / sizeof *machines };
    size_t program = found(programs, PROGRAMS, user_agent);
    size_t machine = found(machines, MACHINES, user_agent);
    if (program == PROGRAMS && machine == MACHINES)
        return STR_NONE;
    return ARENA_JOIN(arena, program < PROGRAMS ? programs[program].name : STR_NONE, STR("/"),
                      machine < MACHINES ? machines[machine].name : STR_NONE);
}
