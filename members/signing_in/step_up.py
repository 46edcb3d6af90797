"""Asking once more who it is, before what weighs: paying, refunds, offices and rules, voiding, files, erasing.

Whoever has a key uses it; whoever has none types a fresh code from our mail or text message. That holds for five
minutes in that browser. What was typed is not lost by it: the page that asks has it all in it and sends it again.
(allauth takes people with neither password nor key for just proven; nothing here asks it.)
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial, wraps
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core import ratelimit
from allauth.mfa.base.forms import ReauthenticateForm
from allauth.mfa.webauthn.internal.auth import begin_authentication
from django.conf import settings
from django.contrib import messages
from django.db.models import Model
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from coop.web.http import NEVER_SHOWN, READING, GetResponse, NeedsKey, Request
from members.people.users import User
from members.signing_in import sent_codes
from members.signing_in.accounts import AccountAdapter
from members.signing_in.key_forms import ProveByPasskeyForm
from members.signing_in.keys import takes_passkeys

GOOD_FOR = 5 * 60
"""Seconds for which a proof holds."""
SENT = "step_up"
DEMO_LINK = "demo"
"""How a session says that it began with a link of the demo."""
CODE, CREDENTIAL, AGAIN = "step_up_code", "step_up_credential", "step_up_again"
OURS = frozenset({CODE, CREDENTIAL, AGAIN, "csrfmiddlewaretoken"}) | NEVER_SHOWN

View = Callable[..., HttpResponse]


class StepUpNeeded(Exception):
    """Somebody has to show once more who they are; `trouble` says what was wrong with what they typed."""

    def __init__(self, trouble: str = "") -> None:
        super().__init__(trouble)
        self.trouble = trouble


def weighs(*, looking: bool = False, preview: str = "", own: bool = True) -> Callable[[View], View]:
    """A view of an act that weighs: whoever sends it has used a key or code within five minutes, else is asked for it.

    They are asked once the view knows that they may do it (`require_perm`, `get_for`), and before their form is read.
    `looking`: also before the page is shown, as for files, which the page that asks could not keep. `preview`: what a
    form is sent with that only shows what would be. `own`: also where it is about themselves; not where they undo it
    themselves, as their own leave. Whoever holds an office that needs a key and has none is told so.
    """

    def marked(view: View) -> View:
        @wraps(view)
        def asked(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
            acts = looking or request.method not in READING
            if acts and not (preview and preview in request.POST):
                request.once_allowed = partial(_ask_once, request, own=own)
            return view(request, *args, **kwargs)

        asked.weighs, asked.weighs_for_oneself = True, own  # type: ignore[attr-defined]
        return asked

    return marked


def _ask_once(request: Request, row: Model | None, *, own: bool) -> None:
    request.once_allowed = None
    about = getattr(row, "is_about", None)
    is_own = bool(about and about(request.user))
    if is_own and not own:
        return
    if request.user.must_enrol and not is_own:
        raise NeedsKey
    prove_again(request)


def prove_again(request: Request) -> None:
    """Within five minutes of a key or code, else the person is asked for it: here for what is one's own."""
    if is_fresh(request):
        return
    if came_by_demo_link(request):
        messages.info(request, _("A real co-op would ask for your key or a code here. In the demo, your link counts."))
        return
    trouble = _prove(request) if request.POST.get(CODE) or request.POST.get(CREDENTIAL) else None
    if trouble is not None or not is_fresh(request):
        raise StepUpNeeded(trouble or "")


def after_step_up(view: View) -> View:
    """For what is one's own, and for a view of a library: looking at it wants a proof, too."""

    @wraps(view)
    def asked(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        prove_again(request)
        return view(request, *args, **kwargs)

    asked.weighs = True  # type: ignore[attr-defined]
    return asked


def asks_within(view: View) -> View:
    """A view that asks by itself (`prove_again`), once it knows that what was typed weighs, or that they may."""
    view.weighs = True  # type: ignore[attr-defined]
    return view


def is_fresh(request: HttpRequest) -> bool:
    """Did this person show within the last five minutes, in this browser, who they are?

    By a key, where they have one; else by a code that we sent, be it to sign in.
    """
    user = request.user
    if not isinstance(user, User):
        return False
    enough = {"mfa"} if user.has_key else {"mfa", "code"}
    proofs = get_authentication_records(request, user)
    return any(one["method"] in enough and time.time() - one["at"] < GOOD_FOR for one in proofs)


def came_by_demo_link(request: HttpRequest) -> bool:
    """Did they come in by one click? There is no such link where people really work."""
    proofs = get_authentication_records(request, request.user)
    return bool(settings.DEMO) and any(one["method"] == DEMO_LINK for one in proofs)


def note_demo_link(request: HttpRequest, user: User) -> None:
    """This session began with a link of the demo."""
    record_authentication(request, user, DEMO_LINK)


def note_proof(request: HttpRequest, user: User) -> None:
    """Somebody has just shown who they are in another way that is as good as a code from our mail."""
    record_authentication(request, user, "code")


def _prove(request: Request) -> str | None:
    """Look at what was typed, or what a passkey said: what is wrong with it, or None."""
    user, said = request.user, request.POST
    if not user.has_key:
        return _by_sent_code(request)
    form: Form = (
        ProveByPasskeyForm({"credential": said[CREDENTIAL]}, user=user)
        if said.get(CREDENTIAL)
        else ReauthenticateForm({"code": said.get(CODE, "")}, user=user)
    )
    if form.is_valid():
        form.save()  # type: ignore[attr-defined]
        return None
    return str(next(iter(form.errors.values()))[0])


def _by_sent_code(request: Request) -> str | None:
    if trouble := sent_codes.trouble_with(request, SENT, request.POST.get(CODE, "")):
        return trouble
    note_proof(request, request.user)
    return None


def _send_code(request: Request) -> str:
    """Send a fresh code; what stands against it, or nothing. The limits are those of the codes to sign in."""
    adapter, user = AccountAdapter(request), request.user
    if not ratelimit.consume(request, action="request_login_code", key=f"step-up-{user.pk}"):
        return str(adapter.error_messages["rate_limited"])
    code = adapter.generate_login_code()
    adapter.send_code(user, code)
    sent_codes.keep(request, SENT, code, to=str(user.pk))
    return ""


@dataclass(frozen=True)
class Asking:
    """What the page that asks shows: `by` is how (`key`, `code`), `sent` the names and values that go on with it."""

    by: str
    action: str
    sent: list[tuple[str, str]]
    trouble: str
    waits: bool


def _asking(request: Request, trouble: str) -> Asking:
    if request.method in READING:
        action, sent = reverse("step_up"), [("next", request.get_full_path())]
    else:
        action = request.get_full_path()
        sent = [(name, value) for name in request.POST if name not in OURS for value in request.POST.getlist(name)]
    if request.user.has_key:
        return Asking("key", action, sent, trouble, waits=True)
    first = request.method not in READING and CODE not in request.POST and not sent_codes.sent_to(request, SENT)
    if first or AGAIN in request.POST:
        trouble = _send_code(request) or trouble
    return Asking("code", action, sent, trouble, waits=bool(sent_codes.sent_to(request, SENT)))


class StepUpMiddleware:
    """Asks, where a view said that it has to be asked."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: Request, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, StepUpNeeded):
            return None
        about: dict[str, Any] = {"asking": _asking(request, exception.trouble)}
        if request.user.has_passkey and takes_passkeys(request):
            about["passkey"] = begin_authentication(request.user)
        return render(request, "members/signing_in/step_up.html", about, status=403)
