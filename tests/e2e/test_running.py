"""What runs, told to a server: real podman containers, a real containerd, a real Kubernetes API server, a list of pods."""
import base64
import datetime
import json
import os
import shutil
import subprocess
import tarfile
import time

import yaml

import oci_image
from harness import case, check, fresh, run, same
from images import ROOT, Skip, need
from running_containerd import Containerd
from running_support import Cluster, Proxy, Receiver, Reporter, until

LIMITS = ["--ulimit", "nofile=1024:1024", "--ulimit", "nproc=4096:4096"]
MEMORY = 50 << 20


def busybox():
    path = shutil.which("busybox")
    if path is None:
        raise Skip("no busybox (busybox-static)")
    return path


def fill(tar):
    """A root file system that holds a static busybox."""
    for folder in ("bin", "proc", "sys", "dev", "tmp", "etc"):
        oci_image.add_folder(tar, folder, 1)
    with open(busybox(), "rb") as file:
        oci_image.add_file(tar, "bin/busybox", file.read(), 1, 0o755)
    info = tarfile.TarInfo("bin/sleep")
    info.type, info.linkname = tarfile.SYMTYPE, "busybox"
    tar.addfile(info)


class Podman:
    """podman with a store of its own, and its REST service on a socket."""

    def __init__(self):
        need("podman")
        need("runc")
        self.home = fresh("podman")
        self.command = ["podman", "--root", f"{self.home}/root", "--runroot", f"{self.home}/run", "--storage-driver", "vfs",
                        "--tmpdir", f"{self.home}/tmp", "--runtime", "runc"]
        self.socket = f"{self.home}/podman.sock"
        self.service = None
        self.image = "localhost/scantling-test:1"
        with tarfile.open(f"{self.home}/root.tar", "w") as tar:
            fill(tar)
        try:
            self.call("import", f"{self.home}/root.tar", self.image)
            self.call("run", "-d", "--name", "probe", "--network", "none", *LIMITS, self.image, "/bin/sleep", "1000")
            self.call("rm", "-f", "-t", "0", "probe")
        except RuntimeError as error:
            raise Skip(f"podman does not work here: {str(error).strip().splitlines()[-1][:200]}") from error
        self.serve()

    def call(self, *arguments):
        result = subprocess.run([*self.command, *arguments], capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL,
                                check=False)
        if result.returncode != 0:
            raise RuntimeError(f"podman {arguments[0]}: {result.stderr[-500:]}")
        return result.stdout.strip()

    def serve(self):
        with open(f"{self.home}/service.log", "ab") as log:
            self.service = subprocess.Popen([*self.command, "system", "service", "--time=0", f"unix://{self.socket}"], stdout=log,
                                            stderr=log, stdin=subprocess.DEVNULL)
        until(lambda: os.path.exists(self.socket), "podman's socket")

    def hush(self):
        self.service.terminate()
        self.service.wait(20)
        if os.path.exists(self.socket):
            os.unlink(self.socket)

    def start(self, name, *options):
        return self.call("run", "-d", "--name", name, "--network", "none", *LIMITS, *options, self.image, "/bin/sleep", "1000")

    def remove(self, name):
        self.call("rm", "-f", "-t", "0", name)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        if self.service and self.service.poll() is None:
            self.service.terminate()
            self.service.wait(20)
        subprocess.run([*self.command, "rm", "-f", "-a", "-t", "0"], capture_output=True, timeout=120, check=False)


@case("running: podman's containers start and stop, the server is away, podman is away")
def podman_containers():
    with Podman() as podman:
        first = podman.start("first", "--label", "com.example.team=shop", "--label", "com.docker.compose.project=web",
                             "--label", "com.docker.compose.service=front")
        facts = json.loads(podman.call("image", "inspect", podman.image))[0]

        # What would be sent, and one message.
        printed = run("running", "--print", "--socket", podman.socket, "--name", "host test").expect(0).json()
        copy = printed["copies"][0]
        same([copy["uid"], copy["digest"], copy["image_id"], copy["reference"], copy["container"], copy["workload_kind"],
              copy["workload"], copy["labels"]["com.example.team"]],
             [first, facts["Digest"], "sha256:" + facts["Id"], podman.image, "first", "compose", "web/front", "shop"], "the copy")
        same([printed["reporter"], printed["kind"], printed["type"]], ["host test", "host", "snapshot"], "the message")

        receiver = Receiver()
        token = os.path.join(fresh("token"), "token")
        with open(token, "w", encoding="ascii") as file:
            file.write("sct_of_the_test\n")
        once = run("running", "--once", "--socket", podman.socket, "--server", receiver.url, "--token-file", token).expect(0)
        check("1 running copies" in once.err and facts["Digest"] in once.err, once.err)
        same(receiver.tokens, ["Bearer sct_of_the_test"], "the token")

        receiver = Receiver()
        with Reporter("--server", receiver.url, "--socket", podman.socket, "--interval", "5", "--environment", "production",
                      env={"SCANTLING_TOKEN": "sct_secret"}) as reporter:
            until(lambda: receiver.names() == ["first"], lambda: f"the first snapshot: {reporter.said()}")
            message = receiver.messages[0]
            same([message["type"], message["environment"], message["interval_seconds"]], ["snapshot", "production", 5], "it")
            check(message["reporter"] == "host " + os.uname().nodename, message["reporter"])

            second = podman.start("second")
            begin = time.monotonic()
            until(lambda: receiver.names() == ["first", "second"], "a start is told")
            check(time.monotonic() - begin < 5, "a start took longer than the interval")
            podman.call("stop", "-t", "0", "second")
            until(lambda: receiver.names() == ["first"], "an end is told")
            check(second in receiver.gone, "the end has a time")
            podman.call("start", "second")
            until(lambda: receiver.names() == ["first", "second"], "a second start is told")

            # The server is away: what starts and ends meanwhile is told afterwards.
            receiver.status = 503
            third = podman.start("third")
            until(lambda: receiver.refused >= 1, "the server is asked")
            podman.remove("third")
            podman.remove("second")
            fourth = podman.start("fourth")
            until(lambda: receiver.refused >= 2, "the server is asked again")
            receiver.status = 200
            until(lambda: receiver.names() == ["first", "fourth"], lambda: f"what was missed: {receiver.names()}")
            check(receiver.messages[-1]["type"] == "snapshot" or receiver.snapshots()[-1]["at"] > message["at"], "a snapshot")
            check(receiver.ever("third") and third in receiver.gone, "a copy that came and went while the server was away")
            check(fourth in receiver.running, "the newest state")

            # podman is away: nothing is vouched for, and nothing ends.
            podman.hush()
            until(lambda: "the container runtime at" in reporter.said(), "podman's absence is said")
            count = len(receiver.messages)
            time.sleep(6)
            same(len(receiver.messages), count, "messages while podman is away")
            same(receiver.names(), ["first", "fourth"], "what runs while podman is away")
            podman.serve()
            until(lambda: len(receiver.messages) > count, "podman is back")
            same(receiver.names(), ["first", "fourth"], "what runs afterwards")

            peak, cpu, seconds = reporter.usage()
            check(peak <= MEMORY, f"{peak >> 20} MB of memory")
            check(cpu <= 0.1 + 0.02 * seconds, f"{cpu:.2f} s of CPU in {seconds:.0f} s")
            said = reporter.end()
            check(said.count("503") == 1 and said.count("works again") == 2, said)
            check("sct_secret" not in said, "the token is in a message")
            print(f"        podman: {peak / 1e6:.1f} MB, {100 * cpu / seconds:.2f} % CPU")


@case("running: containerd by its CRI socket")
def containerd():
    folder = fresh("image")
    image = oci_image.Image(f"{folder}/oci")
    image.layer(fill, "busybox", 1)
    manifest = image.finish("1", 1, config={"Cmd": ["/bin/sleep", "1000"]})
    with tarfile.open(f"{folder}/image.tar", "w") as tar:
        tar.add(f"{folder}/oci", "")
    with Containerd(f"{folder}/image.tar", "localhost/scantling-test", "1") as runtime:
        first = runtime.start("first")

        def printed():
            document = run("running", "--print", "--socket", runtime.socket).expect(0).json()
            return {c["uid"]: c for c in document["copies"]}[first]
        # An image that came from a file has no name at a registry: its configuration's digest is what is known.
        with open(f"{folder}/oci/blobs/sha256/{manifest[7:]}", encoding="utf-8") as file:
            config = json.load(file)["config"]["digest"]
        copy = printed()
        same([copy["digest"], copy.get("image_id")], [config, None], "digests of an image from a file")
        runtime.tag(manifest)
        copy = until(lambda: printed() if printed()["digest"] == manifest else None, "the manifest's digest")
        same(copy["image_id"], config, "the configuration's digest beside the manifest's")
        same([copy["container"], copy["pod"], copy["namespace"], copy["reference"]],
             ["first", "web-0", "shop", "localhost/scantling-test:1"], "the copy")
        check(abs(time.time() - datetime.datetime.fromisoformat(copy["started"].replace("Z", "+00:00")).timestamp()) < 60, copy)
        receiver = Receiver()
        with Reporter("--server", receiver.url, "--socket", runtime.socket, "--interval", "5") as reporter:
            until(lambda: receiver.names() == ["first"], lambda: f"the first snapshot: {reporter.said()}")
            second = runtime.start("second")
            until(lambda: receiver.names() == ["first", "second"], "a start is told")
            runtime.end(first)
            until(lambda: receiver.names() == ["second"], "an end is told")
            check(first in receiver.gone and second not in receiver.gone, receiver.gone)
            peak, cpu, seconds = reporter.usage()
            check(peak <= MEMORY, f"{peak >> 20} MB of memory")
            print(f"        containerd: {peak / 1e6:.1f} MB, {100 * cpu / seconds:.2f} % CPU")
            reporter.end()


@case("running: what is wrong is said")
def mistakes():
    folder = fresh("mistakes")
    path = f"{folder}/none.sock"
    outcome = run("running", "--socket", path, "--print").expect(3)
    check(path in outcome.err, outcome.err)
    outcome = run("running", "--socket", path).expect(2)
    check("--server" in outcome.err and "--print" in outcome.err, outcome.err)
    outcome = run("running", "--server", "ftp://x", "--socket", path).expect(2)
    check("--server" in outcome.err, outcome.err)
    run("running", "elsewhere", "--print").expect(2)
    run("running", "--print", "--interval", "1").expect(2)
    outcome = run("running", "kubernetes", "--print", env={"HOME": folder, "KUBECONFIG": ""}).expect(2)
    check("--kubeconfig" in outcome.err, outcome.err)
    outcome = run("config", "show", env={"SCANTLING_TOKEN": "sct_secret"}).expect(0)
    check("sct_secret" not in outcome.out and "(given)" in outcome.out, outcome.out)
    # A server that does not answer: --once says so and ends.
    pods = f"{folder}/pods.json"
    with open(pods, "w", encoding="utf-8") as file:
        json.dump({"kind": "List", "items": []}, file)
    outcome = run("running", "--from-file", pods, "--cluster", "c", "--server", "http://127.0.0.1:1", "--once").expect(3)
    check("127.0.0.1:1" in outcome.err, outcome.err)
    run("running", "--from-file", pods, "--print").expect(2)


@case("running: a list of pods from a file")
def from_file():
    pods = {"kind": "List", "apiVersion": "v1", "items": [
        {"kind": "Pod", "metadata": {"name": f"web-{i}", "namespace": "shop", "uid": f"u{i}", "labels": {"app": "web"},
                                     "annotations": {"example.org/owner": "team-a", "other": "x"},
                                     "ownerReferences": [{"kind": "StatefulSet", "name": "web", "controller": True}]},
         "spec": {"nodeName": "n1"},
         "status": {"containerStatuses": [{"name": "main", "image": "web:1", "containerID": f"containerd://c{i}",
                                           "imageID": "r/web@sha256:" + "1" * 64, "state": {"running": {}}}]}}
        for i in range(3)]}
    path = os.path.join(fresh("pods"), "pods.json")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(pods, file)
    receiver = Receiver()
    outcome = run("running", "--from-file", path, "--cluster", "prod", "--server", receiver.url).expect(0)
    check("3 running copies" in outcome.err, outcome.err)
    message = receiver.messages[0]
    same([message["reporter"], message["kind"], message["cluster"], message["type"], message["interval_seconds"]],
         ["cluster prod", "file", "prod", "snapshot", 86400], "the message")
    same(message["copies"][0],
         {"uid": "containerd://c0", "digest": "sha256:" + "1" * 64, "reference": "web:1", "namespace": "shop",
          "workload_kind": "StatefulSet", "workload": "web", "pod": "web-0", "container": "main", "kind": "container", "node": "n1",
          "labels": {"app": "web", "example.org/owner": "team-a"}}, "a copy")
    with open(path, encoding="utf-8") as file:
        printed = run("running", "--from-file", "-", "--cluster", "prod", "--print", stdin=file).expect(0).json()
    same(len(printed["copies"]), 3, "copies from standard input")


CLUSTER = []


def cluster():
    if not CLUSTER:
        CLUSTER.append(Cluster())
    return CLUSTER[0]


@case("running: a Kubernetes cluster's pods come and go; a watch that is cut; a restart; an expired version")
def kubernetes():
    kube = cluster()
    kube.pod("before")
    proxy = Proxy(kube.port)
    receiver = Receiver()
    config = kube.kubeconfig(proxy.port)
    with Reporter("kubernetes", "--server", receiver.url, "--kubeconfig", config, "--interval", "5") as reporter:
        until(lambda: receiver.pods() == {"before"}, lambda: f"the first snapshot: {reporter.said()}")
        same([receiver.messages[0]["reporter"], receiver.messages[0]["kind"]], ["cluster test-cluster", "kubernetes"], "who reports")

        kube.call("POST", "/apis/batch/v1/namespaces/default/jobs", {
            "metadata": {"name": "nightly-1", "ownerReferences": [
                {"apiVersion": "batch/v1", "kind": "CronJob", "name": "nightly", "uid": "c1", "controller": True}]},
            "spec": {"template": {"spec": {"restartPolicy": "Never", "containers": [{"name": "main", "image": "i"}]}}}})
        kube.pod("job", metadata={"ownerReferences": [{"apiVersion": "batch/v1", "kind": "Job", "name": "nightly-1", "uid": "j1",
                                                       "controller": True}]})
        begin = time.monotonic()
        until(lambda: receiver.pods() == {"before", "job"}, "a pod that starts")
        check(time.monotonic() - begin < 4, "a start is told within a second or so")
        copy = receiver.running["containerd://job"]
        same([copy["workload_kind"], copy["workload"], copy["digest"], copy["node"], copy["namespace"]],
             ["CronJob", "nightly", "sha256:" + "1" * 64, "node-1", "default"], "the pod's copy")
        kube.status("job", running=False)
        until(lambda: receiver.pods() == {"before"}, "a container that ended")
        kube.delete("before")
        until(lambda: receiver.pods() == set(), "a pod that was deleted")

        # A watch that is cut goes on where it was, without a list.
        lists = kube.audited("list")
        kube.pod("kept")
        until(lambda: receiver.pods() == {"kept"}, "a pod")
        proxy.cut()
        kube.pod("while-cut")
        until(lambda: receiver.pods() == {"kept", "while-cut"}, "what happened while the watch was cut")
        proxy.cut()
        kube.delete("kept")
        until(lambda: receiver.pods() == {"while-cut"}, "an end that happened while the watch was cut")
        same(kube.audited("list"), lists, "lists after a cut")

        # The server restarts, and etcd has forgotten what the reporter's place refers to: a list tells what changed
        # meanwhile, and nothing else was told to end.
        kube.pod("goes")
        until(lambda: receiver.pods() == {"while-cut", "goes"}, "a pod")
        kube.stop_server()
        count = len(receiver.messages)
        time.sleep(6)
        check(len(receiver.messages) <= count + 1, "the API server is away: nothing is vouched for")
        kube.etcd_call("/v3/kv/deleterange", {"key": base64.b64encode(b"/registry/pods/default/goes").decode()})
        kube.compact()
        kube.start_server()
        kube.pod("after")
        until(lambda: receiver.pods() == {"while-cut", "after"}, lambda: f"after the restart: {receiver.pods()} {reporter.said()}")
        check("containerd://while-cut" not in receiver.gone, "a restart ended a copy")
        check(kube.audited("list") > lists, "a list after the version has expired")
        kube.delete("after")
        kube.delete("while-cut")
        until(lambda: receiver.pods() == set(), "the watch goes on")
        said = reporter.end()
        check("works again" in said and said.count("tried again") <= 6, said)
    proxy.close()


@case("running: Kubernetes by a client certificate, and without permission")
def kubernetes_access():
    kube = cluster()
    kube.pod("one")
    user = {"client-certificate": kube.path("client.crt"), "client-key": kube.path("client.key")}
    printed = run("running", "kubernetes", "--print", "--kubeconfig", kube.kubeconfig(user=user), "--cluster", "prod").expect(0).json()
    same([copy["pod"] for copy in printed["copies"]], ["one"], "pods")
    same(printed["reporter"], "cluster prod", "the reporter")
    data = {}
    for key, name in (("client-certificate-data", "client.crt"), ("client-key-data", "client.key")):
        with open(kube.path(name), "rb") as file:
            data[key] = base64.b64encode(file.read()).decode()
    printed = run("running", "kubernetes", "--print", "--kubeconfig", kube.kubeconfig(user=data)).expect(0).json()
    same([copy["pod"] for copy in printed["copies"]], ["one"], "pods with the key's bytes in the kubeconfig")
    outcome = run("running", "kubernetes", "--print", "--kubeconfig", kube.kubeconfig(user={"token": "wrong"})).expect(3)
    check("401" in outcome.err and "wrong" not in outcome.err, outcome.err)
    outcome = run("running", "kubernetes", "--print", "--kubeconfig", kube.kubeconfig(user={"exec": {"command": "aws"}})).expect(2)
    check("aws" in outcome.err, outcome.err)

    # The template of integrations/ as it stands: what it creates is accepted, and its service account may do what is needed.
    kube.call("POST", "/api/v1/namespaces", {"metadata": {"name": "scantling"}})
    with open(os.path.join(ROOT, "integrations/kubernetes/running.yaml"), encoding="utf-8") as file:
        documents = list(yaml.safe_load_all(file))
    places = {"ServiceAccount": "/api/v1/namespaces/scantling/serviceaccounts",
              "Deployment": "/apis/apps/v1/namespaces/scantling/deployments",
              "ClusterRole": "/apis/rbac.authorization.k8s.io/v1/clusterroles",
              "ClusterRoleBinding": "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"}
    for document in documents:
        kube.call("POST", places[document["kind"]] + "?fieldValidation=Strict", document)
    arguments = next(d for d in documents if d["kind"] == "Deployment")["spec"]["template"]["spec"]["containers"][0]["args"]
    token = kube.call("POST", "/api/v1/namespaces/scantling/serviceaccounts/scantling-running/token",
                      {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest", "spec": {}})["status"]["token"]
    path = os.path.join(fresh("account"), "token")
    with open(path, "w", encoding="ascii") as file:
        file.write(token)
    same(arguments[:2], ["running", "kubernetes"], "the template's command")
    account = kube.kubeconfig(user={"tokenFile": path})
    printed = run(*arguments[:2], "--print", "--kubeconfig", account).expect(0).json()
    same([copy["pod"] for copy in printed["copies"]], ["one"], "pods as the service account sees them")
    kube.call("DELETE", places["ClusterRoleBinding"] + "/scantling-running")

    def refused():
        outcome = run("running", "kubernetes", "--print", "--kubeconfig", account)
        return outcome if outcome.code != 0 else None
    outcome = until(refused, "the permission is taken away").expect(3)
    check("403" in outcome.err and "cannot list resource" in outcome.err and token not in outcome.err, outcome.err)
    kube.delete("one")


@case("running: 5,000 pods within 50 MB")
def kubernetes_many():
    kube = cluster()
    kube.store_pods(5000, "many", 8000)
    until(lambda: b"many-04999" in kube.call("GET", "/api/v1/namespaces/default/pods/many-04999", raw=True)[1], "the pods")
    receiver = Receiver()
    with Reporter("kubernetes", "--server", receiver.url, "--kubeconfig", kube.kubeconfig(), "--interval", "10") as reporter:
        until(lambda: len(receiver.running) == 5000, lambda: f"5,000 copies: {len(receiver.running)} {reporter.said()}")
        first = reporter.usage()
        kube.store_pods(200, "fresh")
        until(lambda: len(receiver.running) == 5200, "200 more")
        kube.forget_pods("fresh")
        until(lambda: len(receiver.running) == 5000, "200 fewer")
        until(lambda: len(receiver.snapshots()) >= 2, "the next snapshot")
        peak, cpu, seconds = reporter.usage()
        check(peak <= MEMORY, f"{peak / 1e6:.1f} MB of memory ({first[0] / 1e6:.1f} MB after the first list)")
        copy = next(iter(receiver.running.values()))
        same([copy["workload_kind"], "example.org/filler" in copy["labels"], copy["labels"]["team"][:5]], ["Deployment", False, "team-"],
             "a copy")
        print(f"        5,000 pods: {peak / 1e6:.1f} MB, {cpu:.2f} s of CPU in {seconds:.0f} s")
        reporter.end()
    kube.forget_pods("many")
