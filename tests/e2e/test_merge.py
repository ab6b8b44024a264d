"""The merged tree, on images written for one question each."""
import tarfile

import oci_image
from harness import case, check, inventory, same
from synthetic import CREATED, DEBIAN, dpkg_status, layout, package


def npm(folder):
    return sorted([c["name"], c["version"]] for c in inventory(f"oci:{folder}")["components"] if c["type"] == "npm")


def link(tar, path, target, kind=tarfile.SYMTYPE):
    info = tarfile.TarInfo(path)
    info.type, info.linkname, info.mtime = kind, target, CREATED
    tar.addfile(info)


@case("merge: a whiteout removes a package, an opaque folder all of them")
def whiteouts():
    folder = layout({"app/node_modules/one/package.json": package("one", "1.0.0"),
                     "app/node_modules/two/package.json": package("two", "1.0.0"),
                     "lib/node_modules/three/package.json": package("three", "1.0.0")},
                    {"app/node_modules/.wh.one": "", "lib/node_modules/.wh..wh..opq": "",
                     "lib/node_modules/four/package.json": package("four", "1.0.0")})
    same(npm(folder), [["four", "1.0.0"], ["two", "1.0.0"]], "npm")


@case("merge: a folder replaced by a link, and a link by a folder")
def replaced():
    def second(tar):
        link(tar, "a/node_modules", "../b")
        oci_image.add_files(tar, {"c/node_modules/new/package.json": package("new", "2.0.0")}, CREATED)
    folder = layout({"a/node_modules/gone/package.json": package("gone", "1.0.0"), "b/x": ""},
                    lambda tar: link(tar, "c", "a"), second)
    same(npm(folder), [["new", "2.0.0"]], "npm")


@case("merge: a higher layer's version wins, and both layers are named")
def upgraded():
    folder = layout({**DEBIAN, "var/lib/dpkg/status": dpkg_status(("libc6", "1"), ("bash", "1"))},
                    {"var/lib/dpkg/status": dpkg_status(("libc6", "2"), ("bash", "1"))})
    document = inventory(f"oci:{folder}")
    same(sorted([c["name"], c["version"], c["layer"]] for c in document["components"]), [["bash", "1", 0], ["libc6", "2", 1]], "deb")


@case("merge: hard links, long names, absolute and dot-dot names")
def names():
    deep = "/".join(["d" * 60] * 4)

    def fill(tar):
        oci_image.add_file(tar, f"{deep}/node_modules/long/package.json", package("long", "1.0.0"), CREATED)
        oci_image.add_file(tar, "/srv/node_modules/absolute/package.json", package("absolute", "1.0.0"), CREATED)
        oci_image.add_file(tar, "./dot/node_modules/dot/package.json", package("dot", "1.0.0"), CREATED)
        oci_image.add_file(tar, "store/package.json", package("linked", "1.0.0"), CREATED)
    folder = layout(fill, lambda tar: link(tar, "l/node_modules/linked/package.json", "store/package.json", tarfile.LNKTYPE))
    got = npm(folder)
    for name in ("long", "absolute", "dot", "linked"):
        check([name, "1.0.0"] in got, f"{name} is missing: {got}")


@case("merge: a loop of links ends")
def loop():
    def fill(tar):
        link(tar, "a", "b")
        link(tar, "b", "a")
        link(tar, "usr/lib", "../usr/lib")
        oci_image.add_files(tar, {"x/node_modules/fine/package.json": package("fine", "1.0.0")}, CREATED)
    same(npm(layout(fill)), [["fine", "1.0.0"]], "npm")


@case("merge: merged /usr: a database below a symlinked folder is found once")
def merged_usr():
    def first(tar):
        link(tar, "lib", "usr/lib")
        oci_image.add_files(tar, {"usr/lib/apk/db/installed": "P:musl\nV:1.2.5-r0\nA:x86_64\no:musl\n\n",
                                  "etc/os-release": "ID=alpine\nVERSION_ID=3.22.0\n"}, CREATED)
    document = inventory(f"oci:{layout(first)}")
    same([[c["name"], c["version"]] for c in document["components"]], [["musl", "1.2.5-r0"]], "apk")
