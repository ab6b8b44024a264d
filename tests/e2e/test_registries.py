"""Watched registries: a real docker-registry, looked at by schedule and by its own notifications; scans as jobs that everybody sees."""
import base64
import contextlib
import hashlib
import hmac
import json
import os
import re
import signal
import subprocess
import time

import registries
from harness import case, check, fresh, program, same
from images import need
from registries import Proxy, Registry, login_file, push, serve
from server_support import Server, database, postgres, serving
from synthetic import DEBIAN, layout

ADVISORIES = [("GHSA-aaaa-aaaa-aaaa", "CVE-2030-0001", "lodash", "4.17.21")]
LOOPBACK = ["--allow-address", "127.0.0.0/8", "--allow-address", "::1"]


def image(version):
    return layout(DEBIAN, {"app/node_modules/lodash/package.json": json.dumps({"name": "lodash", "version": version})})


def watch(server, host, repositories, **more):
    return server.call("POST", "/api/v1/registries", {"registry": host, "repositories": repositories, **more}).expect(201).json()["id"]


def state(server, number):
    return server.get(f"/api/v1/registries/{number}").expect(200).json()


def wait_watch(server, number, until, seconds=30):
    return server.wait(f"/api/v1/registries/{number}", until, seconds)


def wait_image(server, name, wanted, seconds=60):
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
