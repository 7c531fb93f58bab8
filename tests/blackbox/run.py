#!/usr/bin/env python3
"""Runs the black-box tests: every test_* function of every test_*.py beside this.

    run.py [--quick] [--postgres] [--sanitized | --others] [--list] [--jobs N] [NAME...]

--quick leaves out what takes minutes (a function with `slow = True`); --postgres
makes every shop in PostgreSQL. --sanitized leaves out modules that tell little about
the memory of one process and take long with sanitizers (`OTHERS = True`: kills, fronts,
whole audits); --others runs just these. A NAME is a part of "module.function". Each test is
a process of its own, forked from one that has loaded them all, with a shop of its own, --jobs of them at once (twice as many as there are cores: they mostly wait); they are told
in their order, with the seconds each took by the clock and of the processor. The
last line counts.
"""
import argparse
import atexit
import concurrent.futures
import glob
import importlib
import inspect
import multiprocessing
import os
import resource
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, HERE)
from postgres import Cluster  # noqa: E402
from shop import Skipped  # noqa: E402

LAST_LINE = "seconds of the processor, and how it ended: "  # that a test's own process says
SKIPPED = 77  # what meson and automake take it for, too
SECONDS_MAX = 900  # for one test; a hang ends as a failure with a name


def tests(names, quick, postgres, others=None):
    """Full names in their order; with `others`, of the modules that are, or are not, OTHERS.
    A module whose tests make their own PostgreSQL (OWN_POSTGRES) does the same on both
    engines: once is enough."""
    for path in sorted(glob.glob(os.path.join(HERE, "test_*.py"))):
        module = importlib.import_module(os.path.splitext(os.path.basename(path))[0])
        if postgres and getattr(module, "OWN_POSTGRES", False) and not names:
            continue
        if others is not None and getattr(module, "OTHERS", False) != others:
            continue
        for name, test in inspect.getmembers(module, inspect.isfunction):
            full = "%s.%s" % (module.__name__, name)
            if not name.startswith("test_") or (names and not any(n in full for n in names)):
                continue
            if not (quick and getattr(test, "slow", False)):
                yield full


def run_one(full):
    """In the test's own process: 0, 1 or SKIPPED, with the reason on stdout."""
    module, name = full.split(".")
    try:
        getattr(importlib.import_module(module), name)()
    except Skipped as reason:
        print(reason)
        return SKIPPED
    except Exception:  # noqa: BLE001: a test may fail in any way
        traceback.print_exc(file=sys.stdout)
        return 1
    return 0


def processor_seconds():
    """What this process and all that it waited for have used."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


def in_child(full, folder, said):
    """The life of a test's own process; `said` is the file that it prints to."""
    os.setsid()
    os.environ["TMPDIR"], tempfile.tempdir = folder, None
    quiet, out = os.open(os.devnull, os.O_RDONLY), os.open(said, os.O_WRONLY)
    for fd, to in ((quiet, 0), (out, 1), (out, 2)):
        os.dup2(fd, to)
    status = run_one(full)
    atexit._run_exitfuncs()  # multiprocessing ends without  # pylint: disable=protected-access
    print("%s%.2f %d" % (LAST_LINE, processor_seconds(), status), flush=True)
    sys.exit(status)


class Runner:
    def __init__(self, base, modules):
        self.base, self.running, self.ending = base, set(), False
        self.lock = threading.Lock()
        self.processes = multiprocessing.get_context("forkserver")
        self.processes.set_forkserver_preload(["__main__", *modules])

    def __call__(self, full):
        """(exit status, seconds, seconds of the processor, what it printed). The status is what the child
        said: whoever starts a child looks after all others (multiprocessing's _cleanup), and of two threads
        that read one's exit status at the same time the second finds nothing and makes it 255."""
        begun = time.time()
        folder = tempfile.mkdtemp(prefix="%s-" % full.split(".")[1][:40], dir=self.base)
        said = folder + ".said"
        with open(said, "w", encoding="utf-8"):
            pass  # a child that dies at once leaves it empty
        with self.lock:
            if self.ending:
                return 1, 0, 0, "not run"
            child = self.processes.Process(target=in_child, args=(full, folder, said))
            child.start()
            self.running.add(child)
        child.join(SECONDS_MAX)
        hangs = child.is_alive()
        self.end(child)  # or a server it left behind
        child.join()
        with self.lock:
            self.running.discard(child)
        with open(said, encoding="utf-8", errors="replace") as f:
            out = f.read()
        if hangs:
            out = "no end after %d s\n%s" % (SECONDS_MAX, out)
        os.remove(said)
        shutil.rmtree(folder, ignore_errors=True)
        out, mark, last = out.rpartition(LAST_LINE) if LAST_LINE in out else (out, "", "0 1")
        used, status = last.split()[:2]
        if not mark:
            out += "it ended by itself: %s" % child.exitcode
        return 1 if hangs else int(status), time.time() - begun, float(used), out

    @staticmethod
    def end(child):
        try:
            os.killpg(child.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def end_all(self):
        with self.lock:
            self.ending = True
            for child in self.running:
                child.kill()
                self.end(child)


def scratch():
    """Shops lie in memory where there is room: the disk of a busy machine takes
    longer to sync than all tests together. COLOPHON_TEST_DIR says where else."""
    place = os.environ.get("COLOPHON_TEST_DIR")
    if place is None and os.access("/dev/shm", os.W_OK) and shutil.disk_usage("/dev/shm").free > 4 << 30:
        place = "/dev/shm"
    return tempfile.mkdtemp(prefix="colophon-tests-", dir=place)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--postgres", action="store_true")
    half = parser.add_mutually_exclusive_group()
    half.add_argument("--sanitized", dest="others", action="store_const", const=False)
    half.add_argument("--others", dest="others", action="store_const", const=True)
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--jobs", type=int, default=2 * (os.cpu_count() or 1))
    options = parser.parse_intermixed_args()
    chosen = list(tests(options.names, options.quick, options.postgres, options.others))
    if options.list:
        print("\n".join(chosen))
        return 0
    cluster = None
    if options.postgres:
        try:
            cluster = Cluster()
            os.environ["COLOPHON_TEST_POSTGRES"] = cluster.url
        except FileNotFoundError as absent:
            print("skipped: %s\n0 passed, 0 failed, %d skipped" % (absent, len(chosen)))
            return 0
    passed = failed = skipped = processor = 0
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    base, begun = scratch(), time.time()
    os.environ["COLOPHON_TEST_PREPARED"] = tempfile.mkdtemp(prefix="prepared-", dir=base)
    runner = Runner(base, sorted({full.split(".")[0] for full in chosen}))
    pool = concurrent.futures.ThreadPoolExecutor(max(1, options.jobs))
    try:
        for full, result in zip(chosen, pool.map(runner, chosen)):
            status, seconds, used, out = result
            processor += used
            if status == 0:
                passed += 1
                said = "ok"
            elif status == SKIPPED:
                skipped += 1
                said = "skipped: %s" % out.strip()
            else:
                failed += 1
                said = "FAILED\n%s" % out
            print("%-78s %6.2f s %6.2f  %s" % (full, seconds, used, said), flush=True)
    except KeyboardInterrupt:
        print("interrupted", file=sys.stderr)
        failed += 1
    finally:
        runner.end_all()
        pool.shutdown(cancel_futures=True)
        shutil.rmtree(base, ignore_errors=True)
    if cluster:
        processor += cluster.processor_seconds()
    print("%d seconds, %d of the processor" % (time.time() - begun, processor))
    print("%d passed, %d failed, %d skipped" % (passed, failed, skipped))
    return 1 if failed or not chosen else 0


if __name__ == "__main__":
    sys.exit(main())
