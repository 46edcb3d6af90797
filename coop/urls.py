"""Every address of the site, by room."""

from django.urls import include, path

from coop import offline, pages

urlpatterns = [
    path("", pages.home, name="home"),
    path("how-it-works", pages.how_it_works, name="how_it_works"),
    path("manifest.webmanifest", offline.manifest, name="manifest"),
    path("sw.js", offline.service_worker, name="service_worker"),
    path("healthz", pages.healthz, name="healthz"),
    path("readyz", pages.readyz, name="readyz"),
    path("account/", include("members.account_urls")),
    path("", include("members.urls")),
    path("", include("bookings.urls")),
    path("", include("payouts.urls")),
    path("", include("governance.urls")),
]

handler400 = "coop.pages.bad_request"
handler403 = "coop.pages.forbidden"
handler429 = "coop.pages.too_many"
handler404 = "coop.pages.not_found"
handler500 = "coop.pages.server_error"
