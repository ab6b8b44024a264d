"""ci and diff: what they read, what they say of a change, and what broken files do."""
import json
import os

from harness import case, check, fresh, run, same, scan
from synthetic import DEBIAN, demo, dpkg_status, layer_files, layout

BASE = {**DEBIAN, "var/lib/dpkg/status": dpkg_status(("libc6", "2.36-9+deb12u3"))}


def node(name, version):
    return {f"srv/app/node_modules/{name}/package.json": json.dumps({"name": name, "version": version})}


def write(text, name="file.yaml"):
    path = os.path.join(fresh("file"), name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


POLICY = """schema: scantling.policy/1
name: p
agreement: none
rules:
  - id: no-new
    text: nothing new that is high or critical
    when: finding.severity in ["high", "critical"]
    changes: [introduced]
    stage: enforce
"""


def keys(findings):
    return sorted([finding["id"], finding["component"]] for finding in findings)


@case("ci: an image that differs in one layer reads that layer only")
def one_layer():
    cache = fresh("cache")
    old = layout(BASE, node("lodash", "4.17.21"))
    new = layout(BASE, node("lodash", "4.17.21"), node("minimist", "1.2.5"))
    baseline = os.path.join(fresh("baseline"), "main.json")
    policy = write(POLICY)
    run("ci", f"oci:{old}", "--policy", policy, "--save-baseline", baseline, "--cache-dir", cache).expect(0)
    shared = [path for path in layer_files(new) if os.path.basename(path) in {os.path.basename(p) for p in layer_files(old)}]
    same(len(shared), 2, "layers that both have")
    for path in shared:
        os.truncate(path, 0)  # whoever reads it fails
    outcome = run("ci", f"oci:{new}", "--policy", policy, "--against", baseline, "--cache-dir", cache).expect(1)
    check("minimist" in outcome.out and "CVE-2021-44906" in outcome.out, outcome.out)
    run("ci", f"oci:{new}", "--policy", policy, "--against", baseline, "--cache-dir", fresh("cache")).expect(3)


@case("ci: the same bytes at any number of jobs; nothing but the baseline and the database is needed")
def deterministic():
    image = f"oci:{layout(BASE, node('lodash', '4.17.15'), node('minimist', '1.2.5'))}"
    baseline = os.path.join(fresh("baseline"), "main.json")
    run("ci", f"oci:{layout(BASE, node('lodash', '4.17.15'))}", "--save-baseline", baseline, "--now", "2026-01-01").expect(0)
    texts = [run("ci", image, "--against", baseline, "--format", form, "--jobs", jobs, "--now", "2026-01-02").expect(0).out
             for form in ("json", "sarif", "html", "cyclonedx") for jobs in ("1", "2")]
    for at in range(0, len(texts), 2):
        same(texts[at], texts[at + 1], "jobs 1 and 2")
    changes = {finding["id"]: finding["change"] for finding in json.loads(texts[0])["findings"]}
    same(changes["CVE-2021-44906"], "introduced", "minimist")
    same(changes["CVE-2021-23337"], "existing", "lodash")


@case("diff: images, reports and bills of materials say the same")
def forms():
    old, new = f"oci:{layout(BASE, node('lodash', '4.17.15'))}", f"oci:{layout(BASE, node('minimist', '1.2.5'))}"
    want = run("diff", old, new, "--format", "json").expect(0).json()
    brought = {finding["id"] for finding in want["findings"] if finding["change"] == "introduced"}
    check("CVE-2021-44906" in brought, str(brought))
    check("CVE-2021-23337" in {finding["id"] for finding in want["comparison"]["resolved"]}, str(want["comparison"])[:800])
    for form, name in (("json", "r.json"), ("cyclonedx", "b.cdx.json"), ("spdx-json", "b.spdx.json")):
        paths = []
        for source in (old, new):
            paths.append(os.path.join(fresh("doc"), name))
            run("scan", source, "-o", f"{form}={paths[-1]}", "-q").expect(0)
        got = run("diff", *paths, "--format", "json").expect(0).json()
        same(keys(got["findings"]), keys(want["findings"]), form)
        same(keys(got["comparison"]["resolved"]), keys(want["comparison"]["resolved"]), f"{form}: resolved")


@case("bills of materials: read back, they have the image's findings")
def round_trip():
    module = demo()
    image = f"oci:{layout(BASE, {**module.node_files('srv/shop'), **module.java_files('srv/shop/app.jar')})}"
    want = keys(scan(image).expect(0).json()["findings"])
    check(len(want) > 5, str(want))
    for form in ("cyclonedx", "spdx-json"):
        path = os.path.join(fresh("bom"), "bom.json")
        run("scan", image, "-o", f"{form}={path}", "-q").expect(0)
        got = scan(path).expect(0).json()["findings"]
        same(sorted({finding["id"] for finding in got}), sorted({key[0] for key in want}), form)


@case("ci: an exception accepts until its day, a rule's stage follows the policy, a broken file widens nothing")
def exceptions():
    image = f"oci:{layout(BASE, node('minimist', '1.2.5'))}"
    policy = write(POLICY)
    text = """schema: scantling.exceptions/1
exceptions:
  - id: EX-1
    finding: CVE-2021-44906
    owner: a
    approver: b
    reason: fix_scheduled
    words: next week
    created: 2026-01-01
    until: 2026-01-10
"""
    good = write(text)
    run("ci", image, "--policy", policy, "--now", "2026-01-05").expect(1)
    run("ci", image, "--policy", policy, "--now", "2026-01-05", "--exceptions", good).expect(0)
    run("ci", image, "--policy", policy, "--now", "2026-01-10T23:00:00Z", "--exceptions", good).expect(0)
    outcome = run("ci", image, "--policy", policy, "--now", "2026-01-11", "--exceptions", good).expect(1)
    check("EX-1 expired" in outcome.out, outcome.out)
    for broken in (text.replace("    until: 2026-01-10\n", ""), text.replace("approver: b", "approver: A ")):
        outcome = run("ci", image, "--policy", policy, "--now", "2026-01-05", "--exceptions", write(broken)).expect(1)
        check("EX-1" in outcome.out, outcome.out)
        run("exceptions", "check", write(broken), "--now", "2026-01-05").expect(1)
    outcome = run("ci", image, "--policy", policy, "--exceptions", write("schema: [")).expect(3)
    check("file.yaml" in outcome.err and "file.yaml:2:1: YAML" in outcome.err and "no exception counts" in outcome.err, outcome.err)


@case("ci: an exception for a rule is used only when that rule left something out by it")
def rule_exceptions():
    image, policy = f"oci:{layout(BASE, node('minimist', '1.2.5'))}", write(POLICY)
    entry = "  - {id: %s, rule: %s, owner: a, approver: b, reason: accepted_risk, words: w, created: 2026-01-01, until: 2026-12-31}\n"
    path = write("schema: scantling.exceptions/1\nexceptions:\n" + entry % ("E-1", "no-new") + entry % ("E-2", "nope"))
    arguments = ["--exceptions", path, "--now", "2026-01-05", "--format", "json"]

    def states(command, *more):
        uses = run(command, image, *arguments, *more).expect(0).json()["exceptions"]
        return [use["state"] for use in uses], [use["note"] for use in uses]

    found, notes = states("ci", "--policy", policy)
    same(found, ["used", "unused"], "with the rule")
    check("has no rule nope" in notes[1], notes)
    found, notes = states("scan")
    same(found, ["unused", "unused"], "without a policy")
    check("no policy is asked" in notes[0], notes)
    outcome = run("exceptions", "check", path, "--now", "2026-01-05").expect(0)
    check("E-1 valid" in outcome.out and "used" not in outcome.out, outcome.out)


@case("ci: exceptions of several files count as those of one: what stands twice is invalid in both")
def several_files():
    image, policy = f"oci:{layout(BASE, node('minimist', '1.2.5'))}", write(POLICY)
    text = ("schema: scantling.exceptions/1\nexceptions:\n  - {id: A1, finding: CVE-2021-44906, owner: %s, approver: b, reason: accepted_risk, words: w, "
            "created: 2026-01-01, until: 2026-12-31}\n")
    one, two = write(text % "ann", "one.yaml"), write(text % "eve", "two.yaml")
    arguments = ["--policy", policy, "--now", "2026-01-05"]
    run("ci", image, *arguments, "--exceptions", one).expect(0)
    outcome = run("ci", image, *arguments, "--exceptions", one, "--exceptions", two).expect(1)
    check("A1 does not count" in outcome.out and "; and 1 more" in outcome.out, outcome.out)
    outcome = run("ci", image, *arguments, "--exceptions", one, "--exceptions", os.path.join(os.path.dirname(one), ".", "one.yaml")).expect(0)
    check("counts once" in outcome.err, outcome.err)


@case("ci: broken policies, VEX documents, baselines and bills of materials are errors that name the file and the place")
def broken():
    image = f"oci:{layout(BASE, node('minimist', '1.2.5'))}"
    bad = write(POLICY.replace("finding.severity", "finding.severty"))
    outcome = run("policy", "check", bad).expect(3)
    check("file.yaml:7" in outcome.err and "severity" in outcome.err, outcome.err)
    run("ci", image, "--policy", bad).expect(3)
    baseline = os.path.join(fresh("baseline"), "main.json")
    run("ci", image, "--save-baseline", baseline).expect(0)
    with open(baseline, encoding="utf-8") as file:
        whole = file.read()
    for name, flag, text in (("cut.json", "--against", whole[:len(whole) // 2]), ("vex.json", "--vex", '{"@context": "https://openvex.dev'),
                             ("not.json", "--against", "{}")):
        path = write(text, name)
        outcome = run("ci", image, flag, path).expect(3)
        check(name in outcome.err, outcome.err)
    outcome = run("ci", image, "--against", "nothing").expect(3)
    check("--save-baseline" in outcome.err, outcome.err)
    folder = fresh("baselines")
    run("ci", image, "--save-baseline", "main", cwd=folder).expect(0)
    outcome = run("diff", "main", image, cwd=folder).expect(3)
    check("main.baseline.json" in outcome.err, outcome.err)


@case("ci: what a failed scan does is the policy's to say")
def failed_scan():
    image = layout(BASE)
    for path in layer_files(image):
        os.truncate(path, 10)
    folder = fresh("failed")

    def text_of(name):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            return file.read()

    forms = [part for form in ("github", "pr-comment", "markdown", "junit", "gitlab-code-quality", "sarif", "json")
             for part in ("-o", f"{form}={os.path.join(folder, form)}")]
    outcome = run("ci", f"oci:{image}", "--policy", write(POLICY), *forms).expect(3)
    check("not scanned, stopped" in outcome.out, outcome.out)
    same(sorted(os.listdir(folder)), ["github", "gitlab-code-quality", "junit", "markdown", "pr-comment"], "what is written")
    check(text_of("github").startswith("::error "), text_of("github"))
    for name in os.listdir(folder):
        check("could not be scanned" in text_of(name), text_of(name))
    check("sarif=" in outcome.err and "json=" in outcome.err and "is not written" in outcome.err, outcome.err)
    outcome = run("ci", f"oci:{image}", "--policy", write(POLICY + "on_failure:\n  scan_failed: warn\n"), "-o", "github=-").expect(0)
    check("could not be scanned" in outcome.err, outcome.err)
    check(outcome.out.startswith("::warning ") and "could not be scanned" in outcome.out, outcome.out)
    # The comment is that of the baseline's image, so that it takes the place of the one before.
    baseline = os.path.join(fresh("baseline"), "main.json")
    run("ci", f"oci:{layout(BASE)}", "--save-baseline", baseline, "-o", f"pr-comment={os.path.join(folder, 'good')}").expect(0)
    run("ci", f"oci:{image}", "--policy", write(POLICY), "--against", baseline, *forms).expect(3)
    same(text_of("pr-comment").split("\n")[0], text_of("good").split("\n")[0], "marker")


@case("ci: a run that is stopped does not replace the baseline; what is read is never written over; nothing found is a gap")
def careful():
    clean, bad = f"oci:{layout(BASE)}", f"oci:{layout(BASE, node('minimist', '1.2.5'))}"
    folder, policy = fresh("baselines"), write(POLICY)
    arguments = ["--policy", policy, "--baselines", folder]
    run("ci", clean, *arguments, "--save-baseline", "main").expect(0)
    for _ in range(2):
        outcome = run("ci", bad, *arguments, "--against", "main", "--save-baseline", "main").expect(1)
        check("not saved" in outcome.err, outcome.err)
    with open(policy, encoding="utf-8") as file:
        before = file.read()
    run("ci", bad, *arguments, "-o", f"json={policy}").expect(2)
    with open(policy, encoding="utf-8") as file:
        same(file.read(), before, "the policy")
    run("scan", bad, "--fail-on", "").expect(2)
    nothing = f"oci:{layout({'etc/motd': 'hello'})}"
    outcome = run("scan", nothing, "--fail-on-gaps").expect(4)
    check("nothing that is installed" in outcome.out, outcome.out)
    policy = write(POLICY.replace("agreement: none\n", ""))
    outcome = run("ci", bad, "--policy", policy, "--team", "shop").expect(0)
    check("held back: no-new: no agreement" in outcome.out, outcome.out)
    cases = policy.replace(".yaml", ".cases.yaml")
    with open(cases, "w", encoding="utf-8") as file:
        file.write("""schema: scantling.policy-cases/1
cases:
  - name: critical
    now: 2026-01-01
    given: {finding: {severity: critical}}
    expect: {no-new: met}
  - name: low
    now: 2026-01-01
    given: {finding: {severity: low}}
    expect: {no-new: met}
""")
    outcome = run("policy", "test", policy).expect(1)
    check("1 passed, 1 failed" in outcome.out, outcome.out)


ROOT_POLICY = """schema: scantling.policy/1
name: r
agreement: none
on_failure: {condition_unknown: {enforce: stop}}
rules:
  - {id: root, text: not root, applies_to: image, when: config.runs_as_root, stage: enforce}
  - {id: secret, text: no secrets, applies_to: image, when: 'config.env.exists(e, e.endsWith("_TOKEN"))', stage: warn}
"""


@case("policy: conditions ask the image's configuration, of which no value of a variable is kept")
def configuration():
    policy = write(ROOT_POLICY)
    config = {"User": "app", "Env": ["NPM_TOKEN=hunter2-secret", "PATH=/bin"], "ExposedPorts": {"8080/tcp": {}}, "Cmd": ["node", "x.js"],
              "Labels": {"team": "shop"}, "Healthcheck": {"Test": ["CMD", "true"]}}
    good, root = f"oci:{layout(BASE, config=config)}", f"oci:{layout(BASE, config={**config, 'User': '0:0'})}"
    silent = f"oci:{layout(BASE, config={})}"
    report = os.path.join(fresh("report"), "r.json")
    outcome = run("ci", good, "--policy", policy, "-o", f"json={report}").expect(0)
    check("warned: secret" in outcome.out, outcome.out)
    with open(report, encoding="utf-8") as file:
        text = file.read()
    check("hunter2" not in text, "a variable's value is in the report")
    kept = json.loads(text)["image"]["config"]
    same(kept["environment"], ["NPM_TOKEN", "PATH"], "names of variables")
    same((kept["user"], kept["ports"], kept["command"], kept["healthcheck"]), ("app", ["8080/tcp"], ["node", "x.js"], ["CMD", "true"]), "config")
    for image in (root, silent):
        check("stopped: root" in run("ci", image, "--policy", policy).expect(1).out, image)
    same(run("ci", report, "--policy", policy).expect(0).out, outcome.out, "the report again")
    outcome = run("policy", "explain", policy, "root", report).expect(0)
    check("config.runs_as_root = false" in outcome.out and "not met" in outcome.out, outcome.out)
    # A bill of materials does not say who runs it: the rule is not decided, and the policy stops for that.
    bom = os.path.join(fresh("bom"), "b.cdx.json")
    run("scan", root, "-o", bom, "-q").expect(0)
    outcome = run("ci", bom, "--policy", policy).expect(1)
    check("config.runs_as_root is not known" in outcome.out, outcome.out)
    # The history has it, so that a replay can ask; an exception for the rule is in it, too.
    history = fresh("history")
    run("ci", root, "--policy", policy, "--history", history, "--now", "2026-01-05").expect(1)
    run("ci", root, "--policy", policy, "--history", history, "--now", "2026-01-06", "--exceptions", write("""schema: scantling.exceptions/1
exceptions:
  - {id: EX-1, rule: root, owner: a, approver: b, reason: accepted_risk, words: w, created: 2026-01-01, until: 2026-02-01}
""", "exceptions.yaml")).expect(0)
    replayed = run("policy", "replay", policy, "--history", history, "--now", "2026-01-07", "--format", "json").expect(0).json()
    same((replayed["runs"], replayed["stopped"]), (2, 1), "runs and stops of the replay")


@case("ci: the report of a run keeps what exceptions and VEX decided, until it ends or files take its place")
def kept():
    image, policy = f"oci:{layout(BASE, node('minimist', '1.2.5'))}", write(POLICY)
    exceptions = write("""schema: scantling.exceptions/1
exceptions:
  - {id: EX-1, finding: CVE-2021-44906, owner: a, approver: b, reason: fix_scheduled, words: w, created: 2026-01-01, until: 2026-01-10}
""", "exceptions.yaml")
    none = write("schema: scantling.exceptions/1\nexceptions: []\n", "none.yaml")
    report = os.path.join(fresh("report"), "r.json")
    run("ci", image, "--policy", policy, "--now", "2026-01-05", "--exceptions", exceptions, "-o", f"json={report}").expect(0)
    outcome = run("ci", report, "--policy", policy, "--now", "2026-01-06").expect(0)
    check("is kept" in outcome.err, outcome.err)
    outcome = run("ci", report, "--policy", policy, "--now", "2026-01-11").expect(1)
    check("has ended" in outcome.err and "EX-1 expired" in outcome.out, outcome.err + outcome.out)
    run("ci", report, "--policy", policy, "--now", "2026-01-06", "--exceptions", none).expect(1)
    outcome = run("explain", "CVE-2021-44906", report, env={"SCANTLING_NOW": "2026-01-06"}).expect(0)
    check("accepted" in outcome.out and "FINDING" not in outcome.out and "EX-1" in outcome.out, outcome.out)


@case("usage: the command line is 2, a file that is missing, of another kind or broken is 3; nothing is without effect in silence")
def exits():
    image = f"oci:{layout(BASE)}"
    package, text, cut = write('{"name": "x", "dependencies": {}}', "package.json"), write("hello", "x.txt"), write('{"a":', "cut.json")
    for wrong in (package, text, cut, "/nowhere/x.tar", "oci:/nowhere", f"docker-archive:{text}"):
        run("scan", wrong).expect(3)
        run("ci", image, "--against", wrong).expect(3)
    outcome = run("scan", package).expect(3)
    check("package.json" in outcome.err and "rootfs:DIR" in outcome.err and "CycloneDX" in outcome.err, outcome.err)
    for flag in ("--policy", "--exceptions", "--vex", "--agreements", "--dockerfile"):
        run("ci", image, flag, text).expect(3)
    for wrong in ("registry:", "", "containerd:x"):
        run("scan", wrong).expect(2)
    for arguments in (["--target", "x"], ["--template", text], ["-o", "x.intoto.json"], ["--frmat", "json"]):
        outcome = run("scan", image, *arguments).expect(2)
        check(arguments[0] in outcome.err or "-o" in outcome.err, outcome.err)
    bad = write(POLICY.replace("finding.severity", "finding.severty").replace("stage: enforce", "stage: enforced"))
    outcome = run("policy", "check", bad).expect(3)
    same(len(outcome.err.strip().split("\n")), 2, "lines, one for each mistake")
    staged = write(POLICY.replace("stage: enforce", "stage: warn\n    environments: {production: enforce}"))
    check("warn, production: enforce" in run("policy", "check", staged).expect(0).out, "stages by environment")


@case("agreements check and vex check say what has no effect")
def checks():
    policy = write(POLICY)
    agreed = """schema: scantling.agreements/1
agreements:
  - {policy: p, rule: no-new, stage: enforce, team: shop, who: Ada, when: 2026-01-24, replay: r}
"""
    good = write(agreed)
    run("agreements", "check", good).expect(0)
    run("agreements", "check", good, "--policy", policy, "--now", "2026-02-01").expect(0)
    check("counts from" in run("agreements", "check", good, "--policy", policy, "--now", "2026-01-01").expect(1).out, "not yet")
    check("no rule" in run("agreements", "check", write(agreed.replace("no-new", "other")), "--policy", policy).expect(1).out, "no rule")
    run("agreements", "check", write(agreed.replace("team: shop, ", ""))).expect(3)
    vex = {"@context": "https://openvex.dev/ns/v0.2.0", "@id": "urn:x", "author": "a", "timestamp": "2026-01-01T00:00:00Z", "version": 1,
           "statements": [{"vulnerability": {"name": "CVE-2021-44906"}, "products": [{"@id": "pkg:npm/minimist"}], "status": "not_affected",
                           "justification": "component_not_present"}]}
    outcome = run("vex", "check", write(json.dumps(vex), "v.json")).expect(0)
    check("1 statement, 0 without effect" in outcome.out, outcome.out)
    del vex["statements"][0]["justification"]
    outcome = run("vex", "check", write(json.dumps(vex), "v.json")).expect(1)
    check("v.json/statements/0" in outcome.out and "justification" in outcome.out, outcome.out)
    vex["statements"][0] |= {"justification": "component_not_present", "products": [{"@id": "minimist"}]}
    outcome = run("vex", "check", write(json.dumps(vex), "v.json")).expect(1)
    check("1 statement, 1 without effect" in outcome.out and "neither a package URL nor a digest" in outcome.out, outcome.out)
    run("vex", "check", policy).expect(3)


@case("outputs: a file's ending says its format, unless --format does; one that says too little is refused")
def endings():
    image = f"oci:{layout(BASE, node('minimist', '1.2.5'))}"
    folder = fresh("out")
    for name, want in (("a.sarif", '"version":"2.1.0"'), ("a.sarif.json", '"version":"2.1.0"'), ("a.cdx.json", "CycloneDX"), ("a.cdx.xml", "cyclonedx"),
                       ("a.spdx.json", "SPDX-2.3"), ("a.spdx3.json", "@graph"), ("a.spdx", "SPDXVersion: SPDX-2.3"), ("a.html", "<!doctype html>"),
                       ("a.md", "# "), ("a.csv", "CVE-2021-44906"), ("a.xml", "<testsuites"), ("a.json", "scantling.report/1"),
                       ("A.SARIF", '"version":"2.1.0"')):
        path = os.path.join(folder, name)
        run("scan", image, "-o", path, "-q").expect(0)
        with open(path, encoding="utf-8") as file:
            check(want.lower() in file.read().lower(), f"{name} does not have {want}")
    path = os.path.join(folder, "b.sarif")
    run("scan", image, "--format", "csv", "-o", path, "-q").expect(0)
    with open(path, encoding="utf-8") as file:
        check('"version"' not in file.read(), "--format goes before the ending")
    path = os.path.join(folder, "bom.json")
    run("scan", image, "-o", path, "-q", env={"SCANTLING_FORMAT": "cyclonedx"}).expect(0)
    with open(path, encoding="utf-8") as file:
        check("CycloneDX" in file.read(), "what is configured may end in .json, too")
    path = os.path.join(folder, "log.txt")
    run("ci", image, "-o", path, "-q").expect(0)
    with open(path, encoding="utf-8") as file:
        check("policy look-first" in file.read(), "the log of ci")
    outcome = run("scan", image, "-o", os.path.join(folder, "a.intoto.json")).expect(2)
    check("intoto-spdx" in outcome.err, outcome.err)
