"""Runs the steps of tools/test and adds up what they counted. Called by tools/test, which has installed the packages.

A step is a function that yields (status, name, seconds, detail); status is "passed", "failed" or "skipped". Unit and end-to-end
cases count one each; a sanitizer run counts one per room, a fuzz target one, a check one. The last line is
"N passed, N failed, N skipped", exit 1 when anything failed. Logs are in build/test-logs/.
"""
import concurrent.futures
import glob
import json
import os
import re
import shutil
import subprocess
import sys
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
LOGS = os.path.join(ROOT, "build/test-logs")
JOBS = str(os.cpu_count() or 2)
TSAN_ROOMS = ["base", "image", "catalog", "match"]  # the rooms that start threads, and what they share
TIDY = ["src/base", "src/codec", "src/version"]  # bounded: the code that hostile bytes reach first
IDLE = {}  # name of a step -> what is done of it before its turn
FUZZ_SECONDS = os.environ.get("SCANTLING_FUZZ_SECONDS", "2")


def run(name, command, timeout=3600, env=None):
    """Runs a command with its output in a log. Returns (exit code, seconds, log text)."""
    os.makedirs(LOGS, exist_ok=True)
    path = os.path.join(LOGS, re.sub(r"[^\w.-]+", "_", name) + ".log")
    environment = {key: value for key, value in {**os.environ, **(env or {})}.items() if value is not None}
    started = time.monotonic()
    with open(path, "wb") as log:
        log.write(("$ " + " ".join(command) + "\n").encode())
        log.flush()
        try:
            code = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                                  timeout=timeout, env=environment).returncode
        except subprocess.TimeoutExpired:
            log.write(f"\ntimed out after {timeout} s\n".encode())
            code = 124
        except OSError as error:
            log.write(f"\n{error}\n".encode())
            code = 127
    with open(path, encoding="utf-8", errors="replace") as log:
        return code, time.monotonic() - started, log.read()


def check(name, command, **more):
    code, seconds, text = run(name, command, **more)
    detail = "" if code == 0 else "\n".join(text.strip().split("\n")[-25:])
    return ("passed" if code == 0 else "failed", name, seconds, detail)


def rooms():
    with open(os.path.join(ROOT, "CMakeLists.txt"), encoding="utf-8") as file:
        return [*re.findall(r"^scantling_room\((\w+)\)", file.read(), re.M), "cli"]  # cli has a CMakeLists.txt of its own


def rooms_with_tests(among=None):
    return [r for r in rooms() if (among is None or r in among)
            and glob.glob(os.path.join(ROOT, "src", r, "**/*_test.cc"), recursive=True)]


def build(folder, preset, targets, *options, idle=False):
    """Configures and builds; yields the results (one check), keeps going so that one broken room costs only itself.
    `idle`: takes only the time that others leave."""
    configured = check(f"{folder}: configure", ["cmake", "--preset", preset, "-B", f"build/{folder}", *options])
    if configured[0] == "failed":
        yield configured
        return
    before = ["chrt", "--idle", "0"] if idle else []
    yield check(f"{folder}: build", [*before, "ninja", "-C", f"build/{folder}", "-k", "0", "-j", JOBS, *targets])


def gtest(folder, room, count_cases, env=None):
    """Runs one room's test program."""
    program = f"build/{folder}/bin/{room}_test"
    name = f"{folder}: {room}_test"
    if not os.path.exists(os.path.join(ROOT, program)):
        yield ("failed", name, 0.0, "the program was not built")
        return
    report = os.path.join(LOGS, f"{folder}-{room}.json")
    if os.path.exists(report):
        os.remove(report)
    code, seconds, text = run(name, [program, f"--gtest_output=json:{report}", "--gtest_brief=1"], timeout=1200, env=env)
    cases = []
    try:
        with open(report, encoding="utf-8") as file:
            for suite in json.load(file)["testsuites"]:
                for case in suite["testsuite"]:
                    status = "failed" if case.get("failures") else "skipped" if case.get("result") == "SKIPPED" else "passed"
                    if case.get("status") != "NOTRUN":
                        cases.append((status, f"{room}: {suite['name']}.{case['name']}", 0.0,
                                      "".join(f.get("failure", "") for f in case.get("failures", []))[:2000]))
    except (OSError, ValueError, KeyError):
        cases = []
    broken = code != 0 and not any(case[0] == "failed" for case in cases)
    if count_cases:
        yield from cases
        if broken:  # a crash, or a sanitizer's report at the end: no case says so
            yield ("failed", name, seconds, f"exit {code}\n" + "\n".join(text.strip().split("\n")[-25:]))
    else:
        detail = "" if code == 0 else f"exit {code}\n" + "\n".join(text.strip().split("\n")[-40:])
        yield ("passed" if code == 0 else "failed", name, seconds, detail)


def side_by_side(function, items):
    """Results of function(item) for each item, in their order, as many at once as there are cores."""
    with concurrent.futures.ThreadPoolExecutor(int(JOBS)) as pool:
        for results in pool.map(lambda item: list(function(item)), items):
            yield from results


def step_checks():
    """order of includes, style greps, formatting"""
    python = sys.executable
    yield check("check_includes self-test", [python, "tools/check_includes.py", "--self-test"])
    yield check("check_includes", [python, "tools/check_includes.py"])
    yield check("check_style self-test", [python, "tools/check_style.py", "--self-test"])
    yield check("check_style", [python, "tools/check_style.py"])
    files = sorted(f for top in ("src", "fuzz", "bench", "tests")
                   for kind in ("cc", "h") for f in glob.glob(f"{ROOT}/{top}/**/*.{kind}", recursive=True))
    if shutil.which("clang-format-19"):
        yield check("clang-format", ["clang-format-19", "--dry-run", "-Werror", "--files=" + write_list("format", files)])
    else:
        yield ("skipped", "clang-format", 0.0, "no clang-format-19")


def rooms_with_feeds():
    """Rooms whose tests read all real feeds: under sanitizers that takes minutes, so these run without, too."""
    return [r for r in rooms_with_tests()
            if any("SCANTLING_FEEDS\"" in open(f, encoding="utf-8").read()
                   for f in glob.glob(f"{ROOT}/src/{r}/**/*_test.cc", recursive=True))]


def step_program():
    """g++ with warnings as errors: the program, and the unit tests that read real feeds"""
    chosen = rooms_with_feeds()
    yield from build("ci-gcc", "ci-gcc", ["scantling", *[f"{room}_test" for room in chosen]])
    yield from side_by_side(lambda room: gtest("ci-gcc", room, False), chosen)


def step_e2e():
    """the program on real images against the ecosystems' own tools"""
    program = os.path.join(ROOT, "build/ci-gcc/bin/scantling")
    if not os.path.exists(program):
        program = os.path.join(ROOT, "build/release/bin/scantling")
    if not os.path.exists(program):
        yield ("failed", "e2e", 0.0, "no program: run the step program first, or build the release preset")
        return
    env = {"SCANTLING_PROGRAM": program, "SCANTLING_REPORT_TEST": os.path.join(ROOT, "build/ci-asan/bin/report_test")}
    yield from side_by_side(lambda half: e2e_half(half, env), ["server", "scanner"])


def e2e_half(half, env):
    """They wait more than they work, so the two halves of the cases run at once."""
    report = os.path.join(LOGS, f"e2e-{half}.json")
    if os.path.exists(report):
        os.remove(report)
    code, seconds, text = run(f"e2e-{half}", [sys.executable, "tests/e2e/run.py", "--half", half, "--json", report], timeout=2400, env=env)
    try:
        with open(report, encoding="utf-8") as file:
            cases = [tuple(case) for case in json.load(file)]
    except (OSError, ValueError):
        cases = []
    yield from cases
    if not cases or (code != 0 and not any(case[0] == "failed" for case in cases)):
        yield ("failed", f"e2e-{half}", seconds, f"exit {code}\n" + "\n".join(text.strip().split("\n")[-25:]))


SANITIZER_ENV = {
    "SCANTLING_FEEDS": None,  # all real feeds take minutes here; the step program reads them
    "ASAN_OPTIONS": "detect_stack_use_after_return=1:strict_string_checks=1:allocator_may_return_null=1",
    "UBSAN_OPTIONS": "print_stacktrace=1:halt_on_error=1",
    "TSAN_OPTIONS": "halt_on_error=1:second_deadlock_stack=1",
}


# Quick to compile rather than quick to run: a file takes a third of the time without optimisation.
UNOPTIMISED = ["-DCMAKE_BUILD_TYPE=Debug", "-DCMAKE_CXX_FLAGS_DEBUG=-O0 -g1", "-DSCANTLING_PCH=ON"]
ASAN_BUILD = [*UNOPTIMISED, "-DSCANTLING_TESTS=ON", "-DSCANTLING_WERROR=ON"]


def step_unit():
    """clang-19 with warnings as errors, ASan and UBSan: every room's unit tests, and the fuzz targets' build"""
    yield from build("ci-asan", "fuzz", ["all", "fuzzers"], *ASAN_BUILD)
    # The last rooms' tests take longest: they begin first, so that no core waits at the end.
    yield from side_by_side(lambda room: gtest("ci-asan", room, True, SANITIZER_ENV), reversed(rooms_with_tests()))


def step_fuzz():
    """each fuzz target for some seconds, from its seeds"""
    names = sorted(os.path.basename(f)[:-3] for f in glob.glob(f"{ROOT}/fuzz/*_fuzz.cc"))
    if not os.path.exists(os.path.join(ROOT, "build/ci-asan/build.ninja")):
        yield from build("ci-asan", "fuzz", ["fuzzers"], *ASAN_BUILD)

    def one(name):
        program = f"build/ci-asan/fuzz/{name}"
        if not os.path.exists(os.path.join(ROOT, program)):
            yield ("failed", f"fuzz: {name}", 0.0, "the program was not built")
            return
        corpus = os.path.join(ROOT, "build/ci-asan/corpus", name)
        crashes = os.path.join(ROOT, "build/ci-asan/crashes")
        os.makedirs(corpus, exist_ok=True)
        os.makedirs(crashes, exist_ok=True)
        seeds = os.path.join("fuzz/seeds", name[:-5])
        folders = [corpus] + ([seeds] if os.path.isdir(os.path.join(ROOT, seeds)) else [])
        yield check(f"fuzz: {name}", [program, f"-max_total_time={FUZZ_SECONDS}", "-rss_limit_mb=2048", "-timeout=20",
                                      f"-artifact_prefix={crashes}/{name}-", *folders], timeout=600, env=SANITIZER_ENV)

    yield from side_by_side(one, names)


def build_tsan(**more):
    chosen = rooms_with_tests(TSAN_ROOMS)
    return list(build("ci-tsan", "tsan", [f"{room}_test" for room in chosen] or ["all"], *UNOPTIMISED, **more))


def step_tsan():
    """g++ with TSan: the unit tests of the rooms that start threads"""
    chosen = rooms_with_tests(TSAN_ROOMS)
    if "tsan" in IDLE:
        IDLE.pop("tsan").result()
    yield from build_tsan()  # what was not built yet
    yield from side_by_side(lambda room: gtest("ci-tsan", room, False, SANITIZER_ENV), chosen)


def tidy(idle=False):
    before = ["chrt", "--idle", "0"] if idle else []
    if not shutil.which("clang-tidy-19"):
        yield ("skipped", "clang-tidy", 0.0, "no clang-tidy-19")
        return
    if not os.path.exists(os.path.join(ROOT, "build/ci-asan/compile_commands.json")):
        result = check("ci-asan: configure", ["cmake", "--preset", "fuzz", "-B", "build/ci-asan", *ASAN_BUILD])
        if result[0] == "failed":
            yield result
            return
    for folder in TIDY:
        files = sorted(f for f in glob.glob(f"{ROOT}/{folder}/**/*.cc", recursive=True)
                       if not f.endswith(("_test.cc", "_bench.cc")))
        if files:
            yield check(f"clang-tidy {folder}", [*before, "xargs", "-a", write_list(folder, files), "-P", JOBS, "-n", "2",
                                                 "clang-tidy-19", "--quiet", "-p", "build/ci-asan"])


def step_tidy():
    """clang-tidy on the rooms that hostile bytes reach first"""
    yield from IDLE.pop("tidy").result() if "tidy" in IDLE else tidy()


def write_list(name, files):
    path = os.path.join(LOGS, "tidy-" + name.replace("/", "-") + ".txt")
    os.makedirs(LOGS, exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(files) + "\n")
    return path


STEPS = {"checks": step_checks, "program": step_program, "unit": step_unit, "fuzz": step_fuzz, "e2e": step_e2e,
         "tsan": step_tsan, "tidy": step_tidy}


def main():
    os.environ.pop("SCANTLING_NO_INSTALL", None)  # tools/test's own; the program would call it unknown
    wanted = sys.argv[1:]
    if wanted == ["--list"]:
        for name, step in STEPS.items():
            print(f"{name:8} {step.__doc__}")
        return 0
    unknown = [name for name in wanted if name not in STEPS]
    if unknown:
        print(f"no step {unknown[0]}; there are: {' '.join(STEPS)}", file=sys.stderr)
        return 2
    counts = {"passed": 0, "failed": 0, "skipped": 0}
    failures, skips = [], {}
    chosen = [name for name in STEPS if not wanted or name in wanted]
    pool = concurrent.futures.ThreadPoolExecutor(1)
    for name in chosen:
        step = STEPS[name]
        started = time.monotonic()
        if name == "e2e":  # these wait more than they work: what comes after them begins in the time that they leave
            if "tsan" in chosen:
                IDLE["tsan"] = pool.submit(build_tsan, idle=True)
            if "tidy" in chosen:
                IDLE["tidy"] = pool.submit(lambda: list(tidy(idle=True)))
        here = {"passed": 0, "failed": 0, "skipped": 0}
        print(f"== {name}: {step.__doc__}", flush=True)
        for status, case, _, detail in step():
            here[status] += 1
            if status == "failed":
                failures.append(case)
                print(f"FAILED {case}")
                print("".join(f"    {line}\n" for line in detail.split("\n")[:60]), end="", flush=True)
            elif status == "skipped":
                skips.setdefault(detail or "no reason given", []).append(case)
                print(f"skipped {case}" + (f": {detail}" if detail else ""), flush=True)
        print(f"   {here['passed']} passed, {here['failed']} failed, {here['skipped']} skipped "
              f"in {time.monotonic() - started:.0f} s", flush=True)
        for key in counts:
            counts[key] += here[key]
    for case in failures:
        print(f"FAILED {case}")
    print(f"{counts['passed']} passed, {counts['failed']} failed, {counts['skipped']} skipped")
    return 1 if counts["failed"] or not counts["passed"] else 0


if __name__ == "__main__":
    sys.exit(main())
