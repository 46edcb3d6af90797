"""Who looks at the site without being signed in."""

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from bookings.checkout.kept_times import Visitor
from coop.web.http import network_of


def visitor(request: HttpRequest) -> Visitor | None:
    """As whose a visitor's kept times count; None for somebody who is signed in, who has no limit."""
    if request.user.is_authenticated:
        return None
    if not request.session.session_key:
        request.session.create()
    return Visitor(session=_hashed(str(request.session.session_key)), network=_hashed(network_of(request)))


def _hashed(text: str) -> str:
    return salted_hmac("bookings.checkout.visitors", text, algorithm="sha256").hexdigest()[:32]
