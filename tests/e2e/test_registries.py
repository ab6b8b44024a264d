"""Watched registries: a real docker-registry, looked at by schedule and by its own notifications; scans as jobs that everybody sees."""
import base64
import contextlib
import datetime
import hashlib
import hmac
import http.client
import http.server
import json
import os
import signal
import subprocess
import threading
import time
import urllib.parse

import registries
from harness import case, check, fresh, program, same
from images import need
from registries import Proxy, Registry, push, serve
from server_support import database, postgres, serving
from synthetic import DEBIAN, layout

ADVISORIES = [("GHSA-aaaa-aaaa-aaaa", "CVE-2030-0001", "lodash", "4.17.21")]
LOOPBACK = ["--allow-address", "127.0.0.0/8", "--allow-address", "::1"]


def image(version):
    return layout(DEBIAN, {"app/node_modules/lodash/package.json": json.dumps({"name": "lodash", "version": version})})


def watch(server, host, repositories, **more):
    return server.call("POST", "/api/v1/registries", {"registry": host, "repositories": repositories, **more}).expect(201).json()["id"]


def state(server, number):
    return server.get(f"/api/v1/registries/{number}").expect(200).json()


def wait_watch(server, number, until, seconds=180):
    return server.wait(f"/api/v1/registries/{number}", until, seconds)


def wait_image(server, name, wanted, seconds=180):
    """The image of that name when its scan is in one of those states."""
    found = server.wait(f"/api/v1/images?filter=names:{name}", lambda answer: answer["total"] == 1 and answer["items"][0]["state"] in wanted, seconds)
    return found["items"][0]


@contextlib.contextmanager
def worker(*arguments, env=None):
    environment = {key: value for key, value in os.environ.items() if not key.startswith("SCANTLING_")}
    environment.update({"XDG_DATA_HOME": fresh("home"), "XDG_CACHE_HOME": fresh("cache"), **(env or {})})
    with open(os.path.join(fresh("worker"), "log"), "w+b") as log:
        process = subprocess.Popen([program(), "worker", *arguments], stdout=log, stderr=log, stdin=subprocess.DEVNULL, env=environment)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait(60)


def told(port, path, secret):
    return f"""notifications:
  endpoints:
    - name: scantling
      url: http://127.0.0.1:{port}{path}
      headers: {{Authorization: [Bearer {secret}]}}
      timeout: 5s
      threshold: 3
      backoff: 1s
"""


@case("registries: the schedule finds tags, a scan is a job, the image appears; a new tag follows")
def schedule():
    need("skopeo")
    folder = fresh("schedule")
    database(f"{folder}/advisories.db", ADVISORIES)
    with Registry(fresh("storage")) as registry, serving(f"{folder}/data", "--db", f"{folder}/advisories.db", *LOOPBACK) as server:
        server.sign_in()
        for number in (1, 2, 10):
            push(image(f"4.17.{number}"), registry, f"team/shop:1.{number}")
        push(image("4.17.15"), registry, "team/shop:latest")
        push(image("4.17.15"), registry, "other/thing:1")
        number = watch(server, registry.host, ["team/*"], newest=2, interval_seconds=10)
        found = wait_watch(server, number, lambda one: one["state"] != "never")
        same([found["state"], found["detail"], found["seen_repositories"], found["seen_tags"]], ["ok", "", 1, 3], "the first look")
        name = f"{registry.host}/team/shop"
        for tag in ("1.10", "1.2", "latest"):
            same(wait_image(server, f"{name}:{tag}", ["ok"])["critical"], 1, f"findings of {tag}")
        same(server.get(f"/api/v1/images?filter=name:*thing*").json()["total"], 0, "what is not watched")
        same(server.get(f"/api/v1/images?filter=names:{name}:1.1").json()["total"], 0, "an old tag")
        # The next look comes by itself; the name moves, and what it was stays.
        push(image("4.17.21"), registry, "team/shop:latest")
        fixed = server.wait(f"/api/v1/images?filter=names:{name}:latest", lambda answer: answer["total"] == 1 and answer["items"][0]["state"] == "ok" and answer["items"][0]["critical"] == 0)
        digest = fixed["items"][0]["digest"]
        detail = server.get(f"/api/v1/images/{digest}").expect(200).json()
        check(detail["previous"] and detail["previous"] != digest, "the image before it is not known")
        # The same again is no work.
        before = len(server.get("/api/v1/jobs?kind=scan").json()["items"])
        last = state(server, number)["checked"]
        server.call("POST", f"/api/v1/registries/{number}/check").expect(202)
        wait_watch(server, number, lambda one: one["checked"] > last)
        same(len(server.get("/api/v1/jobs?kind=scan").json()["items"]), before, "scans after a look without news")
        # Once more on demand.
        same(server.call("POST", f"/api/v1/images/{digest}/scan").expect(202).json(), {"digest": digest, "queued": True}, "a scan on demand")
        server.wait("/api/v1/jobs?kind=scan", lambda answer: len(answer["items"]) == before + 1 and answer["items"][0]["state"] == "done")
        same(server.get(f"/api/v1/images/{digest}").json()["state"], "ok", "the state after it")
        actions = [entry["action"] for entry in server.get("/api/v1/audit").json()["items"]]
        check({"registry.create", "registry.check", "image.scan"} <= set(actions), actions)


@case("registries: a repository of a thousand tags and more: how many there are, and a pattern that is narrower")
def many_tags():
    need("skopeo")
    folder = fresh("many")
    with Registry(fresh("storage")) as registry, serving(f"{folder}/data", "--scans", "0", *LOOPBACK) as server:
        server.sign_in()
        push(image("4.17.15"), registry, "team/shop:v0")
        connection = http.client.HTTPConnection("127.0.0.1", registry.port)
        kind = "application/vnd.oci.image.manifest.v1+json"
        connection.request("GET", "/v2/team/shop/manifests/v0", headers={"Accept": kind})
        manifest = connection.getresponse().read()
        for number in range(1, 1020):
            connection.request("PUT", f"/v2/team/shop/manifests/v{number}", manifest, {"Content-Type": kind})
            answer = connection.getresponse()
            answer.read()
            same(answer.status, 201, f"the push of v{number}")
        connection.close()
        number = watch(server, registry.host, ["team/shop"], newest=0, interval_seconds=86400)
        found = wait_watch(server, number, lambda one: one["state"] not in ("never", "failed") and "look" not in one, 120)
        same([found["state"], found["seen_tags"]], ["partial", 1000], "a look at too many tags")
        check("more than 1000 tags fit in team/shop (1020)" in found["detail"] and "narrow the pattern" in found["detail"], found["detail"])
        same(server.get(f"/api/v1/images?filter=names:{registry.host}/team/shop:v1019").json()["total"], 1, "the most recent tag")
        server.call("PUT", f"/api/v1/registries/{number}", {"registry": registry.host, "repositories": ["team/shop"], "tags": "v10*", "newest": 0, "interval_seconds": 86400}).expect(200)
        found = wait_watch(server, number, lambda one: one["state"] == "ok", 120)
        same([found["detail"], found["seen_tags"]], ["", 31], "a look with a narrower pattern")  # v10, v100 to v109, v1000 to v1019


@case("registries: a push that the registry tells of is scanned at once; other forms, wrong secrets, hostile bodies")
def pushes():
    need("skopeo")
    folder = fresh("pushes")
    database(f"{folder}/advisories.db", ADVISORIES)
    storage = fresh("storage")
    with serving(f"{folder}/data", "--db", f"{folder}/advisories.db", *LOOPBACK) as server:
        server.sign_in()
        port = server.url.rsplit(":", 1)[1]
        with Registry(storage) as first:  # holds the port
            number = watch(server, first.host, ["team/shop"], tags="v*", interval_seconds=86400)
            wait_watch(server, number, lambda one: one["state"] != "never")
        hook = server.call("POST", f"/api/v1/registries/{number}/hook").expect(200).json()
        secret, path = hook["secret"], hook["path"]
        check(secret not in server.get("/api/v1/registries").text.decode(), "the secret is shown again")
        check(secret not in server.get("/api/v1/audit").text.decode(), "the secret is in the audit log")
        again = Registry(storage, told(port, path, secret))
        # The watch has the first registry's address.
        server.call("PUT", f"/api/v1/registries/{number}", {"registry": again.host, "repositories": ["team/shop"], "tags": "v*", "interval_seconds": 86400}).expect(200)
        with again as registry:
            wait_watch(server, number, lambda one: one["registry"] == registry.host and one["state"] in ("ok", "failed") and one["checked"])
            push(image("4.17.15"), registry, "team/shop:v1")
            push(image("4.17.14"), registry, "team/shop:other")
            push(image("4.17.13"), registry, "elsewhere/shop:v1")
            name = f"{registry.host}/team/shop"
            same(wait_image(server, f"{name}:v1", ["ok"], 30)["critical"], 1, "findings of what was pushed")
            check(state(server, number)["heard"], "that the registry was heard is not shown")
            same(server.get("/api/v1/images").json()["total"], 1, "images")
            # The other forms, as their registries send them.
            seeds = os.path.join(os.path.dirname(__file__), "../../fuzz/seeds/registry_event")
            for form, wanted in (("harbor", "harbor"), ("docker_hub", "docker_hub"), ("quay", "quay"), ("github", "github"), ("distribution", "distribution")):
                with open(f"{seeds}/{form}.json", "rb") as file:
                    body = file.read()
                signed = {"X-Hub-Signature-256": "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()}
                for where, headers in ((path, {"Authorization": f"Bearer {secret}"}), (path, {"Authorization": secret}), (f"{path}/{secret}", {}), (path, signed)):
                    got = bare(server, where, body, headers).expect(202).json()
                    same([got["form"], got["watched"]], [wanted, 0], f"{form} by {list(headers)}")
            tagged = {"repository": "team/shop", "updated_tags": ["v1", "nothing", "v2"]}
            got = bare(server, f"{path}/{secret}", json.dumps(tagged).encode(), {}).expect(202).json()
            same([got["pushes"], got["watched"], got["queued"]], [3, 2, 2], "what a push queued")
            job = server.wait("/api/v1/jobs?kind=resolve", lambda answer: any(one["key"].endswith("shop:v2") and one["state"] == "failed" for one in answer["items"]))
            check(any("the registry does not have it" in one["error"] for one in job["items"]), job["items"][:2])
            # Wrong ones.
            body = json.dumps(tagged).encode()
            for where, headers in ((path, {}), (path, {"Authorization": "Bearer x"}), (f"{path}/{secret}x", {}), (f"{path}/x", {"Authorization": f"Bearer {secret}"}),
                                   (path, {"X-Hub-Signature-256": "sha256=" + "0" * 64}), (f"/api/v1/registries/{number + 1}/events", {"Authorization": f"Bearer {secret}"}),
                                   ("/api/v1/registries/x/events", {"Authorization": f"Bearer {secret}"})):
                bare(server, where, body, headers).expect(401)
            for wrong in (b"", b"{", b"[]", b"{}", b"\xff\xfe", b"[" * 5000, b'{"events": 1}', b"null"):
                bare(server, f"{path}/{secret}", wrong, {}).expect(400)
            bare(server, f"{path}/{secret}", b" " * (2 << 20), {}).expect(413)
            # A new secret ends the old one.
            server.call("POST", f"/api/v1/registries/{number}/hook").expect(200)
            bare(server, f"{path}/{secret}", body, {}).expect(401)
        server.log.seek(0)
        check(secret.encode() not in server.log.read(), "the secret is in the log")


@case("registries: a tag that the registry has no more ends, by a look and by the registry's own message; the image stays")
def deletions():
    need("skopeo")
    folder = fresh("deletions")
    database(f"{folder}/advisories.db", ADVISORIES)
    storage = fresh("storage")
    with serving(f"{folder}/data", "--db", f"{folder}/advisories.db", *LOOPBACK) as server:
        server.sign_in()
        port = server.url.rsplit(":", 1)[1]
        with Registry(storage) as first:  # holds the port
            number = watch(server, first.host, ["team/*"], interval_seconds=86400)
        hook = server.call("POST", f"/api/v1/registries/{number}/hook").expect(200).json()
        with Registry(storage, told(port, hook["path"], hook["secret"])) as registry:
            server.call("PUT", f"/api/v1/registries/{number}", {"registry": registry.host, "repositories": ["team/*"], "interval_seconds": 86400}).expect(200)
            name = f"{registry.host}/team/shop"
            for tag, version in (("1", "4.17.11"), ("2", "4.17.12"), ("3", "4.17.13")):
                push(image(version), registry, f"team/shop:{tag}")
                wait_image(server, f"{name}:{tag}", ["ok"])
            before = datetime.datetime.now(datetime.timezone.utc).isoformat().replace("+00:00", "Z")

            def delete(tag):
                digest = "sha256:" + hashlib.sha256(read_manifest(registry, "team/shop", tag)).hexdigest()
                connection = http.client.HTTPConnection("127.0.0.1", registry.port, timeout=30)
                connection.request("DELETE", f"/v2/team/shop/manifests/{digest}")
                same(connection.getresponse().status, 202, "the answer to a deletion")
                return digest

            def names(as_of=""):
                items = server.get(f"/api/v1/images?sort=digest{as_of}").expect(200).json()["items"]
                return sorted(one for item in items for one in item["names"])

            # The registry tells of it itself.
            digest = delete("2")
            server.wait(f"/api/v1/images/{digest}", lambda one: one["names"] == [])
            same(names(), [f"{name}:1", f"{name}:3"], "names after a deletion that was told")
            # A look finds what nobody told.
            server.call("POST", f"/api/v1/registries/{number}/hook").expect(200)  # its secret is old now
            last = state(server, number)["checked"]
            gone = delete("3")
            server.call("POST", f"/api/v1/registries/{number}/check").expect(202)
            wait_watch(server, number, lambda one: one["checked"] > (last or ""))
            same(names(), [f"{name}:1"], "names after a look")
            same(names(f"&as_of={before}"), [f"{name}:{tag}" for tag in "123"], "names as of before")
            one = server.get(f"/api/v1/images/{gone}").expect(200).json()
            same([one["name"], one["names"], one["state"], one["components"]], [f"{name}:3", [], "ok", 1], "the image whose tag is gone")
        # A registry that is away ends nothing.
        last = state(server, number)["checked"]
        server.call("POST", f"/api/v1/registries/{number}/check").expect(202)
        wait_watch(server, number, lambda one: one["state"] == "failed")
        same(names(), [f"{name}:1"], "names after a look that failed")


def bare(server, path, body, headers):
    """A call by nobody who is signed in."""
    cookie, server.cookie = server.cookie, ""
    try:
        return server.call("POST", path, body, headers={"Content-Type": "application/json", **headers})
    finally:
        server.cookie = cookie


@case("registries: away and back, wrong logins, private addresses, what is not there: each is said")
def troubles():
    need("skopeo")
    folder = fresh("troubles")
    database(f"{folder}/advisories.db", ADVISORIES)
    storage = fresh("storage")
    users = registries.htpasswd("alice", "in the clear")
    with Registry(storage) as registry:
        push(image("4.17.15"), registry, "team/shop:1")
    settings = f"auth: {{htpasswd: {{realm: test, path: {users}}}}}\n"
    os.makedirs(f"{folder}/data/registries")
    environment = {**registries.no_login(), "XDG_CONFIG_HOME": fresh("config")}

    def login(name, password, host):
        with open(f"{folder}/data/registries/{name}", "w", encoding="utf-8") as file:
            json.dump({"auths": {host: {"auth": base64.b64encode(f"alice:{password}".encode()).decode()}}}, file)

    with serving(f"{folder}/data", "--db", f"{folder}/advisories.db", *LOOPBACK, env=environment) as server:
        server.sign_in()
        registry = Registry(storage, settings)
        login("right", "in the clear", registry.host)
        login("wrong", "guessed", registry.host)
        body = {"registry": registry.host, "repositories": ["team/shop"], "interval_seconds": 3600}
        number = server.call("POST", "/api/v1/registries", body).expect(201).json()["id"]
        server.call("POST", "/api/v1/registries", body).expect(409)

        def now(**more):
            server.call("PUT", f"/api/v1/registries/{number}", {**body, **more}).expect(200)
            before = state(server, number)["checked"] or ""
            return wait_watch(server, number, lambda one: (one["checked"] or "") > before)

        found = wait_watch(server, number, lambda one: one["state"] != "never")
        same(found["state"], "failed", "a look without a login")
        check("wants a login" in found["detail"], found["detail"])
        found = now(credentials="wrong")
        check(found["state"] == "failed" and "refuses the login" in found["detail"] and "guessed" not in found["detail"], found)
        found = now(credentials="missing")
        check(found["state"] == "failed" and "podman login --authfile" in found["detail"], found)
        found = now(credentials="right", repositories=["team/shop", "team/none"])
        check(found["state"] == "partial" and "team/none" in found["detail"] and found["seen_tags"] == 1, found)
        same(wait_image(server, f"{registry.host}/team/shop:1", ["ok"])["critical"], 1, "findings")
        same(now(credentials="right")["state"], "ok", "the right login")
        server.log.seek(0)
        text = server.log.read()
        check(b"guessed" not in text and b"in the clear" not in text, "a password is in the log")
        # Away, and back without anybody's doing.
        registry.stop()
        server.call("POST", f"/api/v1/registries/{number}/check").expect(202)
        found = wait_watch(server, number, lambda one: one["state"] == "failed", 60)
        check(found["failures"] == 1 and found["next"] < "2" + found["checked"][1:] or found["next"], found)
        check(registry.host in found["detail"], found["detail"])
        check(found["succeeded"] < found["checked"], "the last look that went well is not shown")
        port = registry.port
        free_port, registries.free_port = registries.free_port, lambda: port
        try:
            registry = Registry(storage, settings)
        finally:
            registries.free_port = free_port
        with registry:
            found = wait_watch(server, number, lambda one: one["state"] == "ok", 60)
            same([found["detail"], found["failures"]], ["", 0], "after it came back")
        server.call("DELETE", f"/api/v1/registries/{number}").expect(204)
        server.get(f"/api/v1/registries/{number}").expect(404)
        same(server.get("/api/v1/images").json()["total"], 1, "what was found stays")
    # Without leave, no address of our own is called.
    with serving(f"{folder}/data", "--db", f"{folder}/advisories.db", env=environment) as server:
        server.sign_in()
        with Registry(storage) as registry:
            number = watch(server, f"127.0.0.1:{registry.port}", ["team/shop"])
            found = wait_watch(server, number, lambda one: one["state"] != "never")
            check(found["state"] == "failed" and "loopback" in found["detail"], found)
            same(registry.log(), [], "requests to a private address")
        token = server.token(["read", "submit"])
        server.get("/api/v1/registries", token=token).expect(200)
        server.call("POST", f"/api/v1/registries/{number}/hook", token=token).expect(403)
        for wrong in ({}, {"registry": "x"}, {"registry": "x.example", "repositories": []}, {"registry": "x.example", "repositories": ["a"], "credentials": "../../etc/passwd"}):
            server.call("POST", "/api/v1/registries", wrong).expect(400)
        server.call("POST", f"/api/v1/users", {"name": "ann", "role": "owner", "owners": ["x"], "password": "correct horse battery"}).expect(201)
        server.cookie = server.csrf = ""
        signed = server.call("POST", "/api/v1/sign-in", {"name": "ann", "password": "correct horse battery"}).expect(200)
        server.cookie, server.csrf = signed.headers["Set-Cookie"].split(";")[0], signed.json()["csrf"]
        server.get("/api/v1/registries").expect(403)
        server.call("POST", "/api/v1/registries", {"registry": "x.example", "repositories": ["a"]}).expect(403)


def damage(storage, text):
    """Writes over the blob in the registry's storage that holds the text's digest."""
    digest = text.split(":")[1]
    path = f"{storage}/docker/registry/v2/blobs/sha256/{digest[:2]}/{digest}/data"
    with open(path, "r+b") as file:
        size = os.path.getsize(path)
        file.seek(size // 2)
        file.write(b"\0" * 16)


@case("registries: a broken image fails with its reason, is a gap of what runs, and can be scanned again")
def broken():
    need("skopeo")
    folder, storage = fresh("broken"), fresh("storage")
    database(f"{folder}/advisories.db", ADVISORIES)
    with Registry(storage) as registry:
        made = image("4.17.15")
        push(made, registry, "team/shop:1")
        manifest = json.load(open(f"{made}/blobs/sha256/" + json.load(open(f"{made}/index.json", encoding="utf-8"))["manifests"][0]["digest"][7:], encoding="utf-8"))
        layer = manifest["layers"][-1]["digest"]
        good = open(blob := f"{storage}/docker/registry/v2/blobs/sha256/{layer[7:9]}/{layer[7:]}/data", "rb").read()
        damage(storage, layer)
        with serving(f"{folder}/data", "--db", f"{folder}/advisories.db", *LOOPBACK, env={"XDG_CACHE_HOME": fresh("cache")}) as server:
            server.sign_in()
            token = server.token(["read", "submit"])
            watch(server, registry.host, ["team/shop"])
            found = wait_image(server, f"{registry.host}/team/shop:1", ["failed", "ok"])
            same([found["state"], found["gap"]], ["failed", "scan_failed"], "a broken image")
            check(layer in found["state_detail"] or "digest" in found["state_detail"], found["state_detail"])
            digest = found["digest"]
            body = {"schema": "scantling.running/1", "reporter": "cluster prod", "kind": "kubernetes", "cluster": "prod", "type": "snapshot", "copies": [
                {"uid": "a", "digest": digest, "reference": f"{registry.host}/team/shop:1", "namespace": "shop", "workload": "web", "workload_kind": "Deployment", "container": "web"}]}
            server.call("POST", "/api/v1/running", body, token=token).expect(200)
            gaps = server.wait("/api/v1/coverage", lambda answer: answer["gaps"])["gaps"]
            same([gaps[0]["gap"], gaps[0]["copies"]], ["scan_failed", 1], "the gap")
            row = server.get("/api/v1/running?filter=" + gaps[0]["filter"]).json()["items"][0]
            check(row["gap_detail"].startswith("the scan failed: "), row["gap_detail"])
            events = server.get(f"/api/v1/events?kind=scan_failed&subject={digest}").expect(200).json()["items"]
            same(len(events), 1, "events of the failure")
            with open(blob, "wb") as file:
                file.write(good)
            server.call("POST", f"/api/v1/images/{digest}/scan", token=token).expect(202)
            same(wait_image(server, f"{registry.host}/team/shop:1", ["ok"])["critical"], 1, "findings after it was mended")
            same(server.get("/api/v1/coverage").json()["with_inventory"]["copies"], 1, "covered")
            server.call("POST", "/api/v1/images/sha256:" + "0" * 64 + "/scan", token=token).expect(404)
            # What runs and is of no watched registry cannot be scanned, and it is said why.
            body["copies"].append({**body["copies"][0], "uid": "b", "digest": "sha256:" + "5" * 64, "reference": "elsewhere.example/x:1"})
            server.call("POST", "/api/v1/running", body, token=token).expect(200)
            answer = server.call("POST", "/api/v1/images/sha256:" + "5" * 64 + "/scan", token=token).expect(409).json()
            check("no watched registry has this image (" in answer["detail"] or "no watched registry" in answer["detail"], answer)


@case("registries: a worker killed in the middle of a scan: another does it when the lease is over (PostgreSQL, two workers)")
def killed():
    need("skopeo")
    folder, storage = fresh("killed"), fresh("storage")
    database(f"{folder}/advisories.db", ADVISORIES)
    with Registry(storage) as registry, postgres() as address:
        for number in range(12):
            push(image(f"4.17.{number}"), registry, f"team/app-{number}:1")
        slow = {"on": True}

        def change(path, answer):
            if "/blobs/" in path and slow["on"]:
                time.sleep(60)

        proxy = Proxy(registry, change)
        arguments = ["--database", address, "--db", f"{folder}/advisories.db", *LOOPBACK]
        with serve(proxy.handler) as port, serving(None, *arguments, "--scans", "0") as server:
            server.sign_in()
            watch(server, f"127.0.0.1:{port}", [f"team/app-{number}" for number in range(12)])
            name = f"127.0.0.1:{port}/team/app-"
            states = lambda: [one["state"] for one in server.get("/api/v1/images?limit=100").json()["items"]]  # noqa: E731
            server.wait("/api/v1/images", lambda answer: answer["total"] == 12)
            same(set(states()), {"queued"}, "without a worker")
            with worker(*arguments) as first:
                server.wait("/api/v1/images", lambda answer: any(one["state"] == "running" for one in answer["items"]))
                first.send_signal(signal.SIGKILL)
                first.wait()
            slow["on"] = False
            same(states().count("running"), 1, "what the dead worker had")
            started = time.monotonic()
            with worker(*arguments, "--scans", "2"), worker(*arguments, "--scans", "2"):
                server.wait("/api/v1/images", lambda answer: sum(one["state"] == "ok" for one in answer["items"]) == 12, 90)
                taken = time.monotonic() - started
            check(taken < 60, f"the lease was taken over after {taken:.0f} s: " + str([(one["created"], one["changed"], one["attempts"]) for one in server.get("/api/v1/jobs?kind=scan").json()["items"]]))
            jobs = server.get("/api/v1/jobs?kind=scan").json()["items"]
            same([len(jobs), sorted(one["attempts"] for one in jobs)], [12, [1] * 11 + [2]], "attempts")
            fetched = [line for line in registry.log() if "/manifests/sha256" in line]
            check(len(fetched) <= 12 * 2 + 2, f"{len(fetched)} manifests were fetched for 12 images")
            check(server.get(f"/api/v1/images?filter=names:{name}3:1").json()["items"][0]["critical"] == 1, "no finding")


@case("registries: what runs and is of a watched registry is scanned; a server that ends gives its scan back")
def running():
    need("skopeo")
    folder, storage = fresh("running"), fresh("storage")
    database(f"{folder}/advisories.db", ADVISORIES)
    with Registry(storage) as registry:
        made = image("4.17.15")
        push(made, registry, "team/shop:1")
        digest = json.load(open(f"{made}/index.json", encoding="utf-8"))["manifests"][0]["digest"]
        slow = {"on": True}

        def change(path, answer):
            if "/blobs/" in path and slow["on"]:
                time.sleep(60)

        proxy = Proxy(registry, change)
        arguments = ["--db", f"{folder}/advisories.db", *LOOPBACK]
        with serve(proxy.handler) as port:
            with serving(f"{folder}/data", *arguments, env={"XDG_CACHE_HOME": fresh("cache")}) as server:
                server.sign_in()
                token = server.token(["read", "submit"])
                watch(server, f"127.0.0.1:{port}", ["team/*"], tags="none-of-these")
                body = {"schema": "scantling.running/1", "reporter": "cluster prod", "kind": "kubernetes", "cluster": "prod", "type": "snapshot", "copies": [
                    {"uid": "a", "digest": digest, "reference": f"127.0.0.1:{port}/team/shop:1", "namespace": "shop", "workload": "web", "workload_kind": "Deployment", "container": "web"}]}
                server.call("POST", "/api/v1/running", body, token=token).expect(200)
                gap = server.wait("/api/v1/coverage", lambda answer: answer["gaps"] and answer["gaps"][0]["gap"] == "scan_waiting")
                same(gap["gaps"][0]["copies"], 1, "waiting copies")
                server.wait("/api/v1/images", lambda answer: answer["items"][0]["state"] == "running")
                started = time.monotonic()
                same(server.stop(), 0, "how the server ended")
                check(time.monotonic() - started < 20, "the server waited for the scan")
            slow["on"] = False
            with serving(f"{folder}/data", *arguments) as server:
                server.sign_in()
                found = server.wait("/api/v1/images", lambda answer: answer["items"][0]["state"] == "ok")
                same([found["items"][0]["critical"], found["items"][0]["running"]], [1, 1], "after the start")
                same(found["items"][0]["repositories"], [f"127.0.0.1:{port}/team/shop"], "what no tag leads to has its repository")


@case("registries: a registry that sends us elsewhere, to a blob or for a token, is followed to allowed addresses only")
def elsewhere():
    need("skopeo")
    folder, storage = fresh("elsewhere"), fresh("storage")
    database(f"{folder}/advisories.db", ADVISORIES)
    with Registry(storage) as registry:
        push(image("4.17.15"), registry, "team/shop:1")
        push(image("4.17.14"), registry, "team/secret:1")
        reached = []

        class Inside(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                reached.append(self.path)
                self.send_response(200)
                self.end_headers()

            def log_message(self, *ignored):
                pass

        inside = http.server.ThreadingHTTPServer(("127.0.0.2", 0), Inside)
        thread = threading.Thread(target=inside.serve_forever, daemon=True)
        thread.start()
        target = f"http://127.0.0.2:{inside.server_port}"

        def change(path, answer):
            if "/blobs/" in path:
                answer[:] = [307, {"Location": target + "/latest/meta-data", "Content-Length": "0"}, b""]
            elif "team/secret" in path:
                answer[:] = [401, {"WWW-Authenticate": f'Bearer realm="{target}/token",service="x",scope="y"', "Content-Length": "0"}, b""]

        proxy = Proxy(registry, change)
        with serve(proxy.handler) as port, serving(f"{folder}/data", "--db", f"{folder}/advisories.db", "--allow-address", "127.0.0.1/32") as server:
            server.sign_in()
            number = watch(server, f"127.0.0.1:{port}", ["team/shop", "team/secret"])
            found = wait_watch(server, number, lambda one: one["state"] != "never")
            check(found["state"] == "partial" and "127.0.0.2 is a loopback" in found["detail"], found)
            failed = wait_image(server, f"127.0.0.1:{port}/team/shop:1", ["failed", "ok"])
            check(failed["state"] == "failed" and "127.0.0.2 is a loopback" in failed["state_detail"], failed["state_detail"])
            same(reached, [], "what was asked of the address inside")
        inside.shutdown()
        inside.server_close()


def put_artifact(registry, name, tag, config_type):
    """An artifact that is no image, as helm pushes a chart."""
    def upload(data):
        connection = http.client.HTTPConnection("127.0.0.1", registry.port, timeout=30)
        connection.request("POST", f"/v2/{name}/blobs/uploads/")
        place = connection.getresponse()
        place.read()
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        where = urllib.parse.urlsplit(place.headers["Location"])
        connection.request("PUT", f"{where.path}?{where.query}&digest={digest}", body=data, headers={"Content-Type": "application/octet-stream"})
        answer = connection.getresponse()
        answer.read()
        check(answer.status == 201, answer.status)
        return {"digest": digest, "size": len(data)}

    config, layer = upload(b'{"name":"shop","version":"1.0.0"}'), upload(b"no tar at all")
    manifest = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.manifest.v1+json", "config": {"mediaType": config_type, **config},
                "layers": [{"mediaType": "application/vnd.cncf.helm.chart.content.v1.tar+gzip", **layer}]}
    connection = http.client.HTTPConnection("127.0.0.1", registry.port, timeout=30)
    connection.request("PUT", f"/v2/{name}/manifests/{tag}", body=json.dumps(manifest), headers={"Content-Type": manifest["mediaType"]})
    check(connection.getresponse().status == 201, "the artifact was not taken")


@case("registries: an index is one image with its platform's; a chart is unsupported, and says so")
def kinds():
    need("skopeo")
    folder, storage = fresh("kinds"), fresh("storage")
    database(f"{folder}/advisories.db", ADVISORIES)
    with Registry(storage) as registry:
        put_artifact(registry, "team/chart", "1", "application/vnd.cncf.helm.config.v1+json")
        push(image("4.17.15"), registry, "team/shop:amd64")
        digest = hashlib.sha256(read_manifest(registry, "team/shop", "amd64")).hexdigest()
        index = {"schemaVersion": 2, "mediaType": "application/vnd.oci.image.index.v1+json", "manifests": [
            {"mediaType": "application/vnd.oci.image.manifest.v1+json", "digest": "sha256:" + digest, "size": len(read_manifest(registry, "team/shop", "amd64")),
             "platform": {"os": "linux", "architecture": "amd64"}}]}
        connection = http.client.HTTPConnection("127.0.0.1", registry.port, timeout=30)
        connection.request("PUT", "/v2/team/shop/manifests/1", body=json.dumps(index), headers={"Content-Type": index["mediaType"]})
        check(connection.getresponse().status == 201, "the index was not taken")
        whole = "sha256:" + hashlib.sha256(json.dumps(index).encode()).hexdigest()
        with serving(f"{folder}/data", "--db", f"{folder}/advisories.db", *LOOPBACK) as server:
            server.sign_in()
            watch(server, registry.host, ["team/*"], platform="linux/amd64")
            one = wait_image(server, f"{registry.host}/team/shop:1", ["ok"])
            same(one["digest"], "sha256:" + digest, "the index's image")
            same(sorted(one["names"]), [f"{registry.host}/team/shop:1", f"{registry.host}/team/shop:amd64"], "its names")
            same(server.get(f"/api/v1/images/{whole}").expect(200).json()["digest"], one["digest"], "by the digest of the index")
            # What somebody tells of the index is of the image, until the server scans it again; the page says which of them it shows.
            bom = {"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [{"type": "library", "name": "left-pad", "version": "1.3.0", "purl": "pkg:npm/left-pad@1.3.0"}]}
            told = lambda: [[each["via"], each["digest"], each["known"]] for each in server.get(f"/api/v1/images/{whole}").expect(200).json()["inventories"]]
            wait_image(server, f"{registry.host}/team/shop:amd64", ["ok"])
            server.wait("/api/v1/jobs?kind=scan", lambda answer: all(job["state"] in ("done", "failed") for job in answer["items"]))
            before = [[via, where, False] for via, where, known in told()]
            server.call("POST", f"/api/v1/scans?digest={whole}", bom).expect(201)
            same(told(), before + [["upload", whole, True]], "an SBOM of the index")
            server.call("POST", f"/api/v1/images/{whole}/scan").expect(202)
            server.wait(f"/api/v1/images/{whole}", lambda image: image["inventories"][-1]["via"] == "server")
            same(told(), before + [["upload", whole, False], ["server", one["digest"], True]], "after a scan")
            chart = wait_image(server, f"{registry.host}/team/chart:1", ["unsupported", "failed", "ok"])
            same([chart["state"], chart["gap"]], ["unsupported", "unsupported_distribution"], chart["state_detail"])
            check("helm" in chart["state_detail"] or "no image" in chart["state_detail"], chart["state_detail"])


def read_manifest(registry, name, tag):
    connection = http.client.HTTPConnection("127.0.0.1", registry.port, timeout=30)
    connection.request("GET", f"/v2/{name}/manifests/{tag}", headers={"Accept": "application/vnd.oci.image.manifest.v1+json"})
    return connection.getresponse().read()
