"""Addresses of this wing."""

from django.urls import path

from bookings.households import home_views, housemate_views

urlpatterns = [
    path("homes", home_views.homes, name="homes"),
    path("homes/new", home_views.add_home, name="add_home"),
    path("homes/<int:home_id>", home_views.change_home, name="change_home"),
    path("homes/<int:home_id>/removal", home_views.remove_home, name="remove_home"),
    path("homes/<int:home_id>/description", home_views.describe_home, name="describe_home"),
    path("homes/<int:home_id>/access-note", home_views.show_note, name="show_note"),
    path("homes/<int:home_id>/access-note/change", home_views.change_note, name="change_note"),
    path("household", housemate_views.household, name="household"),
    path("household/<int:person_id>/joining", housemate_views.join_household, name="join_household"),
    path("household/<int:person_id>/leaving", housemate_views.leave_household, name="leave_household"),
]
