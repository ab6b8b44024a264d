"""docs/server.md for real: CI submits an image of a registry, podman's containers of it start and stop on this host, a cluster's list of
pods arrives, a new advisory database re-judges, the right owner is told, the page shows it."""
import json
import os
import subprocess

from harness import case, check, fresh, run, same
from images import ROOT
from registries import Registry, push
from running_support import Reporter, until
from server_support import database, receiver, serving
from synthetic import DEBIAN, layout, package
from test_running import LIMITS, Podman, cluster, fill
from test_web import browser, modules

OLD = [("GHSA-aaaa-aaaa-aaaa", "CVE-2030-0001", "lodash", "4.17.21")]
NEW = OLD + [("GHSA-bbbb-bbbb-bbbb", "CVE-2030-0002", "left-pad", "1.3.0")]


def build(left_pad):
    """An image that really runs: a static busybox, and an application's packages."""
    return layout(lambda tar: fill(tar), {**DEBIAN, "app/node_modules/left-pad/package.json": package("left-pad", left_pad)})


def in_ci(server, token, reference, commit):
    """What a pipeline does with an image that it has pushed: its digest."""
    environment = {"SCANTLING_TOKEN": token}
    run("scan", reference, "--quiet", "--submit", server.url, env=environment).expect(0)
    digest = server.column("/api/v1/images?filter=names:" + reference, "digest")[0]
    run("record", "build", digest, "--server", server.url, "--commit", commit, "--source-url", "https://git.example/shop", "--image-name", reference,
        env=environment).expect(0)
    return digest


@case("program walk: CI, containers of this host, a cluster's pods, a new advisory, its owner, the page")
def walk():
    chromium = browser()
    modules()
    folder = fresh("program-walk")
    advisories = f"{folder}/advisories.db"
    database(advisories, OLD)
    with Podman() as podman, Registry(f"{folder}/registry") as registry, receiver() as (taken, hook), \
            serving(f"{folder}/data", "--db", advisories, "--allow-address", "127.0.0.0/8") as server:
        server.sign_in()
        token = server.token(["read", "submit"])
        server.call("PUT", "/api/v1/owners", {"rules": [{"repository": "*/team/shop", "owner": "team-shop"}]}).expect(204)
        server.call("PUT", "/api/v1/channels", {"channels": [
            {"name": "shop", "kind": "webhook", "url": hook, "secret": "s3cret", "owners": ["team-shop"]},
            {"name": "others", "kind": "webhook", "url": hook, "secret": "0ther", "owners": ["team-other"]}]}).expect(204)

        # CI pushes, scans and records.
        first = push(build("1.0.0"), registry, "team/shop:1")
        digest = in_ci(server, token, first, "c" * 40)
        same(server.get("/api/v1/coverage").json()["running"]["copies"], 0, "copies before any runs")

        # Containers of it start and stop on this host.
        podman.call("pull", "--quiet", "--tls-verify=false", first)

        def start(name, reference=first):
            podman.call("run", "-d", "--name", name, "--network", "none", *LIMITS, reference, "/bin/sleep", "1000")

        def running():
            return sorted(server.column("/api/v1/running?filter=state:running", "container"))
        start("web-1")
        start("web-2")
        with Reporter("--server", server.url, "--socket", podman.socket, "--interval", "5", "--environment", "production", env={"SCANTLING_TOKEN": token}):
            until(lambda: running() == ["web-1", "web-2"], lambda: f"two containers: {running()}")
            same(sorted(set(server.column("/api/v1/running", "digest"))), [digest], "the digest that podman knows is the one that CI scanned")
            podman.call("stop", "-t", "0", "web-2")
            until(lambda: running() == ["web-1"], lambda: f"one of them stops: {running()}")
            start("web-3")
            until(lambda: running() == ["web-1", "web-3"], lambda: f"another starts: {running()}")

            # A cluster's pods, as its API server lists them.
            kube = cluster()
            kube.pod("shop", digest=digest.removeprefix("sha256:"))
            path = f"{folder}/pods.json"
            with open(path, "w", encoding="utf-8") as file:
                json.dump(kube.call("GET", "/api/v1/pods"), file)
            run("running", "--from-file", path, "--cluster", "edge", "--server", server.url, env={"SCANTLING_TOKEN": token}).expect(0)
            kube.delete("shop")
            coverage = server.wait("/api/v1/coverage", lambda answer: answer["running"]["copies"] == 3)
            same([coverage["with_inventory"]["copies"], coverage["covered"]["copies"], coverage["gaps"]], [3, 3, []], "coverage")

            # A new database, by rename. Nothing is scanned again.
            database(advisories, NEW)
            found = server.wait("/api/v1/vulnerabilities?filter=id:CVE-2030-0002", lambda answer: answer["total"] == 1)["items"][0]
            same([found["images"], found["copies"], found["owners"]], [1, 3, ["team-shop"]], "where it is")
            until(lambda: any(b"CVE-2030-0002" in body for _, body in taken), "the owner is told")
            same({one["owner"] for _, body in taken for one in json.loads(body)["owners"]}, {"team-shop"}, "who is told")

            # The page shows it.
            me = server.get("/api/v1/me").json()
            link = server.call("POST", f"/api/v1/users/{me['id']}/link").expect(201).json()["path"]
            shown = subprocess.run(["node", os.path.join(ROOT, "tests/e2e/web_walk.mjs"), server.url, server.url + link, "CVE-2030-0002", "team-shop",
                                    f"{registry.host}/team/shop"], capture_output=True, timeout=300, check=False, env={**os.environ, "CHROMIUM": chromium})
            check(shown.returncode == 0, (shown.stdout + shown.stderr).decode()[-3000:])

            # The fix: a build, a rollout, and the finding is gone from what runs here; the cluster still has it.
            second = push(build("1.3.0"), registry, "team/shop:2")
            in_ci(server, token, second, "d" * 40)
            podman.call("pull", "--quiet", "--tls-verify=false", second)
            for name in ("web-1", "web-3"):
                podman.remove(name)
            start("web-4", second)
            until(lambda: running() == ["main", "web-4"], lambda: f"the rollout: {running()}")
            left = server.wait("/api/v1/vulnerabilities?filter=id:CVE-2030-0002", lambda answer: answer["items"][0]["copies"] == 1)["items"][0]
            same(left["images"], 1, "images that carry it")
            steps = [step["what"] for step in server.get("/api/v1/vulnerabilities/CVE-2030-0002/life").json()["steps"]]
            check({"opened", "running", "fixed_in_build", "deployed"} <= set(steps), f"its life: {steps}")
