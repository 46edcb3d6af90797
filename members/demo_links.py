"""Coming in by one click, as anybody: for the demo only, and a closed door everywhere else."""

from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from members.models import Member, Role, User

SALT = "demo sign-in"


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
        if member := members.filter(state=state, terms=None).first():
            yield str(state.label), member.user
    for kind in Role.Kind:
        if term := Role.objects.held(timezone.localdate()).filter(kind=kind).order_by("pk").first():
            yield str(kind.label), term.member.user


@login_not_required
def demo_sign_in(request: HttpRequest, token: str) -> HttpResponse:
    """Sign in as the one whom a link of the demo names; nothing of the kind exists where people really work."""
    if not settings.DEMO:
        raise Http404
    user = get_object_or_404(User, pk=_named_in(token), is_active=True)
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect("home")


def _named_in(token: str) -> int:
    try:
        return int(signing.loads(token, salt=SALT))
    except signing.BadSignature as error:
        raise Http404 from error
