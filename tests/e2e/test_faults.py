"""What the server answers when its store gives way: a disk that is full or read-only, a database that is gone and comes back."""
import contextlib
import os
import subprocess
import time

from harness import case, check, fresh, run, same
from images import Skip
from server_support import database, postgres_server, serving
from test_server import OLD, snapshot

DIGEST = "sha256:" + "1" * 64


@contextlib.contextmanager
def small_disk(megabytes):
    folder = fresh("disk")
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", folder], capture_output=True).returncode != 0:
        raise Skip("file systems cannot be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", folder], check=False)


def told(server, token, uid):
    body = {"schema": "scantling.running/1", "reporter": "host " + uid, "kind": "host", "type": "snapshot",
            "copies": [{"uid": uid, "digest": DIGEST, "reference": "registry/shop:1", "container": "web", "workload": "x" * 900}]}
    return server.call("POST", "/api/v1/running", body, token=token)


def refused(answer):
    """A problem that says to come again, and nothing of the store's inside."""
    same(answer.status, 503, f"answer {answer.text[:300]}")
    same(answer.headers["Content-Type"], "application/problem+json", "kind of answer")
    check(int(answer.headers["Retry-After"]) > 0, "when to come again")
    for inside in ("sqlite", "disk", "postgres", "SELECT", "/tmp"):
        check(inside not in answer.text.decode(), f"{inside} in {answer.text}")


def logged(server, words):
    limit = time.monotonic() + 20  # an answer's line may be written after the answer
    text = ""
    while words not in text:
        check(time.monotonic() < limit, f"{words!r} is not in the log: {text[-1500:]}")
        with open(server.log.name, encoding="utf-8") as file:
            text = file.read()


@case("faults: a full disk refuses with 503, shows what it has, and goes on when there is room")
def full():
    with small_disk(24) as disk:
        database(f"{disk}/advisories.db", OLD)
        with serving(f"{disk}/data", "--db", f"{disk}/advisories.db") as server:
            server.sign_in()
            token = server.token(["submit", "read"])
            kept = []
            told(server, token, "first").expect(200)
            kept.append("first")
            with open(f"{disk}/ballast", "wb", buffering=0) as file:  # nothing is left for the closing
                with contextlib.suppress(OSError):
                    while True:
                        file.write(b"x" * 65536)
            answer = None
            for number in range(2000):
                answer = told(server, token, f"n{number}")
                if answer.status != 200:
                    break
                kept.append(f"n{number}")
            refused(answer)
            logged(server, "full")
            # Reading goes on, with a session and with a token.
            same(sorted(server.column("/api/v1/running?limit=1000", "uid")), sorted(kept), "copies on a full disk")
            server.get("/api/v1/running", token=token).expect(200)
            server.get("/healthz").expect(200)
            os.unlink(f"{disk}/ballast")
            limit = time.monotonic() + 30
            while told(server, token, "again").status != 200:
                check(time.monotonic() < limit, "it does not go on when there is room")
                time.sleep(0.2)
            kept.append("again")
            same(sorted(server.column("/api/v1/running?limit=1000", "uid")), sorted(kept), "copies when there is room again")
        # And all of it is there for the next process.
        with serving(f"{disk}/data", "--db", f"{disk}/advisories.db") as server:
            server.sign_in()
            same(sorted(server.column("/api/v1/running?limit=1000", "uid")), sorted(kept), "copies after a restart")


@case("faults: a read-only disk is named at the start, and nothing is lost by it")
def read_only():
    with small_disk(48) as disk:
        advisories = f"{fresh('db')}/advisories.db"
        database(advisories, OLD)
        with serving(f"{disk}/data", "--db", advisories) as server:
            server.sign_in()
            told(server, server.token(["submit", "read"]), "first").expect(200)
        # (While files are open for writing a file system cannot be made read-only; store_fault_test.cc has such a store.)
        subprocess.run(["mount", "-o", "remount,ro", disk], check=True)
        refused_start = run("server", "--listen", "127.0.0.1:0", "--data", f"{disk}/data", "--db", advisories)
        check(refused_start.code not in (0, 124) and "read-only" in refused_start.err, f"exit {refused_start.code}: {refused_start.err}")
        subprocess.run(["mount", "-o", "remount,rw", disk], check=True)
        with serving(f"{disk}/data", "--db", advisories) as server:
            server.sign_in()
            same(server.column("/api/v1/running", "uid"), ["first"], "copies when it may be written again")


@case("faults: a database that is gone and comes back")
def gone():
    folder = fresh("gone")
    database(f"{folder}/advisories.db", OLD)
    with postgres_server() as store, serving("", "--database", store.address, "--db", f"{folder}/advisories.db") as server:
        server.store = ["--database", store.address]
        server.sign_in()
        token = server.token(["submit", "read"])
        snapshot(server, token, [("a", DIGEST)])
        server.get("/readyz").expect(200)
        store.stop()
        refused(told(server, token, "b"))
        # Neither signed out nor told that the token is wrong: nobody can know.
        refused(server.get("/api/v1/running", token=token))
        refused(server.get("/api/v1/me"))
        same(server.get("/readyz").status, 503, "readiness")
        server.get("/healthz").expect(200)
        store.start_again()
        limit = time.monotonic() + 30
        while server.get("/readyz").status != 200:
            check(time.monotonic() < limit, "it does not find its database again")
            time.sleep(0.1)
        told(server, token, "c").expect(200)
        same(sorted(server.column("/api/v1/running", "uid")), ["a", "c"], "copies when it is back")
        server.get("/api/v1/me").expect(200)
