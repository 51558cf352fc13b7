"""A small SMTP server for tests: TLS, sign-in, and whatever a server may answer to it."""

from __future__ import annotations

import base64
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Thread

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

HANGS_UP = ""
SIGNS_IN = base64.b64encode(b"\0desk\0secret").decode()
USUAL = {
    "EHLO": "250-localhost\r\n250-AUTH PLAIN\r\n250 STARTTLS",
    "STARTTLS": "220 go on",
    "AUTH": "235 2.7.0 in",
    "RSET": "250 forgotten",
    "MAIL": "250 2.1.0 fine",
    "RCPT": "250 2.1.5 fine",
    "DATA": "354 go on",
    ".": "250 2.0.0 taken",
    "QUIT": "221 bye",
}


class MailServer(ThreadingTCPServer):
    """Answers on localhost as `USUAL` says, unless `answers` says otherwise.

    A key of `answers` is a verb, `.` for the end of a mail, or a verb with an address that its line has.
    """

    daemon_threads = True

    def __init__(self, folder: Path, *, scheme: str) -> None:
        super().__init__(("localhost", 0), _Session)
        self.scheme = scheme
        self.answers: dict[str, str] = {}
        self.mails: list[EmailMessage] = []
        self.sessions = 0
        self.certificate = folder / "certificate.pem"
        self.tls = _tls(self.certificate)

    @property
    def address(self) -> str:
        """As `SEAMARK_SMTP` has it."""
        return f"{self.scheme}://desk:secret@localhost:{self.server_address[1]}"


@contextmanager
def mail_server(folder: Path, *, scheme: str = "smtp") -> Iterator[MailServer]:
    """One that runs. Whoever is to trust it trusts its `certificate`."""
    with MailServer(folder, scheme=scheme) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


class _Session(StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.server.sessions += 1
        self.is_encrypted = self.is_signed_in = False
        with suppress(OSError):
            if self.server.scheme == "smtps":
                self._encrypt()
            self._say("220 localhost")
            while (line := self.rfile.readline().decode().strip()) and self._heard(line):
                pass

    def _heard(self, line: str) -> bool:
        """Answer the line; False where that is the end."""
        verb = line.split()[0].upper()
        if verb == "MAIL" and not (self.is_encrypted and self.is_signed_in):
            answer = "530 5.7.0 who are you?"
        elif verb == "AUTH" and line.split()[-1] != SIGNS_IN:
            answer = "535 5.7.8 wrong"
        else:
            answer = self._answer(verb, line)
        if not answer:
            return False
        self._say(answer)
        if verb == "STARTTLS":
            self._encrypt()
        self.is_signed_in |= answer.startswith("235")
        return self._took_mail() if answer.startswith("354") else verb != "QUIT"

    def _took_mail(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            lines.append(line.removeprefix(b"."))
        answer = self._answer(".", ".")
        if answer == HANGS_UP or answer.startswith("2"):  # of the first kind, it was taken, and nobody says so
            written = b"".join(lines).replace(b"\r\n", b"\n")
            self.server.mails.append(message_from_bytes(written, policy=policy.default))
        if answer:
            self._say(answer)
        return bool(answer)

    def _answer(self, verb: str, line: str) -> str:
        for key, answer in self.server.answers.items():
            asked, _, address = key.partition(" ")
            if asked == verb and address in line:
                return answer
        return USUAL.get(verb, "500 5.5.2 what?")

    def _say(self, answer: str) -> None:
        self.wfile.write(f"{answer}\r\n".encode())

    def _encrypt(self) -> None:
        self.request = self.server.tls.wrap_socket(self.request, server_side=True)
        self.setup()
        self.is_encrypted = True


def _tls(certificate: Path) -> ssl.SSLContext:
    """With a certificate for localhost that nobody but itself vouches for."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([])
    now = datetime.now(UTC)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=True)
        .add_extension(identifier, critical=False)
        .sign(key, SHA256())
    )
    private = certificate.with_suffix(".key")
    private.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    certificate.write_bytes(made.public_bytes(Encoding.PEM))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, private)
    return context
