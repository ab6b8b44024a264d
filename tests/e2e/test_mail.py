"""Notifications by mail, to a real SMTP server on loopback (mail_server.py)."""
import json

from harness import case, check, fresh, run, same
from mail_server import PASSWORD, USER, Mailbox, mail_server, text_of
from server_support import database, serving
from test_server import NEW, OLD, image, snapshot, submit

CHANNEL = {"name": "shop", "kind": "email", "to": ["shop@example.org", "on-call@example.org"], "owners": ["team-shop"], "at_least": "high"}


def flags(url, box):
    more = ["--ca-file", box.authority, "--smtp-user", USER] if hasattr(box, "authority") else []
    return ["--smtp-server", url, "--smtp-from", "scantling@example.org", *more]


def last(server, name, until, seconds=180):
    """Waits for a state of a channel's last delivery."""
    def find(answer):
        found = [one.get("last") for one in answer["channels"] if one["name"] == name]
        return found[0] if found and found[0] and until(found[0]) else None
    return find(server.wait("/api/v1/channels", find, seconds))


@case("mail: one digest for an owner, by STARTTLS and with a sign-in")
def digest():
    folder = fresh("mail")
    advisories = f"{folder}/advisories.db"
    database(advisories, OLD)
    with mail_server() as (box, url), serving(f"{folder}/data", "--db", advisories, *flags(url, box), "--public-url", "https://scantling.example.org",
                                              env={"SCANTLING_SMTP_PASSWORD": PASSWORD}) as server:
        server.sign_in()
        token = server.token(["read", "submit"])
        submit(server, token, image(("lodash", "4.17.21"), ("left-pad", "1.0.0")), "registry.example/team/shop:1")
        submit(server, token, image(("left-pad", "1.0.1")), "registry.example/team/till:1")
        submit(server, token, image(("left-pad", "1.0.2")), "registry.example/team/api:1")
        server.call("PUT", "/api/v1/owners", {"rules": [{"repository": "*/shop", "owner": "team-shop"}, {"repository": "*/till", "owner": "team-shop"},
                                                        {"repository": "*/api", "owner": "team-api"}]}).expect(204)
        server.call("PUT", "/api/v1/channels", {"channels": [CHANNEL]}).expect(204)
        shop = [one["digest"] for one in server.get("/api/v1/images?sort=name").json()["items"] if one["name"].endswith("shop:1")][0]
        snapshot(server, token, [("a", shop), ("b", shop)])
        database(advisories, NEW + [("GHSA-cccc-cccc-cccc", "CVE-2030-0003", "left-pad", "1.3.0")])
        state = last(server, "shop", lambda one: one["state"] == "done")
        same([state["error"], state["attempts"]], ["", 1], "the last delivery")
        same(len(box.taken), 1, "mails of two vulnerabilities in two images")
        same(box.secure, [(True, True)], "TLS and a sign-in")
        sender, receivers, message = box.taken[0]
        same([sender, receivers], ["scantling@example.org", ["shop@example.org", "on-call@example.org"]], "from and to")
        same(message["Subject"], "[Scantling] 2 new for team-shop", "subject")
        same(message["Auto-Submitted"], "auto-generated", "header of machines")
        text = text_of(message)
        for part in ("Rebuild registry.example/team/shop", "CVE-2030-0002 (critical): 2 running copies, 2 images", "CVE-2030-0003",
                     "https://scantling.example.org/vulnerabilities"):
            check(part in text, f"no \"{part}\" in {text}")
        check("team-api" not in text and len(text) < 1000, text)
        server.log.seek(0)
        everything = server.log.read().decode() + json.dumps(server.get("/api/v1/channels").json()) + json.dumps(server.get("/api/v1/jobs").json())
        check(PASSWORD not in everything, "the password is in the log or in an answer")


@case("mail: a test message, TLS from the first byte, and headers that nobody can add to")
def test_message():
    with mail_server("tls") as (box, url), serving(f"{fresh('mail')}/data", *flags(url, box), env={"SCANTLING_SMTP_PASSWORD": PASSWORD}) as server:
        server.sign_in()
        for address in ("a@example.org\r\nBcc: evil@example.org", "a@example.org>\r\nRCPT TO:<evil@example.org", "no address", "a b@example.org", "@", "a@", "a@b@c",
                        "<a@example.org>", '"a b"@example.org', "-a@example.org", "a@example.org,b@example.org", "ä@example.org", "a\u0000@example.org"):
            refused = server.call("PUT", "/api/v1/channels", {"channels": [{**CHANNEL, "to": [address]}]}).expect(400).json()
            check("channels[0].to" in refused["detail"], f"{address!r}: {refused}")
        server.call("PUT", "/api/v1/channels", {"channels": [{**CHANNEL, "to": []}]}).expect(400)
        name = "läden\r\nBcc: evil@example.org"
        server.call("PUT", "/api/v1/channels", {"channels": [{**CHANNEL, "name": name}, {**CHANNEL, "name": "plain"}]}).expect(204)
        server.call("POST", "/api/v1/channels/nobody/test").expect(404)
        server.call("POST", "/api/v1/channels/l%C3%A4den%0D%0ABcc:%20evil@example.org/test").expect(202)
        server.call("POST", "/api/v1/channels/plain/test").expect(202)
        last(server, "plain", lambda one: one["state"] == "done")
        last(server, name, lambda one: one["state"] == "done")
        same(len(box.taken), 2, "mails")
        for _, receivers, message in box.taken:
            same([receivers, message["Bcc"]], [CHANNEL["to"], None], "who got it")
        same(sorted(message["Subject"] for _, _, message in box.taken), ["[Scantling] Test of läden  Bcc: evil@example.org", "[Scantling] Test of plain"], "subjects")
        check("channel.test" in server.column("/api/v1/audit?limit=20", "action"), "a test is not in the audit log")


@case("mail: a server that refuses, is away, has another certificate, takes no password, is missing")
def refusals():
    box = Mailbox()
    box.refuse = {"later@example.org": "451 4.7.1 try again later", "never@example.org": "550 5.1.1 no such person here"}
    with mail_server("", box=box) as (_, url), serving(f"{fresh('mail')}/data", *flags(url, box)) as server:
        port = int(url.rsplit(":", 1)[1])
        server.sign_in()
        channels = [{**CHANNEL, "name": name, "to": [f"{name}@example.org"]} for name in ("later", "never", "gone")]
        server.call("PUT", "/api/v1/channels", {"channels": channels}).expect(204)
        server.call("POST", "/api/v1/channels/later/test").expect(202)
        server.call("POST", "/api/v1/channels/never/test").expect(202)
        never = last(server, "never", lambda one: one["state"] == "failed")
        check("no such person here" in never["error"] and never["attempts"] == 1, str(never))
        later = last(server, "later", lambda one: one["error"])
        check(later["state"] == "queued" and "try again later" in later["error"] and "next" in later, str(later))
        box.refuse = {}
        box.refuse_data = "452 4.3.1 disk full"
        same(last(server, "later", lambda one: one["attempts"] == 2 and one["state"] == "queued")["error"][-9:], "disk full", "refused after the text")
        box.refuse_data = ""
        last(server, "later", lambda one: one["state"] == "done")
        same([receivers for _, receivers, _ in box.taken], [["later@example.org"]], "what arrived, once")
        # One dead address among others takes nothing from them.
        box.taken.clear()
        box.refuse = {"dead@example.org": "550 5.1.1 no such person here"}
        server.call("PUT", "/api/v1/channels", {"channels": [{**CHANNEL, "name": "many", "to": ["a@example.org", "dead@example.org", "b@example.org"]}]}).expect(204)
        server.call("POST", "/api/v1/channels/many/test").expect(202)
        many = last(server, "many", lambda one: one["state"] == "done")
        same(many["error"], "sent, but not to dead@example.org: 550 5.1.1 no such person here", "who of several did not get it")
        same([receivers for _, receivers, _ in box.taken], [["a@example.org", "b@example.org"]], "who got it")
        server.log.seek(0)
        check("not to dead@example.org: 550 5.1.1 no such person here" in server.log.read().decode(), "who did not is not in the log")
    # Away, and back on the same port.
    with serving(f"{fresh('mail')}/data", "--smtp-server", f"smtp://localhost:{port}", "--smtp-from", "scantling@example.org") as server:
        server.sign_in()
        server.call("PUT", "/api/v1/channels", {"channels": [CHANNEL]}).expect(204)
        server.call("POST", "/api/v1/channels/shop/test").expect(202)
        away = last(server, "shop", lambda one: one["error"])
        check(away["state"] == "queued" and "localhost" in away["error"], str(away))
        box = Mailbox()
        with mail_server("", port=port, box=box):
            last(server, "shop", lambda one: one["state"] == "done")
            same(len(box.taken), 1, "mails after it came back")

    with mail_server() as (box, url):
        cases = [("another certificate", ["--smtp-server", url, "--smtp-from", "a@example.org"], "", "queued", "TLS"),
                 ("a wrong password", flags(url, box), "wrong", "failed", "refused")]
        for what, arguments, password, state, words in cases:
            with serving(f"{fresh('mail')}/data", *arguments, env={"SCANTLING_SMTP_PASSWORD": password}) as server:
                server.sign_in()
                server.call("PUT", "/api/v1/channels", {"channels": [CHANNEL]}).expect(204)
                server.call("POST", "/api/v1/channels/shop/test").expect(202)
                found = last(server, "shop", lambda one: one["error"])
                check(found["state"] == state and words in found["error"], f"{what}: {found}")
        same(box.taken, [], "mails")
    with serving(f"{fresh('mail')}/data") as server:
        server.sign_in()
        server.call("PUT", "/api/v1/channels", {"channels": [CHANNEL]}).expect(204)
        same(server.get("/api/v1/channels").json()["mail"], False, "mail without a server for it")
        server.call("POST", "/api/v1/channels/shop/test").expect(202)
        check("--smtp-server" in last(server, "shop", lambda one: one["state"] == "failed")["error"], "what is missing is not said")
    for arguments in (["--smtp-server", "http://x", "--smtp-from", "a@b"], ["--smtp-server", "smtp://x"], ["--smtp-server", "smtp://x", "--smtp-from", "a@b\r\nBcc: c"],
                      ["--smtp-server", "smtp://user:pass@x", "--smtp-from", "a@b"], ["--smtp-server", "smtp://x:0", "--smtp-from", "a@b"]):
        same(run("server", "--data", fresh("mail"), *arguments).code, 2, str(arguments))



@case("mail: a channel says what its receiver refused for good, and how many digests, until one arrives")
def given_up():
    folder = fresh("mail")
    advisories = f"{folder}/advisories.db"
    database(advisories, OLD)
    box = Mailbox()
    box.refuse = {"shop@example.org": "550 5.1.1 no such person here", "on-call@example.org": "550 5.1.1 nor here"}
    with mail_server("", box=box) as (_, url), serving(f"{folder}/data", "--db", advisories, *flags(url, box)) as server:
        server.sign_in()
        submit(server, server.token(["read", "submit"]), image(("lodash", "4.17.21"), ("left-pad", "1.0.0")), "registry.example/team/shop:1")
        server.call("PUT", "/api/v1/owners", {"rules": [{"repository": "*/shop", "owner": "team-shop"}]}).expect(204)
        server.call("PUT", "/api/v1/channels", {"channels": [CHANNEL]}).expect(204)

        def channel(until):
            return server.wait("/api/v1/channels", lambda answer: until(answer["channels"][0]))["channels"][0]
        server.call("POST", "/api/v1/channels/shop/test").expect(202)
        failed = channel(lambda one: one.get("failure"))["failure"]
        same(failed["given_up"], 0, "a test is no digest")
        check("550 5.1.1 nor here" in failed["error"] and failed["at"].startswith("2"), failed)
        for number, cve in ((1, "CVE-2030-0002"), (2, "CVE-2030-0003")):
            database(advisories, OLD + [(f"GHSA-bbbb-bbbb-bbb{n}", f"CVE-2030-000{n}", "left-pad", "1.3.0") for n in range(2, 2 + number)])
            state = channel(lambda one, number=number: one.get("failure", {}).get("given_up") == number)
            same([state["last"]["state"], state["failure"]["attempts"]], ["failed", 1], f"after {cve}")
        box.refuse = {}
        server.call("POST", "/api/v1/channels/shop/test").expect(202)
        check("failure" not in channel(lambda one: one["last"]["state"] == "done"), "the failure outlived a delivery")
