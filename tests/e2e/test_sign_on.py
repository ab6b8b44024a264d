"""Single sign-on against a real OpenID provider: npm's oidc-provider, started on loopback (oidc_provider.mjs)."""
import calendar
import contextlib
import html.parser
import http.client
import json
import os
import shutil
import subprocess
import time
import urllib.parse

from harness import case, check, fresh, run, same
from images import ROOT, Skip
from server_support import Answer, serving
from test_formats import package
from test_web import browser, modules

SECRET = "a-client-secret-that-nobody-may-see"


class Provider:
    def __init__(self):
        if not shutil.which("node"):
            raise Skip("node is not installed")
        home = package("oidc-provider@8.8.1")
        self.process = subprocess.Popen(["node", os.path.join(ROOT, "tests/e2e/oidc_provider.mjs"), os.path.dirname(home)],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        self.issuer = self.process.stdout.readline().decode().strip()
        check(self.issuer.startswith("http://127.0.0.1:"), "the provider did not start")

    def tell(self, path, body):
        with contextlib.closing(http.client.HTTPConnection(self.issuer[7:], timeout=30)) as connection:
            connection.request("POST", "/test/" + path, body=json.dumps(body))
            return json.loads(connection.getresponse().read())

    def mode(self, mode):
        self.tell("mode", {"mode": mode})

    def stop(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Form(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.action, self.fields = "", {}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        found = dict(attributes)
        if tag == "form":
            self.action = found["action"]
        elif tag == "input" and found.get("type") == "hidden":
            self.fields[found["name"]] = found["value"]


class Person:
    """A browser without a window: cookies by host and port, redirects one by one. Each comes from an address of its own, as a
    trusted proxy would say it, so that the rate of one address is not that of the test."""
    count = 0

    def __init__(self):
        self.jars = {}
        Person.count += 1
        self.address = f"198.51.100.{Person.count % 250 + 1}"

    def ask(self, url, form=None, cookies=True):
        parts = urllib.parse.urlsplit(url)
        jar = self.jars.setdefault(parts.netloc, {})
        headers = {"Cookie": "; ".join(f"{name}={value}" for name, value in jar.items())} if cookies and jar else {}
        headers["X-Forwarded-For"] = self.address
        if form is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        path = parts.path + ("?" + parts.query if parts.query else "")
        with contextlib.closing(http.client.HTTPConnection(parts.netloc, timeout=60)) as connection:
            connection.request("GET" if form is None else "POST", path, body=None if form is None else urllib.parse.urlencode(form), headers=headers)
            response = connection.getresponse()
            for line in response.headers.get_all("Set-Cookie") or []:
                name, value = line.split(";")[0].split("=", 1)
                jar[name] = value
                if "max-age=0" in line.lower() or "expires=thu, 01 jan 1970" in line.lower() or not value:
                    jar.pop(name)
            answer = Answer(response)
            answer.to = urllib.parse.urljoin(url, response.headers["Location"]) if response.headers["Location"] else ""
            return answer

    def until_callback(self, server, who, to="/images"):
        """Through the provider's pages; the address that it sends back to."""
        answer = self.ask(f"{server.url}/sign-in/oidc?to={urllib.parse.quote(to)}").expect(303)
        for _ in range(12):
            if answer.to.startswith(server.url):
                return answer.to
            if answer.to:
                answer = self.ask(answer.to)
                continue
            form = Form(answer.expect(200).text.decode())
            fields = form.fields
            if fields["prompt"] == "login":
                fields.update({"login": who, "password": "any"})
            answer = self.ask(form.action, fields)
        raise AssertionError("the provider leads nowhere")

    def sign_in(self, server, who, to="/images"):
        callback = self.until_callback(server, who, to)
        return self.ask(callback).expect(303)

    def me(self, server):
        return self.ask(server.url + "/api/v1/me")


def where(answer):
    parts = urllib.parse.urlsplit(answer.to)
    return parts.path + ("?" + parts.query if parts.query else "")


@contextlib.contextmanager
def both(*arguments, secret=SECRET, provider=None, data=None):
    given = provider or Provider()
    try:
        with serving(data or f"{fresh('sso')}/data", "--oidc-issuer", given.issuer, "--oidc-client-id", "scantling", "--trusted-proxy", "127.0.0.1", *arguments,
                     env={"SCANTLING_OIDC_CLIENT_SECRET": secret}) as server:
            given.tell("setup", {"redirect_uri": server.url + "/sign-in/oidc/callback", "secret": secret})
            server.sign_in()
            yield given, server
            server.log.seek(0)
            text = server.log.read().decode()
            check(SECRET not in text, "the client's secret is in the log")
            check("code=" not in text and "id_token" not in text, "a code or a token is in the log")
    finally:
        if provider is None:
            given.stop()


def reason(server, words, what=""):
    """Waits until the last refusal in the server's log says so: a line is written after its answer was sent."""
    limit = time.monotonic() + 10
    while True:
        server.log.seek(0)
        lines = [line for line in server.log.read().decode().splitlines() if '"/sign-in/oidc' in line and '"error"' in line]
        if lines and words in lines[-1]:
            return
        check(time.monotonic() < limit, f"{what}: the log does not say \"{words}\": {lines[-1:]}")
        time.sleep(0.05)


@case("sign-on: who signs in by the provider gets role and owners by claims, at each sign-in")
def claims():
    roles = ["--oidc-role-claim", "groups", "--oidc-role", "security-team=security", "--oidc-role", "team-billing=owner", "--oidc-owner-claim", "groups",
             "--oidc-label", "Example ID", "--oidc-session-hours", "3"]
    with both(*roles) as (provider, server):
        same(server.call("GET", "/api/v1/sign-in").json(), {"single_sign_on": {"label": "Example ID", "path": "/sign-in/oidc"}}, "the ways")
        alice = Person()
        same(where(alice.sign_in(server, "alice", "/vulnerabilities?filter=kev:yes")), "/vulnerabilities?filter=kev:yes", "back where it began")
        me = alice.me(server).expect(200).json()
        same([me["name"], me["display_name"], me["role"], me["owners"]], ["alice", "Alice Andersen", "security", ["security-team", "team-shop"]], "alice")

        def hours(one):
            return round((calendar.timegm(time.strptime(one["session_ends"][:19], "%Y-%m-%dT%H:%M:%S")) - time.time()) / 3600, 1)
        same([me["signed_in_by_provider"], hours(me)], [True, 3.0], "how long the provider's word holds")
        admin = server.get("/api/v1/me").json()
        same([admin["signed_in_by_provider"], hours(admin)], [False, 168.0], "and ours")
        same(provider.tell("none", {}), ["basic"], "how the secret was sent")
        bob = Person()
        bob.sign_in(server, "bob")
        same([bob.me(server).json()[key] for key in ("name", "role", "owners")], ["bob", "owner", ["team-billing"]], "bob")
        # The same person again is the same user; the claim goes before what an administrator gave.
        users = server.get("/api/v1/users").json()["items"]
        same([[one["name"], one["single_sign_on"]] for one in users], [["admin", False], ["alice", True], ["bob", True]], "users")
        server.call("PATCH", f"/api/v1/users/{users[2]['id']}", {"role": "admin"}).expect(200)
        bob.sign_in(server, "bob")
        same(bob.me(server).json()["role"], "owner", "bob's role after another sign-in")
        same(len(server.get("/api/v1/users").json()["items"]), 3, "users after a second sign-in")
        # The administrator's name at the provider is not the administrator here.
        thief = Person()
        same(where(thief.sign_in(server, "root")), "/sign-in?problem=sso-unknown", "a role by no claim")
        thief.me(server).expect(401)
        # Who is disabled here stays out.
        server.call("PATCH", f"/api/v1/users/{users[1]['id']}", {"disabled": True}).expect(200)
        same(where(Person().sign_in(server, "alice")), "/sign-in?problem=sso-unknown", "a disabled user")
        reason(server, "disabled")
        check("user.create" in server.column("/api/v1/audit?limit=100", "action"), "making a user is not in the audit log")
        shown = run("config", "show", env={"SCANTLING_OIDC_CLIENT_SECRET": SECRET}).expect(0)
        check(SECRET not in shown.out + shown.err, "the secret is shown")


@case("sign-on: unknown people get the default role, or a clear refusal; a name alone joins nobody")
def unknown():
    with both() as (provider, server):
        stranger = Person()
        same(where(stranger.sign_in(server, "bob")), "/sign-in?problem=sso-unknown", "without a default role")
        reason(server, "--oidc-default-role")
        same(server.column("/api/v1/users", "name"), ["admin"], "users")
    # A public client (no secret, PKCE alone), with a default role.
    with both("--oidc-default-role", "viewer", secret="") as (provider, server):
        bob = Person()
        same(where(bob.sign_in(server, "bob", "https://evil.example/")), "/", "an open redirect")
        same(provider.tell("none", {}), ["body"], "how a public client asks")
        same([bob.me(server).json()[key] for key in ("name", "role", "owners")], ["bob", "viewer", []], "bob")
        # "root" is called admin there.
        same(where(Person().sign_in(server, "root")), "/sign-in?problem=sso-unknown", "another user's name")
        reason(server, "PATCH /api/v1/users/")
        admin = [one for one in server.get("/api/v1/users").json()["items"] if one["name"] == "admin"][0]
        server.call("PATCH", f"/api/v1/users/{admin['id']}", {"subject": provider.issuer + " root"}).expect(200)
        joined = Person()
        joined.sign_in(server, "root")
        same([joined.me(server).json()[key] for key in ("id", "role")], [admin["id"], "admin"], "who was joined by an administrator")
        server.call("POST", "/api/v1/users", {"name": "carol", "subject": provider.issuer + " root"}).expect(409)


@case("sign-on: wrong state, nonce, code, signature, times, audience and issuer let nobody in")
def refusals():
    with both("--oidc-default-role", "viewer") as (provider, server):
        for to in ("//evil.example", "/\\evil.example", "https://evil.example", "/sign-in/oidc", "javascript:alert(1)", "/a\r\nSet-Cookie: x=y"):
            same(where(Person().sign_in(server, "bob", to)), "/", f"a redirect to {to!r}")

        person = Person()
        callback = person.until_callback(server, "bob")
        state = urllib.parse.parse_qs(urllib.parse.urlsplit(callback).query)["state"][0]
        wrong = callback.replace(state, "0" * 64)
        same(where(person.ask(wrong)), "/sign-in?problem=sso-state", "a wrong state")
        person.me(server).expect(401)

        # Another browser than the one that began (login CSRF).
        person = Person()
        callback = person.until_callback(server, "bob")
        same(where(Person().ask(callback)), "/sign-in?problem=sso-state", "another browser")
        # The right one; then the same address again, with the cookie that it had.
        netloc = urllib.parse.urlsplit(server.url).netloc
        kept = dict(person.jars[netloc])
        same(where(person.ask(callback)), "/images", "the right browser")
        again = Person()
        again.jars[netloc] = kept
        same(where(again.ask(callback)), "/sign-in?problem=sso-state", "a second use")
        check("session" not in again.jars[netloc] and "scantling" not in again.jars[netloc], "a second use got a session")

        # A code that was redeemed before, in a sign-in of its own: the provider refuses it.
        code = urllib.parse.parse_qs(urllib.parse.urlsplit(callback).query)["code"][0]
        other = Person()
        fresh_callback = other.until_callback(server, "bob")
        own = urllib.parse.parse_qs(urllib.parse.urlsplit(fresh_callback).query)["code"][0]
        same(where(other.ask(fresh_callback.replace(own, code))), "/sign-in?problem=sso-provider", "a replayed code")
        reason(server, "invalid_grant")

        # The answer names another issuer (mix-up, RFC 9207).
        other = Person()
        mixed = other.until_callback(server, "bob").replace(urllib.parse.quote(provider.issuer, safe=""), urllib.parse.quote("https://id.example.org", safe=""))
        same(where(other.ask(mixed)), "/sign-in?problem=sso-token", "another issuer in the answer")

        other = Person()
        other.until_callback(server, "bob")
        begun = other.jars[netloc]["scantling-sign-on"].split(".")[0]
        check(begun not in callback, "the secret went to the provider")
        denied = Person()
        asked = denied.ask(server.url + "/sign-in/oidc").expect(303)
        told = urllib.parse.parse_qs(urllib.parse.urlsplit(asked.to).query)
        same([told["code_challenge_method"], told["response_type"], len(told["nonce"][0])], [["S256"], ["code"], 64], "what is asked for")
        same(where(denied.ask(f"{server.url}/sign-in/oidc/callback?error=access_denied&state={told['state'][0]}")), "/sign-in?problem=sso-denied", "denied")

        for mode, problem, words in [
                ("expired", "sso-token", "expired"), ("future", "sso-token", "future"), ("audience", "sso-token", "another client"),
                ("audiences", "sso-token", "another client"), ("issuer", "sso-token", "another issuer"), ("nonce", "sso-token", "nonce"),
                ("no-nonce", "sso-token", "nonce"), ("subject", "sso-token", "subject"), ("stranger", "sso-token", "signature"),
                ("none", "sso-token", "signed by"), ("shared", "sso-token", "signed by"), ("cut", "sso-token", "token"),
                ("garbage", "sso-token", "no signed token"), ("no-token", "sso-provider", "no ID token"), ("user", "sso-provider", "another subject")]:
            provider.mode("")
            person = Person()
            callback = person.until_callback(server, "bob")
            provider.mode(mode)
            same(where(person.ask(callback)), f"/sign-in?problem={problem}", mode)
            reason(server, words, mode)
            person.me(server).expect(401)
        # The provider has another key: it is asked for its keys again, at most every ten seconds.
        provider.mode("")
        time.sleep(10)
        provider.tell("rotate", {})
        person = Person()
        same(where(person.sign_in(server, "bob")), "/images", "another key")
        # Within a minute clocks may differ; another algorithm of the provider's is as good.
        for mode in ("skew", "elliptic"):
            provider.mode("")
            person = Person()
            callback = person.until_callback(server, "bob")
            provider.mode(mode)
            same(where(person.ask(callback)), "/images", mode)


@case("sign-on: a provider that is away, slow or another one is said, and passwords still work")
def away():
    provider = Provider()
    try:
        password = "correct horse battery staple"
        for how in ("away", "discovery", "slow", "gone"):
            with both("--oidc-default-role", "viewer", provider=provider) as (_, server):
                me = server.get("/api/v1/me").json()
                server.call("PATCH", f"/api/v1/users/{me['id']}", {"password": password}).expect(200)
                if how == "gone":
                    provider.stop()
                else:
                    provider.mode(how)
                started = time.monotonic()
                same(where(Person().ask(server.url + "/sign-in/oidc")), "/sign-in?problem=sso-provider", how)
                check(time.monotonic() - started < 15, f"{how}: it took {time.monotonic() - started:.0f} s")
                reason(server, {"away": "HTTP 503", "discovery": "not of --oidc-issuer", "slow": "not done within", "gone": "cannot connect"}[how], how)
                signed = server.call("POST", "/api/v1/sign-in", {"name": "admin", "password": password}, headers={"Cookie": ""})
                signed.expect(200)
                if how != "gone":
                    provider.mode("")
                    same(where(Person().sign_in(server, "bob")), "/images", f"after it was {how}")
    finally:
        if provider.process.poll() is None:
            provider.stop()
    for flags, text in [(["--oidc-issuer", "http://id.example.org", "--oidc-client-id", "x"], "https://"), (["--oidc-issuer", "https://id.example.org"], "--oidc-client-id"),
                        (["--oidc-issuer", "https://id.example.org", "--oidc-client-id", "x", "--oidc-role", "a=king", "--oidc-role-claim", "g"], "VALUE=ROLE"),
                        (["--oidc-issuer", "https://id.example.org", "--oidc-client-id", "x", "--oidc-role-claim", "g"], "go together"),
                        (["--oidc-session-hours", "0"], "from 1 to 168"), (["--oidc-session-hours", "169"], "from 1 to 168")]:
        refused = run("server", "--listen", "127.0.0.1:0", "--data", fresh("sso"), *flags)
        check(refused.code == 2 and text in refused.err, f"{flags}: {refused.code} {refused.err}")


@case("sign-on: the button of the sign-in page, in a browser")
def page():
    chromium = browser()
    modules()
    with both("--oidc-default-role", "viewer", "--oidc-label", "Example ID") as (provider, server):
        if "built without its page" in server.get("/").expect(200).text.decode():
            raise Skip("the program was built without its page (SCANTLING_WEB)")
        result = subprocess.run(["node", os.path.join(ROOT, "tests/e2e/web_sign_on.mjs"), server.url, provider.issuer], capture_output=True, timeout=300,
                                env={**os.environ, "CHROMIUM": chromium})
        server.log.seek(0)
        check(result.returncode == 0, (result.stdout + result.stderr + server.log.read()).decode()[-3000:])
        check("bob" in server.column("/api/v1/users", "name"), "the browser's person is no user")
