"""Images in registries (Debian's docker-registry, started here) and in podman: found, let in, read, and read once."""
import hashlib
import json
import os
import shutil
import subprocess
import time

import registries
from harness import case as mark
from harness import check, fresh, run, same, scan
from images import TAG, Skip, call, need
from registries import Proxy, Registry, TokenServer, login_file, no_login, push, serve
from synthetic import DEBIAN, docker_archive, dpkg_status, layout, manifest, shop

_made = {}


def stored():
    """A registry's storage with the demo's application as shop:1.4, and its layout; made once."""
    if not _made:
        registries.program()
        storage, folder = fresh("storage"), shop()
        with Registry(storage) as registry:
            push(folder, registry, "team/shop:1.4")
        _made["it"] = (storage, folder)
    return _made["it"]


def without_source(text):
    """The report's lines without the two that say where the image came from."""
    return [line for line in text.splitlines() if not line.strip().startswith(('"source": "oci', '"source": "registry', '"reference"'))]


def expect_shop(outcome, folder):
    same(without_source(outcome.expect(0).out), without_source(scan(f"oci:{folder}:{TAG}").expect(0).out), "the scan")


@mark("registry: a scan says the same as that of the layout it was pushed from, line by line")
def anonymous():
    storage, folder = stored()
    with Registry(storage) as registry:
        for source in (f"registry:{registry.host}/team/shop:1.4", f"{registry.host}/team/shop:1.4",
                       f"docker://{registry.host}/team/shop:1.4", f"127.0.0.1:{registry.port}/team/shop:1.4"):
            outcome = scan(source, env=no_login())
            expect_shop(outcome, folder)
        image = outcome.json()["image"]
        check(image["reference"] == f"127.0.0.1:{registry.port}/team/shop:1.4", image["reference"])
        by_digest = scan(f"{registry.host}/team/shop@{image['digest']}", env=no_login())
        expect_shop(by_digest, folder)


@mark("registry: layers whose facts are cached are not fetched")
def cached():
    storage, folder = stored()
    config = manifest(folder)["config"]["digest"]
    with Registry(storage) as registry:
        cache = fresh("cache")
        scan(f"{registry.host}/team/shop:1.4", cache=cache, env=no_login()).expect(0)
        layers = {layer["digest"] for layer in manifest(folder)["layers"]}
        check(layers <= set(registry.blobs_fetched()), f"the layers were not fetched: {registry.blobs_fetched()}")
        before = len(registry.blobs_fetched())
        expect_shop(scan(f"{registry.host}/team/shop:1.4", cache=cache, env=no_login()), folder)
        same(registry.blobs_fetched()[before:], [config], "blobs fetched by the second scan")


@mark("registry: a base layer that another image brought into the cache is not fetched again")
def shared_layer():
    storage, folder = stored()
    other = layout({**DEBIAN, "var/lib/dpkg/status": dpkg_status(("libc6", "2.36-9+deb12u3"))}, {"etc/other": "other\n"})
    with Registry(storage) as registry:
        push(other, registry, "team/other:1")
        cache = fresh("cache")
        scan(f"{registry.host}/team/shop:1.4", cache=cache, env=no_login()).expect(0)
        before = len(registry.blobs_fetched())
        scan(f"{registry.host}/team/other:1", cache=cache, env=no_login()).expect(0)
        fetched = registry.blobs_fetched()[before:]
        base, top = (layer["digest"] for layer in manifest(other)["layers"])
        check(base in {layer["digest"] for layer in manifest(folder)["layers"]}, "the images share no layer")
        check(base not in fetched and top in fetched, f"fetched: {fetched}")


@mark("registry: a login by name and password, and what is said without one")
def basic():
    storage, folder = stored()
    users = registries.htpasswd("alice", "in the clear")
    with Registry(storage, f"auth: {{htpasswd: {{realm: test, path: {users}}}}}\n") as registry:
        source = f"{registry.host}/team/shop:1.4"
        expect_shop(scan(source, env=login_file(registry.host, user="alice", password="in the clear")), folder)
        refused = scan(source, env=no_login()).expect(3)
        check("wants a login, and none is known" in refused.err, refused.err)
        wrong = scan(source, env=login_file(registry.host, user="alice", password="guessed")).expect(3)
        check("refuses the login from" in wrong.err and "guessed" not in wrong.err, wrong.err)
        helper = fresh("helper")
        with open(f"{helper}/docker-credential-test", "w", encoding="utf-8") as file:
            file.write('#!/bin/sh\nread host\necho "{\\"Username\\":\\"alice\\",\\"Secret\\":\\"in the clear\\"}"\n')
        os.chmod(f"{helper}/docker-credential-test", 0o755)
        with open(f"{helper}/config.json", "w", encoding="utf-8") as file:
            json.dump({"credHelpers": {registry.host: "test"}}, file)
        expect_shop(scan(source, env={**no_login(), "DOCKER_CONFIG": helper, "PATH": f"{helper}:{os.environ['PATH']}"}), folder)


@mark("registry: tokens, for anyone, for a login, and for a refresh token")
def token():
    storage, folder = stored()
    for server, entry in ((TokenServer(), None), (TokenServer("bob", "hidden"), {"user": "bob", "password": "hidden"}),
                          (TokenServer("x", "y", refresh="idt"), {"identitytoken": "idt"})):
        with serve(server.handler) as port, Registry(storage, server.settings(port)) as registry:
            source = f"{registry.host}/team/shop:1.4"
            environment = login_file(registry.host, **entry) if entry else no_login()
            expect_shop(scan(source, env=environment), folder)
            scopes = {scope for _, query, _ in server.requests for scope in query["scope"]}
            same(scopes, {"repository:team/shop:pull"}, "scopes that were asked for")
            check(len(server.requests) == 1, f"{len(server.requests)} tokens were fetched for one scan")
            if entry:
                refused = scan(source, env=no_login()).expect(3)
                check("the token server http://127.0.0.1" in refused.err, refused.err)


@mark("registry: TLS by a private CA, by certs.d, and not without")
def private_ca():
    storage, folder = stored()
    ca, certificate, key = registries.certificates()
    with Registry(storage, tls=(certificate, key)) as registry:
        source = f"{registry.host}/team/shop:1.4"
        expect_shop(scan(source, "--registry-ca", ca, env=no_login()), folder)
        environment = no_login()
        certs = f"{environment['HOME']}/.config/containers/certs.d/{registry.host}"
        os.makedirs(certs)
        shutil.copy(ca, f"{certs}/ca.crt")
        expect_shop(scan(source, env=environment), folder)
        refused = scan(source, env=no_login()).expect(3)
        check("TLS: " in refused.err and f"https://{registry.host}" in refused.err, refused.err)
        expect_shop(scan(source, "--insecure-registry", registry.host, env=no_login()), folder)
    _, certificate, key = registries.certificates("DNS:elsewhere.example")
    with Registry(storage, tls=(certificate, key)) as registry:
        refused = scan(f"{registry.host}/team/shop:1.4", "--registry-ca", ca, env=no_login()).expect(3)
        check("TLS: " in refused.err, refused.err)


@mark("registry: of an index the platform that is wanted, and only its manifest")
def platforms():
    registries.program()
    parts = {arch: layout({**DEBIAN, "var/lib/dpkg/status": dpkg_status((f"only-{arch}", "1"))}, architecture=arch)
             for arch in ("amd64", "arm64")}
    folder = parts["amd64"]
    entries = []
    for arch, part in parts.items():
        for name in os.listdir(f"{part}/blobs/sha256"):
            if not os.path.exists(f"{folder}/blobs/sha256/{name}"):
                shutil.copy(f"{part}/blobs/sha256/{name}", f"{folder}/blobs/sha256/{name}")
        with open(f"{part}/index.json", encoding="utf-8") as file:
            entry = json.load(file)["manifests"][0]
        entries.append({"mediaType": entry["mediaType"], "digest": entry["digest"], "size": entry["size"],
                        "platform": {"os": "linux", "architecture": arch}})
    kind = "application/vnd.oci.image.index.v1+json"
    index = json.dumps({"schemaVersion": 2, "mediaType": kind, "manifests": entries}).encode()
    digest = hashlib.sha256(index).hexdigest()
    with open(f"{folder}/blobs/sha256/{digest}", "wb") as file:
        file.write(index)
    with open(f"{folder}/index.json", "w", encoding="utf-8") as file:
        json.dump({"schemaVersion": 2, "manifests": [{"mediaType": kind, "digest": f"sha256:{digest}", "size": len(index),
                                                      "annotations": {"org.opencontainers.image.ref.name": TAG}}]}, file)
    with Registry(fresh("storage")) as registry:
        push(folder, registry, "two:1", "--all")
        for arch, entry in zip(parts, entries):
            before = len(registry.log())
            document = scan(f"{registry.host}/two:1", "--platform", f"linux/{arch}", env=no_login()).expect(0).json()
            same([c["name"] for c in document["components"]], [f"only-{arch}"], arch)
            check(document["image"]["digest"] == entry["digest"], document["image"]["digest"])
            asked = [line for line in registry.log()[before:] if "/manifests/sha256:" in line]
            check(len(asked) == 1 and entry["digest"] in asked[0], f"manifests that were fetched: {asked}")
        missing = scan(f"{registry.host}/two:1", "--platform", "linux/s390x", env=no_login()).expect(3)
        check("there is: linux/amd64, linux/arm64" in missing.err, missing.err)


@mark("registry: damaged bytes end the scan, with both digests, and are not cached")
def damaged():
    storage, folder = stored()
    layer = manifest(folder)["layers"][1]["digest"]
    with Registry(storage) as registry:
        def flip(path, answer):
            if layer in path:
                answer[2] = answer[2][:-20] + bytes([answer[2][-20] ^ 1]) + answer[2][-19:]
        proxy = Proxy(registry, flip)
        cache = fresh("cache")
        with serve(proxy.handler) as port:
            wrong = scan(f"localhost:{port}/team/shop:1.4", cache=cache, env=no_login()).expect(3)
        check(layer in wrong.err, wrong.err)
        expect_shop(scan(f"{registry.host}/team/shop:1.4", cache=cache, env=no_login()), folder)

        def other_manifest(path, answer):
            if "/manifests/" in path:
                answer[2] = answer[2].replace(b"schemaVersion", b"schemaversion")
        with serve(Proxy(registry, other_manifest).handler) as port:
            wrong = scan(f"localhost:{port}/team/shop:1.4", env=no_login()).expect(3)
        check("the manifest should be sha256:" in wrong.err, wrong.err)


@mark("registry: a connection that breaks in the middle of a layer goes on where it stopped")
def cut():
    storage, folder = stored()
    layer = manifest(folder)["layers"][1]["digest"]
    with Registry(storage) as registry:
        cuts = []

        def half(path, answer):
            if layer in path and len(cuts) < 2:
                cuts.append(path)
                return len(answer[2]) // 2
            return None
        proxy = Proxy(registry, half)
        with serve(proxy.handler) as port:
            expect_shop(scan(f"localhost:{port}/team/shop:1.4", env=no_login()), folder)
        ranges = [wanted for what, wanted in proxy.requests if layer in what]
        check(len(ranges) == 3 and ranges[0] is None and all(r.startswith("bytes=") for r in ranges[1:]), f"ranges: {ranges}")

        def always(path, answer):
            return 0 if layer in path else None
        with serve(Proxy(registry, always).handler) as port:
            broken = scan(f"localhost:{port}/team/shop:1.4", env=no_login()).expect(3)
        check("in the middle of the answer" in broken.err, broken.err)


@mark("registry: too many requests and a server's bad moment are waited for, other refusals are not")
def busy():
    storage, folder = stored()
    with Registry(storage) as registry:
        refused = []

        def slow_down(path, answer):
            if path != "/v2/" and len(refused) < 3:
                refused.append(path)
                answer[0] = 429 if len(refused) % 2 else 503
                answer[1], answer[2] = {"Retry-After": "0"}, b""
        proxy = Proxy(registry, slow_down)
        with serve(proxy.handler) as port:
            expect_shop(scan(f"localhost:{port}/team/shop:1.4", env=no_login(), cache=fresh("cache")), folder)
            check(len(refused) == 3, f"{len(refused)} requests were refused")
            gone = scan(f"localhost:{port}/team/nothing:1", env=no_login()).expect(3)
            check("does not have it" in gone.err, gone.err)
            same(sum("/team/nothing/" in what for what, _ in proxy.requests), 1, "requests for what is not there")
    missing = scan("localhost:1/team/shop:1.4", env=no_login()).expect(3)
    check("Connection refused" in missing.err, missing.err)


@mark("podman: an image by its socket, as the archive of it")
def podman():
    need("podman")
    folder = shop()
    home = fresh("podman")
    command = ["podman", "--root", f"{home}/root", "--runroot", f"{home}/run", "--storage-driver", "vfs"]
    try:
        call(*command, "load", "-i", docker_archive(folder), timeout=120)
        names = call(*command, "images", "--format", "{{.Repository}}:{{.Tag}}").split()
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        raise Skip(f"podman does not work here: {str(error).strip().splitlines()[-1][:200]}") from error
    path = f"{home}/podman.sock"
    service = subprocess.Popen([*command, "system", "service", "--time", "0", f"unix://{path}"], stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    try:
        for _ in range(200):
            if os.path.exists(path) or service.poll() is not None:
                break
            time.sleep(0.05)
        environment = {"CONTAINER_HOST": f"unix://{path}"}
        document = scan(f"podman:{names[0]}", env=environment).expect(0).json()
        want = scan(f"docker-archive:{docker_archive(folder)}").expect(0).json()
        same(document["components"], want["components"], "components")
        same([layer["diff_id"] for layer in document["image"]["layers"]], [layer["diff_id"] for layer in want["image"]["layers"]],
             "layers")
        missing = scan("podman:localhost/nothing:1", env=environment).expect(3)
        check("nothing" in missing.err, missing.err)
    finally:
        service.terminate()
        service.wait(20)
    gone = run("scan", "podman:x", env={"CONTAINER_HOST": f"unix://{path}"}).expect(3)
    check(path in gone.err or "podman" in gone.err, gone.err)
