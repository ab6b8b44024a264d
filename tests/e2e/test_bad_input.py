"""Bad input: a clear message, the right exit code, the rest of the scan intact."""
import json
import os
import resource
import shutil
import subprocess
import tarfile

import oci_image
from harness import case, check, fresh, program, run, same, scan
from synthetic import (CREATED, DEBIAN, archive, docker_archive, dpkg_status, layer_files, layout, manifest, package, rewrite,
                       sha256, shop, zip_of)


def flip(path, where):
    with open(path, "rb") as file:
        data = bytearray(file.read())
    data[where % len(data)] ^= 0x41
    rewrite(path, bytes(data))


@case("bad input: a layer whose bytes are not its digest's: exit 3, both digests named")
def digest():
    for where in (-1, 40, 10):  # the gzip trailer, the data, the header
        folder = shop()
        path = layer_files(folder)[1]
        flip(path, where)
        outcome = scan(f"oci:{folder}").expect(3)
        for text in (os.path.basename(path), sha256(path)):
            check(text in outcome.err, f"{text} is not in: {outcome.err}")


@case("bad input: a docker archive whose layer is not the configuration's diff id: exit 3, both digests named")
def diff_id():
    folder = shop()
    path = docker_archive(folder)
    with open(path, "rb") as file:
        data = file.read()
    changed = data.replace(b'"lodash"', b'"lodasx"')
    check(changed != data, "the test's own image has no lodash")
    with open(path, "wb") as file:
        file.write(changed)
    outcome = scan(f"docker-archive:{path}").expect(3)
    config = f"{folder}/blobs/sha256/{manifest(folder)['config']['digest'][7:]}"
    with open(config, encoding="utf-8") as file:
        promised = json.load(file)["rootfs"]["diff_ids"][1]
    check(promised[7:] in outcome.err, f"{promised} is not in: {outcome.err}")


@case("bad input: a wrong layer never enters the cache of the right one")
def poison():
    folder = shop()
    evil = os.path.join(fresh("evil"), "image")
    shutil.copytree(folder, evil)
    other = layout({"x/node_modules/evil/package.json": package("evil", "6.6.6")})
    rewrite(layer_files(evil)[1], open(layer_files(other)[0], "rb").read())
    cache = fresh("cache")
    scan(f"oci:{evil}", cache=cache).expect(3)
    want = scan(f"oci:{folder}").expect(0).out
    same(scan(f"oci:{folder}", cache=cache).expect(0).out, want, "report after the attempt")


@case("bad input: archives cut off anywhere: exit 3 and a message, never a crash")
def truncated():
    folder = shop()
    for path, form in ((archive(folder), "oci-archive"), (docker_archive(folder), "docker-archive")):
        with tarfile.open(path) as tar:
            last = tar.getmembers()[-1]
        size = last.offset_data + last.size  # what follows is padding
        cut = path + ".cut"
        for part in (0, 1, 511, 512, size // 4, size // 2, size * 3 // 4, size - 1):
            shutil.copyfile(path, cut)
            os.truncate(cut, part)
            outcome = scan(f"{form}:{cut}")
            check(outcome.code == 3, f"{form} cut at {part} of {size}: exit {outcome.code} {outcome.err[-300:]}")
            check(len(outcome.err.strip()) > 10, "no message")


@case("bad input: a layer cut off, with a manifest that fits: the rest is scanned, exit 4 with --fail-on-gaps")
def cut_layer():
    import gzip
    import hashlib
    folder = os.path.join(fresh("cut"), "image")
    image = oci_image.Image(folder)
    image.layer(lambda tar: oci_image.add_files(tar, {"a/node_modules/one/package.json": package("one", "1.0.0")}, CREATED), "a", CREATED)
    whole = os.path.join(fresh("l"), "layer")
    plain = layer_bytes({"b/node_modules/two/package.json": package("two", "1.0.0"), "z/big": os.urandom(300000)})
    packed = gzip.compress(plain, 6, mtime=0)[:-1000]
    with open(whole, "wb") as file:
        file.write(packed)
    image.add_layer_file(whole, "sha256:" + hashlib.sha256(packed).hexdigest(), len(packed),
                         "sha256:" + hashlib.sha256(plain).hexdigest(), "b", CREATED)
    image.finish("test", CREATED)
    outcome = scan(f"oci:{folder}", "--fail-on-gaps").expect(4)
    names = [c["name"] for c in outcome.json()["components"]]
    check("one" in names and "two" in names, f"components: {names}")


def layer_bytes(files):
    import io
    import tarfile
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        oci_image.add_files(tar, files, CREATED)
    return out.getvalue()


@case("bad input: broken files of every kind cost only themselves, and are gaps with path and layer")
def broken_files():
    good_jar = zip_of([("META-INF/maven/g/a/pom.properties", "version=1\ngroupId=g\nartifactId=a\n")])
    folder = layout({**DEBIAN,
                     "var/lib/dpkg/status": dpkg_status(("bash", "5.2-1")),
                     "good/node_modules/fine/package.json": package("fine", "1.0.0"),
                     "bad/node_modules/broken/package.json": '{"name": "broken", "version": ',
                     "bad/cut.jar": good_jar[:-30],
                     "bad/noise.jar": b"PK\x03\x04" + bytes(range(256)) * 20,
                     "var/lib/rpm/rpmdb.sqlite": b"SQLite format 3\0" + b"\xff" * 5000,
                     "bad/elf": b"\x7fELF\x02\x01\x01" + b"\xff" * 200,
                     "good/a.jar": good_jar})
    report = scan(f"oci:{folder}").expect(0).json()
    names = sorted(c["name"] for c in report["components"])
    for name in ("bash", "fine", "g:a"):
        check(name in names, f"{name} is missing: {names}")
    skipped = {entry["path"]: entry for entry in report["coverage"]["skipped"]}
    for path in ("bad/cut.jar", "bad/noise.jar", "bad/node_modules/broken/package.json", "var/lib/rpm/rpmdb.sqlite"):
        check(path in skipped, f"{path} is no gap: {sorted(skipped)}")
        check(skipped[path]["layer"] == 0 and skipped[path]["reason"], str(skipped[path]))
    scan(f"oci:{folder}", "--fail-on-gaps").expect(4)


@case("bad input: bombs (zip ratio, nested archives, a huge claimed file) stay within memory and are named")
def bombs():
    zeros = zip_of([("META-INF/MANIFEST.MF", "x"), ("inner.jar", bytes(300 << 20))])
    nest = zip_of([("META-INF/maven/g/deep/pom.properties", "version=1\ngroupId=g\nartifactId=deep\n")])
    for level in range(40):
        nest = zip_of([(f"{level}.jar", nest)], 0)
    folder = layout({"a/zeros.jar": zeros, "a/nest.jar": nest, "ok/node_modules/fine/package.json": package("fine", "1.0.0")})
    result = subprocess.run([program(), "scan", f"oci:{folder}", "--format", "json", "--cache-dir", fresh("cache")],
                            capture_output=True, timeout=120, preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS,
                                                                                                  (6 << 30, 6 << 30)))
    check(result.returncode == 0, f"exit {result.returncode}: {result.stderr.decode()[-500:]}")
    report = json.loads(result.stdout)
    check("fine" in [c["name"] for c in report["components"]], "the rest was lost")
    check(any("nest.jar" in entry["path"] for entry in report["coverage"]["skipped"]), str(report["coverage"]))


@case("bad input: manifests that lie or are no JSON: exit 3")
def manifests():
    folder = shop()
    for damage in ("{", "[]", '{"schemaVersion":2,"manifests":[]}', '{"manifests":[{"digest":"sha256:' + "0" * 64 + '","size":3}]}',
                   '{"manifests":[{"digest":"../../../etc/passwd","size":3}]}', "[" * 100000):
        copy = os.path.join(fresh("m"), "image")
        shutil.copytree(folder, copy)
        with open(f"{copy}/index.json", "w", encoding="utf-8") as file:
            file.write(damage)
        outcome = scan(f"oci:{copy}").expect(3)
        check(len(outcome.err.strip()) > 10, "no message")


@case("bad input: a database file cut or flipped: exit 3, no wrong answer in silence")
def database():
    folder = shop()
    junk = os.path.join(fresh("db"), "x.db")
    for data in (b"", b"scantling", os.urandom(4096)):
        with open(junk, "wb") as file:
            file.write(data)
        scan(f"oci:{folder}", "--db", junk).expect(3)


@case("bad input: names with control characters never reach the screen")
def control():
    folder = layout({"a/node_modules/x/package.json": package("x\x1b[31m\x07", "1.0.0")})
    outcome = run("inventory", f"oci:{folder}")
    check("\x1b" not in outcome.out + outcome.err and "\x07" not in outcome.out + outcome.err, "an escape got through")
