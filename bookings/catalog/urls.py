"""Addresses of this wing."""

from django.urls import include, path

from bookings.catalog import offer_views
from bookings.catalog.door import door_views
from bookings.catalog.price_pages import price_views
from bookings.catalog.ready_made import views as ready_made_views

urlpatterns = [
    path("office/door", door_views.hang_sign, name="hang_sign"),
    path("prices", price_views.prices, name="prices"),
    path("prices/ready-made", ready_made_views.ready_made, name="ready_made"),
    path("prices/new-service", offer_views.add_service, name="add_service"),
    path("prices/new-extra", offer_views.add_add_on, name="add_add_on"),
    path("prices/services/<slug:code>", price_views.price_service, name="price_service"),
    path("prices/services/<slug:code>/words", offer_views.change_service, name="change_service"),
    path("prices/extras/<slug:code>", price_views.price_add_on, name="price_add_on"),
    path("prices/extras/<slug:code>/words", offer_views.change_add_on, name="change_add_on"),
    path(
        "prices/of-services/<int:price_id>/taking-back",
        price_views.take_back_service_price,
        name="take_back_service_price",
    ),
    path(
        "prices/of-extras/<int:price_id>/taking-back", price_views.take_back_add_on_price, name="take_back_add_on_price"
    ),
    path("prices/<slug:kind>/<slug:code>/retirement", offer_views.retire, name="retire"),
    path("prices/<slug:kind>/<slug:code>/return", offer_views.bring_back, name="bring_back"),
    path("prices/<slug:kind>/<slug:code>/place", offer_views.move_up, name="move_up"),
    path("", include("bookings.catalog.wages.urls")),
    path("skills", offer_views.skills, name="skills"),
    path("prices/new-skill", offer_views.add_skill, name="add_skill"),
    path("skills/<slug:code>", offer_views.change_skill, name="change_skill"),
]
