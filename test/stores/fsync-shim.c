/*
 * Loaded before the C library: while the file named by FAILING_FSYNC is there, the next fsync fails as a broken disk makes
 * it fail, once; the file is taken away, and later ones succeed.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

int fsync(int descriptor) {
  static int (*real)(int);
  if (real == NULL) *(void **)&real = dlsym(RTLD_NEXT, "fsync");
  const char *file = getenv("FAILING_FSYNC");
  if (file != NULL && unlink(file) == 0) {
    errno = EIO;
    return -1;
  }
  return real(descriptor);
}
