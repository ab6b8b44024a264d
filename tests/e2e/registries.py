"""Debian's docker-registry on loopback, with what a test wants before it: logins, tokens, TLS, a proxy that does damage."""
import base64
import contextlib
import http.client
import http.server
import json
import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.parse
import warnings

from harness import fresh
from images import TAG, call, need


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def program():
    found = shutil.which("docker-registry")
    if found is None:
        need("docker-registry")
    return found


class Registry:
    """A running registry; `log` is its access log so far."""

    def __init__(self, storage, settings="", tls=None):
        folder = fresh("registry")
        self.port = free_port()
        self.host = f"localhost:{self.port}"
        self.output = os.path.join(folder, "access.log")
        lines = ["version: 0.1", "log: {level: error, accesslog: {disabled: false}}",
                 f"storage: {{filesystem: {{rootdirectory: {storage}}}, delete: {{enabled: true}}}}", "http:",
                 f"  addr: 127.0.0.1:{self.port}", "  secret: test"]
        if tls:
            lines.append(f"  tls: {{certificate: {tls[0]}, key: {tls[1]}}}")
        config = os.path.join(folder, "config.yml")
        with open(config, "w", encoding="utf-8") as file:
            file.write("\n".join(lines) + "\n" + settings)
        environment = {key: value for key, value in os.environ.items() if not key.startswith("REGISTRY_")}
        with open(self.output, "wb") as out:
            self.process = subprocess.Popen([program(), "serve", config], stdout=out, stderr=out, env=environment)
        for _ in range(200):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            if self.process.poll() is not None:
                break
            time.sleep(0.05)
        self.stop()
        raise RuntimeError("docker-registry does not start: " + open(self.output, encoding="utf-8").read()[-800:])

    def stop(self):
        self.process.terminate()
        self.process.wait(20)

    def log(self):
        with open(self.output, encoding="utf-8") as file:
            return [line for line in file if '"GET ' in line or '"HEAD ' in line]

    def blobs_fetched(self):
        return [line.split("/blobs/")[1].split()[0] for line in self.log() if '"GET ' in line and "/blobs/" in line]

    def __enter__(self):
        return self

    def __exit__(self, *ignored):
        self.stop()


def push(layout, registry, name, *more):
    """skopeo copies the layout's image; gives the reference."""
    need("skopeo")
    call("skopeo", "copy", "--insecure-policy", "--dest-tls-verify=false", *more, f"oci:{layout}:{TAG}",
         f"docker://{registry.host}/{name}")
    return f"{registry.host}/{name}"


def htpasswd(user, password):
    """A file with a bcrypt hash, as `htpasswd -B` makes it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import crypt
    path = os.path.join(fresh("htpasswd"), "users")
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"{user}:{crypt.crypt(password, crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=16))}\n")
    return path


def login_file(host, **entry):
    """A docker configuration folder that knows one registry."""
    folder = fresh("docker")
    if "user" in entry:
        entry = {"auth": base64.b64encode(f"{entry['user']}:{entry['password']}".encode()).decode()}
    with open(f"{folder}/config.json", "w", encoding="utf-8") as file:
        json.dump({"auths": {host: entry}}, file)
    return {"DOCKER_CONFIG": folder, "HOME": folder, "XDG_RUNTIME_DIR": folder, "REGISTRY_AUTH_FILE": ""}


def no_login():
    return login_file("nowhere.example", user="x", password="y")


def certificates(names="DNS:localhost,IP:127.0.0.1"):
    """A CA and a server's certificate of it: (ca, certificate, key)."""
    folder = fresh("tls")
    call("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj",
         "/CN=Test CA", "-keyout", f"{folder}/ca.key", "-out", f"{folder}/ca.crt", "-addext", "basicConstraints=critical,CA:TRUE")
    call("openssl", "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", "/CN=registry",
         "-keyout", f"{folder}/tls.key", "-out", f"{folder}/tls.csr")
    with open(f"{folder}/ext", "w", encoding="utf-8") as file:
        file.write(f"subjectAltName={names}\n")
    call("openssl", "x509", "-req", "-in", f"{folder}/tls.csr", "-CA", f"{folder}/ca.crt", "-CAkey", f"{folder}/ca.key",
         "-CAcreateserial", "-days", "2", "-extfile", f"{folder}/ext", "-out", f"{folder}/tls.crt")
    return f"{folder}/ca.crt", f"{folder}/tls.crt", f"{folder}/tls.key"


@contextlib.contextmanager
def serve(handler):
    """A Python server on loopback in a thread; gives its port."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class TokenServer:
    """Hands out signed tokens (RS256, by openssl) for a user, a refresh token, or anyone when `user` is None."""

    def __init__(self, user=None, password=None, refresh=None):
        folder = fresh("token")
        self.key, self.certificate = f"{folder}/key.pem", f"{folder}/cert.pem"
        call("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=tokens", "-keyout", self.key,
             "-out", self.certificate)
        self.user, self.password, self.refresh = user, password, refresh
        self.requests = []
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *ignored):
                pass

            def answer(self, query, allowed):
                owner.requests.append((self.command, query, self.headers.get("Authorization")))
                body = json.dumps({"token": owner.token(query), "expires_in": 60} if allowed else {"errors": []}).encode()
                self.send_response(200 if allowed else 401)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                login = base64.b64encode(f"{owner.user}:{owner.password}".encode()).decode()
                self.answer(urllib.parse.parse_qs(urllib.parse.urlsplit(self.path).query),
                            owner.user is None or self.headers.get("Authorization") == "Basic " + login)

            def do_POST(self):
                form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
                self.answer(form, owner.refresh is not None and form.get("refresh_token") == [owner.refresh])

        self.handler = Handler

    def token(self, query):
        def packed(data):
            return base64.urlsafe_b64encode(data).rstrip(b"=")
        access = []
        for scope in query.get("scope", []):
            kind, name, actions = scope.split(":")
            access.append({"type": kind, "name": name, "actions": actions.split(",")})
        der = call("openssl", "x509", "-in", self.certificate, "-outform", "DER", text=False)
        head = {"typ": "JWT", "alg": "RS256", "x5c": [base64.b64encode(der).decode()]}
        now = int(time.time())
        claims = {"iss": "tests", "sub": "", "aud": query["service"][0], "exp": now + 60, "nbf": now - 5, "iat": now, "jti": "1",
                  "access": access}
        signed = packed(json.dumps(head).encode()) + b"." + packed(json.dumps(claims).encode())
        signature = subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.key], input=signed, capture_output=True, check=True)
        return (signed + b"." + packed(signature.stdout)).decode()

    def settings(self, port):
        return (f"auth:\n  token:\n    realm: http://127.0.0.1:{port}/token\n    service: test-registry\n    issuer: tests\n"
                f"    rootcertbundle: {self.certificate}\n")


class Proxy:
    """Before a registry: `change(request path, answer)` may give another list of (status, headers, body, bytes to send).

    Every request is recorded as "METHOD path" and its Range."""

    def __init__(self, registry, change):
        self.requests = []
        owner = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *ignored):
                pass

            def forward(self):
                owner.requests.append((f"{self.command} {self.path}", self.headers.get("Range")))
                upstream = http.client.HTTPConnection("127.0.0.1", registry.port, timeout=30)
                wanted = {key: value for key, value in self.headers.items() if key.lower() in ("accept", "range", "authorization")}
                upstream.request(self.command, self.path, headers=wanted)
                response = upstream.getresponse()
                answer = [response.status, dict(response.getheaders()), response.read()]
                upstream.close()
                send = change(self.path, answer)
                status, headers, body = answer
                self.send_response(status)
                for key, value in headers.items():
                    if key.lower() not in ("content-length", "connection", "date", "server"):
                        self.send_header(key, value)
                self.send_header("Content-Length", headers.get("Content-Length", "0") if self.command == "HEAD" else str(len(body)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(body[:send])
                if send is not None:
                    self.close_connection = True

            do_GET = do_HEAD = forward

        self.handler = Handler
