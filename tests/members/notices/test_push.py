"""A message to a browser can be read by that browser alone, and goes to push services and nowhere else."""

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from django.core import mail

from members.models import Notice, PushAddress, Reach, User
from members.notices import push
from members.notices.notice_timing import Kind
from members.notices.tasks import sweep_notices
from tests import make
from tests.browsers import Browser

AT = make.SPRING


def key_of(text: str) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(push.decoded(text), "big"), push.CURVE)


def test_the_example_of_the_standard_comes_out_to_the_letter() -> None:
    """RFC 8291, section 5."""
    sealed = push.encrypt(
        b"When I grow up, I want to be a watermelon",
        key=push.decoded("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"),
        auth=push.decoded("BTBZMqHH6r4Tts7J_aSIgg"),
        own=key_of("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
        salt=push.decoded("DGv6ra1nlYgDCS1FRnbzlw"),
    )
    assert push.encoded(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27ml"
        "mlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPT"
        "pK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


@dataclass
class Window:
    """A browser that waits for messages, and the service that brings them; `status` is what it answers."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(push.CURVE))
    auth: bytes = b"0123456789abcdef"
    url: str = ""
    status: int = 201
    got: list[tuple[dict[str, str], bytes]] = field(default_factory=list)

    def public(self) -> str:
        return push.encoded(push._public(self.key))

    def read(self, sealed: bytes) -> dict[str, str]:
        """As a browser opens it."""
        salt, theirs, text = sealed[:16], sealed[21:86], sealed[86:]
        shared = self.key.exchange(ec.ECDH(), ec.EllipticCurvePublicKey.from_encoded_point(push.CURVE, theirs))
        info = b"WebPush: info\0" + push._public(self.key) + theirs
        secret = push.derived(shared, salt=self.auth, info=info, length=32)
        lock = push.derived(secret, salt=salt, info=b"Content-Encoding: aes128gcm\0", length=16)
        nonce = push.derived(secret, salt=salt, info=b"Content-Encoding: nonce\0", length=12)
        return dict(json.loads(AESGCM(lock).decrypt(nonce, text, None).rstrip(b"\x02")))


class _Service(BaseHTTPRequestHandler):
    window: ClassVar[Window]

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.window.got.append(({name.lower(): value for name, value in self.headers.items()}, body))
        self.send_response(self.window.status)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_words: Any) -> None:
        """A test does not chat."""


@pytest.fixture
def window(settings: Any) -> Iterator[Window]:
    settings.VAPID_PRIVATE_KEY = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
    found = Window()
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (_Service,), {"window": found}))
    found.url = f"http://127.0.0.1:{server.server_port}/box/1"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield found
    server.shutdown()
    server.server_close()


def subscribed(user: User, window: Window) -> None:
    PushAddress.keep(user, endpoint=window.url, key=window.public(), auth=push.encoded(window.auth), at=AT)


def told(user: User, key: str = "hello") -> Notice:
    return Notice.objects.create(
        key=key, user=user, way="push", subject="Your turn", body="See http://127.0.0.1:8000/offers now", due_at=AT
    )


@pytest.mark.django_db
def test_a_browser_reads_title_and_link_and_nothing_else(dan: User, window: Window) -> None:
    subscribed(dan, window)
    told(dan)
    sweep_notices(), sweep_notices()
    [(headers, body)] = window.got
    assert window.read(body) == {"title": "Your turn", "link": "http://127.0.0.1:8000/offers"}
    assert (headers["content-encoding"], headers["ttl"]) == ("aes128gcm", "43200")


@pytest.mark.django_db
def test_the_service_can_tell_that_it_is_us(dan: User, window: Window) -> None:
    subscribed(dan, window)
    told(dan).send(at=AT)
    words, _sign, key = window.got[0][0]["authorization"].removeprefix("vapid t=").partition(", k=")
    signed, _dot, signature = words.rpartition(".")
    numbers = [int.from_bytes(push.decoded(signature)[part], "big") for part in (slice(32), slice(32, 64))]
    ours = ec.EllipticCurvePublicKey.from_encoded_point(push.CURVE, push.decoded(key))
    ours.verify(encode_dss_signature(*numbers), signed.encode(), ec.ECDSA(SHA256()))
    claims = json.loads(push.decoded(signed.partition(".")[2]))
    assert (claims["aud"], key) == (window.url.removesuffix("/box/1"), push.public_key())


@pytest.mark.django_db
def test_a_browser_that_is_gone_is_forgotten_and_an_e_mail_goes_out(dan: User, window: Window) -> None:
    subscribed(dan, window)
    told(dan)
    window.status = 410
    sweep_notices(), sweep_notices()
    assert (PushAddress.objects.count(), [one.subject for one in mail.outbox]) == (0, ["Your turn"])
    assert Reach.of(dan).ways(Kind.URGENT) == ["mail"]


@pytest.mark.django_db
def test_trouble_that_may_pass_is_tried_again(dan: User, window: Window) -> None:
    subscribed(dan, window)
    notice = told(dan)
    window.status = 503
    notice.send(at=AT)
    notice.refresh_from_db()
    assert (notice.sent_at, notice.trouble) == (None, "The push service says 503.")


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("https://fcm.googleapis.com/fcm/send/abc", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/abc", True),
        ("https://web.push.apple.com/abc", True),
        ("http://fcm.googleapis.com/abc", False),
        ("https://127.0.0.1/abc", False),
        ("https://fcm.googleapis.com.evil.example/abc", False),
        ("https://fcm.googleapis.com:8080/abc", False),
        ("https://user@fcm.googleapis.com/abc", False),
        ("file:///etc/passwd", False),
    ],
)
def test_we_send_to_push_services_and_to_nobody_else(address: str, expected: bool) -> None:
    assert push.is_service(address) is expected


@pytest.mark.django_db
def test_a_browser_says_where_it_is_and_takes_it_back(dan: User, window: Window) -> None:
    browser = Browser()
    browser.force_login(dan)
    address = "https://fcm.googleapis.com/fcm/send/abc"
    sent = {"endpoint": address, "p256dh": window.public(), "auth": push.encoded(window.auth)}
    assert browser.post("/me/messages/browser", {**sent, "endpoint": window.url}).status_code == 422
    assert browser.post("/me/messages/browser", {**sent, "p256dh": "nonsense"}).status_code == 422
    assert browser.post("/me/messages/browser", sent).status_code == 204
    assert Reach.of(dan).ways(Kind.URGENT) == ["mail", "push"]
    assert browser.post("/me/messages/browser/removal", {"endpoint": address}).status_code == 204
    assert PushAddress.objects.count() == 0


@pytest.mark.django_db
def test_a_browser_has_one_owner_the_last_who_signed_in_there(dan: User, lee: User, window: Window) -> None:
    subscribed(dan, window)
    subscribed(lee, window)
    assert PushAddress.objects.get().user == lee
