"""What people and tokens of the server may do and see: who accepts a risk, and what is another's."""
import contextlib

from harness import case, check, fresh, same
from server_support import database, serving
from test_hostile import enter, later
from test_server import OLD, image, submit


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
