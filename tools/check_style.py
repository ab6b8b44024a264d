#!/usr/bin/env python3
"""What clang-format and clang-tidy do not check, by simple greps over src/, fuzz/, bench/ and tests/.

Forbidden calls and headers, files of at most 800 lines, a comment that opens every file (a .cc may leave it to its header),
#pragma once in headers. Prints file:line: message; exit 1 when there is any. --self-test plants violations.
"""
import os
import re
import sys
import tempfile

MAX_LINES = 800
DATA = ("src/advisory/starter/starter_set.cc",)  # tables of facts may be longer
FORBIDDEN = [
    (r"\b(strcpy|strcat|sprintf|vsprintf|gets|system|popen)\s*\(", "unsafe call"),
    (r"#\s*include\s*<regex>|std::regex", "std::regex: a linear-time parser instead"),
    (r"^\s*using\s+namespace\b", "using namespace"),
    (r"#\s*include\s*<(format|print)>", "not in the compiler's library"),
    (r"(?<![\w.])throw\b(?!\(\))", "we never throw"),
    (r"\b(rand|srand|localtime|gmtime|strtok)\s*\(", "not thread-safe, or not deterministic"),
    (r"\bstd::(shared_ptr<const )?locale\b|setlocale\s*\(", "locale"),
    (r"\bTODO\b(?!\(\d+\))", "a TODO without an issue number"),
]
CATCH_ALL = re.compile(r"catch\s*\(\s*\.\.\.\s*\)")
WRAPPERS = re.compile(r"<(simdjson\.h|CLI/|rapidcheck)")
FOLDERS = ("src", "fuzz", "bench", "tests")


def code_of(line):
    """The line without string literals, character literals and // comments (good enough for greps)."""
    line = re.sub(r'"(\\.|[^"\\])*"', '""', line)
    line = re.sub(r"'(\\.|[^'\\])'", "''", line)
    return line.split("//", 1)[0]


def opens_with_comment(lines):
    for line in lines[:3]:
        if line.strip():
            return line.startswith(("//", "/*"))
    return False


def check_file(path, shown):
    errors = []
    with open(path, encoding="utf-8", errors="replace") as file:
        lines = file.read().split("\n")
    if len(lines) > MAX_LINES + 1 and shown not in DATA:
        errors.append(f"{shown}:1: {len(lines) - 1} lines, more than {MAX_LINES}")
    has_comment = opens_with_comment(lines)
    if not has_comment and path.endswith(".cc"):
        header = re.sub(r"(_test|_bench)?\.cc$", ".h", path)
        if os.path.exists(header):
            with open(header, encoding="utf-8", errors="replace") as file:
                has_comment = opens_with_comment(file.read().split("\n"))
    if not has_comment:
        errors.append(f"{shown}:1: no comment that says what the file is")
    if path.endswith(".h") and "#pragma once" not in lines:
        errors.append(f"{shown}:1: no #pragma once")
    text = "\n".join(lines)
    raw = 0  # inside a raw string literal
    for number, line in enumerate(lines, 1):
        if raw:
            raw = 0 if re.search(r'\)[A-Za-z0-9_]*"', line) else 1
            continue
        if re.search(r'R"[A-Za-z0-9_]*\((?!.*\)[A-Za-z0-9_]*")', line):
            raw = 1
            line = line.split('R"', 1)[0]
        is_include = re.match(r"\s*#\s*include", line)
        code = line if is_include else code_of(line)
        for pattern, message in FORBIDDEN:
            subject = line if "TODO" in pattern else code
            if re.search(pattern, subject):
                errors.append(f"{shown}:{number}: {message}")
        if CATCH_ALL.search(code) and not WRAPPERS.search(text):
            errors.append(f"{shown}:{number}: catch (...) outside a wrapper of third-party code")
    return errors


def check(root):
    errors = []
    for top in FOLDERS:
        for folder, names, files in os.walk(os.path.join(root, top)):
            names[:] = sorted(n for n in names if n not in ("testdata", "seeds", "__pycache__"))
            for name in sorted(files):
                if name.endswith((".cc", ".h")):
                    path = os.path.join(folder, name)
                    errors += check_file(path, os.path.relpath(path, root))
    return errors


def self_test():
    with tempfile.TemporaryDirectory() as root:
        def put(name, text):
            os.makedirs(os.path.join(root, "src/x"), exist_ok=True)
            with open(os.path.join(root, "src/x", name), "w", encoding="utf-8") as file:
                file.write(text)
        put("good.h", '// Good.\n#pragma once\n// system( in a comment is fine\nconst char* a = "strcpy(";\n')
        put("good.cc", '#include "x/good.h"\nint b = filesystem(1);\n')
        found = check(root)
        if found:
            return f"clean tree: {found}"
        planted = {
            "call.cc": "// C.\nvoid f() { system(a); }\n",
            "regex.cc": "// C.\n#include <regex>\n",
            "namespace.cc": "// C.\nusing namespace std;\n",
            "throw.cc": "// C.\nvoid f() { throw 1; }\n",
            "catch.cc": "// C.\nvoid f() { try {} catch (...) {} }\n",
            "todo.cc": "// C.\n// TODO later\n",
            "long.cc": "// C.\n" + "\n" * 900,
            "bare.cc": "int a;\n",
            "once.h": "// H.\nint a();\n",
        }
        for name, text in planted.items():
            put(name, text)
        found = check(root)
        for name in planted:
            if not any(f"src/x/{name}:" in error for error in found):
                return f"not found: {name}"
        if len(found) != len(planted):
            return f"too much found: {found}"
    return None


def main():
    if sys.argv[1:] == ["--self-test"]:
        failure = self_test()
        print(failure or "self-test: every planted violation was found")
        return 1 if failure else 0
    root = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
    errors = check(root)
    for error in errors:
        print(error)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
