"""Coming in by one click, as anybody: for the demo only, and a closed door everywhere else."""

from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from pathlib import Path

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coop.web import badges
from members.models import Member, Role, User
from members.notices import sms
from members.signing_in.step_up import note_demo_link

SALT = "demo sign-in"
BETWEEN_MAILS = "-" * 79


def link_for(user: User) -> str:
    """The whole address that signs in as `user`."""
    return f"{settings.BASE_URL}{reverse('demo_sign_in', args=[signing.dumps(user.pk, salt=SALT)])}"


def one_of_each() -> Iterator[tuple[str, User]]:
    """Somebody for each way to see the house: clients, members, and the holders of each role."""
    members = Member.objects.select_related("user").order_by("pk")
    client = User.objects.exclude(pk__in=Member.objects.values("user")).order_by("pk").first()
    if client:
        yield _("client"), client
    for state in (Member.State.MEMBER, Member.State.CANDIDATE):
        if found := list(members.in_state(state).filter(terms=None)):
            yield str(state.label), max((member.user for member in found), key=_offers_waiting)
    for kind in Role.Kind:
        if term := Role.objects.acting(timezone.now()).filter(kind=kind).order_by("pk").first():
            yield str(kind.label), term.member.user


def _offers_waiting(user: User) -> int:
    return badges.of(user).get("offers", 0)


@login_not_required
def demo_sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in as the one whom a link of the demo names; nothing of the kind exists where people really work."""
    if not settings.DEMO:
        raise Http404
    user = get_object_or_404(User, pk=_named_in(token), is_active=True)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    note_demo_link(request, user)
    return redirect("home")


@login_not_required
@require_safe
def demo_house(request: HttpRequest) -> HttpResponse:
    """Come in as somebody else, first of all as somebody for whom an offer waits; and read the mails that were sent."""
    if not settings.DEMO:
        raise Http404
    people = [(role, user, link_for(user)) for role, user in one_of_each()]
    members = [member.user for member in Member.objects.working().select_related("user").order_by("pk")]
    counted = [(_offers_waiting(user), user) for user in members]
    asked = [(count, user, link_for(user)) for count, user in counted if count]
    return render(
        request,
        "pages/demo.html",
        {"people": people, "asked": asked, "mails": latest_mails(12), "texts": latest_texts(12)},
    )


@dataclass(frozen=True)
class Mail:
    """A mail that the demo would have sent, as it stands in a file."""

    to: str
    subject: str
    body: str


def latest_mails(count: int) -> list[Mail]:
    """The mails written last, newest first; none where mails really go out."""
    folder = getattr(settings, "EMAIL_FILE_PATH", None)
    files = sorted(Path(folder).glob("*.log"), key=lambda file: file.stat().st_mtime_ns) if folder else []
    texts = [text for file in files[-count:] for text in file.read_text().split(BETWEEN_MAILS) if text.strip()]
    return [_mail(text) for text in reversed(texts[-count:])]


def latest_texts(count: int) -> list[dict[str, str]]:
    """The text messages written last, newest first; none where they really go out."""
    carrier = sms.carrier()
    return carrier.latest(count) if isinstance(carrier, sms.Folder) else []


def _mail(text: str) -> Mail:
    message = message_from_bytes(text.lstrip().encode(), policy=policy.default)
    body = message.get_body(("plain",))
    return Mail(to=message["To"], subject=message["Subject"], body=body.get_content().strip() if body else "")


def _named_in(token: str) -> int:
    try:
        return int(signing.loads(token, salt=SALT))
    except signing.BadSignature as error:
        raise Http404 from error
