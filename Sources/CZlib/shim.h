#pragma once
#include <zlib.h>

// zlib's own initializers are macros.
static inline int clinic_inflate_gzip_init(z_stream *stream) {
  return inflateInit2(stream, 15 + 16);
}

static inline int clinic_deflate_gzip_init(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}
