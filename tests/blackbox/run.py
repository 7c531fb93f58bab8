#!/usr/bin/env python3
"""Runs the black-box tests: every test_* function of every test_*.py beside this.

    run.py [--quick] [--postgres] [NAME...]

--quick leaves out what takes minutes; --postgres makes every shop in PostgreSQL. A NAME is a part of "module.function". The
last line counts.
"""
import glob
import importlib
import inspect
import os
import sys
import time
import traceback

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from postgres import Cluster  # noqa: E402
if "--postgres" in sys.argv:
    os.environ["COLOPHON_TEST_POSTGRES"] = Cluster().url
from shop import Skipped  # noqa: E402


def main():
    names = [a for a in sys.argv[1:] if not a.startswith("-")]
    quick = "--quick" in sys.argv
    passed = failed = skipped = 0
    for path in sorted(glob.glob(os.path.join(os.path.dirname(os.path.abspath(__file__)), "test_*.py"))):
        module = importlib.import_module(os.path.splitext(os.path.basename(path))[0])
        for name, test in inspect.getmembers(module, inspect.isfunction):
            full = "%s.%s" % (module.__name__, name)
            if not name.startswith("test_") or (names and not any(n in full for n in names)):
                continue
            if quick and getattr(test, "slow", False):
                continue
            begun = time.time()
            try:
                test()
                passed += 1
                said = "ok"
            except Skipped as reason:
                skipped += 1
                said = "skipped: %s" % reason
            except Exception:  # noqa: BLE001: a test may fail in any way
                failed += 1
                said = "FAILED\n" + traceback.format_exc()
            print("%-70s %6.2f s  %s" % (full, time.time() - begun, said), flush=True)
    print("%d passed, %d failed, %d skipped" % (passed, failed, skipped))
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
