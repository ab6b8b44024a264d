"""A real containerd in a folder of its own, told by CRI what to run: its requests are Protocol Buffers by hand, sent with curl.
https://github.com/kubernetes/cri-api/blob/master/pkg/apis/runtime/v1/api.proto"""
import os
import subprocess
import tempfile

from harness import fresh
from images import Skip, call, need
from running_support import until

LOCALHOST_NAMESPACE = 2  # NamespaceMode NODE: no network of its own, so no CNI


def varint(value):
    out = b""
    while value >= 0x80:
        out += bytes([value & 0x7F | 0x80])
        value >>= 7
    return out + bytes([value])


def field(number, value):
    """A number, a text, bytes, or a message that `message` made."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    data = value.encode() if isinstance(value, str) else value
    return varint(number << 3 | 2) + varint(len(data)) + data


def text_of(data, number):
    """The first length-delimited field of that number."""
    at = 0
    while at < len(data):
        tag, at = data[at], at + 1
        size = shift = 0
        while True:
            byte, at = data[at], at + 1
            size |= (byte & 0x7F) << shift
            shift += 7
            if byte < 0x80:
                break
        if tag & 7 == 2:
            if tag >> 3 == number:
                return data[at:at + size].decode()
            at += size
    raise AssertionError(f"no field {number} in {data!r}")


class Containerd:
    def __init__(self, archive, name, tag):
        for program in ("containerd", "ctr", "runc", "curl"):
            need(program)
        self.home = tempfile.mkdtemp(prefix="ctrd-", dir="/tmp")  # the path of a socket is at most 107 bytes
        self.socket = f"{self.home}/containerd.sock"
        self.image = image = f"{name}:{tag}"
        self.sandbox = None
        config = f"""version = 2
root = "{self.home}/root"
state = "{self.home}/state"
oom_score = 0
[grpc]
  address = "{self.socket}"
[plugins."io.containerd.grpc.v1.cri"]
  sandbox_image = "{image}"
  restrict_oom_score_adj = true
  disable_apparmor = true
  [plugins."io.containerd.grpc.v1.cri".containerd]
    snapshotter = "native"
  [plugins."io.containerd.grpc.v1.cri".cni]
    conf_dir = "{self.home}/cni"
"""
        with open(f"{self.home}/config.toml", "w", encoding="utf-8") as file:
            file.write(config)
        with open(f"{self.home}/log", "wb") as log:
            self.process = subprocess.Popen(["containerd", "--config", f"{self.home}/config.toml"], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log)
        try:
            until(lambda: self.process.poll() is not None or os.path.exists(self.socket), "containerd's socket")
            call("ctr", "-a", self.socket, "-n", "k8s.io", "images", "import", "--snapshotter", "native",
                 "--base-name", name, archive)
            self.config = (field(1, field(1, "shop") + field(2, "uid-1") + field(3, "default")) +
                           field(8, field(2, field(1, field(1, LOCALHOST_NAMESPACE)))))
            self.sandbox = text_of(self.rpc("RuntimeService/RunPodSandbox", field(1, self.config)), 1)
        except (RuntimeError, AssertionError) as error:
            self.stop()
            raise Skip(f"containerd does not work here: {str(error).strip().splitlines()[-1][:300]}") from error

    def rpc(self, method, message):
        frame = b"\0" + len(message).to_bytes(4, "big") + message
        folder = fresh("rpc")
        with open(f"{folder}/request", "wb") as file:
            file.write(frame)
        call("curl", "-sS", "--http2-prior-knowledge", "--unix-socket", self.socket, "-H", "Content-Type: application/grpc",
             "-H", "TE: trailers", "--data-binary", f"@{folder}/request", "-D", f"{folder}/headers", "-o", f"{folder}/answer",
             f"http://localhost/runtime.v1.{method}")
        with open(f"{folder}/headers", encoding="utf-8", errors="replace") as file:
            headers = file.read()
        if "grpc-status: 0" not in headers:
            raise RuntimeError(f"{method}: {' '.join(headers.split())[-600:]}")
        with open(f"{folder}/answer", "rb") as file:
            return file.read()[5:]

    def start(self, name, pod="web-0"):
        labels = [field(9, field(1, key) + field(2, value)) for key, value in
                  (("io.kubernetes.pod.name", pod), ("io.kubernetes.pod.namespace", "shop"), ("io.kubernetes.container.name", name))]
        container = (field(1, field(1, name)) + field(2, field(1, self.image)) + field(3, "/bin/sleep") + field(4, "1000") +
                     b"".join(labels))
        made = text_of(self.rpc("RuntimeService/CreateContainer",
                                field(1, self.sandbox) + field(2, container) + field(3, self.config)), 1)
        self.rpc("RuntimeService/StartContainer", field(1, made))
        return made

    def tag(self, digest):
        """As if the image had been pulled: a name with the manifest's digest."""
        call("ctr", "-a", self.socket, "-n", "k8s.io", "images", "tag", self.image, f"{self.image.rsplit(':', 1)[0]}@{digest}")

    def end(self, container):
        self.rpc("RuntimeService/StopContainer", field(1, container))

    def stop(self):
        if self.process.poll() is None:
            if self.sandbox:
                for method in ("StopPodSandbox", "RemovePodSandbox"):
                    self.rpc(f"RuntimeService/{method}", field(1, self.sandbox))
            self.process.terminate()
            self.process.wait(20)
        call("rm", "-rf", self.home, check=False)

    def __enter__(self):
        return self

    def __exit__(self, kind, value, trace):
        self.stop()
