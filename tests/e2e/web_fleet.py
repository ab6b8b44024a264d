"""A small company at a real server, told through the API as CI and agents do: what the page is looked at with."""
import hashlib
import json
import os
import time

from harness import fresh, run
from synthetic import DEBIAN, layout

OWNERS = ["team-shop", "team-billing", "team-search", "team-data", "platform"]
CLUSTERS = [("eu-1", "production"), ("us-1", "production"), ("lab", "staging")]
SEVERITIES = ["CRITICAL", "HIGH", "HIGH", "MODERATE", "MODERATE", "LOW"]


def advisories(path, days_old=0):
    """40 holes in 40 npm packages, of all severities; every fifth without a fix. The 41st is in a package that no image has."""
    feeds = fresh("feeds")
    with open(f"{feeds}/MANIFEST.tsv", "w", encoding="utf-8") as file:
        file.write("name\tsource\tcommit\tas_of\tbytes\tsha256\nnpm-ghsa\tx\ty\t" + time.strftime("%Y-%m-%d", time.gmtime(time.time() - days_old * 86_400)) + "\t1\tz\n")
    os.makedirs(f"{feeds}/npm-ghsa/2026")
    for n in [*range(40), 90]:
        identifier = f"GHSA-{n:04d}-page-test".replace("0", "c").replace("1", "f")
        events = [{"introduced": "0"}] + ([] if n % 5 == 4 else [{"fixed": f"{2 + n % 3}.0.0"}])
        with open(f"{feeds}/npm-ghsa/2026/{identifier}.json", "w", encoding="utf-8") as file:
            json.dump({"id": identifier, "aliases": [f"CVE-2026-{2000 + n}"], "summary": f"Requests of many parts let package-{n} use all memory",
                       "modified": "2026-02-01T00:00:00Z", "published": "2026-01-15T00:00:00Z", "database_specific": {"severity": SEVERITIES[n % 6]},
                       "affected": [{"package": {"ecosystem": "npm", "name": f"package-{n}"}, "ranges": [{"type": "SEMVER", "events": events}]}]}, file)
    run("db", "build", "--quiet", "--feeds", feeds, "-o", path).expect(0)


def digest_of(text):
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def sbom(number, version):
    packages = [((number * 7 + k * 3) % 60, 1 + (k + version) % 4) for k in range(12 + number % 9)]
    return {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "components": [
        {"type": "library", "name": f"package-{n}", "version": f"{major}.{number % 7}.0", "purl": f"pkg:npm/package-{n}@{major}.{number % 7}.0"}
        for n, major in sorted(dict(packages).items())]}


def real_image(*packages):
    return "oci:" + layout(DEBIAN, {f"app/node_modules/{name}/package.json": json.dumps({"name": name, "version": version}) for name, version in packages})


def fill(server):
    """130 images of 65 repositories, 700 running copies in three clusters, of which some are of images that nobody scanned."""
    token = server.token(["read", "submit"])
    server.call("PUT", "/api/v1/owners", {"rules": [
        {"owner": owner, "repository": f"registry.example/{owner}/*"} for owner in OWNERS if owner != "platform"] + [
        {"owner": "platform", "role": "image", "repository": "registry.example/base/*"}]}).expect(204)
    images = []
    for number in range(130):
        repository, version = number // 2, 1 + number % 2
        owner = OWNERS[repository % 6] if repository % 6 < 5 else "unnamed"
        name = f"registry.example/{owner}/{['front', 'api', 'worker', 'sync'][repository % 4]}-{repository}:{version}"
        digest = digest_of(name)
        images.append((name, digest))
        server.call("POST", f"/api/v1/scans?digest={digest}&name={name}", sbom(number, version), token=token).expect(201)
    for version, packages in ((1, [("package-0", "1.0.0"), ("package-1", "1.0.0")]), (2, [("package-0", "1.0.0"), ("package-2", "1.0.0"), ("package-7", "9.0.0")])):
        name = f"registry.example/team-shop/walk:{version}"
        run("scan", real_image(*packages), "--quiet", "--submit", server.url, "--image-name", name, env={"SCANTLING_TOKEN": token}).expect(0)
        digest = server.column(f"/api/v1/images?filter=names:{name}&columns=digest", "digest")[0]
        images.append((name, digest))
    unseen = [(f"registry.example/vendor/tool-{n}:9", digest_of(f"vendor {n}")) for n in range(6)]
    for place, (cluster, environment) in enumerate(CLUSTERS):
        copies = []
        for n in range(240 if place < 2 else 220):
            name, digest = (images + unseen)[(n * 11 + place * 5) % len(images + unseen)] if n % 9 else images[-1]
            short = name.split("/")[-1].split(":")[0]
            copies.append({"uid": f"{cluster}-{n}", "reference": name, "namespace": name.split("/")[1], "workload_kind": "Deployment", "workload": short,
                           "pod": f"{short}-{n:x}", "container": "main", "node": f"{cluster}-node-{n % 12}", "labels": {"app": short}, **({"digest": digest} if n % 31 else {})})
        server.call("POST", "/api/v1/running", {"schema": "scantling.running/1", "reporter": f"cluster {cluster}", "kind": "kubernetes", "cluster": cluster,
                                                "environment": environment, "type": "snapshot", "interval_seconds": 3600, "copies": copies}, token=token).expect(200)
