"""The images that bench/scan measures. Real ones are built as the end-to-end tests build theirs; two are written as extremes.

Kept in build/bench-images/NAME/oci (and docker.tar). "toolchains" (about 1.5 GB compressed), "files" (3 million files) and
"bytes" (a layer of 10 GB) are made only when asked for: they take minutes and gigabytes.
"""
import gzip
import hashlib
import os
import shutil
import sys
import tarfile

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
sys.path[:0] = [os.path.join(ROOT, "tests/e2e"), os.path.join(ROOT, "tools/lib")]
sys.dont_write_bytecode = True
import images  # noqa: E402
import oci_image  # noqa: E402

STORE = os.path.join(ROOT, "build/bench-images")
CREATED = 1700000000


def apt(*packages, recommends=False):
    more = "" if recommends else "--no-install-recommends "
    return (f"apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq {more}" + " ".join(packages)
            + " >/dev/null && rm -rf /var/lib/apt/lists/*")


def python_app(folder):
    wheels = f"{folder}/wheels"
    images.client("pip download", "/usr/bin/python3", "-m", "pip", "download", "-q", "-d", wheels, "--only-binary", ":all:",
                  "--disable-pip-version-check", "requests==2.19.1", "django==2.2", "jinja2==2.10", "numpy", "pandas", "sqlalchemy")
    images.build(folder, [
        ("RUN", apt("python3", "python3-pip", "python3-dev", "gcc")), ("COPY", wheels, "/tmp/wheels"),
        ("RUN", "pip install -q --root-user-action ignore --break-system-packages --no-index --find-links /tmp/wheels "
                "requests==2.19.1 django==2.2 jinja2==2.10 numpy pandas sqlalchemy && rm -rf /tmp/wheels")])


def node_app(folder):
    app = f"{folder}/app"
    os.makedirs(app)
    with open(f"{app}/package.json", "w", encoding="utf-8") as file:
        file.write('{"name": "shop", "version": "1.0.0"}')
    images.client("npm install", "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "express@4.16.4",
                  "lodash@4.17.15", "webpack@4.46.0", "react@16", "typescript@4", cwd=app)
    images.build(folder, [("RUN", apt("nodejs", "npm")), ("COPY", app, "/srv/shop")])
    shutil.rmtree(app)


def toolchains(folder):
    images.build(folder, [
        ("RUN", apt("gcc", "g++", "make", "gdb", "cmake", "git", recommends=True)),
        ("RUN", apt("clang", "lldb", "llvm-dev", "libclang-dev")),
        ("RUN", apt("openjdk-17-jdk", "maven")),
        ("RUN", apt("golang", "rustc", "cargo")),
        ("RUN", apt("nodejs", "npm", "python3-full", "python3-pip", "python3-numpy", "python3-scipy"))])


def debian(folder):
    images.base_root()
    shutil.copytree(f"{images.STORE}/base/oci", f"{folder}/oci", copy_function=os.link)


def alpine(folder):
    shutil.copytree(f"{images.get('alpine').folder}/oci", f"{folder}/oci", copy_function=os.link)


class Members:
    """A gzip file of concatenated members: what repeats is packed once."""

    def __init__(self, path):
        self.out = open(path, "wb")
        self.packed, self.plain, self.size = hashlib.sha256(), hashlib.sha256(), 0

    def add(self, data, times=1, level=1):
        member = gzip.compress(data, level, mtime=0)
        for _ in range(times):
            self.out.write(member)
            self.packed.update(member)
            self.plain.update(data)
            self.size += len(member)

    def finish(self, folder):
        self.add(bytes(1024))
        self.out.close()
        image = oci_image.Image(f"{folder}/oci")
        image.add_layer_file(self.out.name, "sha256:" + self.packed.hexdigest(), self.size, "sha256:" + self.plain.hexdigest(),
                             "generated", CREATED)
        image.finish(images.TAG, CREATED)


def many_files(folder):
    """Three million files of 100 bytes in 30,000 folders."""
    layer = Members(f"{folder}/layer")
    body = b"x" * 100 + bytes(412)
    for block in range(300):
        parts = []
        for inner in range(100):
            info = tarfile.TarInfo(f"data/{block:03}/{inner:02}")
            info.type, info.mode = tarfile.DIRTYPE, 0o755
            parts.append(info.tobuf(tarfile.GNU_FORMAT))
            for number in range(100):
                info = tarfile.TarInfo(f"data/{block:03}/{inner:02}/file-{number:03}.txt")
                info.size, info.mtime = 100, CREATED
                parts.append(info.tobuf(tarfile.GNU_FORMAT))
                parts.append(body)
        layer.add(b"".join(parts))
    layer.finish(folder)


def one_big(folder):
    """One layer of 10 GB: a file of 64 MiB blocks, a quarter of each random."""
    layer = Members(f"{folder}/layer")
    info = tarfile.TarInfo("data/big.bin")
    info.size, info.mtime = 160 * (64 << 20), CREATED
    layer.add(info.tobuf(tarfile.GNU_FORMAT))
    block = b"".join(hashlib.shake_128(str(i).encode()).digest(16 << 10) + bytes(48 << 10) for i in range(1024))
    layer.add(block, 160)
    layer.finish(folder)


ROWS = {"alpine": alpine, "debian": debian, "python": python_app, "node": node_app}
ASKED = {"toolchains": toolchains, "files": many_files, "bytes": one_big}


def get(name):
    """The image's folder, built if it is not there."""
    folder = f"{STORE}/{name}"
    if not os.path.exists(f"{folder}/ok"):
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        {**ROWS, **ASKED}[name](folder)
        shutil.rmtree(f"{folder}/rootfs", ignore_errors=True)
        shutil.rmtree(f"{folder}/wheels", ignore_errors=True)
        open(f"{folder}/ok", "w").close()
    if name == "toolchains" and not os.path.exists(f"{folder}/docker.tar"):
        images.call("skopeo", "--insecure-policy", "copy", "--quiet", f"oci:{folder}/oci:{images.TAG}",
                    f"docker-archive:{folder}/docker.tar:localhost/bench:1")
    return folder
