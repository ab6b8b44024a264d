"""The templates of integrations/ really run: their scripts, on real images, with the real program.

GitHub's action by a small runner (integrations_github.py); the scripts of GitLab, Azure Pipelines, CircleCI, Jenkins and Tekton with the
variables that those systems set; make and pre-commit by themselves; the comments against a server on the loopback that keeps them as
GitHub, GitLab and Azure do. Not run: what builds the image (it is one of the tests' own), uploads, the systems themselves.
"""
import http.server
import json
import os
import re
import shutil
import subprocess
import threading

import harness
import images
import integrations_lint as lint
import test_ci_walk
from harness import case, check, fresh, program
from images import ROOT, TAG, Skip, call, client, need
from integrations_github import Runner

HERE = lint.HERE
POLICY = """schema: scantling.policy/1
name: shop
rules:
  - id: no-new-high
    text: A change brings no vulnerability of high or critical severity that has a fix.
    who: application
    when: finding.severity in ["high", "critical"] && finding.fix_state == "fixed"
    changes: [introduced]
    stage: enforce
"""
AGREEMENTS = """schema: scantling.agreements/1
agreements:
  - {policy: shop, rule: no-new-high, stage: enforce, team: shop, who: Ada Lovelace, when: 2026-01-05, replay: none}
"""


# ---- images and folders ----------------------------------------------------------------------------------------------

def archives():
    """The base image, and the same with vulnerable npm packages on top, as archives."""
    folder = os.path.join(harness.WORK.name, "archives")
    if not os.path.isdir(folder):
        need("skopeo")
        images.base_root()
        images.get("node")
        os.makedirs(folder)
        for name, layout in (("base", f"{images.STORE}/base/oci"), ("node", f"{images.STORE}/node/oci")):
            call("skopeo", "copy", "--quiet", "--insecure-policy", f"oci:{layout}:{TAG}", f"docker-archive:{folder}/{name}.tar:localhost/shop:ci")
    return f"{folder}/base.tar", f"{folder}/node.tar"


def environment(folder, **more):
    out = {key: value for key, value in os.environ.items() if not key.startswith(("SCANTLING_", "GITHUB_", "CI_", "CIRCLE_"))}
    out.update(HOME=folder, XDG_CACHE_HOME=f"{folder}/cache", XDG_CONFIG_HOME=f"{folder}/config", NO_COLOR="1", PATH=f"{tools()}:{out['PATH']}")
    out.update(more)
    return out


def tools():
    """A folder for the PATH: the program by its name, and the script for comments."""
    folder = os.path.join(harness.WORK.name, "integration-tools")
    if not os.path.isdir(folder):
        os.makedirs(folder)
        os.symlink(os.path.abspath(program()), f"{folder}/scantling")
        os.symlink(f"{HERE}/scantling-comment", f"{folder}/scantling-comment")
    return folder


def repository(folder):
    os.makedirs(folder, exist_ok=True)
    for name, text in (("policy.yaml", POLICY), ("agreements.yaml", AGREEMENTS), ("scantling.yaml", "team: shop\nagreements: agreements.yaml\n"),
                       ("Dockerfile", "FROM scratch\n")):
        with open(f"{folder}/{name}", "w", encoding="utf-8") as file:
            file.write(text)
    return folder


def broken(folder):
    path = f"{folder}/broken.tar"
    with open(path, "wb") as file:
        file.write(b"this is no image" * 100)
    return path


# ---- comments --------------------------------------------------------------------------------------------------------

class Forge(http.server.BaseHTTPRequestHandler):
    """Keeps comments as GitHub, GitLab and Azure do. server.kept: list of dictionaries; server.calls: (method, path)."""

    def log_message(self, *_):
        pass

    def answer(self, code, body):
        data = json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do(self):
        server, (path, _, query) = self.server, self.path.partition("?")
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        server.calls.append((self.command, path))
        if "/jobs/artifacts/" in path:  # GitLab: a job's token reads what the default branch kept
            kept = server.artifact if self.headers.get("JOB-TOKEN") == "job" and path.endswith("/main/raw/.scantling/main.baseline.json") else None
            return self.answer(200, json.loads(kept)) if kept else self.answer(404, {})
        if "secret" not in (self.headers.get("Authorization") or self.headers.get("PRIVATE-TOKEN") or ""):
            return self.answer(401, {})
        page = int(re.findall(r"[?&]page=(\d+)", "?" + query)[0]) if "page=" in query.replace("per_page", "") else 1
        if path.endswith("/user"):
            return self.answer(200, {"id": 7})
        if path.endswith("/threads"):
            if self.command == "POST":
                server.kept.append({"id": len(server.kept) + 1, "body": body["comments"][0]["content"]})
                return self.answer(200, {})
            return self.answer(200, {"value": [{"id": kept["id"], "comments": [{"id": 1, "content": kept["body"]}]} for kept in server.kept]})
        if self.command == "GET":
            return self.answer(200, server.kept[(page - 1) * 100:page * 100])
        if self.command == "POST":
            server.kept.append({"id": 1000 + len(server.kept), "body": body["body"], "user": {"login": "github-actions[bot]"}, "author": {"id": 7}})
            return self.answer(201, {})
        number = int(re.findall(r"\d+", path.split("/threads/")[-1] if "/threads/" in path else path.rsplit("/", 1)[1])[0])
        for kept in server.kept:
            if kept["id"] == number:
                kept["body"] = body.get("body", body.get("content"))
                return self.answer(200, {})
        return self.answer(404, {})

    do_GET = do_POST = do_PATCH = do_PUT = do


class Server:
    def __init__(self):
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Forge)
        self.server.kept, self.server.calls, self.server.artifact = [], [], None
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def comment(system, path, folder, **variables):
    return subprocess.run([f"{HERE}/scantling-comment", system, path], capture_output=True, text=True, timeout=60,
                          env=environment(folder, **variables))


def variables_of(system, url, folder):
    if system == "github":
        with open(f"{folder}/event.json", "w", encoding="utf-8") as file:
            json.dump({"pull_request": {"number": 12}}, file)
        return {"GITHUB_TOKEN": "secret", "GITHUB_API_URL": url, "GITHUB_REPOSITORY": "o/shop", "GITHUB_EVENT_PATH": f"{folder}/event.json"}
    if system == "gitlab":
        return {"COMMENT_TOKEN": "secret", "CI_API_V4_URL": url, "CI_MERGE_REQUEST_PROJECT_ID": "3", "CI_MERGE_REQUEST_IID": "12"}
    return {"SYSTEM_ACCESSTOKEN": "secret", "SYSTEM_COLLECTIONURI": url + "/", "SYSTEM_TEAMPROJECTID": "p", "BUILD_REPOSITORY_ID": "r",
            "SYSTEM_PULLREQUEST_PULLREQUESTID": "12"}


def comment_is_replaced(system):
    need("curl")
    need("jq")
    folder = fresh("comment")
    path = f"{folder}/comment.md"
    with Server() as server:
        variables = variables_of(system, server.url, folder)
        # Others' comments, more than a page of them; one begins as ours do, of another image; one is a person's.
        for number in range(130 if system != "azure" else 20):
            server.server.kept.append({"id": number + 1, "body": f"comment {number}", "user": {"login": "ada"}, "author": {"id": 1}})
        server.server.kept.append({"id": 500, "body": "<!-- scantling:other -->\nother", "user": {"login": "github-actions[bot]"}, "author": {"id": 7}})
        if system != "azure":
            server.server.kept.append({"id": 501, "body": "<!-- scantling:shop -->\na person's", "user": {"login": "ada"}, "author": {"id": 1}})
        before = [dict(kept) for kept in server.server.kept]
        for words in ("first \"quoted\" $(id) `x`\n- é", "second"):
            with open(path, "w", encoding="utf-8") as file:
                file.write(f"<!-- scantling:shop -->\n{words}\n")
            result = comment(system, path, folder, **variables)
            check(result.returncode == 0, result.stderr)
            check("secret" not in result.stdout + result.stderr, "the token was printed")
            check(server.server.kept[:len(before)] == before, "somebody else's comment was changed")
            mine = server.server.kept[len(before):]
            check([kept["body"] for kept in mine] == [f"<!-- scantling:shop -->\n{words}\n"], f"{mine}")
        # A fork's job has no token: nothing is posted, and that is no failure.
        count = len(server.server.calls)
        for name in ("GITHUB_TOKEN", "COMMENT_TOKEN", "SYSTEM_ACCESSTOKEN"):
            variables.pop(name, None)
        result = comment(system, path, folder, **variables)
        check(result.returncode == 0 and len(server.server.calls) == count, f"without a token: {result.stderr}")
        # A token that is refused is a failure that says so.
        variables[{"github": "GITHUB_TOKEN", "gitlab": "COMMENT_TOKEN", "azure": "SYSTEM_ACCESSTOKEN"}[system]] = "wrong"
        result = comment(system, path, folder, **variables)
        check(result.returncode == 1 and "scantling-comment:" in result.stderr, f"exit {result.returncode}: {result.stderr}")
    with open(path, "w", encoding="utf-8") as file:
        file.write("no marker\n")
    check(comment(system, path, folder, **variables).returncode == 2, "a body without a marker was accepted")


for _system in ("github", "gitlab", "azure"):
    case(f"integrations: the comment on {_system} is posted once and then replaced")(lambda system=_system: comment_is_replaced(system))


# ---- GitHub ----------------------------------------------------------------------------------------------------------

def github(event, archive, cache, server, fork=False, run=1, source=None):
    folder = fresh("github")
    repository(f"{folder}/workspace")
    context = {"token": "secret", "repository": "o/shop", "server_url": "https://github.example", "run_id": str(run), "run_attempt": "1",
               "sha": f"{run:040x}", "event_name": event, "ref_name": "main" if event == "push" else "12/merge", "api_url": server.url,
               "event": {"repository": {"default_branch": "main"}}}
    if event == "pull_request":
        context["event"]["pull_request"] = {"number": 12, "head": {"repo": {"full_name": "fork/shop" if fork else "o/shop"}}}
    runner = Runner(folder, f"{HERE}/github/action.yml", lint.load("github/action.yml"), {"github": context}, cache)
    code = runner.run({"source": source or f"docker-archive:{archive}", "policy": "policy.yaml", "agreements": "agreements.yaml", "team": "shop"},
                      environment(folder))
    return runner, code


def uses(runner, name):
    return [settings for used, settings in runner.used if used == name]


@case("integrations: GitHub's action on the default branch, a change, a fork's change, a broken image")
def github_action():
    need("curl")
    need("jq")
    good, bad = archives()
    cache = fresh("actions-cache")
    with Server() as server:
        first, code = github("push", good, cache, server, run=1)
        check(code == 0, f"exit {code}\n{first.log}")
        check("There is no baseline" in first.log, first.log)
        check(any(key.startswith("scantling-baseline-image-") for key in os.listdir(cache)), f"the baseline was not kept: {os.listdir(cache)}")
        check(not server.server.calls, "a comment on a push")

        same, code = github("pull_request", good, cache, server, run=2)
        check(code == 0 and "There is no baseline" not in same.log, f"exit {code}\n{same.log}")
        check(len(server.server.kept) == 1, f"{server.server.calls}")
        first_body = server.server.kept[0]["body"]
        check("Keep the baseline" not in same.ran, "a change's baseline was kept")

        change, code = github("pull_request", bad, cache, server, run=3)
        check(code == 1, f"exit {code}, the policy should stop\n{change.log}")
        check("lodash" in change.summary and "::error" in change.log, f"{change.summary}\n{change.log}")
        check(len(server.server.kept) == 1 and server.server.kept[0]["body"] != first_body, "the comment was not replaced")
        check("lodash" in server.server.kept[0]["body"], server.server.kept[0]["body"])
        check(uses(change, "github/codeql-action/upload-sarif") and uses(change, "actions/upload-artifact"), f"{change.ran}")
        with open(f"{change.workspace}/scantling-results/report.sarif", encoding="utf-8") as file:
            check(json.load(file)["version"] == "2.1.0", "no SARIF")
        check(os.path.getsize(f"{change.workspace}/scantling-results/junit.xml") > 0, "no JUnit")
        # What the program prints cannot be a workflow command.
        stopped = re.search(r"::stop-commands::(\S+)\n(.*?)::\1::\n", change.log, re.S)
        check(stopped and "::error" not in stopped[2], "the program's output is not between stop-commands")

        calls = len(server.server.calls)
        fork, code = github("pull_request", bad, cache, server, fork=True, run=4)
        check(code == 1 and "lodash" in fork.summary, f"exit {code}\n{fork.log}")
        check(len(server.server.calls) == calls and not uses(fork, "github/codeql-action/upload-sarif"), "a fork's job used a right that it has not")

        for event in ("pull_request", "push"):
            kept = sorted(os.listdir(cache))
            failed, code = github(event, None, cache, server, run=5, source=f"docker-archive:{broken(fresh('broken'))}")
            check(code == 3, f"exit {code}, not 3\n{failed.log}")
            check("could not be scanned" in failed.summary and "could not be completed" in failed.log, failed.summary)
            check(sorted(os.listdir(cache)) == kept, "a failed scan changed what is kept")


@case("integrations: GitHub's action without a program says so")
def github_no_program():
    with Server() as server:
        folder = fresh("github")
        repository(f"{folder}/workspace")
        context = {"event_name": "push", "ref_name": "main", "repository": "o/shop", "server_url": "", "run_id": "1", "run_attempt": "1", "sha": "0",
                   "token": "", "api_url": server.url, "event": {"repository": {"default_branch": "main"}}}
        runner = Runner(folder, f"{HERE}/github/action.yml", lint.load("github/action.yml"), {"github": context}, fresh("cache"))
        code = runner.run({"source": "x", "program": "no-such-program"}, environment(folder))
        check(code == 3 and "::error" in runner.log, f"exit {code}: {runner.log}")


# ---- the scripts of the other systems --------------------------------------------------------------------------------

def script_of(what):
    found = [(shell, script) for name, shell, script in lint.scripts() if name == what]
    check(len(found) == 1, f"{what}: {len(found)} scripts")
    return found[0]


def one_system(name, script, archive_at, variables_on_main, variables_on_change, results, move=lambda folder, text: text, files=None):
    """Runs a template's scan on the default branch, on a good and a bad change, and on a broken image; checks codes and files."""
    good, bad = archives()
    folder = repository(fresh(name))
    shell, text = script
    text = move(folder, text)
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text] if shell == "bash" else ["dash", "-e", "-c", text]

    def once(archive, variables):
        os.makedirs(os.path.dirname(archive_at(folder)), exist_ok=True)
        shutil.copy(archive, archive_at(folder))
        shutil.rmtree(results(folder), ignore_errors=True)
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300, stdin=subprocess.DEVNULL,
                              env=environment(folder, **{"SCANTLING_POLICY": "policy.yaml", "SCANTLING_DOCKERFILE": "Dockerfile", **variables(folder)}))

    for archive, variables, code, words in ((good, variables_on_main, 0, "There is no baseline"), (good, variables_on_change, 0, ""),
                                            (bad, variables_on_change, 1, "lodash"), (broken(folder), variables_on_change, 3, "")):
        result = once(archive, variables)
        said = result.stdout + result.stderr
        check(result.returncode == code and words in said, f"exit {result.returncode}, wanted {code} and \"{words}\"\n{said[-3000:]}")
        check(("There is no baseline" in said) == (words == "There is no baseline"), f"the baseline was not found again\n{said[-2000:]}")
        check("is no setting" not in said, f"a variable is taken for a setting\n{said[-2000:]}")
        if code in (0, 1):
            for file in files or ("report.json", "junit.xml"):
                check(os.path.getsize(f"{results(folder)}/{file}") > 0, f"{file} is not there")
    return folder


@case("integrations: GitLab's scan, in the shell, with GitLab's variables")
def gitlab():
    need("curl")
    need("jq")
    with Server() as server:
        common = {"CI_API_V4_URL": server.url, "CI_JOB_TOKEN": "job", "CI_PROJECT_ID": "3", "CI_DEFAULT_BRANCH": "main", "CI_JOB_URL": "https://gitlab.example/j/1"}
        on_change = {**common, "CI_MERGE_REQUEST_IID": "12", "CI_MERGE_REQUEST_PROJECT_ID": "3", "COMMENT_TOKEN": "secret"}

        def change(folder):
            """A job of its own: what the default branch kept is with the server."""
            with open(f"{folder}/.scantling/main.baseline.json", encoding="utf-8") as file:
                server.server.artifact = file.read()
            os.remove(f"{folder}/.scantling/main.baseline.json")
            return on_change

        one_system("gitlab", script_of("gitlab: scantling"), lambda folder: f"{folder}/image.tar", lambda _: {**common, "CI_COMMIT_BRANCH": "main"},
                   change, lambda folder: f"{folder}/scantling-results",
                   files=("report.json", "junit.xml", "gl-container-scanning-report.json", "gl-code-quality-report.json", "image.cdx.json"))
        check(len(server.server.kept) == 1, f"{len(server.server.kept)} comments after two runs")


@case("integrations: Azure Pipelines' scan, in the shell, with its variables")
def azure():
    def variables(folder, reason, branch):
        return {"PIPELINE_WORKSPACE": f"{folder}/pipeline", "AGENT_TEMPDIRECTORY": f"{folder}/agent", "BUILD_REASON": reason, "BUILD_SOURCEBRANCH": branch,
                "SYSTEM_COLLECTIONURI": "https://dev.azure.example/o/", "SYSTEM_TEAMPROJECTID": "p", "BUILD_BUILDID": "1", "SCAN_PROGRAM_IMAGE": ""}
    one_system("azure", script_of("azure: Scan and judge"), lambda folder: f"{folder}/agent/image.tar",
               lambda folder: variables(folder, "IndividualCI", "refs/heads/main"),
               lambda folder: variables(folder, "PullRequest", "refs/pull/12/merge"), lambda folder: f"{folder}/pipeline/scantling-results",
               files=("report.json", "junit.xml", "summary.md", "comment.md", "report.sarif"))


@case("integrations: CircleCI's scan, in the shell, with its variables")
def circleci():
    one_system("circleci", script_of("circleci: scantling: Scan and judge"), lambda folder: f"{folder}/tmp/image.tar",
               lambda _: {"CIRCLE_BRANCH": "main", "SCAN_DEFAULT_BRANCH": "main"},
               lambda _: {"CIRCLE_BRANCH": "pull/12", "CIRCLE_PULL_REQUEST": "https://github.example/o/shop/pull/12", "SCAN_DEFAULT_BRANCH": "main"},
               lambda folder: f"{folder}/tmp/scantling-results", move=lambda folder, text: text.replace("/tmp", f"{folder}/tmp"),
               files=("report.json", "junit/scantling.xml", "summary.md"))


@case("integrations: Jenkins' scan, in the shell, with its variables")
def jenkins():
    scan = [script for script in lint.jenkins_scripts() if " ci " in script]
    check(len(scan) == 1, "the scan's script was not found")
    common = {"SCAN_PROGRAM": "scantling", "SCAN_DEFAULT_BRANCH": "main", "BUILD_URL": "https://jenkins.example/1/"}
    one_system("jenkins", ("sh", scan[0]), lambda folder: f"{folder}/image.tar",
               lambda folder: {**common, "WORKSPACE": folder, "BRANCH_NAME": "main"},
               lambda folder: {**common, "WORKSPACE": folder, "BRANCH_NAME": "PR-12", "CHANGE_ID": "12"},
               lambda folder: f"{folder}/scantling-results", files=("report.json", "junit.xml", "report.sarif", "report.html"))


@case("integrations: Tekton's step, in the shell, with its variables")
def tekton():
    def variables(folder, save):
        return {"SOURCE": "docker-archive:image.tar", "SAVE_BASELINE": save, "STATE_BOUND": "true", "STATE": f"{folder}/state",
                "EXIT_CODE_FILE": f"{folder}/exit-code", "SCANTLING_DB": "", "SCANTLING_EXCEPTIONS": "", "SCANTLING_LINK": ""}
    folder = one_system("tekton", script_of("tekton/task.yaml: scan"), lambda folder: f"{folder}/image.tar", lambda folder: variables(folder, "true"),
                        lambda folder: variables(folder, "false"), lambda folder: f"{folder}/scantling-results",
                        files=("report.json", "junit.xml", "report.sarif", "summary.md"))
    with open(f"{folder}/exit-code", encoding="utf-8") as file:
        check(file.read() == "3", "the result says another code than the step")


@case("integrations: the policies that the templates name are ready ones")
def ready_policies():
    known = harness.run("policy", "list").expect(0).out.split()
    names = {name: [lint.load("gitlab/scantling.gitlab-ci.yml")["variables"]["SCANTLING_POLICY"],
                    lint.load("azure/azure-pipelines.yml")["variables"]["SCANTLING_POLICY"],
                    lint.load("circleci/config.yml")["jobs"]["scantling"]["environment"]["SCANTLING_POLICY"],
                    lint.load("github/example-workflow.yml")["jobs"]["image"]["steps"][-1]["with"]["policy"],
                    re.search(r"SCANTLING_POLICY = '([^']+)'", lint.text("jenkins/Jenkinsfile"))[1],
                    *[p["default"] for p in lint.load("tekton/task.yaml")["spec"]["params"] if p["name"] == "policy"]][at]
             for at, name in enumerate(("gitlab", "azure", "circleci", "github", "jenkins", "tekton"))}
    for system, policy in names.items():
        check(policy in known, f"{system}: there is no ready policy {policy}")


@case("integrations: GitLab's and Tekton's build steps, by buildah")
def builds():
    if not images.buildah_works():
        raise Skip("buildah does not work here")
    test_ci_walk.base()
    for what in ("gitlab: scantling-build", "tekton/example-pipelinerun.yaml: buildah"):
        folder = repository(fresh("build"))
        test_ci_walk.tools(folder)
        with open(f"{folder}/Dockerfile", "w", encoding="utf-8") as file:
            file.write("FROM localhost/scantling-base:test\nCOPY policy.yaml /srv/\n")
        shell, text = script_of(what)
        check(shell == "sh", shell)
        result = subprocess.run(["dash", "-e", "-c", text], cwd=folder, capture_output=True, text=True, timeout=600, stdin=subprocess.DEVNULL,
                                env=environment(folder, PATH=f"{folder}/bin:{os.environ['PATH']}", SCANTLING_DOCKERFILE="Dockerfile",
                                                BUILDAH_ISOLATION="chroot"))
        check(result.returncode == 0, f"{what}: exit {result.returncode}\n{(result.stdout + result.stderr)[-1500:]}")
        components = harness.inventory(f"docker-archive:{folder}/image.tar")["components"]
        check(len(components) > 50, f"{what}: {len(components)} components")


# ---- make and pre-commit ---------------------------------------------------------------------------------------------

@case("integrations: the Makefile's targets and the one line, by make")
def makefile():
    need("make")
    good, bad = archives()
    folder = repository(fresh("make"))
    with open(f"{folder}/Makefile", "w", encoding="utf-8") as file:
        line = re.search(r"^#   (scan: .*)$", lint.text("make/scantling.mk"), re.M)[1]
        file.write(f"include {HERE}/make/scantling.mk\nimage.tar: ; cp $(IMAGE) $@\none-line-{line}\n")

    def make(target, archive):
        shutil.copy(archive, f"{folder}/image.tar")
        return subprocess.run(["make", "--no-print-directory", target], cwd=folder, capture_output=True, text=True, timeout=300, env=environment(folder))

    for target, archive, code, words in (("scan", good, 0, ""), ("scan-baseline", good, 0, ""), ("scan-files", good, 0, ""), ("scan", good, 0, "--against main"),
                                         ("scan", bad, 2, "lodash"), ("one-line-scan", good, 0, "--against main")):
        result = make(target, archive)
        said = result.stdout + result.stderr
        check(result.returncode == code and words in said, f"make {target}: exit {result.returncode}, wanted {code} and \"{words}\"\n{said[-2500:]}")
        check(code == 0 or "Error 1" in said, f"make does not tell the program's exit code\n{said[-500:]}")
    check(os.path.getsize(f"{folder}/scantling-results/report.html") > 0, "no page")
    with open(f"{folder}/policy.yaml", "a", encoding="utf-8") as file:
        file.write("nonsense: [\n")
    check(make("scan-files", good).returncode == 2, "a broken policy passed")


EXCEPTIONS = """schema: scantling.exceptions/1
exceptions:
  - id: EX-1
    finding: CVE-2021-44906
    component: pkg:npm/minimist
    owner: Grace Hopper
    approver: APPROVER
    reason: fix_scheduled
    words: The command line is parsed from a file of ours.
    created: 2026-01-15
    until: 2099-01-22
"""


@case("integrations: the hooks, by pre-commit itself")
def pre_commit():
    need("git")
    home = os.path.join(ROOT, "build/e2e-pip/pre-commit")
    if not os.path.isdir(f"{home}/pre_commit"):
        client("pip install pre-commit", "/usr/bin/python3", "-m", "pip", "install", "-q", "--disable-pip-version-check", "--no-compile",
               "--root-user-action=ignore", "--target", home, "pre-commit==4.0.1")
    folder = fresh("pre-commit")
    variables = environment(folder, PYTHONPATH=home, PRE_COMMIT_HOME=f"{folder}/home", GIT_CONFIG_GLOBAL=f"{folder}/gitconfig", GIT_CONFIG_NOSYSTEM="1")
    with open(f"{folder}/gitconfig", "w", encoding="utf-8") as file:
        file.write("[user]\n  name = t\n  email = t@example.org\n[protocol \"file\"]\n  allow = always\n")

    def git(place, *arguments):
        return call("git", "-C", place, *arguments, env=variables)

    hooks, work = f"{folder}/hooks", f"{folder}/work"
    shutil.copytree(f"{HERE}/pre-commit", hooks)
    repository(work)
    for place in (hooks, work):
        git(place, "init", "-q")
        git(place, "add", ".")
        git(place, "commit", "-q", "-m", "x")
    revision = git(hooks, "rev-parse", "HEAD").strip()
    with open(f"{work}/.pre-commit-config.yaml", "w", encoding="utf-8") as file:
        file.write(f"repos:\n  - repo: {hooks}\n    rev: {revision}\n    hooks: [{{id: scantling-policy}}, {{id: scantling-exceptions}}]\n")

    def run():
        git(work, "add", ".")
        result = subprocess.run(["/usr/bin/python3", "-m", "pre_commit", "run", "--all-files"], cwd=work, capture_output=True, text=True, timeout=120,
                                env=variables)
        return result.returncode, result.stdout + result.stderr

    def write(name, text):
        with open(f"{work}/{name}", "w", encoding="utf-8") as file:
            file.write(text)

    write("exceptions.yaml", EXCEPTIONS.replace("APPROVER", "Ada Lovelace"))
    code, said = run()
    check(code == 0 and said.count("Passed") == 2, f"exit {code}\n{said}")
    write("exceptions.yaml", EXCEPTIONS.replace("APPROVER", "Grace Hopper"))  # who asks cannot approve
    code, said = run()
    check(code == 1 and "scantling-exceptions" in said and said.count("Passed") == 1, f"exit {code}\n{said}")
    write("exceptions.yaml", EXCEPTIONS.replace("APPROVER", "Ada Lovelace"))
    write("policy.yaml", POLICY.replace("finding.severity", "finding.severitty"))
    code, said = run()
    check(code == 1 and "scantling-policy" in said and "severitty" in said, f"exit {code}\n{said}")
    # Other YAML files are none of its business.
    write("policy.yaml", POLICY)
    write("other.yaml", "a: b\n")
    check(run()[0] == 0, "another file was read")
