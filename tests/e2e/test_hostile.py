"""The network's faults and the ill will of others, against the real server: every endpoint of api/openapi.yaml with wrong
rights and for another owner's data, addresses that lead inwards, hostile bodies, slow clients, many connections."""
import contextlib
import gzip
import http.server
import json
import os
import re
import resource
import shutil
import socket
import subprocess
import threading
import time
import urllib.parse

from harness import case, check, fresh, same
from images import ROOT, Skip
from server_support import database, serving
from test_server import OLD, image, snapshot, submit

OPEN = {"get /healthz", "get /api/v1/about", "get /readyz", "get /api/v1/sign-in", "post /api/v1/sign-in", "get /sign-in/link/{token}", "get /sign-in/oidc", "get /sign-in/oidc/callback"}
# What is not asked with a viewer's rights but has a secret of its own.
OWN_SECRET = {"post /api/v1/registries/{id}/events", "post /api/v1/registries/{id}/events/{secret}"}


def operations():
    """(method, path, description) of every endpoint."""
    try:
        import yaml
    except ImportError as error:
        raise Skip("python3-yaml is not installed") from error
    with open(os.path.join(ROOT, "api/openapi.yaml"), encoding="utf-8") as file:
        paths = yaml.safe_load(file)["paths"]
    return [(method, path, one) for path, methods in paths.items() for method, one in methods.items() if method != "parameters"]


def fill(path, values):
    for name, value in values.items():
        path = path.replace("{" + name + "}", urllib.parse.quote(str(value), safe=":"))
    return path.replace("{", "").replace("}", "")


def fleet(server):
    """Two owners: team-ours, and team-theirs whose things have names that occur nowhere else. Their words, and the image."""
    token = server.token(["read", "submit"])
    submit(server, token, image(("lodash", "4.17.15")), "registry.example/ours/shop:1")
    submit(server, token, image(("lodash", "4.17.15"), ("hush-hush", "1.0.0")), "registry.example/theirs/secret-thing:7")
    server.call("PUT", "/api/v1/owners", {"rules": [{"repository": "*/shop", "owner": "team-ours"}, {"repository": "*/secret-thing", "owner": "team-theirs"}]}).expect(204)
    digests = {one["name"]: one["digest"] for one in server.get("/api/v1/images").json()["items"]}
    ours, theirs = digests["registry.example/ours/shop:1"], digests["registry.example/theirs/secret-thing:7"]
    snapshot(server, token, [("our-copy", ours)])
    body = {"schema": "scantling.running/1", "reporter": "their-reporter", "kind": "kubernetes", "cluster": "their-cluster", "type": "snapshot",
            "copies": [{"uid": "their-copy", "digest": theirs, "namespace": "their-namespace", "workload": "their-workload", "container": "their-container"}]}
    server.call("POST", "/api/v1/running", body, token=token).expect(200)
    vulnerability = server.get("/api/v1/vulnerabilities?filter=id:CVE-2030-0007").expect(200).json()["items"]
    same(len(vulnerability), 1, "their vulnerability")
    return ours, theirs, [theirs, theirs[7:19], "secret-thing", "hush-hush", "CVE-2030-0007", "team-theirs", "their-copy", "their-cluster", "their-namespace", "their-workload",
                          "their-container", "their-reporter"]


def later(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


def plain(server, method, address, body=None, headers=None):
    """A request without the session of the test."""
    kept, server.cookie = server.cookie, ""
    try:
        return server.call(method, address, body, headers=headers)
    finally:
        server.cookie = kept


def enter(server, name, role, owners):
    """A session of a new user."""
    user = server.call("POST", "/api/v1/users", {"name": name, "role": role, "owners": owners}).expect(201).json()
    link = server.call("POST", f"/api/v1/users/{user['id']}/link").expect(201).json()["path"]
    cookie = plain(server, "GET", link).expect(303).headers["Set-Cookie"].split(";")[0]
    return cookie


@case("hostile: no endpoint shows another owner's image, copy, component or vulnerability")
def scoped():
    folder = fresh("scoped")
    database(f"{folder}/advisories.db", OLD + [("GHSA-dddd-dddd-dddd", "CVE-2030-0007", "hush-hush", "2.0.0"), ("GHSA-eeee-eeee-eeee", "CVE-2030-0009", "hush-hash", "2.0.0")])
    with serving(f"{folder}/data", "--db", f"{folder}/advisories.db") as server:
        server.sign_in()
        _, theirs, words = fleet(server)
        mine = enter(server, "ann", "viewer", ["team-ours"])
        asked = 0
        for method, path, one in operations():
            if method != "get" or f"get {path}" in OPEN:
                continue
            # Their names in the path; a search, a filter and another form where the endpoint has them.
            named = {"digest": theirs, "id": "CVE-2030-0007", "name": "hush-hush"}
            has = [parameter.get("name") or parameter["$ref"].rsplit("/", 1)[1] for parameter in one.get("parameters", [])]
            queries = [""] + ["format=" + form for form in ("csv", "ndjson") if "format" in has]
            queries += ["q=secret-thing", "q=hush-hush"] if "q" in has else []
            queries += ["filter=owner:team-theirs", "facets=owner,owners,cluster,namespace"] if "filter" in has else []
            queries += ["as_of=" + time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())] if "as_of" in has else []
            queries += ["name=hush-hush"] if "name" in has and "{name}" not in path else []
            for query in queries:
                asked += 1
                address = fill(path, named) + ("?" + query if query else "")
                answer = plain(server, "GET", address, headers={"Cookie": mine})
                check(answer.status in (200, 400, 403, 404), f"{address}: HTTP {answer.status} {answer.text[:300]}")
                if answer.status != 200:
                    continue
                text = answer.text.decode()
                # The rules of ownership name owners, not what they have; they are everybody's to read.
                known = ["team-theirs", "secret-thing"] if path == "/api/v1/owners" else []
                told = [query.split("=", 1)[1].split(":")[-1]] if query else []
                leaks = [word for word in words if word in text and word not in known and word not in told and word not in named.values()]
                check(not leaks, f"{address} shows {leaks}: {text[:600]}")
        check(asked > 60, f"only {asked} requests were made")
        # What is theirs by its name is not there for others.
        for address in (f"/api/v1/images/{theirs}", f"/api/v1/images/{theirs}/changes"):
            plain(server, "GET", address, headers={"Cookie": mine}).expect(404)
        # A vulnerability's advisory is public. Whether others have it is not: every answer is that for one that nobody has.
        server.call("POST", "/api/v1/decisions", {"kind": "acknowledged", "vulnerability": "CVE-2030-0007", "words": "a word on their-workload"}).expect(201)

        def told(path):
            answer = plain(server, "GET", "/api/v1/" + path, headers={"Cookie": mine})
            text = re.sub(r'"as_of":"[^"]*"', "", answer.text.decode())
            return answer.status, text.replace("CVE-2030-0009", "CVE-2030-0007").replace("GHSA-eeee-eeee-eeee", "GHSA-dddd-dddd-dddd").replace("hush-hash", "hush-hush")
        for part in ("", "/life", "/findings", "/findings?format=csv"):
            for theirs_id, nobodys_id in (("CVE-2030-0007", "CVE-2030-0009"), ("GHSA-dddd-dddd-dddd", "GHSA-eeee-eeee-eeee")):
                same(told(f"vulnerabilities/{theirs_id}{part}"), told(f"vulnerabilities/{nobodys_id}{part}"), f"what is told of {theirs_id}{part}")
        same(told("findings?vulnerability=CVE-2030-0007"), told("findings?vulnerability=CVE-2030-0009"), "findings of it")
        public = json.loads(told("vulnerabilities/GHSA-dddd-dddd-dddd")[1])
        same([public[key] for key in ("id", "here", "images", "copies", "owners", "components", "ends_by", "decisions")], ["CVE-2030-0007", False, 0, 0, 0, [], [], []], "what is told of it")
        same([public["clock"]["first_found_here"], bool(public["clock"]["published"]), public["severity"]], [None, True, "critical"], "its advisory")
        # Who sees everything sees it by either name; theirs have it in full; what no database knows is not there for anybody.
        for name in ("CVE-2030-0007", "GHSA-dddd-dddd-dddd"):
            full = server.get(f"/api/v1/vulnerabilities/{name}").expect(200).json()
            same([full["here"], full["images"], len(full["decisions"])], [True, 1, 1], f"all of {name}")
        same(server.get("/api/v1/vulnerabilities/CVE-2030-0009").expect(200).json()["here"], False, "one that nobody has")
        server.get("/api/v1/vulnerabilities/CVE-1999-0001").expect(404)
        same(told("vulnerabilities/CVE-1999-0001")[0], 404, "one that no database knows")
        # A token that is narrowed to an owner sees no more, whoever made it.
        made = server.call("POST", "/api/v1/tokens", {"name": "narrow", "scopes": ["read", "submit", "admin"], "owner": "team-ours", "expires": later(3600)})
        narrow = made.expect(201).json()["secret"]
        for address in ("/api/v1/images", "/api/v1/running", "/api/v1/components", "/api/v1/vulnerabilities", "/api/v1/findings", "/api/v1/search?q=h", "/api/v1/coverage"):
            text = server.get(address, token=narrow).expect(200).text.decode()
            leaks = [word for word in words if word in text]
            check(not leaks, f"{address} shows a narrow token {leaks}")


@case("hostile: every endpoint refuses no token, a wrong, ended, taken back one, too little scope or role")
def rights():
    with serving(f"{fresh('rights')}/data") as server:
        server.sign_in()

        def token(scopes, seconds=3600):
            return server.call("POST", "/api/v1/tokens", {"name": "x", "scopes": scopes, "expires": later(seconds)}).expect(201).json()
        ended, revoked, reads, submits = token(["read", "submit", "admin"], 3), token(["read", "submit", "admin"]), token(["read"]), token(["submit"])
        server.call("DELETE", f"/api/v1/tokens/{revoked['id']}").expect(204)
        viewer = enter(server, "eve", "viewer", [])
        csrf = plain(server, "GET", "/api/v1/me", headers={"Cookie": viewer}).expect(200).json()["csrf"]
        time.sleep(3.1)
        refused = {"Authorization": ["", "Bearer", "Bearer ", "Bearer x", "Bearer sct_" + "A" * 43, "Basic YWRtaW46YWRtaW4=", "Bearer " + ended["secret"], "Bearer " + revoked["secret"],
                                     "Bearer " + reads["secret"] + "x", "Bearer " + reads["secret"].swapcase(), "Bearer " + "x" * 5000]}
        addresses = iter(range(10 ** 6))
        asked = 0
        for method, path, one in operations():
            name = f"{method} {path}"
            if name in OPEN or name in OWN_SECRET:
                continue
            address = fill(path, {"digest": "sha256:" + "0" * 64, "id": "1", "name": "x"})

            def ask(headers, cookie=""):
                return plain(server, method.upper(), address, b"{}" if method != "get" else None,  # pylint: disable=cell-var-from-loop
                             headers={"Content-Type": "application/json", "Cookie": cookie, "X-Scantling-CSRF": "", **headers})
            wrong = refused["Authorization"][next(addresses) % len(refused["Authorization"])]
            for header in {wrong, "Bearer " + ended["secret"]}:
                answer = ask({"Authorization": header} if header else {})
                check(answer.status in (401, 429), f"{name} with {header[:20]!r}: HTTP {answer.status}")
                asked += 1
                if answer.status == 429:  # wrong ones from one address are slowed down
                    time.sleep(float(answer.headers["Retry-After"]))
            # A session without its CSRF field changes nothing.
            if method != "get":
                same(ask({}, viewer).status, 403, f"{name} without the CSRF field")
            needs_role = "role" in str(one.get("summary", "")) and "roles security" in one["summary"] or "(role admin)" in str(one.get("summary", ""))
            if path == "/api/v1/sign-out":
                continue
            answer = ask({"X-Scantling-CSRF": csrf}, viewer)
            check(not needs_role or answer.status == 403, f"{name} by a viewer: HTTP {answer.status}")
            check(answer.status != 500, f"{name}: {answer.text}")
            # A token that may only submit reads nothing and changes no setting, and one that may only read changes nothing.
            if method == "get":
                if path not in ("/api/v1/me",):
                    same(server.get(address, token=submits["secret"]).status, 403, f"{name} by a token that submits")
                continue
            same(server.call(method.upper(), address, {}, token=reads["secret"]).status, 403, f"{name} by a token that reads")
            if not {"submit", "decisions"} & set(one.get("tags", [])) and name != "post /api/v1/images/{digest}/scan":
                same(server.call(method.upper(), address, {}, token=submits["secret"]).status, 403, f"{name} by a token that submits")
        check(asked > 80, f"only {asked} requests")


@contextlib.contextmanager
def inside(redirect=""):
    """A server that must not be reached: what it was asked. With `redirect` it sends everybody there."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            asked.append(self.path)
            self.send_response(307 if redirect else 200)
            if redirect:
                self.send_header("Location", redirect)
            self.end_headers()
        do_GET = do_POST

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield asked, server.server_port
    finally:
        server.shutdown()
        server.server_close()


@case("hostile: notifications lead to no address of our own network, neither by name nor by redirect")
def inward():
    with inside() as (asked, port), serving(f"{fresh('ssrf')}/data") as server:
        server.sign_in()
        urls = [f"http://127.0.0.1:{port}/", f"http://localhost:{port}/", f"http://127.1:{port}/", f"http://2130706433:{port}/", f"http://0x7f000001:{port}/",
                f"http://0177.0.0.1:{port}/", f"http://[::1]:{port}/", f"http://[::ffff:127.0.0.1]:{port}/", f"http://0.0.0.0:{port}/", f"http://{socket.gethostname()}:{port}/",
                "http://169.254.169.254/latest/meta-data/", "http://10.0.0.1/", "http://192.168.1.1/", "http://172.16.0.1/", "http://100.64.0.1/", "http://[fd00::1]/",
                "http://[fe80::1]/", "http://[64:ff9b::7f00:1]/", "http://[2002:7f00:1::]/"]
        server.call("PUT", "/api/v1/channels", {"channels": [{"name": f"c{i}", "kind": "webhook", "url": url} for i, url in enumerate(urls)]}).expect(204)
        for i in range(len(urls)):
            server.call("POST", f"/api/v1/channels/c{i}/test").expect(202)
        found = server.wait("/api/v1/channels", lambda answer: all(one.get("last", {}).get("error") for one in answer["channels"]), 60)["channels"]
        for one, url in zip(found, urls):
            check(one["last"]["state"] != "done", f"{url} was called")
        same(asked, [], "what the server inside was asked")
        for url in ("file:///etc/passwd", "gopher://127.0.0.1/", "ftp://127.0.0.1/", "//127.0.0.1/", "unix:/run/docker.sock"):
            server.call("PUT", "/api/v1/channels", {"channels": [{"name": "x", "kind": "webhook", "url": url}]}).expect(400)
    with inside() as (secret, secret_port), inside(f"http://127.0.0.1:{secret_port}/latest/meta-data/") as (public, public_port), \
            serving(f"{fresh('ssrf')}/data", "--allow-address", "127.0.0.0/8") as server:
        server.sign_in()
        server.call("PUT", "/api/v1/channels", {"channels": [{"name": "x", "kind": "webhook", "url": f"http://127.0.0.1:{public_port}/"}]}).expect(204)
        server.call("POST", "/api/v1/channels/x/test").expect(202)
        found = server.wait("/api/v1/channels", lambda answer: answer["channels"][0].get("last", {}).get("error"), 60)
        check("307" in found["channels"][0]["last"]["error"], str(found))
        same([len(public) > 0, secret], [True, []], "a redirect is not followed, also where it would be allowed")


def raw(server, data, seconds=30):
    """Sends bytes and reads until the server closes; the answer's status (0 = none)."""
    parts = urllib.parse.urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=seconds) as connection:
        with contextlib.suppress(OSError):
            connection.sendall(data)
        answer = b""
        with contextlib.suppress(OSError):
            while len(answer) < 12 and (part := connection.recv(4096)):
                answer += part
        return int(answer[9:12] or 0)


@case("hostile: bodies that are deep, huge, packed bombs, half sent or no JSON cost one answer, and nothing else")
def bodies():
    with serving(f"{fresh('bodies')}/data") as server:
        server.sign_in()
        token = server.token(["read", "submit", "admin"])
        posts = [(method.upper(), path) for method, path, one in operations()
                 if method in ("post", "put", "patch") and "requestBody" in one and f"{method} {path}" not in OPEN | OWN_SECRET]
        check(len(posts) >= 8, str(posts))
        deep = b"[" * 200_000
        members = b'{"a":' * 100_000
        bomb = gzip.compress(b" " * (300 << 20), 9)
        kinds = [("deep", deep, {}), ("deep members", members, {}), ("no JSON", b"\x00\xff\xfe{", {}), ("a number", b"7", {}), ("a list", b"[]", {}), ("null", b"null", {}),
                 ("a cut object", b'{"rules": [', {}), ("bad UTF-8", b'{"name": "\xff"}', {}), ("a lone surrogate", b'{"name": "\\ud800"}', {}), ("nothing", b"", {}),
                 ("wrong types", b'{"digest": {}, "rules": "x", "channels": 7, "views": {}, "copies": {"a": []}, "name": [], "kind": 1, "scopes": {}, "password": []}', {}),
                 ("a bomb", bomb, {"Content-Encoding": "gzip"}), ("a cut gzip", gzip.compress(b"{}" * 1000)[:-9], {"Content-Encoding": "gzip"}),
                 ("no gzip", b"{}", {"Content-Encoding": "gzip"}), ("an unknown packing", b"{}", {"Content-Encoding": "br"})]
        before = memory(server)
        for method, path in posts:
            address = fill(path, {"digest": "sha256:" + "0" * 64, "id": "1", "name": "x"})
            for what, body, more in kinds:
                for sign in ({"Authorization": "Bearer " + token}, {"Cookie": server.cookie, "X-Scantling-CSRF": server.csrf}):
                    answer = plain(server, method, address, body, headers={"Content-Type": "application/json", **more, **sign})
                    check(answer.status in (400, 403, 404, 409, 413, 415, 422), f"{method} {path} with {what}: HTTP {answer.status} {answer.text[:300]}")
                    check("problem+json" in answer.headers.get("Content-Type", ""), f"{method} {path} with {what}: {answer.headers}")
        grown = memory(server) - before
        check(grown < 400 << 20, f"the server grew by {grown >> 20} MiB")
        # Half an upload, and a length that lies, leave nothing behind.
        head = f"POST /api/v1/running HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\nContent-Length: 100000\r\nConnection: close\r\n\r\n".encode()
        parts = urllib.parse.urlsplit(server.url)
        for _ in range(20):
            with socket.create_connection((parts.hostname, parts.port), timeout=30) as connection:
                connection.sendall(head + b'{"schema": "scantling.running/1", "copies": [')
        check(raw(server, head.replace(b"100000", b"99999999999")) == 413, "a length beyond the limit")
        check(raw(server, head.replace(b"100000", b"-1")) == 400, "a negative length")
        check(raw(server, head.replace(b"Content-Length: 100000", b"Content-Length: 2\r\nTransfer-Encoding: chunked") + b"0\r\n\r\n") == 400, "two lengths (smuggling)")
        same(server.get("/api/v1/running").expect(200).json()["total"], 0, "copies of half an upload")
        server.get("/healthz").expect(200)


def memory(server):
    with open(f"/proc/{server.process.pid}/status", encoding="ascii") as file:
        return [int(line.split()[1]) << 10 for line in file if line.startswith("VmRSS")][0]


@case("hostile: long downloads are packed on the way, cost little memory, and may be cut")
def downloads():
    if not shutil.which("curl"):
        raise Skip("curl is not installed")
    folder = fresh("downloads")
    with serving(f"{folder}/data") as server:
        server.sign_in()
        token = server.token(["read", "submit"])
        for part in range(8):
            snapshot(server, token, [(f"{part}-{i:032x}", f"sha256:{part * 5000 + i:064x}") for i in range(5000)], cluster=f"c{part}")
        rows = 40_000
        path = "/api/v1/running?format=csv&sort=uid"

        def curl(*more, form="csv"):
            result = subprocess.run(["curl", "-sS", "--fail", "-H", "Authorization: Bearer " + token, "-D", f"{folder}/head", "-o", f"{folder}/body", "-w", "%{size_download}",
                                     *more, server.url + path.replace("csv", form)], capture_output=True, timeout=120)
            check(result.returncode == 0, result.stderr.decode())
            with open(f"{folder}/head", encoding="utf-8") as file:
                head = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in file) if value}
            with open(f"{folder}/body", "rb") as file:
                return int(result.stdout), head, file.read()
        size, head, plain = curl()
        same([size, head.get("content-encoding"), head.get("transfer-encoding"), head["vary"]], [len(plain), None, "chunked", "Accept-Encoding"], "for who takes no gzip")
        lines = plain.split(b"\r\n")
        same([len(lines), lines[-1], lines[1].split(b",")[0]], [rows + 2, b"", b"0-" + b"0" * 32], "rows")
        packed, head, text = curl("--compressed")
        same([head["content-encoding"], text == plain], ["gzip", True], "the same, unpacked by curl")
        check(packed < size / 5, f"{packed} of {size} bytes")
        etag = head["etag"]
        same(curl("--compressed", "-H", "If-None-Match: " + etag)[0], 0, "what is known already")
        ndjson = curl("--compressed", form="ndjson")[2]
        same(len([json.loads(line) for line in ndjson.splitlines()]), rows, "rows as JSON")
        # Small answers are as they were.
        small = server.get(path + "&filter=uid:0-00*0007", token=token).expect(200)
        check("Content-Encoding" not in small.headers and int(small.headers["Content-Length"]) > 0, str(small.headers))

        def memory():
            with open(f"/proc/{server.process.pid}/status", encoding="utf-8") as file:
                return int(next(line for line in file if line.startswith("VmRSS")).split()[1])
        before = memory()
        # Readers that stop, half of them with gzip, and then go away: nobody waits for them, and little is kept for them.
        stuck = []
        for number in range(16):
            one = socket.create_connection(("127.0.0.1", int(server.url.rsplit(":", 1)[1])))
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            coding = b"Accept-Encoding: gzip\r\n" if number % 2 else b""
            one.sendall(b"GET " + path.encode() + b" HTTP/1.1\r\nHost: x\r\n" + coding + b"Authorization: Bearer " + token.encode() + b"\r\n\r\n")
            check(one.recv(100).startswith(b"HTTP/1.1 200"), "no answer begins")
            stuck.append(one)
        grown = memory() - before
        check(grown < 16 * size / 1024 / 3, f"16 downloads of {size} bytes that stand still take {grown} KiB")
        print(f"        {size} bytes as {packed}; 16 downloads that stand still take {grown} KiB")
        started = time.monotonic()
        snapshot(server, token, [("late", "sha256:" + "a" * 64)], cluster="late")
        server.wait("/api/v1/running?filter=uid:late", lambda answer: answer["total"] == 1)
        check(time.monotonic() - started < 5, "downloads that stand still hold others up")
        for one in stuck:
            one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")  # cut, not closed
            one.close()
        same(curl("--compressed")[2].count(b"\r\n"), rows + 2, "after they were cut")


@case("hostile: slow senders, slow readers and 10,000 idle connections leave the others their answers")
def many():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    count = min(10_000, hard - 500)
    if count < 1_000:
        raise Skip(f"only {hard} open files are allowed")
    folder = fresh("many")
    with serving(f"{folder}/data") as server:
        server.sign_in()
        token = server.token(["read", "submit"])
        for part in range(10):
            snapshot(server, token, [(f"{part}-{i}", f"sha256:{i:064x}") for i in range(1000)], cluster=f"c{part}")
        parts = urllib.parse.urlsplit(server.url)
        with contextlib.ExitStack() as held:
            def connect():
                return held.enter_context(socket.create_connection((parts.hostname, parts.port), timeout=30))
            before = memory(server)
            idle = [connect() for _ in range(count)]
            started = time.monotonic()
            server.get("/api/v1/coverage").expect(200)
            waited = time.monotonic() - started
            grown = memory(server) - before
            print(f"        {count} idle connections: an answer in {waited * 1000:.0f} ms, {grown / count / 1024:.1f} KiB each", flush=True)
            check(waited < 2, f"an answer took {waited:.1f} s")
            check(grown < count * 40_000, f"{grown} bytes for {count} connections")
            # Some of them begin a request and go on by a byte a second (head), or stop in a body.
            for one in idle[:200]:
                one.sendall(b"GET /api/v1/images HTTP/1.1\r\nHost: x\r\nX-Slow: ")
            for one in idle[200:400]:
                one.sendall(b"POST /api/v1/builds HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token.encode() + b"\r\nContent-Length: 1000\r\n\r\n{")
            # And some ask for all of a large list, and read nothing of it.
            readers = idle[400:430]
            for one in readers:
                one.sendall(b"GET /api/v1/running?format=csv HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + token.encode() + b"\r\n\r\n")
            begun = time.monotonic()
            ended = set()
            while len(ended) < 400 and time.monotonic() - begun < 60:
                started = time.monotonic()
                server.get("/api/v1/coverage").expect(200)
                check(time.monotonic() - started < 3, f"an answer took {time.monotonic() - started:.1f} s beside slow clients")
                for i, one in enumerate(idle[:400]):
                    if i in ended:
                        continue
                    try:
                        if i < 200 and i % 20 == 0:
                            one.sendall(b"x")
                        one.setblocking(False)
                        while one.recv(4096):
                            pass
                        ended.add(i)
                    except BlockingIOError:
                        pass
                    except OSError:
                        ended.add(i)
                    finally:
                        one.setblocking(True)
                time.sleep(1)
            same(len(ended), 400, "slow senders that were sent away within a minute")
            counts = server.get("/metrics").expect(200).text.decode()
            timeouts = [int(line.split()[1]) for line in counts.splitlines() if line.startswith("scantling_http_timeouts_total ")]
            check(timeouts and timeouts[0] >= 400, f"/metrics counts {timeouts} slow clients")
        server.get("/api/v1/coverage").expect(200)
        check(json.loads(server.get("/api/v1/running?limit=1").text)["total"] == 10_000, "copies")
