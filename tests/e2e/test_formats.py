"""Documents of every format against what their readers use: SARIF's official schema, the page in a real browser.

The documents are those of report_test (SCANTLING_DOCUMENTS), which SCANTLING_REPORT_TEST names or which stands beside the program: a
small report of a pipeline, an empty one, a hostile one, and one of 20,000 findings.
"""
import fcntl
import json
import os
import shutil
import subprocess

from harness import WORK, case, check, fresh, program
from images import ROOT, Skip, client

PLAYWRIGHT = "playwright-core@1"
SARIF = "@microsoft/jest-sarif@1.0.0-beta.0"
NOT_CHECKED = ("GitLab container scanning 15.0.7", "GitLab code quality", "JUnit (junit-10.xsd)")


def documents():
    """The folder with a document of every format, made once."""
    folder = os.path.join(WORK.name, "documents")
    if not os.path.isdir(folder):
        maker = os.environ.get("SCANTLING_REPORT_TEST") or os.path.join(os.path.dirname(program()), "report_test")
        if not os.path.exists(maker):
            raise Skip(f"{maker} is not built, so there are no documents to check")
        os.mkdir(folder)
        subprocess.run([maker, "--gtest_filter=Documents.*", "--gtest_brief=1"], check=True, capture_output=True, timeout=300,
                       env={**os.environ, "SCANTLING_DOCUMENTS": folder})
    return folder


def package(name):
    """An npm package below build/npm; a skip when the registry is out of reach."""
    folder = os.path.join(ROOT, "build/npm")
    home = os.path.join(folder, "node_modules", name.rsplit("@", 1)[0])
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, "lock"), "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # the other half of the tests installs here, too
        if not os.path.isdir(home):
            client(f"npm install {name}", "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--no-save", "--legacy-peer-deps",
                   "--fetch-retries=1", "--prefix", folder, name)
    return home


def read(name):
    with open(os.path.join(documents(), name), encoding="utf-8") as file:
        return json.load(file)


def follows(schema_file, names):
    try:
        import jsonschema
    except ImportError as error:
        raise Skip("python3-jsonschema is not installed") from error
    with open(schema_file, encoding="utf-8") as file:
        schema = json.load(file)
    validator = jsonschema.validators.validator_for(schema)(schema)
    for name in names:
        faults = [f"{name}: {list(e.path)[:6]}: {e.message[:200]}" for e in validator.iter_errors(read(name))]
        check(not faults, "\n".join(faults[:10]))


@case("formats: SARIF follows the official schema of 2.1.0")
def sarif_schema():
    documents()
    home = None
    folder = os.path.join(ROOT, "build/npm")
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "package/lib/schemas/sarif-2.1.0-rtm.5.json")
    if not os.path.exists(path):
        # The package alone, without what it would run: only the schema in it is wanted.
        home = fresh("pack")
        client(f"npm pack {SARIF}", "npm", "pack", SARIF, "--pack-destination", home, "--fetch-retries=1")
        archive = [name for name in os.listdir(home) if name.endswith(".tgz")][0]
        shutil.unpack_archive(os.path.join(home, archive), folder)
    follows(path, ["empty-sarif.sarif", "ci-sarif.sarif", "hostile-sarif.sarif"])


@case("formats: official schemas that no package ships")
def others():
    raise Skip("official schema not available: " + ", ".join(NOT_CHECKED)
               + "; report_test checks these by tests/formats/check.py, written from the specifications")


@case("formats: the page in a browser, from the disk, on a screen and on a phone")
def page():
    folder = documents()
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not browser:
        raise Skip("chromium is not installed")
    if not shutil.which("node"):
        raise Skip("node is not installed")
    modules = os.path.dirname(package(PLAYWRIGHT))
    result = subprocess.run(["node", os.path.join(ROOT, "tests/e2e/page_check.mjs"), modules, folder], capture_output=True, timeout=240,
                            text=True, env={**os.environ, "CHROMIUM": browser})
    check(result.returncode == 0, result.stdout[-3000:] + result.stderr[-3000:])
