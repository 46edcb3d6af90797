"""The steps between a code and being in, where ours are not allauth's."""

from typing import Any

from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.stages import EmailVerificationStage


class AddressStage(EmailVerificationStage):  # type: ignore[misc]
    """Whoever came by a code to their phone or a passkey, or has no address, is not asked to prove one."""

    def handle(self) -> Any:
        user = self.login.user
        if user is None:
            return super().handle()
        proofs = get_authentication_records(self.request, user)
        otherwise = any(one.get("phone") or one["method"] == "mfa" for one in proofs)
        return (None, True) if otherwise or not user.email else super().handle()
