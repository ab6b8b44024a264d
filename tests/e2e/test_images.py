"""Real images: components against the installers' own lists, all forms alike, reports that follow their schema."""
import json
import os
import re
import shutil

import images
from harness import check, fresh, inventory, run, same, scan
from harness import case as mark
from images import ROOT, Skip
from synthetic import layer_files, rewrite


def of_type(document, kind):
    return sorted([c["name"], c.get("version", "")] for c in document["components"] if c["type"] == kind)


def unique(pairs):
    return sorted(map(list, {tuple(p) for p in pairs}))


def normal(pairs):
    """PEP 503 names."""
    return sorted([re.sub(r"[-_.]+", "-", name).lower(), version] for name, version in pairs)


_inventories = {}


def listed(name):
    """The inventory of an image's oci form, read once."""
    if name not in _inventories:
        built = images.get(name)
        _inventories[name] = (built, inventory(built.forms["oci"]))
    return _inventories[name]


@mark("debian: packages as dpkg-query lists them, over layers that remove and move things")
def debian():
    built, document = listed("debian")
    same(of_type(document, "deb"), built.facts["deb"], "deb")


@mark("debian: a removed package leaves nothing, and layers are told apart")
def debian_layers():
    _, document = listed("debian")
    by_name = {c["name"]: c for c in document["components"]}
    check("patch" not in by_name and "make" not in by_name, "a removed package is still listed")
    check("curl" in by_name, "curl is missing")
    check(by_name["curl"]["layer"] == 1, f"curl came with layer {by_name['curl']['layer']}, not 1")
    check(by_name["dpkg"]["layer"] == 0, f"dpkg came with layer {by_name['dpkg']['layer']}, not 0")


@mark("python: packages as dpkg-query lists them")
def python_deb():
    built, document = listed("python")
    same(of_type(document, "deb"), built.facts["deb"], "deb")


@mark("python: packages as pip lists them, in every folder")
def python_pip():
    built, document = listed("python")
    same(normal(of_type(document, "pypi")), normal(built.facts["pypi"]), "pypi")


@mark("python: what Debian's packages own says so, what pip installed does not")
def python_owner():
    _, document = listed("python")
    for component in document["components"]:
        if component["type"] == "pypi":
            by_debian = any(location["path"].startswith("usr/lib/python3/dist-packages") for location in component["locations"])
            owner = component.get("owner") or ""
            check(bool(owner) == by_debian, f"{component['name']} {component['version']}: owner {owner!r}, {component['locations']}")
            if by_debian:
                check("pkg:deb/debian/python3" in owner or "pkg:deb/debian/" in owner, f"owner {owner!r} is no Debian package")


@mark("node: packages as npm ls --all lists them")
def node():
    built, document = listed("node")
    found = [p for p in unique(of_type(document, "npm")) if p != ["shop", "1.0.0"]]
    same(found, built.facts["npm"], "npm")


@mark("node: the top-level package that brings each is named")
def node_chain():
    _, document = listed("node")
    chains = {c["name"]: c.get("via", []) for c in document["components"] if c["type"] == "npm"}
    for name in ("express", "lodash", "@babel/parser", "mkdirp"):
        same(chains[name], [], name)
    same(chains["send"][0], "express@4.16.4", "send")
    same(chains["minimist"], ["mkdirp@0.5.1"], "minimist")
    same(chains["mime-db"][0], "express@4.16.4", "mime-db")


@mark("pnpm: packages of the store as pnpm lists them")
def pnpm():
    built, document = listed("pnpm")
    found = [p for p in unique(of_type(document, "npm")) if p != ["store", "1.0.0"]]
    same(found, built.facts["npm"], "npm")


@mark("java: every pom.properties of real jars, bare and nested in a war in an ear")
def java():
    built, document = listed("java")
    found = [[c["name"], c["version"], any(".ear!" in location["path"] or location["path"].endswith(".ear")
                                           for location in c["locations"])]
             for c in document["components"] if c["type"] == "maven"]
    bare = sorted([n, v] for n, v, nested in found if not nested)
    nested = sorted([n, v] for n, v, nested in found if nested)
    for what, got, want in (("bare", bare, built.facts["maven"]), ("nested", nested, built.facts["maven_nested"])):
        missing = [p for p in want if p not in got]
        check(not missing, f"{what}: missing {missing}; there are {got}")
    # What is there beside them are jars without a pom.properties, named by manifest or file name.


@mark("java: jars from Maven Central")
def java_central():
    built, document = listed("java")
    if built.facts["skipped_central"]:
        raise Skip(built.facts["skipped_central"])
    got = of_type(document, "maven")
    for pair in built.facts["maven_central"]:
        check(pair in got, f"{pair} is missing; there are {got}")


@mark("go: modules of binaries as go version -m lists them")
def go():
    built, document = listed("go")
    for path, want in built.facts["golang"].items():
        got = sorted([c["name"], c["version"]] for c in document["components"] if c["type"] == "golang"
                     and any(location["path"].split("!")[0] == path for location in c["locations"])
                     and not c["name"].startswith("example.com/"))
        want_either = [[name, version.lstrip("v") if name == "stdlib" else version] for name, version in want]
        got = [[name, version.lstrip("v") if name == "stdlib" else version] for name, version in got]
        same(got, want_either, path)


@mark("alpine: packages as the installed database lists them")
def alpine():
    built, document = listed("alpine")
    same(of_type(document, "apk"), built.facts["apk"], "apk")


@mark("alpine: the archive as it came, packed with gzip")
def alpine_packed():
    built, document = listed("alpine")
    packed = inventory(f"docker-archive:{built.folder}/original.tar.gz")
    same(of_type(packed, "apk"), of_type(document, "apk"), "apk")


def make_rpm(name):
    @mark(f"{name}: packages as rpm -qa lists them")
    def rpm():
        built, document = listed(name)
        same(of_type(document, "rpm"), built.facts["rpm"], "rpm")


for rpm_name in ("rpm-bdb", "rpm-ndb", "rpm-sqlite"):
    make_rpm(rpm_name)


def plain(component, layers):
    """A component as the forms must agree on; a root folder has no layers."""
    copy = json.loads(json.dumps(component))
    if not layers:
        for key in ("layer", "last_layer"):
            copy.pop(key, None)
        copy["locations"] = [location["path"] for location in copy["locations"]]
    return copy


def plain_finding(finding, layers):
    copy = json.loads(json.dumps(finding))
    if not layers:
        for key in ("layer", "origin", "priority"):
            copy.pop(key, None)
    return copy


def make_forms(name):
    @mark(f"{name}: docker-archive, oci-archive, oci and rootfs give the same components and findings")
    def forms():
        built = images.get(name)
        reports = {form: scan(source).expect(0).json() for form, source in built.forms.items()}
        for form in ("docker-archive", "oci-archive", "rootfs"):
            layers = form != "rootfs"
            for part, reduce in (("components", plain), ("findings", plain_finding)):
                want = sorted((json.dumps(reduce(x, layers), sort_keys=True) for x in reports["oci"][part]))
                got = sorted((json.dumps(reduce(x, layers), sort_keys=True) for x in reports[form][part]))
                same(got, want, f"{form}: {part}")

    @mark(f"{name}: the report follows api/report.schema.json")
    def schema():
        try:
            import jsonschema
        except ImportError as error:
            raise Skip("no jsonschema") from error
        built = images.get(name)
        report = scan(built.forms["oci"]).expect(0).json()
        for document, schema_name in ((report, "report"), (inventory(built.forms["oci"]), "inventory")):
            with open(os.path.join(ROOT, f"api/{schema_name}.schema.json"), encoding="utf-8") as file:
                rules = json.load(file)
            validator = jsonschema.validators.validator_for(rules)(rules)
            errors = sorted(validator.iter_errors(document), key=lambda e: str(e.path))[:5]
            check(not errors, schema_name + ": " + "\n".join(f"{list(e.path)}: {e.message[:300]}" for e in errors))
        same(report["schema"], "scantling.report/1", "schema")
        keys = [finding["id"] + "@" + finding["component"] for finding in report["findings"]]
        check(len(keys) == len(set(keys)), "a finding stands twice")
        refs = {component["ref"] for component in report["components"]}
        check(all(finding["component"] in refs for finding in report["findings"]), "a finding without its component")
        resolved = {key for action in report["actions"] for key in action["resolves"]}
        same(sorted(resolved), sorted(keys), "what actions resolve against the findings")

    @mark(f"{name}: the same bytes at --jobs 1 and 2, cold and from the cache, on any day")
    def jobs():
        built = images.get(name)
        cache = fresh("cache")
        one = scan(built.forms["oci"], "--jobs", "1").expect(0).out
        two = scan(built.forms["oci"], "--jobs", "2", cache=cache).expect(0).out
        warm = scan(built.forms["oci"], "--jobs", "2", cache=cache).expect(0).out
        later = scan(built.forms["oci"], "--now", "2031-05-06", cache=cache).expect(0).out
        for what, other in (("--jobs 2", two), ("from the cache", warm), ("on another day", later)):
            check(one == other, f"{what}: other bytes than --jobs 1")

    @mark(f"{name}: the second scan reads no layer byte")
    def second():
        built = images.get(name)
        folder = os.path.join(fresh("second"), "oci")
        shutil.copytree(f"{built.folder}/oci", folder, copy_function=os.link)
        cache = fresh("cache")
        first = scan(f"oci:{folder}", cache=cache).expect(0).out
        for path in layer_files(folder):
            size = os.path.getsize(path)
            rewrite(path, b"")
            os.truncate(path, size)  # a hole: not one byte of the layer is left
        again = scan(f"oci:{folder}", cache=cache).expect(0).out
        check(first == again, "the second scan differs")


for image_name in images.IMAGES:
    make_forms(image_name)


@mark("every image: everything that was claimed was read")
def coverage():
    for name in images.IMAGES:
        try:
            _, document = listed(name)
        except Skip:
            continue
        covered = document["coverage"]
        check(covered["claimed"] == covered["read"] > 0 and not covered["skipped"], f"{name}: {covered}")


@mark("feeds: the compiled database finds more than the starter set, and says how old it is")
def feeds():
    folder = os.environ.get("SCANTLING_FEEDS", "")
    if not os.path.isdir(folder):
        raise Skip("SCANTLING_FEEDS is not set")
    built = images.get("python")
    path = os.path.join(fresh("db"), "advisories.db")
    run("db", "build", "--feeds", folder, "-o", path).expect(0)
    starter = scan(built.forms["oci"]).expect(0).json()
    report = scan(built.forms["oci"], "--db", path).expect(0).json()
    check(len(report["findings"]) > len(starter["findings"]), "no more findings than with the starter set")
    check(any(f["component"].startswith("pkg:pypi/django") for f in report["findings"]), "nothing about Django 2.2")
    check(all(s["as_of"] for s in report["database"]["sources"]), "a source without a date")
    check(run("db", "info", "--db", path).expect(0).out != "", "db info says nothing")
