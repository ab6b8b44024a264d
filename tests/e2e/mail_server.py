"""A real SMTP server (Debian's python3-aiosmtpd) on loopback: TLS and a sign-in as wished, and answers that refuse."""
import contextlib
import email
import email.policy
import logging
import ssl
import subprocess
import warnings

from harness import check, fresh
from images import Skip

USER, PASSWORD = "scantling", "pass word of the mail server"


def certificate():
    """A self-signed certificate for localhost: its files, the first of which is also the authority."""
    folder = fresh("mail")
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                    "-keyout", f"{folder}/key.pem", "-out", f"{folder}/cert.pem"], check=True, capture_output=True)
    return f"{folder}/cert.pem", f"{folder}/key.pem"


class Mailbox:
    """What has arrived, and what is to be answered: `refuse` maps a receiver to an answer, or "*" all of them."""

    def __init__(self):
        self.taken, self.refuse, self.refuse_data, self.tries, self.secure = [], {}, "", 0, []

    async def handle_RCPT(self, server, session, envelope, address, options):  # pylint: disable=invalid-name
        self.tries += 1
        answer = self.refuse.get(address) or self.refuse.get("*")
        if answer:
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):  # pylint: disable=invalid-name
        if self.refuse_data:
            return self.refuse_data
        self.secure.append((session.ssl is not None, session.auth_data is not None))
        self.taken.append((envelope.mail_from, envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=email.policy.default)))
        return "250 OK"


@contextlib.contextmanager
def mail_server(tls="starttls", port=0, box=None):
    """tls: "starttls" (required, with a sign-in), "tls" (from the first byte), "" (none of it)."""
    try:
        from aiosmtpd.controller import Controller
        from aiosmtpd.smtp import AuthResult, SMTP
    except ImportError as error:
        raise Skip("python3-aiosmtpd is not installed") from error

    logging.getLogger("mail.log").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", module="aiosmtpd.*")

    def sign_in(server, session, envelope, mechanism, data):
        right = data.login == USER.encode() and data.password == PASSWORD.encode()
        return AuthResult(success=right, auth_data=data.login if right else None, handled=False)

    box = box or Mailbox()
    context, more = None, {}
    if tls:
        files = certificate()
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(*files)
        box.authority = files[0]
        more = {"authenticator": sign_in, "auth_required": True, "auth_require_tls": tls == "starttls"}
    if tls == "starttls":
        more.update({"tls_context": context, "require_starttls": True})

    class OnFreePort(Controller):
        def factory(self):
            return SMTP(self.handler, hostname="localhost", **more)

        def _trigger_server(self):  # with port 0 the real one is known only now
            self.port = self.server.sockets[0].getsockname()[1]
            super()._trigger_server()

    controller = OnFreePort(box, hostname="127.0.0.1", port=port, ssl_context=context if tls == "tls" else None)
    controller.start()
    check(controller.port != 0, "the mail server has no port")
    try:
        yield box, f"{'smtps' if tls == 'tls' else 'smtp'}://localhost:{controller.port}"
    finally:
        controller.stop()


def text_of(message):
    return message.get_content()
