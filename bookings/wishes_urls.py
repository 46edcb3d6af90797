"""Addresses about people: whom a household would like or not, and what comes after a visit."""

from django.urls import path

from bookings.views import after, review, wishes

urlpatterns = [
    path("people/<int:member_id>/do-not-send", wishes.keep_away, name="keep_away"),
    path("people/<int:member_id>/again", wishes.send_again, name="send_again"),
    path("people/<int:member_id>/again/withdrawal", wishes.withdraw_send_again, name="withdraw_send_again"),
    path("shifts/<int:shift_id>/refusal", wishes.refuse_home, name="refuse_home"),
    path("homes/refused", wishes.homes_i_refuse, name="homes_i_refuse"),
    path("homes/refused/<int:do_not_send_id>/lifting", wishes.lift_refusal, name="lift_refusal"),
    path("visits/<int:visit_id>/redo", after.ask_redo, name="ask_redo"),
    path("redos/<int:redo_id>/withdrawal", after.withdraw_redo, name="withdraw_redo"),
    path("visits/<int:visit_id>/thanks", after.thank, name="thank"),
    path("thanks", after.thank_yous, name="thank_yous"),
    path("thanks/<int:note_id>/removal", after.remove_thank_you, name="remove_thank_you"),
    path("office/safety", review.review, name="review"),
    path("office/safety/talks", review.keep_talk, name="keep_talk"),
    path("office/redos", after.redos, name="redos"),
    path("office/redos/<int:redo_id>", after.plan_redo, name="plan_redo"),
    path("office/redos/<int:redo_id>/refusal", after.decline_redo, name="decline_redo"),
]
