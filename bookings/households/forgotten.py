"""By what a household that asked to be forgotten is known again, so that no old list brings it back."""

from django.utils.crypto import salted_hmac

from coop.typed.folding import folded


def marks(*, email: str, phone: str, name: str) -> list[str]:
    """A mark of an address, and of a number with a name, from which nobody can read either."""
    known = [email.lower(), f"{phone} {folded(name)}" if phone else ""]
    return [salted_hmac("bookings.forgotten", one, algorithm="sha256").hexdigest()[:32] for one in known if one]
