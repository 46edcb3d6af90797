"""How the sandbox says no: Stripe's statuses, codes and the shape of its error body."""

from __future__ import annotations

from typing import Any

Obj = dict[str, Any]


class Refused(Exception):
    """An answer other than 200. `status` is the HTTP status, `body` what Stripe would send with it."""

    def __init__(
        self,
        message: str,
        *,
        status: int = 400,
        code: str | None = None,
        type: str = "invalid_request_error",
        param: str | None = None,
        **details: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        told = {"type": type, "code": code, "message": message, "param": param, **details}
        self.body: Obj = {"error": {name: value for name, value in told.items() if value is not None}}

    @property
    def leaves_traces(self) -> bool:
        """A refused card is remembered on the payment it was tried for; any other refusal changes nothing."""
        return self.status == 402


def card_refused(code: str, message: str, *, decline_code: str, **details: Any) -> Refused:
    """The certain no of a bank (HTTP 402)."""
    return Refused(message, status=402, code=code, type="card_error", decline_code=decline_code, **details)


def no_such(kind: str, id: str, *, param: str | None = "id") -> Refused:
    return Refused(f"No such {kind}: '{id}'", status=404, code="resource_missing", param=param)


def broken(message: str) -> Refused:
    """A fault on the sandbox's own side (HTTP 500)."""
    return Refused(message, status=500, type="api_error")
