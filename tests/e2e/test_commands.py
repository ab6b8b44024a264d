"""The commands, their exit codes and their forms of input, on a small image."""
import gzip
import json
import os
import shutil
import subprocess

from harness import case, check, fresh, inventory, run, same, scan
from images import Skip
from synthetic import DEBIAN, archive, docker_archive, layout, package, shop

_shop = None


def image():
    global _shop
    if _shop is None:
        _shop = shop()
    return f"oci:{_shop}"


def folder():
    return image()[4:]


def pairs(document):
    return sorted([c["type"], c["name"], c["version"]] for c in document["components"])


@case("commands: the first screen says what to do, and that the starter set was used")
def screen():
    outcome = run("scan", image()).expect(0)
    check("log4j" in outcome.out, outcome.out)
    first = outcome.out.splitlines()[0]
    check("starter" in first, f"the first line does not name the starter set: {first}")
    check("\x1b" not in outcome.out, "colours without a terminal")


@case("commands: --all lists every finding")
def every():
    report = scan(image()).expect(0).json()
    text = run("scan", image(), "--all").expect(0).out
    for finding in report["findings"]:
        check(finding["id"] in text, f"{finding['id']} is missing")


@case("commands: -o writes a file, nothing on standard output")
def output():
    path = os.path.join(fresh("out"), "report.json")
    outcome = scan(image(), "-o", path).expect(0)
    check(outcome.out == "", outcome.out[:200])
    with open(path, encoding="utf-8") as file:
        same(file.read(), scan(image()).expect(0).out, "report")


@case("commands: exit 1 when --fail-on is met, 0 when not; kev and fixable")
def fail_on():
    for threshold in ("critical", "high", "kev", "fixable"):
        scan(image(), "--fail-on", threshold).expect(1)
    clean = layout(dict(DEBIAN))
    for threshold in ("critical", "low", "kev", "fixable"):
        scan(f"oci:{clean}", "--fail-on", threshold).expect(0)


@case("commands: exit 2 for wrong usage")
def usage():
    for arguments in (("scan",), ("scan", image(), "--no-such-flag"), ("scan", image(), "--fail-on", "purple"),
                      ("nosuch",), ("inventory", image(), "--format", "nosuch"), ("scan", image(), "--jobs", "x")):
        outcome = run(*arguments).expect(2)
        check(outcome.err.strip(), "no message")


@case("commands: exit 3 when the source is not there or is nothing known")
def no_source():
    path = os.path.join(fresh("junk"), "x")
    with open(path, "wb") as file:
        file.write(b"not an image at all")
    for source in ("oci:/no/such/folder", "docker-archive:/no/such/file", f"docker-archive:{path}", f"oci-archive:{path}"):
        outcome = scan(source).expect(3)
        check(outcome.err.strip(), "no message")


@case("commands: exit 4 for gaps, only when asked")
def gaps():
    broken = layout({**DEBIAN, "x/y.jar": b"PK\x03\x04 cut"})
    scan(f"oci:{broken}").expect(0)
    scan(f"oci:{broken}", "--fail-on-gaps").expect(4)
    outcome = scan(f"oci:{layout(dict(DEBIAN))}", "--fail-on-gaps").expect(4)
    check("nothing that is installed" in outcome.err, outcome.err)
    # The starter set is a gap of its own for whatever components there are.
    outcome = scan(image(), "--fail-on-gaps").expect(4)
    check("starter" in outcome.err, outcome.err)


@case("commands: every form of source: bare paths, standard input, packed archives, a tag")
def sources():
    want = pairs(inventory(image()))
    check(len(want) > 30, f"only {len(want)} components")
    docker, oci = docker_archive(folder()), archive(folder())
    packed = docker + ".gz"
    with open(docker, "rb") as plain, gzip.open(packed, "wb", 1) as out:
        shutil.copyfileobj(plain, out)
    sources = [folder(), docker, oci, packed, f"docker-archive:{docker}", f"oci-archive:{oci}", f"docker-archive:{packed}",
               f"{image()}:test"]
    if shutil.which("zstd"):
        subprocess.run(["zstd", "-q", oci, "-o", oci + ".zst"], check=True)
        sources += [oci + ".zst", f"oci-archive:{oci}.zst"]
    for source in sources:
        same(pairs(inventory(source)), want, source.replace(fresh("x"), ""))
    for path in (docker, oci, packed):
        with open(path, "rb") as file:
            same(pairs(run("inventory", "-", "--format", "json", stdin=file).expect(0).json()), want, f"standard input: {path}")


@case("commands: zstd layers")
def zstd_layers():
    if not shutil.which("skopeo"):
        raise Skip("no skopeo")
    out = os.path.join(fresh("zstd"), "image")
    result = subprocess.run(["skopeo", "--insecure-policy", "copy", "--quiet", "--dest-compress-format", "zstd",
                             "--dest-oci-accept-uncompressed-layers=false", "--dest-compress", f"{image()}:test", f"oci:{out}:test"],
                            capture_output=True)
    if result.returncode != 0:
        raise Skip("skopeo cannot write zstd layers")
    same(pairs(inventory(f"oci:{out}")), pairs(inventory(image())), "components")


@case("commands: --platform chooses from an index, and a wrong one is an error")
def platform():
    both = os.path.join(fresh("index"), "image")
    entries = []
    for architecture, version in (("amd64", "1.0.0"), ("arm64", "2.0.0")):
        layout({"a/node_modules/arch/package.json": package("arch", version)}, folder=both, architecture=architecture)
        with open(f"{both}/index.json", encoding="utf-8") as file:
            entry = json.load(file)["manifests"][0]
        entry.pop("annotations")
        entry["platform"] = {"architecture": architecture, "os": "linux"}
        entries.append(entry)
    with open(f"{both}/index.json", "w", encoding="utf-8") as file:
        json.dump({"schemaVersion": 2, "manifests": entries}, file)
    for architecture, version in (("amd64", "1.0.0"), ("arm64", "2.0.0")):
        document = run("inventory", f"oci:{both}", "--format", "json", "--platform", f"linux/{architecture}").expect(0).json()
        same(pairs(document), [["npm", "arch", version]], architecture)
    outcome = run("inventory", f"oci:{both}", "--format", "json", "--platform", "linux/s390x").expect(3)
    check("arm64" in outcome.err, f"what there is should be named: {outcome.err}")


@case("commands: inventory as a table and as CycloneDX")
def inventories():
    table = run("inventory", image()).expect(0).out
    check("lodash" in table and "4.17.15" in table, table[:500])
    document = run("inventory", image(), "--format", "cyclonedx").expect(0).json()
    same(document["bomFormat"], "CycloneDX", "bomFormat")
    purls = {c.get("purl") for c in document["components"]}
    check("pkg:npm/lodash@4.17.15" in purls, "no lodash")


@case("commands: explain says why an id is a finding and why it is not, from an image and from a report")
def explain():
    path = os.path.join(fresh("explain"), "report.json")
    scan(image(), "-o", path).expect(0)
    for source in (image(), path):
        text = run("explain", "CVE-2021-44228", source).expect(0).out
        check("log4j-core" in text and "2.14.1" in text, text)
    alias = run("explain", "GHSA-jfh8-c2jp-5v3q", image()).expect(0).out
    check("log4j-core" in alias, alias)
    other = run("explain", "CVE-2014-0160", image())
    check(other.code == 0 and other.out.strip(), f"exit {other.code}: {other.err}")


@case("commands: version compare prints the wrong lines and exits 1")
def version_compare():
    lines = os.path.join(fresh("v"), "lines")
    with open(lines, "w", encoding="utf-8") as file:
        file.write("1.0-1 < 1.0-2\n1:0 > 9\n1.0~rc1 < 1.0\n1.0 = 1.0-0\n")
    with open(lines, "rb") as file:
        run("version", "compare", "deb", stdin=file).expect(0)
    with open(lines, "w", encoding="utf-8") as file:
        file.write("1.0-1 < 1.0-2\n1.0 > 2.0\n")
    with open(lines, "rb") as file:
        outcome = run("version", "compare", "deb", stdin=file).expect(1)
    check("1.0 > 2.0" in outcome.out and "1.0-1" not in outcome.out, outcome.out)


@case("commands: db info and db lookup of the starter set")
def db():
    check(run("db", "info").expect(0).out.strip(), "db info says nothing")
    text = run("db", "lookup", "pkg:npm/lodash@4.17.15").expect(0).out
    check("CVE-2021-23337" in text or "CVE-2020-8203" in text, text)


@case("commands: --help of every command, with examples and limits; --version")
def help_texts():
    for command in (["scan"], ["inventory"], ["explain"], ["db"], ["version"], []):
        text = run(*command, "--help").expect(0).out
        check("scantling" in text, text[:200])
    check("scantling scan" in run("scan", "--help").out, "no example")
    check(run("--version").expect(0).out.strip(), "no version")


@case("commands: many processes share one cache")
def shared_cache():
    import concurrent.futures
    cache = fresh("cache")
    want = scan(image()).expect(0).out
    with concurrent.futures.ThreadPoolExecutor(6) as pool:
        for outcome in pool.map(lambda _: scan(image(), cache=cache), range(12)):
            check(outcome.expect(0).out == want, "another report")
