"""Bills of materials against what their standards bodies publish: schemas and validators of npm and pip packages.

Documents are those of report_test (see test_formats.py) and those of real scans. CycloneDX: the JSON and XML schemas that
npm's @cyclonedx/cyclonedx-library ships. SPDX 2.3: the validator of SPDX's own spdx-tools, which reads JSON and tag-value.
SPDX 3.0.1: SPDX's own spdx-python-model, whose classes are made from the model (types, ranges, required members). in-toto:
the protobuf classes of in-toto-attestation for the statement; its predicates are checked as what they are.
"""
import glob
import json
import os
import shutil
import subprocess
import sys

from harness import case, check, fresh, inventory, run, same
from images import ROOT, STORE, Skip, client, need
from synthetic import DEBIAN, dpkg_status, layout, shop
from test_formats import documents, package

PIP = {"jsonschema": "4.23.0", "spdx-tools": "0.8.5", "spdx-python-model": "0.0.6", "in-toto-attestation": "0.9.3"}
NOT_CHECKED = ("SPDX 3.0.1: the JSON schema and SHACL shapes, which no package ships",
               "in-toto: the vulns predicate, which has no published schema; that cosign verifies it")

_scans = None


def validators():
    """A folder with the Python packages, installed once."""
    folder = os.path.join(ROOT, "build/e2e-pip")
    done = os.path.join(folder, "-".join(f"{name}-{version}" for name, version in PIP.items()))
    if not os.path.exists(done):
        shutil.rmtree(folder, ignore_errors=True)
        client("pip install", "/usr/bin/python3", "-m", "pip", "install", "-q", "--disable-pip-version-check",
               "--root-user-action", "ignore", "--target", folder, *(f"{name}=={version}" for name, version in PIP.items()))
        with open(done, "wb"):
            pass
    return folder


def checked(script, files):
    """Runs a Python script over files, with the validators; what it prints is what is wrong."""
    check(files, "no documents")
    result = subprocess.run(["/usr/bin/python3", "-W", "ignore", "-c", script, *files], capture_output=True, text=True,
                            timeout=300, env={**os.environ, "PYTHONPATH": validators()})
    check(result.returncode == 0 and not result.stdout.strip(), (result.stdout + result.stderr)[-2500:])


def scans():
    """A folder with a real scan in every form: a synthetic image, and the images that were built for other cases."""
    global _scans
    if _scans is None:
        _scans = fresh("boms")
        sources = {"shop": f"oci:{shop()}"}
        for name in ("alpine", "python", "node", "java", "go", "rpm-sqlite"):
            if os.path.isdir(f"{STORE}/{name}/oci"):
                sources[name] = f"oci:{STORE}/{name}/oci"
        for name, source in sources.items():
            outputs = []
            for form, ending in (("cyclonedx", ".cdx.json"), ("cyclonedx-xml", ".cdx.xml"), ("spdx-json", ".spdx.json"),
                                 ("spdx-tag-value", ".spdx"), ("spdx3-json", ".spdx3.json"),
                                 ("intoto-cyclonedx", ".cdx.intoto.json"), ("intoto-spdx", ".spdx.intoto.json"),
                                 ("intoto-vuln", ".vuln.intoto.json")):
                outputs += ["--output", f"{form}={_scans}/{name}{ending}"]
            run("scan", source, *outputs).expect(0)
    return _scans


def files(form, ending, large=False):
    """Documents of report_test and of scans, the hostile one too. The one of 20,000 findings takes Python's validators minutes;
    its records are the same in every form, and xmllint reads it."""
    made = [name for name in glob.glob(f"{documents()}/*")
            if os.path.basename(name).split(".")[0].split("-", 1)[1] == form
            and (large or not os.path.basename(name).startswith("large-"))]
    return sorted(made) + sorted(
        name for name in glob.glob(f"{scans()}/*{ending}") if ending.count(".") == os.path.basename(name).count("."))


def schemas():
    return os.path.join(package("@cyclonedx/cyclonedx-library@10.3.0"), "res/schema")


@case("boms: CycloneDX JSON follows the official schema, and its references lead somewhere")
def cyclonedx_json():
    checked(f"""
import json, sys
import jsonschema
from referencing import Registry
from referencing.jsonschema import DRAFT7
read = lambda name: json.load(open(name, encoding="utf-8"))
names = ["bom-1.6.SNAPSHOT.schema.json", "spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json"]
parts = {{name: read({schemas()!r} + "/" + name) for name in names}}
registry = Registry().with_resources(
    [(url, DRAFT7.create_resource(part)) for name, part in parts.items()
     for url in (part["$id"], "http://cyclonedx.org/schema/" + name)])
validator = jsonschema.Draft7Validator(parts[names[0]], registry=registry)
for name in sys.argv[1:]:
    document = read(name)
    for error in list(validator.iter_errors(document))[:5]:
        print(name, list(error.absolute_path), error.message[:300])
    refs = [document["metadata"]["component"]["bom-ref"]] + [c["bom-ref"] for c in document["components"]]
    if len(refs) != len(set(refs)):
        print(name, "a bom-ref stands twice")
    used = set()
    for dependency in document["dependencies"]:
        used |= {{dependency["ref"], *dependency["dependsOn"]}}
    for vulnerability in document["vulnerabilities"]:
        used |= {{affected["ref"] for affected in vulnerability["affects"]}}
    if used - set(refs):
        print(name, "refers to what is not there:", sorted(used - set(refs))[:5])
""", files("cyclonedx", ".cdx.json"))


@case("boms: CycloneDX XML follows the official schema")
def cyclonedx_xml():
    need("xmllint")
    folder = schemas()
    result = subprocess.run(["xmllint", "--noout", "--nonet", "--huge", "--path", folder, "--schema",
                             f"{folder}/bom-1.6.SNAPSHOT.xsd", *files("cyclonedx-xml", ".cdx.xml", large=True)],
                            capture_output=True, text=True, timeout=300)
    check(result.returncode == 0, "\n".join(line for line in result.stderr.splitlines() if " validates" not in line)[-2500:])


@case("boms: SPDX 2.3, JSON and tag-value, as SPDX's own tools read and validate it")
def spdx():
    checked("""
import logging, sys
from spdx_tools.spdx.parser.error import SPDXParsingError
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
logging.disable(logging.CRITICAL)
for name in sys.argv[1:]:
    try:
        document = parse_file(name)
    except SPDXParsingError as error:
        print(name, error.get_messages()[:5])
        continue
    for message in validate_full_spdx_document(document)[:5]:
        print(name, message.validation_message[:300], message.context.spdx_id if message.context else "")
""", files("spdx-json", ".spdx.json") + files("spdx-tag-value", ".spdx"))


@case("boms: SPDX 3.0.1 as the classes of SPDX's model read it")
def spdx3():
    checked("""
import sys
from spdx_python_model import v3_0_1 as spdx
for name in sys.argv[1:]:
    objects = spdx.SHACLObjectSet()
    try:
        with open(name, "rb") as file:
            spdx.JSONLDDeserializer().read(file, objects)
    except Exception as error:
        print(name, repr(error)[:300])
        continue
    if objects.missing_ids:
        print(name, "refers to what is not there:", sorted(objects.missing_ids)[:5])
""", files("spdx3-json", ".spdx3.json"))


@case("boms: in-toto statements as in-toto's classes read them, about the image's manifest")
def intoto():
    names = [name for form, ending in (("intoto-cyclonedx", ".cdx.intoto.json"), ("intoto-spdx", ".spdx.intoto.json"),
                                       ("intoto-vuln", ".vuln.intoto.json"))
             for name in files(form, ending)]
    names = [name for name in names if os.path.getsize(name) > 0]  # empty: an image without a digest
    checked("""
import json, sys
from google.protobuf.json_format import ParseDict
from in_toto_attestation.v1.statement import Statement
from in_toto_attestation.v1.statement_pb2 import Statement as Message
for name in sys.argv[1:]:
    try:
        document = json.load(open(name, encoding="utf-8"))
        statement = Statement.copy_from_pb(ParseDict(document, Message()))
        statement.validate()
    except Exception as error:
        print(name, repr(error)[:300])
""", names)
    with open(f"{shop()}/index.json", encoding="utf-8") as file:
        digest = json.load(file)["manifests"][0]["digest"]
    with open(f"{scans()}/shop.cdx.intoto.json", encoding="utf-8") as file:
        statement = json.load(file)
    check("sha256:" + statement["subject"][0]["digest"]["sha256"] == digest, statement["subject"])
    with open(f"{scans()}/shop.cdx.json", encoding="utf-8") as file:
        check(json.load(file) == statement["predicate"], "the predicate is not the document of --output cyclonedx")


@case("boms: licences of real packages are expressions where they are")
def licences():
    found = {}
    for name in glob.glob(f"{scans()}/*.cdx.json"):
        with open(name, encoding="utf-8") as file:
            for component in json.load(file)["components"]:
                kind = component.get("purl", "").split("/")[0]
                known, all_of = found.get(kind, (0, 0))
                found[kind] = (known + bool(component.get("licenses")), all_of + 1)
    for kind in ("pkg:npm", "pkg:apk", "pkg:rpm"):
        if kind in found:
            known, all_of = found[kind]
            check(known > 0.8 * all_of, f"{kind}: {known} of {all_of} have a licence")


@case("boms: Debian packages have the licences of their machine-readable copyright files, and the coverage stays as it is")
def debian_licences():
    text = ("Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\nFiles: *\nCopyright: 2020 A\n"
            "License: GPL-2+\n\nFiles: debian/*\nLicense: Expat\n Permission is hereby granted\n")
    image = layout({**DEBIAN, "var/lib/dpkg/status": dpkg_status(("a", "1-1"), ("b", "1-1"), ("c", "1-1"))},
                   {"usr/share/doc/a/copyright": text, "usr/share/doc/b/copyright": "This package was debianized by hand.\nLicense: GPL\n",
                    "srv/copyright": text})
    found = inventory(f"oci:{image}")
    licences = {component["name"]: component["licenses"] for component in found["components"]}
    same(licences, {"a": ["Expat", "GPL-2+"], "b": [], "c": []}, "licences")
    same((found["coverage"]["skipped"], found["diagnostics"]), ([], []), "gaps")
    bom = run("inventory", f"oci:{image}", "--format", "cyclonedx").expect(0).json()
    said = next(component for component in bom["components"] if component["name"] == "a")["licenses"]
    check("GPL-2.0-or-later" in json.dumps(said) and "MIT" in json.dumps(said), str(said))


@case("boms: what is not checked")
def not_checked():
    raise Skip("; ".join(NOT_CHECKED))


if __name__ == "__main__":
    sys.exit("run tests/e2e/run.py boms")
