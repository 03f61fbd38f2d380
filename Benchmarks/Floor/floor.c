/*
 * The floor for a check: a bare libssh2 client that logs in to every node at once and runs `sudo -n true`, one thread a
 * node, blocking calls, nothing else. What fleetd needs above this is its own.
 *
 *   floor USER PRIVATE_KEY ADDRESS…        exit status 0: every node answered 0
 *
 * A benchmark's tool, never part of fleetd: it does not check host keys, as it talks to the lab alone.
 */
#include <arpa/inet.h>
#include <libssh2.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char *user;
static const char *private_key;

/* Returns NULL when the node answered 0, else what failed. */
static void *visit(void *address) {
  const char *problem = "connect";
  struct sockaddr_in peer = {.sin_family = AF_INET, .sin_port = htons(22)};
  inet_pton(AF_INET, address, &peer.sin_addr);
  int one = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  if (connect(fd, (struct sockaddr *)&peer, sizeof peer) != 0) goto closed;

  LIBSSH2_SESSION *session = libssh2_session_init();
  /* The same algorithms as fleetd's. */
  libssh2_session_method_pref(session, LIBSSH2_METHOD_KEX, "curve25519-sha256,curve25519-sha256@libssh.org");
  libssh2_session_method_pref(session, LIBSSH2_METHOD_HOSTKEY, "ssh-ed25519");
  libssh2_session_method_pref(session, LIBSSH2_METHOD_CRYPT_CS, "aes128-ctr,aes256-ctr");
  libssh2_session_method_pref(session, LIBSSH2_METHOD_CRYPT_SC, "aes128-ctr,aes256-ctr");
  problem = "handshake";
  if (libssh2_session_handshake(session, fd) != 0) goto freed;
  problem = "authentication";
  if (libssh2_userauth_publickey_fromfile(session, user, NULL, private_key, NULL) != 0) goto freed;
  problem = "channel";
  LIBSSH2_CHANNEL *channel = libssh2_channel_open_session(session);
  if (channel == NULL) goto freed;
  problem = "sudo -n true";
  if (libssh2_channel_exec(channel, "sudo -n true") == 0) {
    char buffer[4096];
    while (libssh2_channel_read(channel, buffer, sizeof buffer) > 0) {}
    libssh2_channel_close(channel);
    if (libssh2_channel_get_exit_status(channel) == 0) problem = NULL;
  }
  libssh2_channel_free(channel);
freed:
  libssh2_session_disconnect(session, "done");
  libssh2_session_free(session);
closed:
  close(fd);
  return (void *)problem;
}

int main(int count, char **words) {
  if (count < 4) {
    fprintf(stderr, "usage: floor USER PRIVATE_KEY ADDRESS...\n");
    return 64;
  }
  user = words[1];
  private_key = words[2];
  if (libssh2_init(0) != 0) return 70;
  int nodes = count - 3, failures = 0;
  pthread_t *threads = calloc(nodes, sizeof *threads);
  for (int node = 0; node < nodes; node++) pthread_create(&threads[node], NULL, visit, words[node + 3]);
  for (int node = 0; node < nodes; node++) {
    void *problem;
    pthread_join(threads[node], &problem);
    if (problem == NULL) continue;
    fprintf(stderr, "floor: %s: %s failed\n", words[node + 3], (const char *)problem);
    failures++;
  }
  free(threads);
  libssh2_exit();
  return failures == 0 ? 0 : 1;
}
