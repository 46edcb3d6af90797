"""Addresses of what a household looks after itself, and of what is open to whoever has a secret address."""

from django.urls import path

from bookings.views import answering, calendars, claims, homes, household

urlpatterns = [
    path("homes", homes.homes, name="homes"),
    path("homes/new", homes.add_home, name="add_home"),
    path("homes/<int:home_id>", homes.change_home, name="change_home"),
    path("homes/<int:home_id>/removal", homes.remove_home, name="remove_home"),
    path("homes/<int:home_id>/description", homes.describe_home, name="describe_home"),
    path("homes/<int:home_id>/access-note", homes.show_note, name="show_note"),
    path("homes/<int:home_id>/access-note/change", homes.change_note, name="change_note"),
    path("claims", claims.claims, name="claims"),
    path("claims/<int:client_id>/taking-over", claims.take_over_claim, name="take_over_claim"),
    path("claims/<int:client_id>/disowning", claims.disown_claim, name="disown_claim"),
    path("claims/<slug:key>", claims.answer_claim, name="answer_claim"),
    path("household", household.household, name="household"),
    path("household/<int:person_id>/joining", household.join_household, name="join_household"),
    path("household/<int:person_id>/leaving", household.leave_household, name="leave_household"),
    path("calendar", calendars.my_calendar, name="my_calendar"),
    path("calendar/<slug:kind>/making", calendars.make_calendar, name="make_calendar"),
    path("calendar/<slug:kind>/revoking", calendars.revoke_calendar, name="revoke_calendar"),
    path("calendar/<uuid:token>.ics", calendars.calendar_feed, name="calendar_feed"),
    path("o/<slug:key>", answering.answer_offer, name="answer_offer"),
]
