"""Real images for the end-to-end tests, made by mmdebstrap, buildah and the ecosystems' own installers.

Each image is built once and kept in build/e2e-images/NAME/: oci/ (the layout), rootfs/ (what a container
sees), docker.tar, oci.tar, zstd/ (the same with zstd layers) and facts.json (what the installers' own tools list). Where
buildah is not allowed to run (a container without mounts), a chroot and tools/lib/oci_image.py do the same steps.
A missing client or registry raises Skip with its name.
"""
import gzip
import hashlib
import inspect
import io
import json
import os
import re
import shutil
import sqlite3
import stat
import struct
import subprocess
import sys
import time
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "tools/lib"))
import oci_image  # noqa: E402

TAG = "test"
SUITE = "bookworm"


class Skip(Exception):
    pass


STORE = os.path.join(ROOT, "build/e2e-images")


def call(*command, check=True, timeout=900, cwd=None, env=None, text=True):
    """Runs a program; its output is the result. Failure raises with the last lines."""
    result = subprocess.run(command, capture_output=True, text=text, stdin=subprocess.DEVNULL, timeout=timeout, cwd=cwd,
                            env={**os.environ, **(env or {})})
    if check and result.returncode != 0:
        tail = (result.stdout or "")[-1500:] + (result.stderr or "")[-1500:] if text else ""
        raise RuntimeError(f"{' '.join(command)[:300]}: exit {result.returncode}\n{tail}")
    return result.stdout


def need(program):
    if shutil.which(program) is None:
        raise Skip(f"no {program}")


def client(what, *command, **more):
    """A step that asks a registry: its failure is a skip, for the network beyond the Debian mirror may be missing."""
    need(command[0])
    try:
        return call(*command, **more)
    except (RuntimeError, subprocess.TimeoutExpired) as error:
        raise Skip(f"{what} failed: {str(error).strip().splitlines()[-1][:200]}") from error


def mirror():
    try:
        for line in call("apt-get", "indextargets", "--format", "$(REPO_URI) $(RELEASE) $(COMPONENT)").splitlines():
            uri, release, component = line.split()
            if component == "main" and release == SUITE:
                return uri
    except (RuntimeError, OSError, ValueError):
        pass
    return "http://deb.debian.org/debian"


# ---- how an image is built -------------------------------------------------------------------------------------------

def buildah(*arguments, **more):
    return call("buildah", "--root", f"{STORE}/containers/root", "--runroot", f"{STORE}/containers/run",
                "--storage-driver", "overlay", *arguments, **more)


_buildah_works = None


def buildah_works():
    """Tries a container for real, once."""
    global _buildah_works
    if _buildah_works is None:
        _buildah_works = False
        if shutil.which("buildah") and os.environ.get("SCANTLING_E2E_BUILDER") != "chroot":
            try:
                name = buildah("from", "scratch").strip()
                buildah("mount", name)
                buildah("umount", name)
                buildah("rm", name)
                _buildah_works = True
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                print(f"note: buildah does not work here, chroot is used: {str(error).splitlines()[-1][:200]}")
    return _buildah_works


def base_root():
    """A Debian root folder, and its image in the layout base/oci."""
    folder = f"{STORE}/base"
    if os.path.exists(f"{folder}/ok"):
        return folder
    need("mmdebstrap")
    if os.geteuid() != 0:
        raise Skip("root is needed to build images")
    shutil.rmtree(folder, ignore_errors=True)
    os.makedirs(folder)
    call("mmdebstrap", "--mode=root", "--variant=minbase", "--format=directory", SUITE, f"{folder}/rootfs", mirror())
    tree = oci_image.scan_tree(f"{folder}/rootfs")
    image = oci_image.Image(f"{folder}/oci")
    image.layer(lambda tar: oci_image.write_tree(tar, f"{folder}/rootfs", tree, tree), "# mmdebstrap", 1700000000, level=1)
    image.finish(TAG, 1700000000, config={"Cmd": ["bash"]})
    open(f"{folder}/ok", "w").close()
    return folder


def build(folder, steps, base=True):
    """steps: ("RUN", command) and ("COPY", host folder, destination). Gives oci/ and rootfs/ in the folder."""
    if base:
        base_root()
    if buildah_works():
        with_buildah(folder, steps, base)
    else:
        with_chroot(folder, steps, base)


def with_buildah(folder, steps, base):
    context = f"{folder}/context"
    os.makedirs(context)
    lines = ["FROM localhost/scantling-base:test" if base else "FROM scratch"]
    for number, step in enumerate(steps):
        if step[0] == "COPY":
            call("cp", "-a", step[1], f"{context}/{number}")
            lines.append(f"COPY {number}/ {step[2]}/")
        else:
            lines.append(f"RUN {step[1]}")
    with open(f"{context}/Containerfile", "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    if base and not buildah("images", "--quiet", "--filter", "reference=localhost/scantling-base:test", check=False).strip():
        image_id = buildah("pull", "--quiet", "--signature-policy", policy(), f"oci:{STORE}/base/oci:{TAG}").strip().splitlines()[-1]
        buildah("tag", image_id, "localhost/scantling-base:test")
    name = f"localhost/scantling-{os.path.basename(folder)}:test"
    buildah("bud", "--layers", "--isolation=chroot", "--network=host", "--pull-never", "--signature-policy", policy(), "-t", name,
            "-f", f"{context}/Containerfile", context)
    buildah("push", "--quiet", "--signature-policy", policy(), "--compression-level", "1", name, f"oci:{folder}/oci:{TAG}")
    container = buildah("from", "--pull-never", "--signature-policy", policy(), name).strip()
    mount = buildah("mount", container).strip()
    call("cp", "-a", mount, f"{folder}/rootfs")
    buildah("umount", container)
    buildah("rm", container)
    shutil.rmtree(context)


def policy():
    path = f"{STORE}/policy.json"
    if not os.path.exists(path):
        os.makedirs(STORE, exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            json.dump({"default": [{"type": "insecureAcceptAnything"}]}, file)
    return path


def with_chroot(folder, steps, base):
    root = f"{folder}/rootfs"
    image = oci_image.Image(f"{folder}/oci")
    if base:
        call("cp", "-a", f"{STORE}/base/rootfs", root)
        tree = oci_image.scan_tree(root)
        image.layer(lambda tar: oci_image.write_tree(tar, root, tree, tree), "# mmdebstrap", 1700000000, level=1)
        # /dev is no part of a layer; where devices cannot be made, a plain file does for what apt throws away.
        if not (os.path.exists(f"{root}/dev/null") and stat.S_ISCHR(os.stat(f"{root}/dev/null").st_mode)):
            with open(f"{root}/dev/null", "w", encoding="utf-8"):
                os.chmod(f"{root}/dev/null", 0o666)
    else:
        os.makedirs(root)
    for step in steps:
        before = oci_image.scan_tree(root)
        if step[0] == "COPY":
            os.makedirs(root + step[2], exist_ok=True)
            call("cp", "-a", step[1] + "/.", root + step[2])
            by = f"COPY . {step[2]}"
        else:
            if os.path.exists("/etc/resolv.conf"):
                shutil.copyfile("/etc/resolv.conf", f"{root}/etc/resolv.conf")
            call("chroot", root, "/bin/sh", "-c", step[1], env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root"})
            by = f"RUN {step[1]}"
        after = oci_image.scan_tree(root)
        changed, gone = oci_image.changes(before, after)
        image.layer(lambda tar: oci_image.write_tree(tar, root, after, changed, gone), by, 1700000000, level=1)
    image.finish(TAG, 1700000000)


def convert(folder):
    """The other forms, by skopeo."""
    need("skopeo")
    source = f"oci:{folder}/oci:{TAG}"
    for target in (f"docker-archive:{folder}/docker.tar:localhost/e2e:{TAG}", f"oci-archive:{folder}/oci.tar:{TAG}"):
        call("skopeo", "--insecure-policy", "copy", "--quiet", source, target)


# ---- what the installers' own tools list -----------------------------------------------------------------------------

def dpkg_list(root):
    text = call("dpkg-query", f"--admindir={root}/var/lib/dpkg", "-W", "-f", "${db:Status-Status} ${Package} ${Version}\n")
    return sorted([name, version] for status, name, version in (line.split(" ") for line in text.splitlines())
                  if status != "not-installed" and status != "config-files")


def pip_list(root):
    """Every folder of the interpreter's path, each by pip itself (one listing would hide a package behind its namesake)."""
    found = []
    for folder in ("usr/lib/python3/dist-packages", "usr/local/lib/python3.11/dist-packages"):
        if os.path.isdir(f"{root}/{folder}"):
            for item in json.loads(call("/usr/bin/python3", "-m", "pip", "list", "--format", "json", "--path", f"{root}/{folder}",
                                        "--disable-pip-version-check")):
                found.append([item["name"], item["version"]])
    return sorted(found)


def npm_list(app):
    """npm ls --all: every package once per name and version."""
    document = json.loads(call("npm", "ls", "--all", "--json", cwd=app, check=False))
    found, stack = set(), [document]
    while stack:
        for name, node in stack.pop().get("dependencies", {}).items():
            if "version" in node:
                found.add((name, node["version"]))
            stack.append(node)
    return sorted(map(list, found))


def go_list(binary):
    """go version -m: main module, modules (with replacements applied), and the toolchain as stdlib."""
    text = call("go", "version", "-m", binary)
    found = []
    first = text.splitlines()[0]
    found.append(["stdlib", re.search(r": go(\S+)", first).group(1)])
    for line in text.splitlines()[1:]:
        parts = line.split()
        if parts and parts[0] == "dep":
            found.append([parts[1], parts[2]])
        elif parts and parts[0] == "=>":
            found[-1] = [parts[1], parts[2]]
    return sorted(found)


def ndb_to_sqlite(path, out):
    """Debian's rpm reads no ndb: its headers go into a database that it reads, by their slots (16 bytes each from byte 32)."""
    with open(path, "rb") as file:
        data = file.read()
    call("rpm", "--dbpath", os.path.dirname(out), "--define", "_db_backend sqlite", "--initdb")
    base = sqlite3.connect(out)
    for at in range(32, 4096 * struct.unpack_from("<I", data, 12)[0], 16):
        magic, index, block, _ = struct.unpack_from("<4I", data, at)
        if magic == 0x746F6C53 and index:
            size = struct.unpack_from("<I", data, block * 16 + 12)[0]
            base.execute("INSERT INTO Packages VALUES (?, ?)", (index, data[block * 16 + 16:block * 16 + 16 + size]))
    base.commit()
    base.close()


def rpm_list(root, dbpath, backend):
    text = call("rpm", "--root", root, "--dbpath", dbpath, "--define", f"_db_backend {backend}", "-qa", "--qf", "%{NAME} %{EPOCHNUM}:%{VERSION}-%{RELEASE} %{ARCH}\n")
    return sorted([name, version[2:] if version.startswith("0:") else version]
                  for name, version, _ in (line.split() for line in text.splitlines()) if name != "gpg-pubkey")


def apk_list(root):
    """The installed database's own records (apk itself is not in Debian)."""
    with open(f"{root}/lib/apk/db/installed", encoding="utf-8") as file:
        records = file.read().strip().split("\n\n")
    found = []
    for record in records:
        fields = dict(line.split(":", 1) for line in record.splitlines() if line[1:2] == ":" and line[0] in "PV")
        found.append([fields["P"], fields["V"]])
    return sorted(found)


# ---- the images ------------------------------------------------------------------------------------------------------

def apt(*packages):
    return ("apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "
            + " ".join(packages) + " >/dev/null && rm -rf /var/lib/apt/lists/*")


def make_debian(folder):
    build(folder, [
        ("RUN", apt("curl", "make", "patch")),
        ("RUN", "dpkg --purge patch && apt-get -qq remove -y make >/dev/null"),    # one purged, one removed
        ("RUN", "mv /usr/share/doc /usr/share/papers && mkdir /usr/share/doc"),    # whiteouts, a folder made anew
        ("RUN", "rm -rf /usr/share/papers && ln -s doc /usr/share/papers"),        # a folder replaced by a link
    ])
    return {"deb": dpkg_list(f"{folder}/rootfs")}


def make_python(folder):
    wheels = f"{folder}/wheels"
    client("pip download", "/usr/bin/python3", "-m", "pip", "download", "-q", "-d", wheels, "--only-binary", ":all:",
           "--disable-pip-version-check", "requests==2.19.1", "django==2.2", "jinja2==2.10")
    build(folder, [
        ("RUN", apt("python3", "python3-pip", "python3-yaml", "python3-requests", "python3-cryptography")),
        ("COPY", wheels, "/tmp/wheels"),
        ("RUN", "pip install -q --root-user-action ignore --break-system-packages --no-index --find-links /tmp/wheels "
                "requests==2.19.1 django==2.2 jinja2==2.10"),
        ("RUN", "rm -rf /tmp/wheels; pip uninstall -q -y --root-user-action ignore --break-system-packages sqlparse"),
    ])
    return {"deb": dpkg_list(f"{folder}/rootfs"), "pypi": pip_list(f"{folder}/rootfs"),
            "deb_owned_pypi": ["PyYAML", "cryptography"]}


def make_node(folder):
    app = f"{folder}/app"
    os.makedirs(app)
    with open(f"{app}/package.json", "w", encoding="utf-8") as file:
        json.dump({"name": "shop", "version": "1.0.0"}, file)
    client("npm install", "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=1", "express@4.16.4", "lodash@4.17.15",
           "@babel/parser@7.9.4", "mkdirp@0.5.1", cwd=app)
    facts = {"npm": npm_list(app)}
    extra = f"{folder}/extra"
    os.makedirs(extra)
    with open(f"{extra}/readme", "w", encoding="utf-8") as file:
        file.write("x")
    build(folder, [("COPY", app, "/srv/shop"), ("COPY", extra, "/srv/extra"),
                   ("RUN", "mv /srv/shop /srv/web && ln -s web /srv/shop")])
    shutil.rmtree(app)
    facts["deb"] = dpkg_list(f"{folder}/rootfs")
    facts["top_level"] = ["express", "lodash", "@babel/parser", "mkdirp"]
    return facts


def make_pnpm(folder):
    tool, app = f"{folder}/tool", f"{folder}/app"
    os.makedirs(tool)
    os.makedirs(app)
    for where in (tool, app):
        with open(f"{where}/package.json", "w", encoding="utf-8") as file:
            json.dump({"name": "store", "version": "1.0.0", "dependencies": {} if where == tool else
                       {"send": "0.16.2", "mkdirp": "0.5.1"}}, file)
    client("npm install pnpm", "npm", "install", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=1", "pnpm@8", cwd=tool)
    pnpm = f"{tool}/node_modules/.bin/pnpm"
    client("pnpm install", pnpm, "install", "--silent", "--ignore-scripts", "--store-dir", f"{folder}/store", cwd=app)
    found, stack = set(), json.loads(call(pnpm, "list", "--json", "--depth", "100", cwd=app))
    while stack:
        for name, node in stack.pop().get("dependencies", {}).items():
            found.add((name, node["version"]))
            stack.append(node)
    build(folder, [("COPY", app, "/srv/store")], base=False)
    for where in (tool, app, f"{folder}/store"):
        shutil.rmtree(where)
    return {"npm": sorted(map(list, found))}


def debian_jars(folder):
    """Real jars out of Debian's packages: (path, group:artifact, version) by their own pom.properties."""
    os.makedirs(f"{folder}/debs")
    call("apt-get", "download", "-qq", "libcommons-lang3-java", "libcommons-text-java", "liblog4j2-java", "libjackson2-core-java",
         cwd=f"{folder}/debs")
    for deb in sorted(os.listdir(f"{folder}/debs")):
        call("dpkg-deb", "-x", f"{folder}/debs/{deb}", f"{folder}/unpacked")
    jars = []
    for name in sorted(os.listdir(f"{folder}/unpacked/usr/share/java")):
        path = f"{folder}/unpacked/usr/share/java/{name}"
        if name.endswith(".jar") and not os.path.islink(path):
            jars.append(path)
    return jars


def pom_properties(path):
    """[group:artifact, version] of every pom.properties in a jar."""
    found = []
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith("/pom.properties"):
                fields = dict(line.split("=", 1) for line in archive.read(name).decode().splitlines() if "=" in line)
                found.append([f"{fields['groupId'].strip()}:{fields['artifactId'].strip()}", fields["version"].strip()])
    return found


def make_java(folder):
    need("dpkg-deb")
    jars = debian_jars(folder)
    app = f"{folder}/app"
    os.makedirs(f"{app}/lib")
    facts = {"maven": [], "maven_nested": []}
    skipped = ""
    try:
        for artifact in ("org.apache.logging.log4j:log4j-core:2.14.1", "commons-collections:commons-collections:3.2.1",
                         "org.springframework:spring-core:5.3.17"):
            client("mvn dependency:copy", "mvn", "-q", "-B", "dependency:copy", f"-Dartifact={artifact}",
                   f"-DoutputDirectory={folder}/central", timeout=300)
        for name in sorted(os.listdir(f"{folder}/central")):
            jars.append(f"{folder}/central/{name}")
        facts["maven_central"] = [["org.apache.logging.log4j:log4j-core", "2.14.1"],
                                  ["commons-collections:commons-collections", "3.2.1"]]
    except Skip as error:
        skipped = str(error)
    facts["skipped_central"] = skipped
    for path in jars:
        shutil.copy(path, f"{app}/lib/")
        facts["maven"] += pom_properties(path)
    # A war in an ear, with jars inside it: deflated and stored, three levels deep.
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as war:
        for path in jars:
            war.write(path, f"WEB-INF/lib/{os.path.basename(path)}",
                      zipfile.ZIP_STORED if len(path) % 2 else zipfile.ZIP_DEFLATED)
            facts["maven_nested"] += pom_properties(path)
    with zipfile.ZipFile(f"{app}/shop.ear", "w", zipfile.ZIP_STORED) as ear:
        ear.writestr("META-INF/application.xml", "<application/>")
        ear.writestr("shop.war", inner.getvalue())
    build(folder, [("COPY", app, "/srv/java")], base=False)
    for where in (app, f"{folder}/debs", f"{folder}/unpacked", f"{folder}/central"):
        shutil.rmtree(where, ignore_errors=True)
    return facts


GO_MAIN = """package main

import (
\t"fmt"
\t"golang.org/x/text/language"
)

func main() { fmt.Println(language.English) }
"""
GO_PLAIN = """package main

import "net/http"

func main() { _ = http.ListenAndServe("127.0.0.1:0", nil) }
"""


def make_go(folder):
    need("go")
    out = f"{folder}/out"
    os.makedirs(out)
    env = {"CGO_ENABLED": "0", "GOFLAGS": "-mod=mod", "GOCACHE": f"{folder}/cache", "GOPATH": f"{folder}/gopath",
           "GOTOOLCHAIN": "local"}
    facts = {"golang": {}}
    for name, source, requires in (("plain", GO_PLAIN, ""), ("text", GO_MAIN, "require golang.org/x/text v0.3.5\n")):
        project = f"{folder}/{name}"
        os.makedirs(project)
        with open(f"{project}/main.go", "w", encoding="utf-8") as file:
            file.write(source)
        with open(f"{project}/go.mod", "w", encoding="utf-8") as file:
            file.write(f"module example.com/{name}\n\ngo 1.18\n\n{requires}")
        build_go = ["go", "build", "-buildvcs=false", "-ldflags", "-s -w" if name == "plain" else "", "-o", f"{out}/{name}", "."]
        if requires:
            client("go build with modules", *build_go, cwd=project, env=env)
        else:
            call(*build_go, cwd=project, env=env)
        facts["golang"][f"usr/local/bin/{name}"] = go_list(f"{out}/{name}")
    build(folder, [("COPY", out, "/usr/local/bin")], base=False)
    call("chmod", "-R", "u+w", folder)  # the module cache is read-only
    for where in (out, f"{folder}/plain", f"{folder}/text", f"{folder}/cache", f"{folder}/gopath"):
        shutil.rmtree(where, ignore_errors=True)
    return facts


def fixtures():
    folder = os.environ.get("SCANTLING_FIXTURES", "")
    if not os.path.isdir(folder):
        raise Skip("SCANTLING_FIXTURES is not set")
    return folder


def make_alpine(folder):
    need("skopeo")
    source = f"{fixtures()}/images/alpine-310.tar.gz"
    with gzip.open(source) as packed, open(f"{folder}/original.tar", "wb") as plain:  # Debian's skopeo cannot read it packed
        shutil.copyfileobj(packed, plain)
    call("skopeo", "--insecure-policy", "copy", "--quiet", f"docker-archive:{folder}/original.tar", f"oci:{folder}/oci:{TAG}")
    os.makedirs(f"{folder}/rootfs")
    with open(f"{folder}/oci/index.json", encoding="utf-8") as file:
        digest = json.load(file)["manifests"][0]["digest"]
    with open(f"{folder}/oci/blobs/sha256/{digest[7:]}", encoding="utf-8") as file:
        layers = json.load(file)["layers"]
    for layer in layers:
        call("tar", "xzf", f"{folder}/oci/blobs/sha256/{layer['digest'][7:]}", "-C", f"{folder}/rootfs")
    shutil.copyfile(source, f"{folder}/original.tar.gz")
    return {"apk": apk_list(f"{folder}/rootfs")}


def rpm_image(folder, place, file_name, source, release, backend="sqlite", oracle=None):
    """oracle: makes what rpm can read from the source, where it cannot read that itself."""
    root = f"{folder}/root"
    os.makedirs(f"{root}/{place}")
    os.makedirs(f"{root}/etc")
    with open(f"{root}/etc/os-release", "w", encoding="utf-8") as file:
        file.write(release)
    if oracle:
        oracle(source, f"{root}/{place}/rpmdb.sqlite")
    else:
        shutil.copyfile(source, f"{root}/{place}/{file_name}")
    facts = {"rpm": rpm_list(root, f"/{place}", backend)}
    if not facts["rpm"]:
        raise RuntimeError("rpm lists nothing")
    # rpm has left files of its own beside the database.
    shutil.rmtree(f"{root}/{place}")
    os.makedirs(f"{root}/{place}")
    shutil.copyfile(source, f"{root}/{place}/{file_name}")
    build(folder, [("COPY", root, "/")], base=False)
    shutil.rmtree(root)
    return facts


ALMA = 'ID="almalinux"\nID_LIKE="rhel centos fedora"\nVERSION_ID="8.8"\nPRETTY_NAME="AlmaLinux 8.8"\n'
SUSE = 'ID="opensuse-leap"\nID_LIKE="suse opensuse"\nVERSION_ID="15.4"\nPRETTY_NAME="openSUSE Leap 15.4"\n'


def make_rpm_bdb(folder):
    need("rpm")
    return rpm_image(folder, "var/lib/rpm", "Packages", f"{fixtures()}/rpmdb/bdb-Packages", ALMA, "bdb_ro")


def make_rpm_ndb(folder):
    need("rpm")
    return rpm_image(folder, "usr/lib/sysimage/rpm", "Packages.db", f"{fixtures()}/rpmdb/ndb-Packages.db", SUSE, oracle=ndb_to_sqlite)


SPEC = """Name: {name}
Version: {version}
Release: {release}
{epoch}Summary: A package for a test
License: MIT
BuildArch: noarch
%description
A package for a test.
%install
mkdir -p %{{buildroot}}/usr/share/{name}
echo {name} > %{{buildroot}}/usr/share/{name}/data
%files
/usr/share/{name}
"""


def make_rpm_sqlite(folder):
    """A database that rpm itself fills: packages built and installed with Debian's rpm."""
    need("rpm")
    need("rpmbuild")
    work, root = f"{folder}/work", f"{folder}/root"
    os.makedirs(work)
    os.makedirs(f"{root}/etc")
    with open(f"{root}/etc/os-release", "w", encoding="utf-8") as file:
        file.write('ID="almalinux"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.2"\nPRETTY_NAME="AlmaLinux 9.2"\n')
    for name, version, release, epoch in (("alpha", "1.0", "1.el9", ""), ("beta-libs", "2.3.4", "5.el9_2.1", "Epoch: 2\n"),
                                          ("gamma", "1.0~rc1", "0.1.el9", ""), ("delta", "3^git5", "1.el9", "")):
        spec = f"{work}/{name}.spec"
        with open(spec, "w", encoding="utf-8") as file:
            file.write(SPEC.format(name=name, version=version, release=release, epoch=epoch))
        call("rpmbuild", "--quiet", "-bb", "--define", f"_topdir {work}/top", "--define", "_build_id_links none", spec)
    packages = sorted(f"{work}/top/RPMS/noarch/{name}" for name in os.listdir(f"{work}/top/RPMS/noarch"))
    call("rpm", "--root", root, "--dbpath", "/var/lib/rpm", "--define", "_db_backend sqlite", "--initdb")
    call("rpm", "--root", root, "--dbpath", "/var/lib/rpm", "--define", "_db_backend sqlite", "-i", "--nodeps", *packages)
    facts = {"rpm": rpm_list(root, "/var/lib/rpm", "sqlite")}
    if len(facts["rpm"]) != 4:
        raise RuntimeError(f"rpm lists {facts['rpm']}")
    build(folder, [("COPY", root, "/")], base=False)
    shutil.rmtree(work)
    shutil.rmtree(root)
    return facts


IMAGES = {"debian": make_debian, "python": make_python, "node": make_node, "pnpm": make_pnpm, "java": make_java, "go": make_go,
          "alpine": make_alpine, "rpm-bdb": make_rpm_bdb, "rpm-ndb": make_rpm_ndb, "rpm-sqlite": make_rpm_sqlite}
_failed = {}


def key(name):
    """Changes with the code that makes this image: the whole file but the other images' functions."""
    source = ""
    for path in (os.path.abspath(__file__), os.path.join(ROOT, "tools/lib/oci_image.py")):
        with open(path, encoding="utf-8") as file:
            source += file.read()
    for other, function in IMAGES.items():
        if other != name:
            source = source.replace(inspect.getsource(function), "")
    return hashlib.sha256(source.encode()).hexdigest()[:16]


class Built:
    """One image in all its forms."""

    def __init__(self, name):
        self.name = name
        self.folder = f"{STORE}/{name}"
        with open(f"{self.folder}/facts.json", encoding="utf-8") as file:
            self.facts = json.load(file)
        self.forms = {"oci": f"oci:{self.folder}/oci:{TAG}", "docker-archive": f"docker-archive:{self.folder}/docker.tar",
                      "oci-archive": f"oci-archive:{self.folder}/oci.tar", "rootfs": f"rootfs:{self.folder}/rootfs"}


def get(name):
    """Builds an image if it is not there yet. Raises Skip, or what went wrong, every time it is asked for."""
    if name in _failed:
        raise type(_failed[name])(str(_failed[name]))  # without the traceback of the first time
    folder = f"{STORE}/{name}"
    mark = f"{folder}/made-by"
    current = os.path.exists(mark) and open(mark, encoding="utf-8").read() == key(name)
    if not current:
        started = time.monotonic()
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        try:
            facts = IMAGES[name](folder)
            convert(folder)
        except Exception as error:
            _failed[name] = error
            raise
        with open(f"{folder}/facts.json", "w", encoding="utf-8") as file:
            json.dump(facts, file, indent=1)
        with open(mark, "w", encoding="utf-8") as file:
            file.write(key(name))
        print(f"built {name} in {time.monotonic() - started:.0f} s", flush=True)
    return Built(name)


if __name__ == "__main__":
    for image_name in sys.argv[1:] or IMAGES:
        try:
            built = get(image_name)
            print(image_name, {k: len(v) for k, v in built.facts.items()})
        except Skip as skip:
            print(image_name, "skipped:", skip)
