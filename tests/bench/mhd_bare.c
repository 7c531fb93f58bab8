/* The yardstick for a cached page: libmicrohttpd alone, giving one answer to
 * whatever is asked, set up as the shop sets it up.
 *
 *     mhd_bare BODY-FILE HEADERS-FILE
 *
 * HEADERS-FILE has a header a line. Prints the port and serves until it is
 * killed. */
#include <arpa/inet.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_n, void **state)
{
    static int seen;
    (void)url;
    (void)method;
    (void)version;
    (void)upload;
    (void)upload_n;
    if (*state == NULL) {
        *state = &seen;
        return MHD_YES;
    }
    return MHD_queue_response(connection, 200, context);
}

static char *read_whole(const char *path, size_t *ret_n)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL || fseek(f, 0, SEEK_END) != 0)
        return NULL;
    *ret_n = (size_t)ftell(f);
    rewind(f);
    char *bytes = calloc(1, *ret_n + 1);
    if (bytes == NULL || fread(bytes, 1, *ret_n, f) != *ret_n)
        return NULL;
    fclose(f);
    return bytes;
}

int main(int argc, char **argv)
{
    size_t n, headers_n;
    char *body = argc == 3 ? read_whole(argv[1], &n) : NULL;
    char *headers = argc == 3 ? read_whole(argv[2], &headers_n) : NULL;
    if (body == NULL || headers == NULL) {
        fprintf(stderr, "usage: mhd_bare BODY-FILE HEADERS-FILE\n");
        return 2;
    }
    struct MHD_Response *response =
        MHD_create_response_from_buffer(n, body, MHD_RESPMEM_PERSISTENT);
    for (char *rest = NULL, *line = strtok_r(headers, "\r\n", &rest); line != NULL;
         line = strtok_r(NULL, "\r\n", &rest)) {
        char *colon = strstr(line, ": ");
        if (colon == NULL)
            continue;
        *colon = '\0';
        MHD_add_response_header(response, line, colon + 2);
    }
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    struct MHD_Daemon *daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_USE_TURBO, 0, NULL, NULL, answer, response,
        MHD_OPTION_SOCK_ADDR, &here, MHD_OPTION_THREAD_POOL_SIZE, 4u, MHD_OPTION_CONNECTION_LIMIT,
        1000u, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)(16 << 10), MHD_OPTION_END);
    if (daemon == NULL)
        return 1;
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_BIND_PORT);
    printf("%u\n", info->port);
    fflush(stdout);
    for (;;)
        pause();
}
