"""The page of the program server in Debian's chromium: tests/e2e/web_check.mjs does the clicking."""
import json
import os
import shutil
import subprocess

from harness import case, check, fresh
from images import ROOT, Skip
from server_support import serving
from web_fleet import advisories, fill

WEB = os.path.join(ROOT, "web")


def browser():
    found = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
    if not found:
        raise Skip("chromium is not installed")
    return found


def modules():
    """web/node_modules, as the build has left it, or installed now."""
    if not shutil.which("node") or not shutil.which("npm"):
        raise Skip("node and npm are not installed")
    if not os.path.exists(f"{WEB}/node_modules/playwright-core") or not os.path.exists(f"{WEB}/node_modules/axe-core"):
        result = subprocess.run(["npm", "ci", "--no-audit", "--no-fund", "--ignore-scripts"], cwd=WEB, capture_output=True, timeout=300)
        check(result.returncode == 0, result.stderr.decode()[-1500:])


def npm(*arguments):
    modules()
    result = subprocess.run(["npm", *arguments], cwd=WEB, capture_output=True, timeout=300)
    check(result.returncode == 0, (result.stdout + result.stderr).decode()[-3000:])
    return result.stdout.decode()


@case("web: the page's types fit the API's description")
def types():
    npm("run", "check")


@case("web: addresses, numbers and words")
def units():
    text = npm("test")
    check("# fail 0" in text or "ℹ fail 0" in text, text[-1500:])


@case("web: every page in a browser, on a screen and on a phone, by mouse and by keys")
def page():
    chromium = browser()
    modules()
    folder = fresh("web")
    advisories(f"{folder}/advisories.db")
    with serving(f"{folder}/data", "--db", f"{folder}/advisories.db") as server:
        server.sign_in()
        index = server.get("/").expect(200).text.decode()
        if "built without its page" in index:
            raise Skip("the program was built without its page (SCANTLING_WEB)")
        fill(server)
        # A link for the browser's own session.
        me = server.get("/api/v1/me").json()
        link = server.call("POST", f"/api/v1/users/{me['id']}/link").expect(201).json()["path"]
        result = subprocess.run(["node", os.path.join(ROOT, "tests/e2e/web_check.mjs"), server.url, server.url + link], capture_output=True, timeout=600,
                                env={**os.environ, "CHROMIUM": chromium})
        check(result.returncode == 0, (result.stdout + result.stderr).decode()[-6000:])
        server.sign_in()  # the page changed its own password, which ended this session
        decided = server.column("/api/v1/audit?action=decision.", "action")
        check("decision.create" in decided, f"what the page decided is not in the audit log: {json.dumps(decided)}")


@case("web: an empty server says how it is filled, and every page what its advisories cannot tell")
def empty():
    chromium = browser()
    modules()
    folder = fresh("web")
    advisories(f"{folder}/old.db", days_old=21)
    for number, (arguments, banner) in enumerate(((["--db", f"{folder}/old.db"], "The advisory data is 21 d old"), ([], "Only the built-in starter set"))):
        with serving(f"{folder}/data{number}", *arguments) as server:
            result = subprocess.run(["node", os.path.join(ROOT, "tests/e2e/web_empty.mjs"), server.url, server.link, banner], capture_output=True, timeout=300,
                                    env={**os.environ, "CHROMIUM": chromium})
            check(result.returncode == 0, (result.stdout + result.stderr).decode()[-3000:])
