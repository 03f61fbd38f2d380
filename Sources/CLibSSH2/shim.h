// What Swift cannot import from libssh2 itself: typed callback setters, and the memory account of a session.
// Builds against libssh2 1.10 (Debian 12) and 1.11 (Debian 13).

#ifndef FLEETD_CLIBSSH2_SHIM_H
#define FLEETD_CLIBSSH2_SHIM_H

#include <libssh2.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

// One per session, behind its `abstract` pointer, so that every callback of the session finds it.
struct ssh2_context {
  // The Swift object that holds the session's bytes; not retained here.
  void *pipe;
  // The session that this context belongs to: callbacks for bytes are not told it.
  LIBSSH2_SESSION *session;
  // Bytes that the session has allocated, and the most that it may have. libssh2 keeps every message that nobody asked
  // for; a peer that sends them without end reaches this limit instead of the memory of the process.
  size_t used;
  size_t limit;
  // Called with each block that starts like an SSH_MSG_CHANNEL_OPEN_CONFIRMATION, an SSH_MSG_CHANNEL_OPEN_FAILURE or an
  // SSH_MSG_CHANNEL_REQUEST when libssh2 is done with it. libssh2 reports the exit status 0 also when it never received
  // one, and drops the text with which a server refuses a channel: this is the only place where they show.
  void (*message_released)(void *pipe, const uint8_t *message, size_t length);
};

enum {
  SSH2_MSG_CHANNEL_OPEN_CONFIRMATION = 91,
  SSH2_MSG_CHANNEL_OPEN_FAILURE = 92,
  SSH2_MSG_CHANNEL_REQUEST = 98,
};

// Precedes every block; 16 bytes, so that what follows stays aligned like malloc's.
struct ssh2_block {
  size_t length;
  size_t padding;
};

// Blocks are zeroed: libssh2 1.10 may read the name of an exit signal that a short message never filled in.
static void *ssh2_allocate(size_t length, void **abstract) {
  struct ssh2_context *context = (struct ssh2_context *)*abstract;
  if (length > context->limit - context->used) return NULL;
  struct ssh2_block *block = (struct ssh2_block *)calloc(1, sizeof(struct ssh2_block) + length);
  if (block == NULL) return NULL;
  block->length = length;
  context->used += length;
  return block + 1;
}

static void ssh2_release(void *pointer, void **abstract) {
  struct ssh2_context *context = (struct ssh2_context *)*abstract;
  if (pointer == NULL) return;
  struct ssh2_block *block = (struct ssh2_block *)pointer - 1;
  const uint8_t *bytes = (const uint8_t *)pointer;
  if (context->message_released != NULL && block->length >= 9 &&
      (bytes[0] == SSH2_MSG_CHANNEL_REQUEST || bytes[0] == SSH2_MSG_CHANNEL_OPEN_CONFIRMATION ||
       bytes[0] == SSH2_MSG_CHANNEL_OPEN_FAILURE)) {
    context->message_released(context->pipe, bytes, block->length);
  }
  context->used -= block->length;
  free(block);
}

static void *ssh2_reallocate(void *pointer, size_t length, void **abstract) {
  void *moved = ssh2_allocate(length, abstract);
  if (moved == NULL || pointer == NULL) return moved;
  size_t old_length = ((struct ssh2_block *)pointer - 1)->length;
  memcpy(moved, pointer, old_length < length ? old_length : length);
  ssh2_release(pointer, abstract);
  return moved;
}

// A session whose memory is counted in `context`, which must outlive it. NULL when there is no memory.
static inline LIBSSH2_SESSION *ssh2_session_create(struct ssh2_context *context) {
  return libssh2_session_init_ex(ssh2_allocate, ssh2_release, ssh2_reallocate, context);
}

// The callback setters of libssh2 take untyped pointers (and 1.11.1 renamed the setter); these take the right ones.
#if LIBSSH2_VERSION_NUM >= 0x010b01
#define SSH2_SET_CALLBACK(session, kind, callback) \
  (void)libssh2_session_callback_set2(session, kind, (libssh2_cb_generic *)callback)
#else
#define SSH2_SET_CALLBACK(session, kind, callback) \
  (void)libssh2_session_callback_set(session, kind, (void *)callback)
#endif

static inline void ssh2_session_set_receive(LIBSSH2_SESSION *session, LIBSSH2_RECV_FUNC((*callback))) {
  SSH2_SET_CALLBACK(session, LIBSSH2_CALLBACK_RECV, callback);
}

static inline void ssh2_session_set_send(LIBSSH2_SESSION *session, LIBSSH2_SEND_FUNC((*callback))) {
  SSH2_SET_CALLBACK(session, LIBSSH2_CALLBACK_SEND, callback);
}

static inline void ssh2_session_set_disconnect(LIBSSH2_SESSION *session, LIBSSH2_DISCONNECT_FUNC((*callback))) {
  SSH2_SET_CALLBACK(session, LIBSSH2_CALLBACK_DISCONNECT, callback);
}

#endif
