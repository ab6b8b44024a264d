#!/usr/bin/env python3
"""Holds the order of the rooms (docs/architecture.md): a room includes only itself and rooms above it.

Also: siblings inside catalog/ and advisory/ never include one another (what they share is in common/), heavy third-party
headers stay in the .cc files of one room, includes are absolute from src/, and every room has a README.md of at most 40 lines.
Prints file:line: message for each violation; exit 1 when there are any. --self-test plants violations and expects them found.
"""
import os
import re
import sys
import tempfile

HEAVY = {  # header prefix -> the one room whose .cc files may include it
    "simdjson.h": "codec",
    "CLI/": "cli",
    "yaml.h": "codec",
    "isa-l": "codec",
    "libdeflate.h": "codec",
    "lzma.h": "codec",
    "bzlib.h": "codec",
    "boost/": "server",
    "sqlite3.h": "store",
    "postgresql/": "store",
    "curl/": "net",
    "sodium.h": "server",
    "zstd.h": None,  # codec, and advisory for its own file format
}
LIBRARY = "_library.h"  # the functions of a library that is opened when it is needed; for the .cc files of its room only
INCLUDE = re.compile(r'^\s*#\s*include\s+([<"])([^>"]+)[>"]')
SPLIT_ROOMS = ("catalog", "advisory")


def rooms_of(root):
    """The rooms in order, from the table of docs/architecture.md: lines that start with "| `name`"."""
    rooms = []
    with open(os.path.join(root, "docs/architecture.md"), encoding="utf-8") as file:
        for line in file:
            match = re.match(r"\| `([a-z]+)` \|", line)
            if match:
                rooms.append(match.group(1))
    return rooms


def check(root):
    errors = []
    rooms = rooms_of(root)
    if not rooms:
        return ["docs/architecture.md: no table of rooms"]
    order = {name: index for index, name in enumerate(rooms)}
    source = os.path.join(root, "src")
    for name in sorted(os.listdir(source)):
        if not os.path.isdir(os.path.join(source, name)):
            continue
        if name not in order:
            errors.append(f"src/{name}: not a room of docs/architecture.md")
            continue
        readme = os.path.join(source, name, "README.md")
        if not os.path.exists(readme):
            errors.append(f"src/{name}: no README.md")
        else:
            with open(readme, encoding="utf-8") as file:
                if len(file.readlines()) > 40:
                    errors.append(f"src/{name}/README.md: more than 40 lines")
    for folder, names, files in os.walk(source):
        names.sort()
        for file_name in sorted(files):
            if not file_name.endswith((".cc", ".h", ".inc")):
                continue
            path = os.path.join(folder, file_name)
            shown = os.path.relpath(path, root)
            parts = os.path.relpath(path, source).split(os.sep)
            room = parts[0]
            if room not in order:
                continue
            group = parts[1] if room in SPLIT_ROOMS and len(parts) > 2 else None
            is_test = "_test" in file_name or file_name.endswith("_bench.cc")
            with open(path, encoding="utf-8", errors="replace") as file:
                for number, line in enumerate(file, 1):
                    match = INCLUDE.match(line)
                    if match:
                        message = judge(root, room, group, file_name, is_test, match.group(1), match.group(2), order)
                        if message:
                            errors.append(f"{shown}:{number}: {message}")
    return errors


def judge(root, room, group, file_name, is_test, quote, target, order):
    if quote == "<":
        for prefix, owner in HEAVY.items():
            if not (target == prefix or target.startswith(prefix) and not prefix.endswith(".h")):
                continue
            if not file_name.endswith((".cc", LIBRARY)) and not is_test:
                return f"<{target}> in a header: only .cc files may include it"
            if owner and room != owner and not is_test:
                return f"<{target}> belongs to the room {owner}"
        return None
    if target.startswith("tests/"):
        return None if is_test else "tests/ is for tests only"
    parts = target.split("/")
    if len(parts) < 2 or parts[0] not in order:
        return f'"{target}" is not absolute from src/'
    if target.endswith(LIBRARY) and parts[0] != room:
        return f'"{target}" is for its own room only'
    if not os.path.exists(os.path.join(root, "src", target)):
        return f'"{target}" does not exist'
    if order[parts[0]] > order[room]:
        return f"{room} may not use {parts[0]}, a room below it"
    if parts[0] == room and group and len(parts) > 2 and parts[1] not in (group, "common") and group != "common" and not is_test:
        return f"{room}/{group} may not use its sibling {room}/{parts[1]}"
    if parts[0] == room and group == "common" and len(parts) > 2 and parts[1] != "common":
        return f"{room}/common may not use {room}/{parts[1]}"
    return None


def self_test():
    """Plants one violation of each kind, and clean files between them."""
    with tempfile.TemporaryDirectory() as root:
        def put(path, text):
            path = os.path.join(root, path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        put("docs/architecture.md", "| `base` | x |\n| `codec` | x |\n| `catalog` | x |\n| `cli` | x |\n")
        for room in ("base", "codec", "catalog"):
            put(f"src/{room}/README.md", "# room\n")
        put("src/base/a.h", "#include <string>\n")
        put("src/codec/ok.cc", '#include "base/a.h"\n#include <simdjson.h>\n')
        put("src/codec/simdjson_library.h", "#include <simdjson.h>\n")
        put("src/catalog/common/c.h", '#include "base/a.h"\n')
        put("src/catalog/npm/n.h", '#include "catalog/common/c.h"\n')
        put("src/cli/main.cc", '#include "catalog/npm/n.h"\n#include <CLI/CLI.hpp>\n')
        want = {"src/cli: no README.md"}
        if set(check(root)) != want:
            return f"clean tree: {check(root)}"
        planted = {
            "src/base/up.cc": ('#include "codec/ok.cc"\n', "base may not use codec"),
            "src/catalog/pip/p.cc": ('\n#include "catalog/npm/n.h"\n', "may not use its sibling"),
            "src/catalog/common/d.cc": ('#include "catalog/npm/n.h"\n', "catalog/common may not use"),
            "src/codec/heavy.h": ("#include <simdjson.h>\n", "in a header"),
            "src/base/cli.cc": ("#include <CLI/CLI.hpp>\n", "belongs to the room cli"),
            "src/catalog/library.cc": ('#include "codec/simdjson_library.h"\n', "for its own room only"),
            "src/base/relative.cc": ('#include "a.h"\n', "not absolute"),
            "src/base/gone.cc": ('#include "base/gone.h"\n', "does not exist"),
        }
        for path, (text, _) in planted.items():
            put(path, text)
        put("src/extra/x.h", "")
        found = check(root)
        for path, (_, message) in planted.items():
            if not any(error.startswith(path) and message in error for error in found):
                return f"not found: {path}: {message}"
        if not any("src/extra: not a room" in error for error in found):
            return "a folder that is no room was not found"
        if len(found) != len(planted) + 2:
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
