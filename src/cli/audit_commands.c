#include "cli/groups.h"

const struct command audit_commands[] = {
    {NULL, NULL, NULL, 0, 0, false, NULL},
};
