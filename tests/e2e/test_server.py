"""The program server as people use it: an image is submitted, copies run, a new advisory database re-judges, the owner is told."""
import hashlib
import hmac
import json
import os

import signal
import time

from harness import case, check, fresh, run, same
from server_support import Server, database, postgres, receiver, serving
from synthetic import DEBIAN, layout

OLD = [("GHSA-aaaa-aaaa-aaaa", "CVE-2030-0001", "lodash", "4.17.21")]
NEW = OLD + [("GHSA-bbbb-bbbb-bbbb", "CVE-2030-0002", "left-pad", "1.3.0")]


def node(name, version):
    return {f"app/node_modules/{name}/package.json": json.dumps({"name": name, "version": version})}


def image(*packages):
    files = {}
    for name, version in packages:
        files.update(node(name, version))
    return "oci:" + layout(DEBIAN, files)


def submit(server, token, source, name):
    run("scan", source, "--quiet", "--submit", server.url, "--image-name", name, env={"SCANTLING_TOKEN": token}).expect(0)


def snapshot(server, token, copies, cluster="prod", **more):
    body = {"schema": "scantling.running/1", "reporter": f"cluster {cluster}", "kind": "kubernetes", "cluster": cluster, "environment": "production",
            "type": "snapshot", "copies": [{"uid": uid, "digest": digest, "reference": "registry/shop:1", "namespace": "shop", "workload": "web",
                                            "workload_kind": "Deployment", "container": "web", "labels": {"app": "web"}} for uid, digest in copies], **more}
    return server.call("POST", "/api/v1/running", body, token=token).expect(200).json()


@case("server: an image, its copies, a new advisory, the right owner")
def walk():
    folder = fresh("walk")
    advisories = f"{folder}/advisories.db"
    database(advisories, OLD)
    with receiver() as (taken, hook), serving(f"{folder}/data", "--db", advisories, "--allow-address", "127.0.0.0/8") as server:
        server.sign_in()
        same(server.get("/api/v1/me").json()["role"], "admin", "who signed in")
        token = server.token(["read", "submit"])
        submit(server, token, image(("lodash", "4.17.15"), ("left-pad", "1.0.0")), "registry.example/team/shop:1")
        submit(server, token, image(("lodash", "4.17.21")), "registry.example/team/api:1")
        images = server.get("/api/v1/images?sort=name").expect(200).json()["items"]
        same([[one["name"], one["critical"]] for one in images], [["registry.example/team/api:1", 0], ["registry.example/team/shop:1", 1]], "images")
        shop = images[1]["digest"]
        server.call("PUT", "/api/v1/owners", {"rules": [{"repository": "*/shop", "owner": "team-shop"}, {"repository": "*/api", "owner": "team-api"}]}).expect(204)
        server.call("PUT", "/api/v1/channels", {"channels": [
            {"name": "shop", "kind": "webhook", "url": hook, "secret": "s3cret", "owners": ["team-shop"]}]}).expect(204)
        check("s3cret" not in server.get("/api/v1/channels").text.decode(), "a secret left the server")

        told = snapshot(server, token, [("a", shop), ("b", shop), ("c", "sha256:" + "9" * 64)])
        same([told["started"], told["unscanned"]], [3, ["sha256:" + "9" * 64]], "what the snapshot did")
        coverage = server.get("/api/v1/coverage").json()
        same([coverage["running"]["copies"], coverage["with_inventory"]["copies"], coverage["covered"]["copies"]], [3, 2, 2], "coverage")
        same([gap["gap"] for gap in coverage["gaps"]], ["never_scanned"], "gaps")
        same(server.column("/api/v1/running?filter=" + coverage["gaps"][0]["filter"], "uid"), ["c"], "rows behind the gap")

        # A new database, by rename: nothing is scanned again.
        database(advisories, NEW)
        found = server.wait("/api/v1/vulnerabilities?filter=id:CVE-2030-0002", lambda answer: answer["total"] == 1)["items"][0]
        same([found["images"], found["copies"], found["owners"]], [1, 2, ["team-shop"]], "where it is")
        detail = server.get("/api/v1/vulnerabilities/CVE-2030-0002").json()
        same([[way["target"], way["copies"], way["fixed_versions"]] for way in detail["ends_by"]], [["registry.example/team/shop", 2, ["1.3.0"]]], "what ends it")
        limit = time.monotonic() + 30
        while not any(b"CVE-2030-0002" in body for _, body in taken):
            check(time.monotonic() < limit, "nobody was told")
            time.sleep(0.05)
        told = []
        for headers, body in taken:
            same(headers["X-Scantling-Signature-256"], "sha256=" + hmac.new(b"s3cret", body, hashlib.sha256).hexdigest(), "signature")
            told += [(one["owner"], item["vulnerability"]) for one in json.loads(body)["owners"] for item in one["opened"]]
        same([owner for owner, _ in told], ["team-shop"] * len(told), "who was told")
        same(sorted(found for _, found in told if found != "CVE-2030-0001"), ["CVE-2030-0002"], "what was told, once")

        # Fixed, deployed, and gone.
        submit(server, token, image(("lodash", "4.17.21"), ("left-pad", "1.3.0")), "registry.example/team/shop:2")
        fixed = server.column("/api/v1/images?filter=names:registry.example/team/shop:2", "digest")[0]
        snapshot(server, token, [("d", fixed)])
        same(server.get("/api/v1/vulnerabilities/CVE-2030-0002").json()["copies"], 0, "copies after the rollout")
        steps = [step["what"] for step in server.get("/api/v1/vulnerabilities/CVE-2030-0002/life").json()["steps"]]
        check({"opened", "running", "gone", "fixed_in_build", "deployed"} <= set(steps), f"the life of the finding: {steps}")
        changes = server.get(f"/api/v1/images/{fixed}/changes").json()
        same(sorted(one["vulnerability"] for one in changes["findings_removed"]), ["CVE-2030-0001", "CVE-2030-0002"], "what the new image ends")
        check("<html" in server.get("/").expect(200).text.decode().lower(), "no page")
        # A pod list as kubectl writes it.
        pods = {"kind": "PodList", "items": [{"metadata": {"name": "web-1", "namespace": "shop", "uid": "u1", "labels": {"app": "web"}}, "spec": {"nodeName": "n1"},
                "status": {"containerStatuses": [{"name": "web", "image": "registry.example/team/shop:2", "imageID": "registry.example/team/shop@" + fixed,
                                                  "containerID": "containerd://c1", "state": {"running": {"startedAt": "2030-01-01T00:00:00Z"}}}]}}]}
        same(server.call("POST", "/api/v1/running?cluster=edge", pods, token=token).expect(200).json()["running"], 1, "pods")
        check(server.get("/metrics").expect(200).text.decode().find("scantling_running_copies{gap=\"none\"}") >= 0, "no roll-up in the metrics")


@case("server: tokens, roles and other people's data")
def access():
    folder = fresh("access")
    database(f"{folder}/advisories.db", OLD)
    with serving(f"{folder}/data", "--db", f"{folder}/advisories.db") as server:
        server.get("/api/v1/images").expect(401)
        server.get("/api/v1/images", token="sct_wrong").expect(401)
        server.get("/healthz").expect(200)
        server.get("/readyz").expect(200)
        server.sign_in()
        reader, writer = server.token(["read"]), server.token(["submit", "read"])
        server.call("POST", "/api/v1/scans", {}, token=reader).expect(403)
        problem = server.call("POST", "/api/v1/scans", {}, token=writer).expect(415).json()
        check("schema" in problem["detail"], problem)
        server.call("PUT", "/api/v1/owners", {"rules": []}, token=writer).expect(403)
        whole = server.token(["admin"])  # holds the other scopes
        server.call("PUT", "/api/v1/owners", {"rules": []}, token=whole).expect(204)
        server.get("/api/v1/images", token=whole).expect(200)
        submit(server, writer, image(("lodash", "4.17.15")), "registry.example/team/shop:1")
        submit(server, writer, image(("lodash", "4.17.14")), "registry.example/team/api:1")
        server.call("PUT", "/api/v1/owners", {"rules": [{"repository": "*/shop", "owner": "team-shop"}]}).expect(204)
        made = server.call("POST", "/api/v1/users", {"name": "ann", "role": "viewer", "owners": ["team-shop"], "password": "correct horse battery"}).expect(201)
        check(made.json()["name"] == "ann", made.json())
        admin = server.cookie, server.csrf
        server.cookie = server.csrf = ""
        signed = server.call("POST", "/api/v1/sign-in", {"name": "ann", "password": "correct horse battery"}).expect(200)
        server.cookie = signed.headers["Set-Cookie"].split(";")[0]
        server.csrf = signed.json()["csrf"]
        same(server.column("/api/v1/images", "name"), ["registry.example/team/shop:1"], "what an owner sees")
        server.call("PUT", "/api/v1/owners", {"rules": []}).expect(403)
        server.get("/api/v1/audit").expect(403)
        server.get("/api/v1/events").expect(403)
        server.cookie, server.csrf = admin
        other = server.column("/api/v1/images?filter=name:*api*", "digest")[0]
        check(len(server.get("/api/v1/audit").expect(200).json()["items"]) >= 3, "changes are not in the audit log")
        server.cookie = server.csrf = ""
        server.get(f"/api/v1/images/{other}").expect(401)


@case("server: lists are filtered, sorted, paged and downloaded")
def lists():
    folder = fresh("lists")
    database(f"{folder}/advisories.db", OLD)
    with serving(f"{folder}/data", "--db", f"{folder}/advisories.db") as server:
        server.sign_in()
        token = server.token(["submit", "read"])
        for number in range(5):
            submit(server, token, image(("lodash", f"4.17.{number}")), f"registry.example/app-{number}:1")
        same(server.column("/api/v1/images?sort=-name&limit=2", "name"), ["registry.example/app-4:1", "registry.example/app-3:1"], "the first page")
        names, cursor = [], ""
        while cursor is not None:
            page = server.get("/api/v1/images?sort=name&limit=2" + (f"&cursor={cursor}" if cursor else "")).expect(200).json()
            names += [item["name"] for item in page["items"]]
            cursor = page["next"] and __import__("urllib.parse").parse.quote(page["next"])
        same(names, [f"registry.example/app-{number}:1" for number in range(5)], "all pages")
        same(server.column("/api/v1/components?name=lodash&below=4.17.2&sort=version", "version"), ["4.17.0", "4.17.1"], "who carries lodash below 4.17.2")
        csv = server.get("/api/v1/images?format=csv&columns=name,critical&sort=name").expect(200).text.decode().split("\r\n")
        same(csv[:2], ["name,critical", "registry.example/app-0:1,1"], "csv")
        # What cannot be is no empty list.
        for wrong in ("images?filter=runs:banana", "images?filter=critical:x", "images?as_of=2099-01-01T00:00:00Z", "components?name=lodash&below=garbage!!"):
            server.get(f"/api/v1/{wrong}").expect(400)
        same(len(server.column("/api/v1/images?filter=runs:false", "name")), 5, "images that do not run")
        check("fields are" in server.get("/api/v1/images?sort=colour").expect(400).json()["detail"], "an unknown field is not named")
        found = server.get("/api/v1/search?q=app-3").json()["items"]
        same([[hit["kind"], hit["name"]] for hit in found], [["image", "registry.example/app-3:1"]], "search")
        digest = server.column("/api/v1/images?filter=name:*app-3*", "digest")[0]
        report = server.get(f"/api/v1/images/{digest}/report").expect(200).json()
        same([report["schema"], len(report["findings"])], ["scantling.report/1", 1], "the image's report")
        check("bump lodash" in server.get(f"/api/v1/images/{digest}").json()["actions"][0]["title"], "no action")


@case("server: kill -9 loses nothing that was acknowledged; backup and restore")
def faults():
    folder = fresh("faults")
    database(f"{folder}/advisories.db", OLD)
    arguments = ["--db", f"{folder}/advisories.db"]
    server = Server(f"{folder}/data", *arguments)
    server.sign_in()
    token = server.token(["submit", "read"])
    kept = []
    for round_number in range(6):
        for number in range(3):
            uid = f"{round_number}-{number}"
            snapshot(server, token, [(uid, "sha256:" + "1" * 64)], cluster=uid)
            kept.append(uid)
        server.stop(signal.SIGKILL)
        server = Server(f"{folder}/data", *arguments)
        server.sign_in()
        same(sorted(server.column("/api/v1/running?limit=1000", "uid")), sorted(kept), f"copies after kill {round_number}")
    run("backup", f"{folder}/backup", "--data", f"{folder}/data").expect(0)
    server.stop()
    run("restore", f"{folder}/backup", "--data", f"{folder}/again").expect(0)
    with serving(f"{folder}/again", *arguments) as again:
        again.sign_in()
        same(sorted(again.column("/api/v1/running?limit=1000", "uid")), sorted(kept), "copies after the restore")
        again.get("/api/v1/running", token=token).expect(200)


@case("server: two servers on one PostgreSQL see the same, and one of them tells")
def postgresql():
    folder = fresh("pg")
    advisories = f"{folder}/advisories.db"
    database(advisories, OLD)
    with postgres() as address, receiver() as (taken, hook):
        arguments = ["--database", address, "--db", advisories, "--allow-address", "127.0.0.0/8"]
        with serving(None, *arguments) as one, serving(None, *arguments) as two:
            one.sign_in()
            two.cookie, two.csrf = one.cookie, one.csrf  # a session is the store's
            token = one.token(["read", "submit"])
            submit(two, token, image(("lodash", "4.17.15"), ("left-pad", "1.0.0")), "registry.example/team/shop:1")
            shop = one.column("/api/v1/images", "digest")[0]
            one.call("PUT", "/api/v1/owners", {"rules": [{"repository": "*/shop", "owner": "team-shop"}]}).expect(204)
            one.call("PUT", "/api/v1/channels", {"channels": [{"name": "all", "kind": "webhook", "url": hook}]}).expect(204)
            snapshot(two, token, [("a", shop), ("b", "sha256:" + "9" * 64)])
            same(one.column("/api/v1/running?sort=uid", "owner"), ["team-shop", ""], "owners")
            database(advisories, NEW)
            for server in (one, two):
                found = server.wait("/api/v1/vulnerabilities?filter=id:CVE-2030-0002", lambda answer: answer["total"] == 1)["items"][0]
                same([found["images"], found["copies"]], [1, 1], "where it is")
            limit = time.monotonic() + 30
            while not any(b"CVE-2030-0002" in body for _, body in taken):
                check(time.monotonic() < limit, "nobody was told")
                time.sleep(0.05)
            time.sleep(3)  # a second one would come with the other server's next look
            same(sum(b"CVE-2030-0002" in body for _, body in taken), 1, "how often it was told")
            same([server.get("/api/v1/coverage").json()["gaps"][0]["gap"] for server in (one, two)], ["never_scanned"] * 2, "gaps")
            mine = one.get("/api/v1/tokens").expect(200).json()["items"][0]["id"]
            check(len(one.get("/api/v1/sessions").expect(200).json()["items"]) == 1, "sessions")
            check(one.get("/api/v1/audit").expect(200).json()["items"], "the audit log is empty")
            one.call("DELETE", f"/api/v1/tokens/{mine}").expect(204)
            two.get("/api/v1/images", token=token).expect(401)


@case("server: what would be unsafe or cannot work is refused with what to do")
def refusals():
    outcome = run("server", "--listen", "0.0.0.0:0", "--data", fresh("data")).expect(2)
    check("--tls-certificate" in outcome.err, outcome.err)
    outcome = run("server", "--listen", "somewhere").expect(2)
    check("ADDRESS:PORT" in outcome.err, outcome.err)
    outcome = run("scan", image(("lodash", "4.17.15")), "--submit", "http://127.0.0.1:9").expect(2)
    check("SCANTLING_TOKEN" in outcome.err, outcome.err)
    outcome = run("scan", image(("lodash", "4.17.15")), "--submit", "http://127.0.0.1:9", env={"SCANTLING_TOKEN": "sct_x"}).expect(3)
    check("127.0.0.1" in outcome.err and "sct_x" not in outcome.err, outcome.err)


@case("server: another process with older advisories, a folder without a store, the link of a server elsewhere, labels of an image")
def mistakes():
    folder = fresh("mistakes")
    data, advisories = f"{folder}/data", f"{folder}/advisories.db"
    database(advisories, NEW)
    with serving(data, "--db", advisories) as server:
        server.sign_in()
        token = server.token(["read", "submit"])
        labelled = "oci:" + layout(DEBIAN, {**node("lodash", "4.17.15"), **node("left-pad", "1.0.0")}, config={"Labels": {"team": "team-label"}})
        submit(server, token, labelled, "registry.example/x/y:1")
        server.call("PUT", "/api/v1/owners", {"owner_label": "team", "rules": []}).expect(204)
        same(server.wait("/api/v1/images", lambda answer: answer["items"][0]["owner"] != "")["items"][0]["owner"], "team-label", "owner by the image's label")
        same(server.get("/api/v1/vulnerabilities").json()["total"], 2, "findings")
        # Nobody said which advisories: the starter set is older than what the store was judged by.
        for command in (["server", "--listen", "127.0.0.1:0"], ["worker"]):
            refused = run(*command, "--data", data)
            check(refused.code == 2 and "--db FILE" in refused.err and "data of 2030" in refused.err, f"{command}: {refused.code} {refused.err}")
        same(server.get("/api/v1/vulnerabilities").json()["total"], 2, "findings afterwards")
        link = run("sign-in", "--data", data).expect(0).out.strip()
        check(link.startswith(server.url + "/sign-in/link/"), f"{link} does not lead to {server.url}")
        wrong = server.call("POST", "/api/v1/scans?digest=nonsense", {"bomFormat": "CycloneDX", "specVersion": "1.6", "components": []}, token=token)
        check(wrong.status == 400 and "64 hex digits" in wrong.text.decode(), f"{wrong.status} {wrong.text}")
    for command in (["backup", f"{folder}/x"], ["sign-in"]):
        refused = run(*command, "--data", f"{folder}/typo")
        check(refused.code == 3 and "there is no store" in refused.err, f"{command}: {refused.code} {refused.err}")
    check(not os.path.exists(f"{folder}/typo"), "a mistyped folder was made")
