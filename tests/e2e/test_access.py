"""What people and tokens of the server may do and see: who accepts a risk, and what is another's."""
import contextlib

from harness import case, check, fresh, same
from server_support import database, postgres, serving
from test_hostile import enter, later
from test_server import OLD, image, run, snapshot, submit


@contextlib.contextmanager
def being(server, cookie):
    """Requests by the session of somebody else."""
    kept = server.cookie, server.csrf
    server.cookie, server.csrf = cookie, ""
    server.csrf = server.get("/api/v1/me").expect(200).json()["csrf"]
    try:
        yield
    finally:
        server.cookie, server.csrf = kept


@case("access: a risk is accepted by who is signed in, and asked for by somebody else")
def acceptance():
    folder = fresh("acceptance")
    database(f"{folder}/advisories.db", OLD)
    with serving(f"{folder}/data", "--db", f"{folder}/advisories.db") as server:
        server.sign_in()
        submit(server, server.token(["submit"]), image(("lodash", "4.17.15")), "registry.example/team/shop:1")
        accept = {"kind": "accepted", "vulnerability": "CVE-2030-0001", "reason": "mitigated", "words": "behind the gate", "until": later(86400 * 30)}

        def decide(token="", **more):
            return server.call("POST", "/api/v1/decisions", {**accept, **more}, token=token)
        name = server.get("/api/v1/me").json()["name"]
        check("approver is not told" in decide(owner="team-shop", approver="somebody").expect(400).json()["detail"], "a typed approver")
        for own in (name, f"  {name.upper()} ", f"@{name}"):
            check("somebody else" in decide(owner=own).expect(400).json()["detail"], f"accepted what {own} asked for")
        # The only administrator may accept what a team asks for.
        decide(owner="team-shop").expect(201)

        def decisions():
            return server.get("/api/v1/vulnerabilities/CVE-2030-0001").expect(200).json()["decisions"]
        same([[one["owner"], one["author"], one["approver"]] for one in decisions()], [["team-shop", name, name]], "who accepted")
        server.call("DELETE", f"/api/v1/decisions/{decisions()[0]['id']}").expect(204)
        # By the name that is shown, too; a token acts as who made it.
        cookie = enter(server, "sam", "security", [])
        sam = next(one for one in server.get("/api/v1/users").json()["items"] if one["name"] == "sam")["id"]
        server.call("PATCH", f"/api/v1/users/{sam}", {"display_name": "Sam Weiss"}).expect(200)
        with being(server, cookie):
            check("somebody else" in decide(owner="sam  weiss").expect(400).json()["detail"], "by the name that is shown")
            token, submits = server.token(["read", "submit", "admin"]), server.token(["read", "submit"])
            narrow = server.call("POST", "/api/v1/tokens", {"name": "narrow", "scopes": ["read", "submit", "admin"], "owner": "team-shop", "expires": later(3600)})
        decide(owner="Sam Weiss", token=token).expect(400)
        decide(owner="team-shop", token=submits).expect(403)
        decide(owner="team-shop", token=narrow.expect(201).json()["secret"]).expect(403)
        server.call("POST", "/api/v1/decisions", {"kind": "acknowledged", "vulnerability": "CVE-2030-0001"}, token=submits).expect(201)
        decide(owner="team-shop", token=token).expect(201)
        same([one["approver"] for one in decisions() if one["kind"] == "accepted"], ["sam"], "a token's approver")
        entry = next(one for one in server.get("/api/v1/audit").json()["items"] if one["action"] == "decision.create")
        check(entry["user"] == "sam" and entry["token_id"] != 0, entry)
        with being(server, enter(server, "olga", "owner", [])):
            decide(owner="team-shop").expect(403)


def claims(*arguments, data=None):
    """Nothing that a narrow token tells shows or gives its holder what others have told of, or what is nobody's."""
    with serving(data, *arguments) as server:
        server.sign_in()
        wide = server.token(["read", "submit"])
        submit(server, wide, image(("lodash", "4.17.15"), ("hush-hush", "1.0.0")), "registry.example/nobodys/thing:1")
        submit(server, wide, image(("lodash", "4.17.14")), "registry.example/pay/till:1")
        server.call("PUT", "/api/v1/owners", {"owner_label": "team", "rules": [
            {"repository": "*/pay/*", "owner": "pay"}, {"repository": "*/mallory/*", "owner": "mallory"}, {"namespace": "mallory", "owner": "mallory"}]}).expect(204)
        digests = {one["name"]: one["digest"] for one in server.get("/api/v1/images").json()["items"]}
        foreign, pays = digests["registry.example/nobodys/thing:1"], digests["registry.example/pay/till:1"]
        public = "sha256:" + "7" * 64  # an image that everybody knows
        snapshot(server, wide, [("thing-1", foreign), ("till-1", pays), ("public-1", public)])
        enter(server, "mallory", "owner", ["mallory"])
        made = server.call("POST", "/api/v1/tokens", {"name": "narrow", "scopes": ["read", "submit"], "owner": "mallory", "expires": later(3600)})
        narrow = made.expect(201).json()["secret"]

        def sbom(label=""):
            properties = [{"name": "x", "value": label}]
            return {"bomFormat": "CycloneDX", "specVersion": "1.5", "version": 1, "metadata": {"properties": properties},
                    "components": [{"type": "library", "name": "lodash", "version": "4.17.15", "purl": "pkg:npm/lodash@4.17.15"}]}

        def tell(method_path, body, status, token=narrow):
            return server.call("POST", f"/api/v1/{method_path}", body, token=token).expect(status).json()

        def sees(*want):
            same(sorted(one["digest"] for one in server.get("/api/v1/images", token=narrow).json()["items"]), sorted(want), "the images that a narrow token sees")
            for digest in (foreign, pays):
                server.get(f"/api/v1/images/{digest}", token=narrow).expect(200 if digest in want else 404)
        for digest in (foreign, pays):
            for name in ("mallory/x:1", "free/x:1"):
                check("others have told" in tell(f"scans?digest={digest}&name=registry.example/{name}", sbom("a"), 409)["detail"], "a scan of what is another's")
            tell("builds", {"digest": digest, "owner": "mallory", "names": ["registry.example/mallory/y:1"]}, 409)
            tell("deployments", {"digest": digest, "environment": "production"}, 409)
        check("pay" in tell(f"scans?digest={public}&name=registry.example/pay/till:9", sbom("b"), 409)["detail"], "a name that is another's")
        sees()
        # What nobody has told of: the image becomes theirs, the copies of others do not.
        told = tell(f"scans?digest={public}&name=registry.example/mallory/x:1", sbom("c"), 201)
        check("new_components" not in told and "new_findings" not in told, f"it says what others have: {told}")
        tell("builds", {"digest": public, "owner": "mallory"}, 201)
        sees(public)
        seen = server.get(f"/api/v1/images/{public}", token=narrow).json()
        same([seen["counts"]["running"], seen["runs"]], [0, []], "the copies that others report")
        same(server.column("/api/v1/running?filter=owner:mallory", "uid"), [], "copies of theirs")
        # A reporter of theirs, with the digest of what is another's.
        body = {"schema": "scantling.running/1", "reporter": "cluster prod", "kind": "kubernetes", "cluster": "m", "type": "snapshot", "copies": []}
        tell("running", body, 409)
        copies = [{"uid": f"fake-{digest[7:10]}", "digest": digest, "namespace": "mallory", "container": "x"} for digest in (foreign, public)]
        tell("running", {**body, "reporter": "host m", "copies": copies}, 200)
        sees(public)
        text = server.get("/api/v1/running", token=narrow).expect(200).text.decode() + server.get("/api/v1/components", token=narrow).expect(200).text.decode()
        check("fake-" in text and "hush-hush" not in text and "nobodys/thing" not in text, text[:800])
        # Another team cannot take it from them; who sees everything can, and then what was claimed is nothing.
        other = server.call("POST", "/api/v1/tokens", {"name": "other", "scopes": ["read", "submit"], "owner": "pay", "expires": later(3600)}).expect(201).json()["secret"]
        tell(f"scans?digest={public}&name=registry.example/pay/x:1", sbom("d"), 409, other)
        tell(f"scans?digest={public}&name=docker.io/library/public:1", sbom("e"), 201, wide)
        sees()
        # A whole scan by the program: refused with what to do, and taken where a rule gives it.
        source = image(("lodash", "4.17.14"))
        refused = run("scan", source, "--quiet", "--submit", server.url, "--image-name", "registry.example/free/z:1", env={"SCANTLING_TOKEN": narrow})
        check(refused.code != 0 and "others have told of the image" in refused.err, refused.err)
        submit(server, other, source, "registry.example/pay/till:2")


@case("access: what a narrow token tells makes nothing of others its own")
def claiming():
    folder = fresh("claiming")
    database(f"{folder}/advisories.db", OLD)
    claims("--db", f"{folder}/advisories.db", data=f"{folder}/data")


@case("access: the same on PostgreSQL")
def claiming_on_postgresql():
    folder = fresh("claiming-pg")
    database(f"{folder}/advisories.db", OLD)
    with postgres() as address:
        claims("--database", address, "--db", f"{folder}/advisories.db")
