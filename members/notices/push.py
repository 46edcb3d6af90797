"""Web push by hand: a message that one browser alone can read (RFC 8291), from somebody its service knows (RFC 8292).

Only `cryptography` is needed, which is here anyway. Without `VAPID_PRIVATE_KEY` nobody is offered any.
"""

import json
import os
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import datetime, timedelta
from email.utils import parseaddr
from http.client import HTTPException
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

from coop.sending.delivery import Later

PATIENCE = 10
"""Seconds to wait for an answer."""
KEPT = timedelta(hours=12)
"""How long a push service keeps a message for a phone that is off."""
RECORD = 4096
SERVICES = ("fcm.googleapis.com", "push.services.mozilla.com", "push.apple.com", "notify.windows.com")
"""Where browsers have their messages sent; we send to nobody else, whatever a page says."""
CURVE = ec.SECP256R1()


class Gone(Exception):
    """This browser wants no messages any more."""


def is_service(address: str) -> bool:
    """Is this an address at one of the push services of browsers?"""
    where = urlsplit(address)
    host = where.hostname or ""
    known = any(host == name or host.endswith(f".{name}") for name in SERVICES)
    return where.scheme == "https" and known and where.port in (None, 443) and not where.username


def send(endpoint: str, *, key: str, auth: str, title: str, link: str, at: datetime) -> None:
    """Bring title and link to one browser. Raises Gone when it is no more or its keys are none, and Later.

    There are many push services, and none that all browsers have: one that is away is not trouble of all.
    """
    text = json.dumps({"title": title, "link": link}).encode()
    try:
        sealed = encrypt(text, key=decoded(key), auth=decoded(auth))
    except ValueError as error:
        raise Gone from error
    request = Request(endpoint, data=sealed)  # noqa: S310 - is_service
    request.add_header("Content-Type", "application/octet-stream")
    request.add_header("Content-Encoding", "aes128gcm")
    request.add_header("TTL", str(int(KEPT.total_seconds())))
    request.add_header("Urgency", "high")
    request.add_header("Authorization", _known_as(endpoint, at))
    try:
        urlopen(request, timeout=PATIENCE).close()  # noqa: S310
    except HTTPError as error:
        if error.code in (404, 410):
            raise Gone from None
        raise Later(f"The push service says {error.code}.") from None
    except HTTPException as error:
        raise Later("The answer of the push service cannot be read.") from error
    except OSError as error:
        raise Later(f"The push service does not answer: {type(error).__name__}.") from error


def encrypt(
    text: bytes,
    *,
    key: bytes,
    auth: bytes,
    own: ec.EllipticCurvePrivateKey | None = None,
    salt: bytes | None = None,
) -> bytes:
    """The text in one record that only the owner of `key` and `auth` can read; `own` and `salt` are new each time."""
    own, salt = own or ec.generate_private_key(CURVE), salt or os.urandom(16)
    theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, key)
    ours = own.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    shared = own.exchange(ec.ECDH(), theirs)
    secret = derived(shared, salt=auth, info=b"WebPush: info\0" + key + ours, length=32)
    lock = derived(secret, salt=salt, info=b"Content-Encoding: aes128gcm\0", length=16)
    nonce = derived(secret, salt=salt, info=b"Content-Encoding: nonce\0", length=12)
    sealed = AESGCM(lock).encrypt(nonce, text + b"\x02", None)
    return salt + struct.pack("!IB", RECORD, len(ours)) + ours + sealed


def derived(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


def public_key() -> str:
    """What a browser is told of us, or nothing where we have no key."""
    return encoded(_public(_own_key())) if settings.VAPID_PRIVATE_KEY else ""


def encoded(raw: bytes) -> str:
    return urlsafe_b64encode(raw).rstrip(b"=").decode()


def decoded(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def _own_key() -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(decoded(settings.VAPID_PRIVATE_KEY), "big"), CURVE)


def _public(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _known_as(endpoint: str, at: datetime) -> str:
    """Who we are, signed for this one service and for a day."""
    where, key = urlsplit(endpoint), _own_key()
    claims = {
        "aud": f"{where.scheme}://{where.netloc}",
        "exp": int((at + KEPT).timestamp()),
        "sub": f"mailto:{parseaddr(settings.DEFAULT_FROM_EMAIL)[1]}",
    }
    head = {"typ": "JWT", "alg": "ES256"}
    words = ".".join(encoded(json.dumps(part).encode()) for part in (head, claims))
    numbers = decode_dss_signature(key.sign(words.encode(), ec.ECDSA(SHA256())))
    signature = b"".join(number.to_bytes(32, "big") for number in numbers)
    return f"vapid t={words}.{encoded(signature)}, k={encoded(_public(key))}"
