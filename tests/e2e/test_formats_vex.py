"""VEX documents against what their standards bodies publish: CSAF 2.0's schema and mandatory tests, as pip's csaf-lib ships and
does them, and CycloneDX's schema of npm's @cyclonedx/cyclonedx-library. Documents are those of report_test (see test_formats.py).

OpenVEX's schema is shipped by no package; what it demands is written down here from the specification.
"""
import json
import os
import re
import shutil
import subprocess

from harness import case, check
from images import ROOT, client
from test_formats import documents, package

PIP = {"csaf-lib": "0.1.0b12", "jsonschema": "4.23.0"}
REPORTS = ("ci", "hostile", "large")  # an empty report has nothing to say, which the formats do not allow for


def validators():
    """A folder with the Python packages, installed once."""
    folder = os.path.join(ROOT, "build/e2e-pip-vex")
    done = os.path.join(folder, "-".join(f"{name}-{version}" for name, version in PIP.items()))
    if not os.path.exists(done):
        shutil.rmtree(folder, ignore_errors=True)
        client("pip install", "/usr/bin/python3", "-m", "pip", "install", "-q", "--disable-pip-version-check",
               "--root-user-action", "ignore", "--target", folder, *(f"{name}=={version}" for name, version in PIP.items()))
        with open(done, "wb"):
            pass
    return folder


def files(form, ending, reports=REPORTS):
    return [f"{documents()}/{report}-{form}{ending}" for report in reports]


def checked(script, names):
    """Runs a Python script over files, with the validators; what it prints is what is wrong."""
    result = subprocess.run(["/usr/bin/python3", "-W", "ignore", "-c", script, *names], capture_output=True, text=True,
                            timeout=300, env={**os.environ, "PYTHONPATH": validators()})
    check(result.returncode == 0 and not result.stdout.strip(), (result.stdout + result.stderr)[-2500:])


@case("vex: CSAF 2.0 follows the official schema, and passes the mandatory tests of the VEX profile")
def csaf():
    checked("""
import json, sys
from csaf_lib.verification import Verifier
for name in sys.argv[1:]:
    for failure in Verifier.from_file(name).run_all().failures:
        print(name, failure.test_id, str(failure.message)[:300])
""", files("csaf-vex", ".csaf.json", ("ci", "hostile")))  # the large one takes half a minute


@case("vex: CycloneDX VEX follows the official schema, and its references lead somewhere")
def cyclonedx():
    schemas = os.path.join(package("@cyclonedx/cyclonedx-library@10.3.0"), "res/schema")
    checked(f"""
import json, sys
import jsonschema
from referencing import Registry
from referencing.jsonschema import DRAFT7
read = lambda name: json.load(open(name, encoding="utf-8"))
names = ["bom-1.6.SNAPSHOT.schema.json", "spdx.SNAPSHOT.schema.json", "jsf-0.82.SNAPSHOT.schema.json"]
parts = {{name: read({schemas!r} + "/" + name) for name in names}}
registry = Registry().with_resources(
    [(url, DRAFT7.create_resource(part)) for name, part in parts.items()
     for url in (part["$id"], "http://cyclonedx.org/schema/" + name)])
validator = jsonschema.Draft7Validator(parts[names[0]], registry=registry)
for name in sys.argv[1:]:
    document = read(name)
    if "large" not in name:  # uniqueItems of 20,000 objects takes that library minutes
        for error in list(validator.iter_errors(document))[:5]:
            print(name, list(error.absolute_path), error.message[:300])
    refs = {{c["bom-ref"] for c in document["components"]}}
    for vulnerability in document["vulnerabilities"]:
        if not {{a["ref"] for a in vulnerability["affects"]}} <= refs:
            print(name, vulnerability["id"], "affects what is not there")
""", files("cyclonedx-vex", ".vex.cdx.json"))


def openvex_faults(document):
    """What the specification of OpenVEX 0.2.0 demands of a document."""
    for key in ("@context", "@id", "author", "timestamp", "version", "statements"):
        if key not in document:
            yield f"no {key}"
    if set(document) - {"@context", "@id", "author", "role", "timestamp", "last_updated", "version", "tooling", "statements"}:
        yield "an unknown member of the document"
    if document["@context"] != "https://openvex.dev/ns/v0.2.0" or not re.match(r"[a-z]+:", document["@id"]):
        yield "@context or @id"
    seen = set()
    for index, statement in enumerate(document["statements"]):
        text = json.dumps(statement, sort_keys=True)
        if text in seen:
            yield f"statement {index} stands twice"
        seen.add(text)
        if set(statement) - {"vulnerability", "products", "status", "status_notes", "justification", "impact_statement",
                             "action_statement"}:
            yield f"statement {index}: unknown members"
        if set(statement["vulnerability"]) - {"name", "aliases"} or "name" not in statement["vulnerability"]:
            yield f"statement {index}: vulnerability"
        if statement["status"] not in ("not_affected", "affected", "fixed", "under_investigation"):
            yield f"statement {index}: status"
        if statement["status"] == "affected" and not statement.get("action_statement"):
            yield f"statement {index}: affected without an action"
        if statement["status"] == "not_affected" and ("justification" in statement) == ("impact_statement" in statement):
            yield f"statement {index}: one of justification and impact_statement"
        for product in statement["products"]:
            if set(product) - {"@id", "subcomponents"} or any(set(part) != {"@id"} for part in product.get("subcomponents", [])):
                yield f"statement {index}: product"


@case("vex: OpenVEX is as its specification demands (its schema is shipped by no package)")
def openvex():
    for name in files("openvex", ".openvex.json"):
        with open(name, encoding="utf-8") as file:
            faults = list(openvex_faults(json.load(file)))
        check(not faults, f"{name}: {faults[:5]}")
