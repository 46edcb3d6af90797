"""The steps between a code and being in, where ours are not allauth's."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.stages import EmailVerificationStage


class AddressStage(EmailVerificationStage):  # type: ignore[misc]
    """Whoever came by a code to their phone, or has no address, is not asked to prove one."""

    def handle(self) -> Any:
        user = self.login.user
        if user is None:
            return super().handle()
        by_phone = any(one.get("phone") for one in get_authentication_records(self.request, user))
        return (None, True) if by_phone or not user.email else super().handle()
