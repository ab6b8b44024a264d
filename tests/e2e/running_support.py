"""What the tests of `scantling running` use: a server that keeps what it is told, the reporter as a process, a TCP proxy that
cuts, and a real Kubernetes API server (SCANTLING_KUBE_APISERVER names the binary; etcd is Debian's etcd-server)."""
import atexit
import base64
import http.client
import http.server
import json
import os
import signal
import socket
import ssl
import subprocess
import threading
import time

from harness import check, fresh, program
from images import Skip, need


def until(condition, what, seconds=180):
    """Waits for the condition's value to be true, and returns it."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise AssertionError(f"not within {seconds} s: {what() if callable(what) else what}")
        time.sleep(0.05)


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Receiver:
    """POST /api/v1/running: keeps the messages and folds them into what runs."""

    def __init__(self):
        self.messages, self.refused, self.tokens = [], 0, []
        self.running = {}
        self.gone = {}
        self.status = 200
        self.lock = threading.Lock()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self):  # noqa: N802  (http.server's name)
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status, answer = receiver.take(self.path, self.headers, body)
                data = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, *arguments):
                pass

        class Server(http.server.ThreadingHTTPServer):
            def handle_error(self, request, client_address):
                """A reporter that ends in the middle of a message is no error."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def take(self, path, headers, body):
        with self.lock:
            if path != "/api/v1/running":
                return 404, {"title": "not found"}
            if self.status != 200:
                self.refused += 1
                return self.status, {"title": "away"}
            self.tokens.append(headers.get("Authorization"))
            message = json.loads(body)
            check(message["schema"] == "scantling.running/1", message)
            seen = {copy["uid"]: copy for copy in message["copies"]}
            before = set(self.running)
            if message["type"] == "snapshot":
                self.running = dict(seen)
            else:
                self.running.update(seen)
            for gone in message.get("gone", []):
                self.running.pop(gone["uid"], None)
                self.gone[gone["uid"]] = gone["at"]
            self.messages.append(message)
            return 200, {"started": len(set(self.running) - before), "ended": len(before - set(self.running)),
                         "running": len(self.running), "unscanned": sorted({c["digest"] for c in seen.values() if "digest" in c})}

    def snapshots(self):
        with self.lock:
            return [m for m in self.messages if m["type"] == "snapshot"]

    def names(self):
        with self.lock:
            return sorted(copy["container"] for copy in self.running.values())

    def pods(self):
        with self.lock:
            return {copy["pod"] for copy in self.running.values()}

    def ever(self, container):
        with self.lock:
            return [c for m in self.messages for c in m["copies"] if c["container"] == container]


class Reporter:
    """The program as a process; what it says is read back when it has ended."""

    def __init__(self, *arguments, env=None):
        environment = {key: value for key, value in os.environ.items() if not key.startswith("SCANTLING_")}
        environment.update({"XDG_CONFIG_HOME": fresh("config"), **(env or {})})
        # A file, for nobody reads while it runs.
        self.path = os.path.join(fresh("reporter"), "stderr")
        with open(self.path, "wb") as log:
            self.process = subprocess.Popen([program(), "running", *arguments], env=environment, stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log)
        self.started = time.monotonic()

    def said(self):
        with open(self.path, encoding="utf-8") as log:
            return log.read()

    def usage(self):
        """Largest memory in bytes (RssAnon and files), seconds of CPU, seconds it ran."""
        with open(f"/proc/{self.process.pid}/status", encoding="ascii") as status:
            peak = next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmHWM"))
        with open(f"/proc/{self.process.pid}/stat", encoding="ascii") as stat:
            fields = stat.read().rsplit(")", 1)[1].split()
        ticks = os.sysconf("SC_CLK_TCK")
        return peak, (int(fields[11]) + int(fields[12])) / ticks, time.monotonic() - self.started

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def end(self):
        """SIGTERM ends it cleanly and soon."""
        check(self.process.poll() is None, f"it ended by itself: {self.said()}")
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(10)
        except subprocess.TimeoutExpired as error:
            raise AssertionError("SIGTERM did not end it within 10 s") from error
        check(code == 0, f"exit {code} after SIGTERM: {self.said()}")
        return self.said()


class Proxy:
    """Passes TCP on to a port, until it is cut: then all connections are reset."""

    def __init__(self, port):
        self.target = port
        self.pairs = []
        self.lock = threading.Lock()
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                near, _ = self.listener.accept()
            except OSError:
                return
            try:
                far = socket.create_connection(("127.0.0.1", self.target))
            except OSError:
                near.close()
                continue
            with self.lock:
                self.pairs.append((near, far))
            for source, sink in ((near, far), (far, near)):
                threading.Thread(target=self.pump, args=(source, sink), daemon=True).start()

    @staticmethod
    def pump(source, sink):
        try:
            while data := source.recv(65536):
                sink.sendall(data)
        except OSError:
            pass
        for one in (source, sink):
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self):
        with self.lock:
            pairs, self.pairs = self.pairs, []
        for pair in pairs:
            for one in pair:
                try:
                    one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
                    one.shutdown(socket.SHUT_RDWR)
                    one.close()
                except OSError:
                    pass

    def close(self):
        self.listener.close()
        self.cut()


AUDIT = """apiVersion: audit.k8s.io/v1
kind: Policy
omitStages: [RequestReceived, ResponseStarted]
rules: [{level: Metadata, resources: [{group: "", resources: [pods]}]}, {level: None}]
"""


class Cluster:
    """etcd and kube-apiserver on loopback. Ended by their process ids: the API server first."""

    def __init__(self):
        self.binary = os.environ.get("SCANTLING_KUBE_APISERVER")
        if not self.binary or not os.access(self.binary, os.X_OK):
            raise Skip("no SCANTLING_KUBE_APISERVER (the path of a kube-apiserver binary)")
        need("etcd")
        need("openssl")
        self.folder = fresh("kube")
        self.etcd_port, peer, self.port = free_port(), free_port(), free_port()
        self.token = "token-of-the-test"
        self.write("tokens.csv", f"{self.token},admin,1,system:masters\n")
        self.write("audit-policy.yaml", AUDIT)
        subprocess.run(["openssl", "genrsa", "-out", "sa.key", "2048"], cwd=self.folder, check=True, capture_output=True)
        subject = "/O=system:masters/CN=reporter"
        for command in (["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "client-ca.key", "-out", "client-ca.crt",
                         "-subj", "/CN=client-ca", "-days", "2"],
                        ["req", "-newkey", "rsa:2048", "-nodes", "-keyout", "client.key", "-out", "client.csr", "-subj", subject],
                        ["x509", "-req", "-in", "client.csr", "-CA", "client-ca.crt", "-CAkey", "client-ca.key", "-CAcreateserial",
                         "-out", "client.crt", "-days", "2"]):
            subprocess.run(["openssl", *command], cwd=self.folder, check=True, capture_output=True)
        urls = [f"http://127.0.0.1:{self.etcd_port}", f"http://127.0.0.1:{peer}"]
        self.processes = []
        self.etcd = self.spawn("etcd", "--data-dir", "etcd", "--listen-client-urls", urls[0], "--advertise-client-urls", urls[0],
                               "--listen-peer-urls", urls[1], log="etcd.log")
        self.server = None
        atexit.register(self.stop)
        self.start_server()

    def write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8", opener=lambda p, f: os.open(p, f, 0o600)) as file:
            file.write(text)

    def path(self, name):
        return os.path.join(self.folder, name)

    def spawn(self, *command, log):
        with open(self.path(log), "ab") as file:
            process = subprocess.Popen(command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=file, stderr=file)
        self.processes.append(process)
        return process

    def start_server(self):
        self.server = self.spawn(
            self.binary, f"--etcd-servers=http://127.0.0.1:{self.etcd_port}", "--bind-address=127.0.0.1", "--cert-dir=certs",
            "--advertise-address=127.0.0.1", f"--secure-port={self.port}", "--service-account-key-file=sa.key",
            "--service-account-signing-key-file=sa.key", "--service-account-issuer=https://kubernetes.default.svc",
            "--token-auth-file=tokens.csv", "--client-ca-file=client-ca.crt", "--authorization-mode=RBAC",
            "--service-cluster-ip-range=10.96.0.0/16", "--disable-admission-plugins=ServiceAccount",
            "--endpoint-reconciler-type=none", "--audit-policy-file=audit-policy.yaml", "--audit-log-path=audit.log",
            log="apiserver.log")
        until(self.ready, lambda: "the API server is not ready: " + self.tail("apiserver.log"), 120)

    def tail(self, name):
        with open(self.path(name), encoding="utf-8", errors="replace") as file:
            return file.read()[-800:]

    def ready(self):
        check(self.server.poll() is None, "the API server ended: " + self.tail("apiserver.log"))
        try:
            return self.call("GET", "/readyz", raw=True)[0] == 200 and \
                self.call("GET", "/api/v1/namespaces/default", raw=True)[0] == 200
        except OSError:
            return False

    def stop_server(self):
        self.server.terminate()
        try:
            self.server.wait(15)
        except subprocess.TimeoutExpired:
            self.server.kill()
            self.server.wait()

    def stop(self):
        if self.server and self.server.poll() is None:
            self.stop_server()
        if self.etcd.poll() is None:
            self.etcd.terminate()
            self.etcd.wait()

    def call(self, method, target, body=None, kind="application/json", raw=False):
        context = ssl._create_unverified_context()  # pylint: disable=protected-access
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, context=context, timeout=30)
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": kind}
        connection.request(method, target, json.dumps(body) if body is not None else None, headers)
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        if raw:
            return answer.status, data
        check(answer.status < 300, f"{method} {target}: {answer.status} {data[:500]}")
        return json.loads(data)

    def etcd_call(self, target, body):
        connection = http.client.HTTPConnection("127.0.0.1", self.etcd_port, timeout=60)
        connection.request("POST", target, json.dumps(body))
        answer = connection.getresponse()
        data = answer.read()
        connection.close()
        check(answer.status == 200, f"etcd {target}: {answer.status} {data[:300]}")
        return json.loads(data)

    def compact(self):
        """etcd forgets all that is older than now."""
        revision = self.etcd_call("/v3/kv/range", {"key": base64.b64encode(b"x").decode()})["header"]["revision"]
        self.etcd_call("/v3/kv/compaction", {"revision": revision, "physical": True})

    def audited(self, verb):
        """How often the reporter asked for pods so."""
        with open(self.path("audit.log"), encoding="utf-8") as file:
            events = [json.loads(line) for line in file if line.endswith("\n")]
        return sum(1 for event in events if event["verb"] == verb and event.get("userAgent", "").startswith("scantling"))

    def kubeconfig(self, port=None, user=None):
        with open(self.path("certs/apiserver.crt"), "rb") as file:
            authority = base64.b64encode(file.read()).decode()
        config = {
            "apiVersion": "v1", "kind": "Config", "current-context": "test",
            "contexts": [{"name": "test", "context": {"cluster": "test-cluster", "user": "reader"}}],
            "clusters": [{"name": "test-cluster", "cluster": {"server": f"https://127.0.0.1:{port or self.port}",
                                                              "certificate-authority-data": authority}}],
            "users": [{"name": "reader", "user": user or {"token": self.token}}]}
        path = os.path.join(fresh("kubeconfig"), "config")
        with open(path, "w", encoding="utf-8") as file:
            json.dump(config, file)
        return path

    def pod(self, name, **more):
        """A pod as a kubelet would report it once its container runs."""
        meta = {"name": name, "namespace": "default", "labels": {"app": name}, **more.pop("metadata", {})}
        spec = {"nodeName": "node-1", "containers": [{"name": "main", "image": "registry.example.org/app:1"}]}
        self.call("POST", "/api/v1/namespaces/default/pods", {"metadata": meta, "spec": spec})
        self.status(name, **more)

    def status(self, name, running=True, digest="1" * 64, **more):
        state = {"running": {"startedAt": "2026-11-24T10:00:00Z"}} if running else {"terminated": {"exitCode": 0}}
        container = {"name": "main", "image": "registry.example.org/app:1", "containerID": f"containerd://{name}", "ready": running,
                     "restartCount": 0, "imageID": f"registry.example.org/app@sha256:{digest}", "state": state}
        self.call("PATCH", f"/api/v1/namespaces/default/pods/{name}/status",
                  {"status": {"phase": "Running" if running else "Succeeded", "containerStatuses": [container], **more}},
                  "application/merge-patch+json")

    def delete(self, name):
        self.call("DELETE", f"/api/v1/namespaces/default/pods/{name}?gracePeriodSeconds=0")

    def store_pods(self, count, prefix, size=3000):
        """Many pods at once: written into etcd, where the API server reads JSON as well as its own form."""
        filler = "x" * size  # what managedFields and templates take in a real pod
        for start in range(0, count, 50):
            puts = []
            for index in range(start, min(start + 50, count)):
                name = f"{prefix}-{index:05d}"
                value = {
                    "kind": "Pod", "apiVersion": "v1",
                    "metadata": {"name": name, "namespace": "default", "uid": f"{prefix}-uid-{index}",
                                 "creationTimestamp": "2026-11-24T10:00:00Z", "annotations": {"example.org/filler": filler},
                                 "labels": {"app": prefix, "team": f"team-{index % 40}", "index": str(index),
                                            "pod-template-hash": "6d4cf56db6", "app.kubernetes.io/part-of": "shop",
                                            "app.kubernetes.io/managed-by": "helm"},
                                 "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "uid": "r", "controller": True,
                                                      "name": f"app-{index % 500}-6d4cf56db6"}]},
                    "spec": {"nodeName": f"node-{index % 100}", "containers": [{"name": "main", "image": "i"}]},
                    "status": {"phase": "Running", "containerStatuses": [
                        {"name": "main", "image": f"registry.example.org/team/app-{index % 500}:1.4.{index % 7}", "ready": True,
                         "restartCount": 0, "containerID": f"containerd://{prefix}{index:056x}",
                         "imageID": f"registry.example.org/team/app-{index % 500}@sha256:{index % 500:064x}",
                         "state": {"running": {"startedAt": "2026-11-24T10:00:00Z"}}}]}}
                key = f"/registry/pods/default/{name}"
                puts.append({"requestPut": {"key": base64.b64encode(key.encode()).decode(),
                                            "value": base64.b64encode(json.dumps(value).encode()).decode()}})
            self.etcd_call("/v3/kv/txn", {"success": puts})

    def forget_pods(self, prefix):
        start = f"/registry/pods/default/{prefix}-"
        self.etcd_call("/v3/kv/deleterange", {"key": base64.b64encode(start.encode()).decode(),
                                              "range_end": base64.b64encode((start[:-1] + ".").encode()).decode()})
