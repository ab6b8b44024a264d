"""A real server of the program, started on loopback for a test, and an HTTP client that signs in at it."""
import contextlib
import http.client
import http.server
import json
import os
import pwd
import re
import select
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import urllib.parse

from harness import check, fresh, program, run
from images import Skip


class Answer:
    def __init__(self, response):
        self.status, self.headers, self.text = response.status, dict(response.getheaders()), response.read()

    def json(self):
        return json.loads(self.text)

    def expect(self, status):
        if self.status != status:
            raise AssertionError(f"HTTP {self.status}, expected {status}: {self.text[:600]!r}")
        return self


class Server:
    def __init__(self, data, *arguments, env=None, arguments_first=()):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("SCANTLING_")}
        environment.update({"XDG_DATA_HOME": fresh("home"), **(env or {})})
        self.log = open(os.path.join(fresh("server"), "log"), "w+b")
        self.process = subprocess.Popen([program(), "server", *arguments_first, "--listen", "127.0.0.1:0", *(["--data", data] if data else []), *arguments],
                                        stdout=subprocess.PIPE, stderr=self.log, stdin=subprocess.DEVNULL, env=environment)
        text = self._first_lines()
        self.url = re.search(r"listens on (\S+)", text)[1]
        self.store = ["--data", data] if data else []
        found = re.search(r"\): (\S+/sign-in/link/\S+)", text)  # for a store without users only
        self.link = found[1] if found else ""
        self.cookie = self.csrf = ""

    def _first_lines(self):
        text, limit = "", time.monotonic() + 120
        while "Another link" not in text:
            ready, _, _ = select.select([self.process.stdout], [], [], max(0, limit - time.monotonic()))
            part = os.read(self.process.stdout.fileno(), 4096).decode() if ready else ""
            if not part:
                self.process.kill()
                self.log.seek(0)
                raise AssertionError(f"the server did not start: {text} {self.log.read().decode()[-1500:]}")
            text += part
        return text

    def call(self, method, path, body=None, headers=None, token=""):
        parts = urllib.parse.urlsplit(self.url)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
        sent = dict(headers or {})
        if token:
            sent["Authorization"] = "Bearer " + token
        elif self.cookie:
            sent["Cookie"] = self.cookie
            sent["X-Scantling-CSRF"] = self.csrf
        if body is not None and not isinstance(body, bytes):
            body = json.dumps(body).encode()
            sent.setdefault("Content-Type", "application/json")
        with contextlib.closing(connection):
            connection.request(method, path, body=body, headers=sent)
            return Answer(connection.getresponse())

    def get(self, path, **more):
        return self.call("GET", path, **more)

    def sign_in(self):
        link = self.link or run("sign-in", *self.store).expect(0).out.strip()
        self.link = ""
        self.call("HEAD", urllib.parse.urlsplit(link).path).expect(204)  # a look does not use it up
        answer = self.get(urllib.parse.urlsplit(link).path).expect(303)
        self.cookie = answer.headers["Set-Cookie"].split(";")[0]
        self.csrf = self.get("/api/v1/me").expect(200).json()["csrf"]

    def token(self, scopes, days=30):
        expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + days * 86400))
        made = self.call("POST", "/api/v1/tokens", {"name": "e2e " + " ".join(scopes), "scopes": scopes, "expires": expires}).expect(201)
        return made.json()["secret"]

    def column(self, path, name):
        return [item[name] for item in self.get(path).expect(200).json()["items"]]

    def wait(self, path, until, seconds=180):
        limit = time.monotonic() + seconds
        while True:
            answer = self.get(path).expect(200).json()
            if until(answer):
                return answer
            check(time.monotonic() < limit, f"{path} did not become what was waited for: {str(answer)[:800]}")
            time.sleep(0.1)

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
        code = self.process.wait(timeout=60)
        self.process.stdout.close()
        return code


@contextlib.contextmanager
def serving(data, *arguments, **more):
    server = Server(data, *arguments, **more)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.stop()


class Database:
    """A PostgreSQL of its own on a unix socket, with an empty database in it."""

    def __init__(self, synced=False):
        self.synced = synced  # to the disk, as in earnest
        self.programs = "/usr/lib/postgresql/15/bin"
        if not os.path.exists(f"{self.programs}/initdb"):
            raise Skip("no PostgreSQL 15 (postgresql-15)")
        self.folder = tempfile.mkdtemp(prefix="scantling-pg-", dir="/tmp")  # a socket's path is short
        user = pwd.getpwnam("postgres") if os.getuid() == 0 else None
        owner = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []} if user else {}
        if user:
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        self.quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": self.folder, **owner}
        subprocess.run([f"{self.programs}/initdb", "-D", f"{self.folder}/data", "-A", "trust", "-U", "scantling", "--no-sync"], check=True, **self.quiet)
        self.address = f"postgres://scantling@/program?host={self.folder}"
        self.start()
        self._wait("createdb")

    def _wait(self, tool, *arguments):
        limit = time.monotonic() + 60
        while subprocess.run([f"{self.programs}/{tool}", "-h", self.folder, "-U", "scantling", *arguments, "program"], **self.quiet).returncode != 0:
            check(time.monotonic() < limit, "PostgreSQL did not start")
            time.sleep(0.1)

    def start(self):
        self.process = subprocess.Popen([f"{self.programs}/postgres", "-D", f"{self.folder}/data", "-k", self.folder, "-c", "listen_addresses=", *([] if self.synced else ["-c", "fsync=off"])],
                                        **self.quiet)

    def start_again(self):
        self.start()
        self._wait("psql", "-c", "SELECT 1")

    def stop(self, how=signal.SIGINT):  # fast: sessions are ended
        self.process.send_signal(how)
        self.process.wait(timeout=60)

    def close(self):
        if self.process.poll() is None:
            self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


@contextlib.contextmanager
def postgres_server(synced=False):
    server = Database(synced)
    try:
        yield server
    finally:
        server.close()


@contextlib.contextmanager
def postgres():
    """The address of an empty database in a PostgreSQL of its own. Ended by its process id."""
    with postgres_server() as server:
        yield server.address


@contextlib.contextmanager
def receiver():
    """Takes webhooks: a list of (headers, body), and its address."""
    taken = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            taken.append((dict(self.headers), self.rfile.read(int(self.headers["Content-Length"]))))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield taken, f"http://127.0.0.1:{server.server_port}/hook"
    finally:
        server.shutdown()
        server.server_close()


def database(path, advisories, date="2030-02-18"):
    """Compiles npm advisories (id, CVE, package, fixed version or None) into a database at `path`, by rename."""
    feeds = fresh("feeds")
    with open(f"{feeds}/MANIFEST.tsv", "w", encoding="utf-8") as file:
        file.write(f"name\tsource\tcommit\tas_of\tbytes\tsha256\nnpm-ghsa\tx\ty\t{date}\t1\tz\n")
    os.makedirs(f"{feeds}/npm-ghsa/2030")
    for identifier, cve, package, fixed in advisories:
        events = [{"introduced": "0"}] + ([{"fixed": fixed}] if fixed else [])
        with open(f"{feeds}/npm-ghsa/2030/{identifier}.json", "w", encoding="utf-8") as file:
            json.dump({"id": identifier, "aliases": [cve], "summary": f"a hole in {package}", "modified": "2030-01-01T00:00:00Z",
                       "published": "2030-01-01T00:00:00Z", "database_specific": {"severity": "CRITICAL"},
                       "affected": [{"package": {"ecosystem": "npm", "name": package}, "ranges": [{"type": "SEMVER", "events": events}]}]}, file)
    run("db", "build", "--quiet", "--feeds", feeds, "-o", path).expect(0)
