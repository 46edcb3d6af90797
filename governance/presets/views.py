"""Rules to begin with: the presets, and what each would change before it is chosen."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coop.web.http import Request, require_perm
from governance.presets.choosing import choose, chosen_before, differences
from governance.presets.presets import PRESETS
from governance.presets.presets import preset as named
from members.signing_in.step_up import weighs
from members.standing.founded import is_founded


@require_safe
def presets(request: Request) -> HttpResponse:
    """The sets of rules from which the founders may choose one."""
    require_perm(request, "governance.read_presets")
    before = chosen_before()
    context = {"presets": PRESETS, "before": before, "chosen": named(before.after) if before else None}
    return render(request, "governance/presets/presets.html", context | {"is_founded": is_founded()})


@require_http_methods(["GET", "HEAD", "POST"])
@weighs()
def choose_preset(request: Request, key: str) -> HttpResponse:
    """What a preset would change, and on POST its choice."""
    require_perm(request, "governance.choose_presets")
    preset, now = named(key), timezone.now()
    if preset is None:
        raise Http404
    if request.method == "POST":
        choose(preset, at=now, by=request.user)
        messages.success(request, _("Chosen. These rules hold from today on."))
        return redirect("policies")
    found = differences(preset, day=timezone.localdate(now))
    context = {"preset": preset, "differences": found, "moves": any(one.moves for one in found)}
    return render(request, "governance/presets/preset.html", context | {"is_founded": is_founded()})
