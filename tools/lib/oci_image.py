"""Writes container images as OCI layouts, with layers made from changes of a root folder. Standard library only.

Used by tools/demo-image, the end-to-end tests and the benchmarks. Deterministic: entries sorted, modification times cut off at
a given moment, gzip without a name or a time. Not handled: extended attributes, and sparse files (they are written full).
"""
import gzip
import hashlib
import io
import json
import os
import stat
import tarfile
import time

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
CONFIG = "application/vnd.oci.image.config.v1+json"
LAYER = "application/vnd.oci.image.layer.v1.tar+gzip"
# What a running system or the making of a root folder leaves behind, and no image should hold.
LEFT_OUT_BELOW = ("dev", "proc", "sys", "run", "tmp", "var/lib/apt/lists", "var/cache/apt", "var/log", "var/tmp", "root/.cache")
LEFT_OUT = ("etc/resolv.conf", "etc/hostname", "etc/machine-id", "var/cache/ldconfig/aux-cache",
            "var/cache/debconf/config.dat-old", "var/cache/debconf/templates.dat-old", "var/lib/dpkg/status-old",
            "var/lib/dpkg/diversions-old", "var/lib/dpkg/statoverride-old", "var/lib/dpkg/lock", "var/lib/dpkg/lock-frontend",
            "usr/sbin/policy-rc.d")
ZSTD_LAYER = "application/vnd.oci.image.layer.v1.tar+zstd"


def rfc3339(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))


def scan_tree(root):
    """path -> what tells a changed file from an unchanged one. Sorted by path; folders come before what is in them."""
    tree = {}
    stack = [""]
    while stack:
        folder = stack.pop()
        with os.scandir(os.path.join(root, folder) if folder else root) as entries:
            for entry in entries:
                path = f"{folder}/{entry.name}" if folder else entry.name
                if path in LEFT_OUT:
                    continue
                info = entry.stat(follow_symlinks=False)
                is_folder = stat.S_ISDIR(info.st_mode)
                link = os.readlink(entry.path) if stat.S_ISLNK(info.st_mode) else None
                # A folder's own times and size change with its content: they do not make it a change.
                tree[path] = (info.st_mode, info.st_uid, info.st_gid, 0 if is_folder else info.st_size,
                              0 if is_folder else info.st_mtime_ns, 0 if is_folder else info.st_ino, link)
                if is_folder and path not in LEFT_OUT_BELOW:
                    stack.append(path)
    return dict(sorted(tree.items()))


def changes(before, after):
    """(paths added or changed, paths gone). Of a folder that is gone only the folder itself is named."""
    changed = [path for path, entry in after.items() if before.get(path) != entry]
    gone = []
    for path in before:
        if path not in after and os.path.dirname(path) not in gone and not any(path.startswith(g + "/") for g in gone[-1:]):
            gone.append(path)
    # A changed file's folders come along, as engines do.
    needed = set(changed)
    for path in changed:
        parent = os.path.dirname(path)
        while parent and parent not in needed:
            needed.add(parent)
            parent = os.path.dirname(parent)
    return sorted(p for p in needed if p in after), gone


def write_tree(tar, root, tree, paths, gone=(), newest=None):
    """Adds paths of a root folder, and whiteouts for those that are gone. Hard links stay hard links within the layer."""
    inodes = {}
    for path in sorted(list(paths) + [os.path.join(os.path.dirname(g), ".wh." + os.path.basename(g)) for g in gone]):
        if path not in tree:
            info = tarfile.TarInfo(path)  # a whiteout
            info.mode = 0o644
            info.mtime = int(newest or 0)
            tar.addfile(info)
            continue
        full = os.path.join(root, path)
        status = os.lstat(full)
        info = tarfile.TarInfo(path)
        info.mode = stat.S_IMODE(status.st_mode)
        info.uid, info.gid = status.st_uid, status.st_gid
        info.mtime = int(status.st_mtime if newest is None else min(status.st_mtime, newest))
        if path in LEFT_OUT_BELOW:
            info.mode, info.mtime = info.mode | 0o700, int(newest or 0)  # a mount may lie over it
        if stat.S_ISDIR(status.st_mode):
            info.type = tarfile.DIRTYPE
            tar.addfile(info)
        elif stat.S_ISLNK(status.st_mode):
            info.type = tarfile.SYMTYPE
            info.linkname = os.readlink(full)
            tar.addfile(info)
        elif stat.S_ISREG(status.st_mode):
            key = (status.st_dev, status.st_ino)
            if status.st_nlink > 1 and key in inodes:
                info.type = tarfile.LNKTYPE
                info.linkname = inodes[key]
                tar.addfile(info)
                continue
            inodes[key] = path
            info.size = status.st_size
            with open(full, "rb") as file:
                tar.addfile(info, file)
        # Sockets, pipes and devices are of no use in an image.


class HashingWriter(io.RawIOBase):
    """Passes bytes on and keeps their SHA-256 and number."""

    def __init__(self, out):
        super().__init__()
        self.out, self.hash, self.size = out, hashlib.sha256(), 0

    def writable(self):
        return True

    def write(self, data):
        self.out.write(data)
        self.hash.update(data)
        self.size += len(data)
        return len(data)

    def digest(self):
        return "sha256:" + self.hash.hexdigest()


class Image:
    """An image that grows layer by layer in an OCI layout folder."""

    def __init__(self, folder, architecture="amd64"):
        self.folder = folder
        self.blobs = os.path.join(folder, "blobs/sha256")
        os.makedirs(self.blobs, exist_ok=True)
        self.architecture = architecture
        self.layers, self.diff_ids, self.history = [], [], []

    def blob(self, data):
        digest = "sha256:" + hashlib.sha256(data).hexdigest()
        with open(os.path.join(self.blobs, digest[7:]), "wb") as file:
            file.write(data)
        return {"digest": digest, "size": len(data)}

    def note(self, created_by, created):
        """A history entry without a layer."""
        self.history.append({"created": rfc3339(created), "created_by": created_by, "empty_layer": True})

    def layer(self, fill, created_by, created, level=6):
        """fill(tar) adds the entries."""
        temporary = os.path.join(self.blobs, ".layer")
        with open(temporary, "wb") as raw:
            packed = HashingWriter(raw)
            with gzip.GzipFile("", "wb", level, packed, 0) as zipped:
                plain = HashingWriter(zipped)
                with tarfile.open(fileobj=plain, mode="w|", format=tarfile.PAX_FORMAT, bufsize=1 << 20) as tar:
                    fill(tar)
        self.add_layer_file(temporary, packed.digest(), packed.size, plain.digest(), created_by, created, LAYER)

    def add_layer_file(self, path, digest, size, diff_id, created_by, created, media_type=LAYER):
        """Takes a finished layer blob over."""
        os.replace(path, os.path.join(self.blobs, digest[7:]))
        self.layers.append({"mediaType": media_type, "digest": digest, "size": size})
        self.diff_ids.append(diff_id)
        self.history.append({"created": rfc3339(created), "created_by": created_by})

    def manifest(self, created, annotations=None, config=None):
        """Writes configuration and manifest as blobs; gives the manifest's descriptor."""
        document = {"created": rfc3339(created), "architecture": self.architecture, "os": "linux", "config": config or {},
                    "rootfs": {"type": "layers", "diff_ids": self.diff_ids}, "history": self.history}
        about = self.blob(json.dumps(document, separators=(",", ":")).encode())
        manifest = {"schemaVersion": 2, "mediaType": MANIFEST, "config": {"mediaType": CONFIG, **about}, "layers": self.layers}
        if annotations:
            manifest["annotations"] = annotations
        return {"mediaType": MANIFEST, **self.blob(json.dumps(manifest, separators=(",", ":")).encode())}

    def finish(self, tag, created, annotations=None, config=None):
        descriptor = self.manifest(created, annotations, config)
        descriptor["platform"] = {"architecture": self.architecture, "os": "linux"}
        descriptor["annotations"] = {"org.opencontainers.image.ref.name": tag}
        for name, document in (("oci-layout", {"imageLayoutVersion": "1.0.0"}),
                               ("index.json", {"schemaVersion": 2, "manifests": [descriptor]})):
            with open(os.path.join(self.folder, name), "w", encoding="utf-8") as file:
                json.dump(document, file, separators=(",", ":"))
        return descriptor["digest"]


def add_file(tar, path, data, mtime, mode=0o644):
    if isinstance(data, str):
        data = data.encode()
    info = tarfile.TarInfo(path)
    info.size, info.mtime, info.mode = len(data), int(mtime), mode
    tar.addfile(info, io.BytesIO(data))


def add_folder(tar, path, mtime):
    info = tarfile.TarInfo(path)
    info.type, info.mtime, info.mode = tarfile.DIRTYPE, int(mtime), 0o755
    tar.addfile(info)


def add_files(tar, files, mtime):
    """files: path -> bytes or text. Their folders are added too."""
    done = set()
    for path in sorted(files):
        parts = path.split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            folder = "/".join(parts[:depth])
            if folder not in done:
                done.add(folder)
                add_folder(tar, folder, mtime)
        add_file(tar, path, files[path], mtime)
