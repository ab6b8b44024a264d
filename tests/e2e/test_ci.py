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
    check("file.yaml" in outcome.err and "line 2" in outcome.err and "no exception counts" in outcome.err, outcome.err)


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


@case("ci: what a failed scan does is the policy's to say")
def failed_scan():
    image = layout(BASE)
    for path in layer_files(image):
        os.truncate(path, 10)
    run("ci", f"oci:{image}", "--policy", write(POLICY)).expect(3)
    outcome = run("ci", f"oci:{image}", "--policy", write(POLICY + "on_failure:\n  scan_failed: warn\n")).expect(0)
    check("could not be scanned" in outcome.err, outcome.err)


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
