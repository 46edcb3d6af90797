"""Every address of the site, by room."""

from django.conf import settings
from django.urls import include, path

from coop.web import pages, pwa

urlpatterns = [
    path("", pages.home, name="home"),
    path("how-it-works", pages.how_it_works, name="how_it_works"),
    path("manifest.webmanifest", pwa.manifest, name="manifest"),
    path("sw.js", pwa.service_worker, name="service_worker"),
    path("healthz", pages.healthz, name="healthz"),
    path("readyz", pages.readyz, name="readyz"),
    path("account/", include("members.signing_in.account_urls")),
    path("", include("members.urls")),
    path("", include("bookings.urls")),
    path("", include("payouts.urls")),
    path("", include("governance.urls")),
    *(path("", include(f"{app}.urls")) for app in settings.DEV_APPS),
]

handler400 = "coop.web.pages.bad_request"
handler403 = "coop.web.pages.forbidden"
handler429 = "coop.web.pages.too_many"
handler404 = "coop.web.pages.not_found"
handler500 = "coop.web.pages.server_error"
