#!/usr/bin/python3
"""The figures of the program server (bench/fleet.cc) on SQLite and on a PostgreSQL of its own, and of four processes on each.

  bench/fleet.py BENCH_FLEET [IMAGES [COPIES [MORE]]]     10000 100000 1000; the last: images that the processes store
"""
import os
import subprocess
import sys
import tempfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path.insert(0, os.path.join(ROOT, "tests/e2e"))
from server_support import postgres_server  # noqa: E402


def measure(program, store, images, copies, more):
    print(f"\n## {store.split(':')[0]}, load {os.getloadavg()[0]:.1f}\n", flush=True)
    subprocess.run([program, store, images, copies], check=True)
    print(flush=True)
    subprocess.run([program, store, "submit", more, "4"], check=True)


def main():
    program = sys.argv[1]
    images, copies, more = (sys.argv[2:] + ["10000", "100000", "1000"][len(sys.argv) - 2:])[:3]
    with tempfile.TemporaryDirectory(prefix="scantling-fleet-") as folder:
        measure(program, f"sqlite:{folder}/fleet.db", images, copies, more)
    with postgres_server(synced=True) as server:
        measure(program, server.address, images, copies, more)


if __name__ == "__main__":
    main()
