"""Addresses at which a visit is changed: by the client, and at the door."""

from django.urls import path

from bookings.views import changes, door

urlpatterns = [
    path("visits/<int:visit_id>/moving", changes.move_own_visit, name="move_own_visit"),
    path("visits/<int:visit_id>/calling-off", changes.cancel_own_visit, name="cancel_own_visit"),
    path("visits/<int:visit_id>/door", door.nobody_opens, name="nobody_opens"),
    path("visits/<int:visit_id>/door/end", door.lock_out, name="lock_out"),
    path("shifts/<int:shift_id>/missing", door.miss_shift, name="miss_shift"),
]
