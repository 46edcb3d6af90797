"""Addresses of this wing."""

from django.urls import path

from bookings.client import change_views, claim_views, feed_views, views

urlpatterns = [
    path("bookings", views.my_bookings, name="my_bookings"),
    path("bookings/<uuid:token>", views.booking, name="booking"),
    path("bookings/<uuid:token>.ics", views.booking_calendar, name="booking_calendar"),
    path("bookings/<uuid:token>/cancellation", views.cancel_booking, name="cancel_booking"),
    path("visits/<int:visit_id>", views.visit, name="visit"),
    path("visits/<int:visit_id>/do-not-send", views.place_do_not_send, name="place_do_not_send"),
    path("do-not-send/<int:do_not_send_id>/lifting", views.lift_do_not_send, name="lift_do_not_send"),
    path("visits/<int:visit_id>/moving", change_views.move_own_visit, name="move_own_visit"),
    path("visits/<int:visit_id>/calling-off", change_views.cancel_own_visit, name="cancel_own_visit"),
    path("claims", claim_views.claims, name="claims"),
    path("claims/<int:client_id>/taking-over", claim_views.take_over_claim, name="take_over_claim"),
    path("claims/<int:client_id>/disowning", claim_views.disown_claim, name="disown_claim"),
    path("claims/<slug:key>", claim_views.answer_claim, name="answer_claim"),
    path("calendar", feed_views.my_calendar, name="my_calendar"),
    path("calendar/<slug:kind>/making", feed_views.make_calendar, name="make_calendar"),
    path("calendar/<slug:kind>/revoking", feed_views.revoke_calendar, name="revoke_calendar"),
    path("calendar/<uuid:token>.ics", feed_views.calendar_feed, name="calendar_feed"),
]
