"""Addresses of this wing."""

from django.urls import path

from bookings.aftercare import people_views, safety_views, views

urlpatterns = [
    path("people/<int:member_id>/do-not-send", people_views.keep_away, name="keep_away"),
    path("people/<int:member_id>/again", people_views.send_again, name="send_again"),
    path("people/<int:member_id>/again/withdrawal", people_views.withdraw_send_again, name="withdraw_send_again"),
    path("shifts/<int:shift_id>/refusal", people_views.refuse_home, name="refuse_home"),
    path("homes/refused", people_views.homes_i_refuse, name="homes_i_refuse"),
    path("homes/refused/<int:do_not_send_id>/lifting", people_views.lift_refusal, name="lift_refusal"),
    path("visits/<int:visit_id>/redo", views.ask_redo, name="ask_redo"),
    path("redos/<int:redo_id>/withdrawal", views.withdraw_redo, name="withdraw_redo"),
    path("visits/<int:visit_id>/thanks", views.thank, name="thank"),
    path("thanks", views.thank_yous, name="thank_yous"),
    path("thanks/<int:note_id>/removal", views.remove_thank_you, name="remove_thank_you"),
    path("office/safety", safety_views.review, name="review"),
    path("office/safety/talks", safety_views.keep_talk, name="keep_talk"),
    path("office/redos", views.redos, name="redos"),
    path("office/redos/<int:redo_id>", views.plan_redo, name="plan_redo"),
    path("office/redos/<int:redo_id>/refusal", views.decline_redo, name="decline_redo"),
]
