"""Which messages an office reads to whoever has no address: each room names them. All others are for them alone."""

_read_out: set[str] = set()
_untold: set[str] = set()


def read_out(*mails: str) -> None:
    """Whoever calls people may read these mails in full, since the office sees anyway what they are about."""
    _read_out.update(mails)


def never_called(*mails: str) -> None:
    """Of these, even that somebody got one tells what nobody may know."""
    _untold.update(mails)


def readable() -> list[str]:
    """The mails that are read out."""
    return sorted(_read_out)


def untold() -> list[str]:
    """The mails that stand on no list of calls."""
    return sorted(_untold)
