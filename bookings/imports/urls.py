"""Addresses of this wing."""

from django.urls import path

from bookings.imports import views

urlpatterns = [
    path("office/clients/import", views.import_clients, name="import_clients"),
    path("office/clients/import/sheet", views.client_sheet, name="client_sheet"),
]
