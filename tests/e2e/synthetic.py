"""Small images written file by file: no root, no network, no container engine. For what real images do not show at will."""
import hashlib
import importlib.machinery
import importlib.util
import io
import json
import os
import sys
import tarfile
import zipfile

from harness import fresh
from images import ROOT, TAG

import oci_image

CREATED = 1700000000
DEBIAN = {"etc/os-release": 'ID=debian\nVERSION_ID="12"\nVERSION_CODENAME=bookworm\nPRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\n'}


def demo():
    """tools/demo-image as a module, for the application that it writes."""
    loader = importlib.machinery.SourceFileLoader("demo_image", os.path.join(ROOT, "tools/demo-image"))
    spec = importlib.util.spec_from_loader("demo_image", loader)
    module = importlib.util.module_from_spec(spec)
    before, sys.dont_write_bytecode = sys.dont_write_bytecode, True
    loader.exec_module(module)
    sys.dont_write_bytecode = before
    return module


def package(name, version, **more):
    return json.dumps({"name": name, "version": version, **more})


def dpkg_status(*packages):
    return "".join(f"Package: {name}\nStatus: install ok installed\nArchitecture: amd64\nVersion: {version}\n"
                   f"Maintainer: A <a@debian.org>\nDescription: x\n\n" for name, version in packages)


def layout(*layers, annotations=None, folder=None, architecture="amd64", config=None):
    """Each layer: a dictionary path -> content, or a function that fills a tar. Gives the layout's folder."""
    folder = folder or os.path.join(fresh("layout"), "image")
    image = oci_image.Image(folder, architecture)
    for number, layer in enumerate(layers):
        fill = layer if callable(layer) else lambda tar, files=layer: oci_image.add_files(tar, files, CREATED)
        image.layer(fill, f"RUN step {number}", CREATED)
    image.finish(TAG, CREATED, annotations, config)
    return folder


def shop():
    """The demo's application on a distribution's bare marks."""
    module = demo()
    return layout({**DEBIAN, "var/lib/dpkg/status": dpkg_status(("libc6", "2.36-9+deb12u3"))},
                  {**module.node_files("srv/shop"), **module.java_files("srv/shop/app.jar"),
                   **module.python_files("srv/shop/venv/lib/python3.11/site-packages")})


def manifest(folder):
    with open(f"{folder}/index.json", encoding="utf-8") as file:
        digest = json.load(file)["manifests"][0]["digest"]
    with open(f"{folder}/blobs/sha256/{digest[7:]}", encoding="utf-8") as file:
        return json.load(file)


def layer_files(folder):
    return [f"{folder}/blobs/sha256/{layer['digest'][7:]}" for layer in manifest(folder)["layers"]]


def rewrite(path, data):
    """Replaces a blob's bytes (never through a hard link)."""
    os.remove(path)
    with open(path, "wb") as file:
        file.write(data)


def sha256(path):
    with open(path, "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def archive(folder, form="oci"):
    """The layout as an oci-archive (a tar of it); standard library only."""
    path = os.path.join(fresh("archive"), "image.tar")
    with tarfile.open(path, "w") as tar:
        for base, names, files in os.walk(folder):
            names.sort()
            for name in sorted(files):
                full = os.path.join(base, name)
                tar.add(full, os.path.relpath(full, folder))
    return path


def docker_archive(folder):
    """The layout as docker save writes it: plain layers, manifest.json."""
    import gzip
    path = os.path.join(fresh("docker"), "image.tar")
    about = manifest(folder)
    with tarfile.open(path, "w") as tar:
        names = []
        for blob in layer_files(folder):
            with gzip.open(blob) as file:
                data = file.read()
            name = hashlib.sha256(data).hexdigest() + ".tar"
            names.append(name)
            oci_image.add_file(tar, name, data, CREATED)
        config_name = about["config"]["digest"][7:] + ".json"
        with open(f"{folder}/blobs/sha256/{about['config']['digest'][7:]}", "rb") as file:
            oci_image.add_file(tar, config_name, file.read(), CREATED)
        oci_image.add_file(tar, "manifest.json", json.dumps(
            [{"Config": config_name, "RepoTags": ["localhost/shop:1"], "Layers": names}]), CREATED)
    return path


def zip_of(members, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as file:
        for name, data in members:
            file.writestr(zipfile.ZipInfo(name, (2021, 1, 1, 0, 0, 0)), data, method)
    return out.getvalue()
