"""What every end-to-end test uses: the program, a place for files, cases that pass, fail or are skipped by name."""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
import traceback

from images import ROOT, Skip

CASES = []
WORK = tempfile.TemporaryDirectory(prefix="scantling-e2e-")


def case(name):
    """Marks a function as a test case."""
    def mark(function):
        CASES.append((name, function))
        return function
    return mark


def program():
    return os.environ.get("SCANTLING_PROGRAM") or os.path.join(ROOT, "build/release/bin/scantling")


def fresh(name="x"):
    """A new empty folder."""
    return tempfile.mkdtemp(prefix=name + "-", dir=WORK.name)


class Outcome:
    def __init__(self, result):
        self.code, self.out, self.err = result.returncode, result.stdout.decode(), result.stderr.decode()

    def json(self):
        return json.loads(self.out)

    def expect(self, code):
        if self.code != code:
            raise AssertionError(f"exit {self.code}, expected {code}\nstderr: {self.err[-1500:]}\nstdout: {self.out[-500:]}")
        return self


def run(*arguments, cache=None, stdin=None, env=None, cwd=None):
    """Runs the program with a cache of its own (or the given one)."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SCANTLING_")}
    environment["NO_COLOR"] = "1"
    environment["XDG_CACHE_HOME"] = cache or fresh("cache")
    environment["XDG_CONFIG_HOME"] = os.path.join(WORK.name, "no-config")
    environment.update(env or {})
    command = [program(), *arguments]
    if arguments and arguments[0] in ("scan", "inventory"):
        command += ["--cache-dir", environment["XDG_CACHE_HOME"]]
    return Outcome(subprocess.run(command, capture_output=True, timeout=300, env=environment, cwd=cwd,
                                  **({"stdin": stdin} if stdin else {"input": b""})))


def inventory(source, **more):
    return run("inventory", source, "--format", "json", **more).expect(0).json()


def scan(source, *arguments, **more):
    return run("scan", source, "--format", "json", *arguments, **more)


def same(got, want, what):
    """Two sorted lists of [name, version], or any two values; the message shows the difference."""
    if got == want:
        return
    if isinstance(got, list) and isinstance(want, list):
        texts = [set(map(json.dumps, got)), set(map(json.dumps, want))]
        missing, extra = sorted(texts[1] - texts[0]), sorted(texts[0] - texts[1])
        raise AssertionError(f"{what}: {len(got)} against {len(want)}\nmissing: {missing[:12]}\ntoo much: {extra[:12]}")
    raise AssertionError(f"{what}: {str(got)[:600]}\nexpected: {str(want)[:600]}")


def check(condition, message):
    if not condition:
        raise AssertionError(message)


def main(server):
    """`server`: the modules of the half of that name."""
    parser = argparse.ArgumentParser()
    parser.add_argument("words", nargs="*", metavar="WORD")
    parser.add_argument("--json", metavar="FILE")
    parser.add_argument("--half", choices=("server", "scanner"))
    given = parser.parse_args()
    results = []
    for name, function in CASES:
        if given.words and not any(word in name for word in given.words):
            continue
        if given.half and (function.__module__ in server) != (given.half == "server"):
            continue
        started = time.monotonic()
        try:
            function()
            status, detail = "passed", ""
        except Skip as skip:
            status, detail = "skipped", str(skip)
        except AssertionError as error:
            status, detail = "failed", str(error)
        except Exception:  # pylint: disable=broad-except
            status, detail = "failed", traceback.format_exc()[-2500:]
        seconds = time.monotonic() - started
        results.append((status, f"e2e: {name}", seconds, detail))
        print(f"{status:8}{name} ({seconds:.1f} s)" + (f"\n    {detail}" if detail else ""), flush=True)
    if given.json:
        with open(given.json, "w", encoding="utf-8") as file:
            json.dump(results, file)
    counts = [sum(1 for r in results if r[0] == s) for s in ("passed", "failed", "skipped")]
    print(f"{counts[0]} passed, {counts[1]} failed, {counts[2]} skipped")
    return 1 if counts[1] or not counts[0] else 0
