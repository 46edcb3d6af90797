"""Addresses of this wing."""

from django.urls import path

from bookings.catalog import door_views, views

urlpatterns = [
    path("office/door", door_views.hang_sign, name="hang_sign"),
    path("prices", views.prices, name="prices"),
    path("prices/services/<slug:code>", views.price_service, name="price_service"),
    path("prices/extras/<slug:code>", views.price_add_on, name="price_add_on"),
]
