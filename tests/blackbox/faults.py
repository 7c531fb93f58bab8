"""A disk that fails when a test wants it to: tests/shim/faults.c, loaded before the program."""
import contextlib
import errno
import mmap
import os
import struct

from shop import COLOPHON, Skipped

SHIM = os.path.join(os.path.dirname(COLOPHON), "tests", "shim", "libfaults.so")
AT, ERROR, LASTS, PASSED, EPOLL_MS, HANGS, WAITING = FIELDS = range(7)


class Disk:
    """Of one shop, its server and its commands alike."""

    def __init__(self, shop):
        with open(COLOPHON, "rb") as f:
            if not os.path.exists(SHIM) or b"__asan_init" in f.read():
                raise Skipped("no program that %s can be loaded before" % SHIM)
        path = shop.file("faults", bytes(4 * len(FIELDS)))
        with open(path, "r+b") as f:
            self.control = mmap.mmap(f.fileno(), 4 * len(FIELDS))
        shop.env.update({"LD_PRELOAD": SHIM, "FAULTS": path, "FAULTS_IN": os.path.realpath(shop.base)})

    def set(self, which, value):
        self.control[4 * which:4 * which + 4] = struct.pack("I", value)

    def get(self, which):
        return struct.unpack("I", self.control[4 * which:4 * which + 4])[0]

    def passed(self):
        return self.get(PASSED)

    def waiting(self):
        """How many reads from the database do not come back."""
        return self.get(WAITING)

    @contextlib.contextmanager
    def hanging(self):
        """Nothing is read from the database meanwhile."""
        self.set(HANGS, 1)
        try:
            yield
        finally:
            self.set(HANGS, 0)

    @contextlib.contextmanager
    def failing(self, at, error=errno.ENOSPC, lasts=False):
        """The write number `at` from now on fails, and with `lasts` all after it."""
        self.set(PASSED, 0)
        self.set(ERROR, error)
        self.set(LASTS, lasts)
        self.set(AT, at)
        try:
            yield
        finally:
            self.set(AT, 0)

    def writes_of(self, work):
        """How many there are in a piece of work that nothing disturbs."""
        with self.failing(1 << 30):
            work()
        return self.passed()
