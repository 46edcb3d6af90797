"""What lets the site stand on a phone's home screen and be read there without network: two files for the browser."""

import hashlib
import re
from collections.abc import Iterable
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coop.contact import coop_name

SCRIPTS = ["js/taps.js", "js/door.js", "js/saved-day.js"]
LEAF, PAPER = "#1f5c43", "#faf6ee"


@require_safe
@login_not_required
def service_worker(request: HttpRequest) -> HttpResponse:
    """The script that a browser runs beside the pages; a new look of the site makes it a new one."""
    files = [*_styles(), static("favicon.svg"), *map(static, SCRIPTS)]
    about = {"files": files, "version": _version(files), "queue": static("js/taps.js")}
    return render(request, "offline/sw.js", about, content_type="text/javascript")


@require_safe
@login_not_required
def manifest(request: HttpRequest) -> HttpResponse:
    """What the site is called and looks like among a phone's apps."""
    about = {
        "id": "/",
        "name": coop_name(),
        "short_name": coop_name().split()[0],
        "description": _("Owned by the people who do the work."),
        "lang": get_language(),
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": LEAF,
        "background_color": PAPER,
        "icons": [
            {"src": static("favicon.svg"), "sizes": "any", "type": "image/svg+xml"},
            *(_icon(size, purpose) for purpose in ("any", "maskable") for size in (192, 512)),
        ],
    }
    response = JsonResponse(about, content_type="application/manifest+json")
    response["Vary"] = "Accept-Language, Cookie"
    return response


def _icon(size: int, purpose: str) -> dict[str, str]:
    name = static(f"icons/{purpose}-{size}.png")
    return {"src": name, "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}


def _styles() -> list[str]:
    """The addresses of the stylesheets that every page has."""
    return re.findall(r'href="([^"]+\.css)"', render_to_string("components/styles.html"))


def _version(files: Iterable[str]) -> str:
    """Changes with what the files are: in production their addresses say so, elsewhere their content does."""
    known = hashlib.sha256()
    for address in files:
        found = finders.find(address.removeprefix(f"/{settings.STATIC_URL.strip('/')}/"))
        known.update(Path(found).read_bytes() if isinstance(found, str) else address.encode())
    return known.hexdigest()[:12]
