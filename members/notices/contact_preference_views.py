"""The page on which people say how they want to be told."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.forms import BaseForm
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from coop.web.http import Request, form_succeeded
from members.notices import push
from members.notices.contact_preference_forms import BrowserForm, CodeForm, EndpointForm, NumberForm, ReachForm
from members.notices.contact_preferences import Reach
from members.notices.push_addresses import PushAddress


@require_http_methods(["GET", "HEAD", "POST"])
def reach(request: Request) -> HttpResponse:
    """By which ways we write, and when."""
    found = Reach.of(request.user)
    form = ReachForm(request.POST if request.method == "POST" else None, reach=found)
    if form_succeeded(form, lambda: form.choose(found)):
        messages.success(request, _("Saved."))
        return redirect("reach")
    return show_reach(request, found, form=form)


@require_POST
def subscribe(request: Request) -> HttpResponse:
    """This browser wants to show messages; a script asks, and gets no page."""
    form = BrowserForm(request.POST)
    if not push.public_key() or not form.is_valid():
        return HttpResponse(status=422)
    said = form.cleaned_data
    Reach.of(request.user).take_push(
        endpoint=said["endpoint"], key=said["p256dh"], auth=said["auth"], at=timezone.now()
    )
    return HttpResponse(status=204)


@require_POST
def unsubscribe(request: Request) -> HttpResponse:
    """This browser shows no messages any more."""
    form = EndpointForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    PushAddress.objects.filter(user=request.user, endpoint=form.cleaned_data["endpoint"]).delete()
    return HttpResponse(status=204)


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def no_list(request: HttpRequest, token: str) -> HttpResponse:
    """The evening's list is switched off by the address in the mail: by a person, or by their mail program alone.

    Whoever has the address may do that, so it needs no token of a form; looking changes nothing.
    """
    found = Reach.by_no_list_token(token)
    if found is None:
        raise Http404
    if request.method == "POST":
        found.no_list()
        return redirect("no_list", token)
    with translation.override(found.user.language):
        return render(request, "members/notices/no_list.html", {"reach": found})


def show_reach(request: Request, found: Reach, **forms: BaseForm) -> HttpResponse:
    """The page, with one of its forms as it was sent."""
    form = next(iter(forms.values()))
    shown = {"form": ReachForm(reach=found), "number": NumberForm(), "code": CodeForm(), **forms}
    context = {"reach": found, "sms": bool(settings.SMS_URL), "push_key": push.public_key(), **shown}
    if form.errors:
        context["form"] = shown["form"]
    return render(request, "members/notices/reach.html", context, status=422 if form.errors else 200)
