"""Every address x everybody x reading and sending: who gets which answer.

An address without a line in the tables fails, and so does any answer that is not the declared one. Somebody else's
things are `not_found`, which does not even say that they exist; `forbidden` is for what people know of anyway.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from zlib import crc32

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from bookings.models import AddOnPrice, ChecklistTask, LeastWage, ServicePrice
from members.models import Lesson, Reach, Role, User
from payouts.charges.referrals import invitation_of
from payouts.models import Account
from tests import house
from tests.house import NOBODY, House
from tests.proofs import WHOLE, some

pytestmark = pytest.mark.django_db

WORKS = "ana bo mia cara eva sol tess ben eli omar ossi"
"""Those of the house who belong to the co-op today; Lee and Kim are clients, Jo belongs to Lee's household and gets
every answer that Lee gets (unless she is named), Finn has left."""

OFFICE = ("sol", "tess", "ben", "eli")
"""Who holds an office. Olga held every one and has left, the terms of Omar are over, and Ossi holds them all and is on
leave: what one office would leak to a twin of its holder shows with them (see `by_standing`)."""

FEW = [NOBODY, "ana"]
"""Whom we ask about addresses that are not for this way of asking, whoever asks."""

# In words: ok; back (done, on to a page); refused (not done, back with the reason); unfit (the form, with what is
# wrong); login (sign in first); not_found; forbidden; method (not in this way); stripe (on to a hosted page);
# bad (not understood); gone (opens nothing any more); unwell (503). "works" is all of WORKS who are not named in the
# cell, "rest" everybody else.
OPEN_TO_ALL = """
address                         | read                                | send
home                            | ok nobody lee kim finn sol tess ben eli, back rest | method
how_it_works                    | ok                                  | method
manifest                        | ok                                  | method
service_worker                  | ok                                  | method
healthz                         | ok                                  | method
readyz                          | unwell                              | method
account_login                   | ok nobody, back rest                | unfit nobody, back rest
account_request_login_code      | ok nobody, back rest                | unfit nobody, back rest
account_confirm_login_code      | login nobody, back rest             | login nobody, back rest
sign_in_by_phone                | ok nobody, back rest                | unfit nobody, back rest
mfa_authenticate                | login nobody, back rest             | login nobody, back rest
mfa_login_webauthn              | login nobody, back rest             | login nobody, back rest
stop_address_change             | ok                                  | ok
stop_recovery                   | ok                                  | ok
finish_recovery                 | ok                                  | ok
account_signup                  | ok nobody, back rest                | unfit nobody, back rest
account_email_verification_sent | login nobody, back rest             | login nobody, back rest
account_logout                  | back nobody, ok rest                | back
account_inactive                | ok                                  | method
set_language                    | method                              | back
demo_house                      | not_found                           | method
demo_sign_in                    | not_found                           | not_found
quote                           | ok                                  | unfit
quote_price                     | ok                                  | method
choose_time                     | ok                                  | unfit
give_contact                    | ok                                  | unfit
check_booking                   | back                                | back
ask_for_area                    | method                              | back
join_waitlist                   | method                              | ok
leave_waitlist                  | method                              | not_found
booking                         | login nobody, ok lee, not_found rest | method
booking_calendar                | login nobody, ok lee, not_found rest | method
cancel_booking                  | method                   | login nobody, refused lee, not_found rest
series                          | login nobody, ok kim, not_found rest | method
skip_visit                      | method                   | login nobody, back kim, not_found rest
take_back_visit                 | method                   | login nobody, refused kim, not_found rest
keep_visit                      | method                   | login nobody, back kim, not_found rest
change_series                   | login nobody, ok kim, not_found rest | login nobody, unfit kim, not_found rest
pause_series                    | login nobody, ok kim, not_found rest | login nobody, unfit kim, not_found rest
resume_series                   | method                   | login nobody, refused kim, not_found rest
end_series                      | login nobody, ok kim, not_found rest | login nobody, unfit kim, not_found rest
save_card                       | login nobody, ok lee, not_found rest | login nobody, stripe lee, not_found rest
card_saved                      | login nobody, back lee, not_found rest | method
answer_claim                    | ok                                  | login
confirm_payment                 | ok                                  | not_found
payment_confirmed               | back                                | method
gift_cards                      | ok                                  | unfit
gift_card                       | ok                                  | method
gift_card_paid                  | back                                | method
invited                         | ok                                  | method
accept_invitation               | method                              | back
found_coop                      | gone                                | gone
work_with_us                    | ok                                  | method
send_application                | ok                                  | unfit
application_sent                | ok                                  | method
application                     | ok                                  | method
prove_application               | method                              | refused
disown_application              | method                              | refused
withdraw_application            | method                              | back
calendar_feed                   | ok                                  | method
answer_offer                    | ok                                  | back
no_list                         | ok                                  | back
stripe_webhook                  | method                              | bad
"""
SIGNED_IN = """
address             | read                                              | send
account_email       | back                                              | back
me                  | ok                                                | unfit
signing_in          | ok                                                | method
change_address      | ok                                                | unfit
prove_address       | back                                              | back
mfa_index           | ok                                                | method
mfa_list_webauthn   | ok                                                | method
step_up             | method                                            | back
mfa_activate_totp   | back KEYED, ok rest                               | back KEYED, unfit rest
mfa_deactivate_totp | ok KEYED, not_found rest                          | back KEYED, not_found rest
mfa_add_webauthn    | ok                                                | unfit
mfa_remove_webauthn | not_found                                         | not_found
mfa_view_recovery_codes | not_found                                         | method
mfa_generate_recovery_codes | ok                                                | back KEYED, unfit rest
mfa_download_recovery_codes | not_found                                         | not_found
end_session         | method                                            | not_found
end_other_sessions  | method                                            | back
change_availability | ok works, not_found rest                          | back works, not_found rest
work_otherwise      | ok works, not_found rest                          | back works, not_found rest
work_as_usual       | method                                            | back ana, not_found rest
take_leave          | ok works, not_found rest                          | back works, not_found rest
give_back_leave     | method                                            | back ana, not_found rest
reach               | ok                                                | unfit
give_number         | method                                            | unfit
confirm_number      | method                                            | unfit
remove_number       | method                                            | back
subscribe           | method                                            | unfit
unsubscribe         | method                                            | unfit
my_file             | ok works, forbidden rest                          | method
read_standing       | ok ana sol ben ossi, forbidden works, not_found rest | method
recover_user        | ok sol ben, not_found rest                        | unfit sol ben, not_found rest
go_on_leave         | ok ana ben, forbidden works, not_found rest       | unfit ana ben, forbidden works, not_found rest
come_back_from_leave | method                                           | unfit ana ben, forbidden works, not_found rest
give_notice         | ok ana ben, forbidden works, not_found rest       | unfit ana ben, forbidden works, not_found rest
take_back           | method                                          | refused ana ben, forbidden works, not_found rest
suspend             | method                                            | unfit ben, forbidden works, not_found rest
reinstate_suspended | method                                            | unfit ben, forbidden works, not_found rest
return_as_candidate | method                                            | unfit ben, forbidden works, not_found rest
return_as_member    | method                                            | unfit ben, forbidden works, not_found rest
leaving_reasons     | ok ben, forbidden rest                            | method
today               | ok works, forbidden rest                          | method
outside_hours       | ok works, forbidden rest                          | back works, forbidden rest
offers              | ok works, forbidden rest                          | method
accept_offer        | method                                            | back bo, forbidden sol, not_found rest
say_no_to_offer     | method                                            | back bo, forbidden sol, not_found rest
undo_offer          | method                                            | refused bo, forbidden sol, not_found rest
swap_shift          | ok ana, forbidden works, not_found rest           | unfit ana, forbidden works, not_found rest
agree_swap          | method                                            | back bo, forbidden ana, not_found rest
decline_swap        | method                                            | back bo, forbidden ana, not_found rest
withdraw_swap       | method                                            | back ana, forbidden bo, not_found rest
start_shift         | method                                            | back ana, forbidden works, not_found rest
finish_shift        | back ana, forbidden works, not_found rest         | refused ana, forbidden works, not_found rest
saved_day           | ok works, forbidden rest                          | method
write_times         | ok ana sol, forbidden works, not_found rest       | unfit ana sol, forbidden works, not_found rest
not_there           | ok sol, forbidden works, not_found rest           | unfit sol, forbidden works, not_found rest
undo_shift          | method                                            | refused ana, forbidden works, not_found rest
taps                | ok works, forbidden rest                          | unfit works, forbidden rest
odd_taps            | ok sol, forbidden rest                            | method
look_at_tap         | method                                            | back sol, forbidden rest
run_late            | ok ana, forbidden works, not_found rest           | back ana, forbidden works, not_found rest
report_incident     | ok ana, forbidden works, not_found rest           | back ana, forbidden works, not_found rest
deliver_report      | method                                            | unfit works, forbidden rest
incidents           | ok works, forbidden rest                          | method
incident            | ok ana sol eli, not_found rest                    | method
take_in_hand        | method                                            | back sol eli, forbidden ana, not_found rest
close_incident      | method                                            | back sol eli, forbidden ana, not_found rest
take_photo          | ok ana, forbidden works, not_found rest           | unfit ana, forbidden works, not_found rest
photo               | ok lee ana sol, not_found rest                    | method
small_photo         | ok lee ana sol, not_found rest                    | method
remove_photo        | method                                            | back lee ana sol, not_found rest
care_records        | ok works, forbidden rest                          | method
care_record         | ok ana sol, not_found rest                        | forbidden ana, unfit sol, not_found rest
export_care         | method                                            | ok sol, forbidden rest
release_shift       | ok ana, forbidden works, not_found rest           | back ana, forbidden works, not_found rest
take_shift          | method                                 | back ana bo, forbidden eva, refused works, not_found rest
show_access_note    | method                                            | ok ana, forbidden works, not_found rest
turn                | ok ana sol ben, not_found rest                    | method
weekly_decisions    | ok works, forbidden rest                          | method
spotlight           | ok works, forbidden rest                          | method
spotlight_sheet     | ok works, forbidden rest                          | method
answer_flag         | not_found works, forbidden rest                   | not_found works, forbidden rest
unfilled_shifts     | ok sol, forbidden rest                            | method
ask_again           | method                                            | back sol, forbidden works, not_found rest
give_shift          | ok sol, forbidden works, not_found rest           | unfit sol, forbidden works, not_found rest
relieve_shift       | ok sol, forbidden works, not_found rest           | back sol, forbidden works, not_found rest
wind_up_visit       | ok sol, forbidden ana lee, not_found rest         | unfit sol, forbidden ana lee, not_found rest
come_back           | method                                            | back ana sol, not_found rest
note_yes            | ok sol, forbidden works, not_found rest           | unfit sol, forbidden works, not_found rest
overrides           | ok works, forbidden rest                          | method
try_out             | method                                            | not_found sol tess ben, forbidden rest
readiness           | forbidden cara, ok works, forbidden rest          | method
invite_founder| forbidden cara eva ossi, ok works, forbidden rest | forbidden cara eva ossi, unfit works, forbidden rest
accept_founding     | not_found                                         | not_found
withdraw_founder    | method                                            | not_found
import_members      | ok ossi, forbidden rest                           | forbidden
member_sheet        | ok sol ben eli, forbidden rest                    | method
share_offices | forbidden cara eva ossi, ok works, forbidden rest | forbidden cara eva ossi, unfit works, forbidden rest
contact_facts       | ok sol ben, forbidden rest                        | unfit sol ben, forbidden rest
cancel_visit        | ok sol, forbidden ana lee, not_found rest         | back sol, forbidden ana lee, not_found rest
miss_visit          | ok sol, forbidden ana lee, not_found rest         | unfit sol, forbidden ana lee, not_found rest
add_client          | ok sol, forbidden rest                            | unfit sol, forbidden rest
import_clients      | ok sol, forbidden rest                            | unfit sol, forbidden rest
client_sheet        | ok sol, forbidden rest                            | method
client              | ok sol, forbidden rest                            | method
confirm_booking     | ok sol, forbidden rest                            | back sol, forbidden rest
calls               | ok sol, forbidden rest                            | method
retry_notice        | method                                            | back sol, forbidden rest
called              | method                                            | back sol, forbidden rest
pay_outside_charge  | method                                            | back tess, forbidden sol, not_found rest
week                | ok sol, forbidden rest                            | method
find                | ok sol, forbidden rest                            | method
reschedule_visit    | ok sol, forbidden ana lee, not_found rest         | unfit sol, forbidden ana lee, not_found rest
hand_over_day       | ok works, forbidden rest                          | unfit works, forbidden rest
hand_over           | ok ana sol, not_found rest                        | method
hand_on             | method                                            | back ana sol, not_found rest
checklists          | ok works, forbidden rest                          | method
add_task            | ok sol, forbidden rest                            | unfit sol, forbidden rest
change_task         | ok sol, forbidden rest                            | unfit sol, forbidden rest
end_task            | method                                            | back sol, forbidden rest
tick_tasks          | method                                            | refused ana, forbidden works, not_found rest
hang_sign           | ok sol ben, forbidden rest                        | unfit sol ben, forbidden rest
prices              | ok works, forbidden rest                          | method
least_wages         | ok works, forbidden rest                          | method
write_down_least_wage | ok tess ben, forbidden rest                     | unfit tess ben, forbidden rest
take_back_least_wage | method                                           | refused tess ben, forbidden rest
price_service       | ok sol, forbidden rest                            | unfit sol, forbidden rest
price_add_on        | ok sol, forbidden rest                            | unfit sol, forbidden rest
take_back_service_price | method                                        | refused sol, forbidden rest
take_back_add_on_price | method                                         | refused sol, forbidden rest
ready_made          | ok sol, forbidden rest                            | unfit sol, forbidden rest
add_service         | ok sol, forbidden rest                            | unfit sol, forbidden rest
change_service      | ok sol, forbidden rest                            | unfit sol, forbidden rest
add_add_on          | ok sol, forbidden rest                            | unfit sol, forbidden rest
change_add_on       | ok sol, forbidden rest                            | unfit sol, forbidden rest
retire              | method                                            | back sol, forbidden rest
bring_back          | method                                            | back sol, forbidden rest
move_up             | method                                            | back sol, forbidden rest
skills              | ok works, forbidden rest                          | method
areas               | ok works, forbidden rest                          | method
change_areas        | ok sol, forbidden rest                            | unfit sol, forbidden rest
take_back_areas     | method                                            | not_found sol, forbidden rest
closed_days         | ok works, forbidden rest                          | method
close_days          | ok sol, forbidden rest                            | unfit sol, forbidden rest
reopen_day          | method                                            | not_found sol, forbidden rest
bookable_hours      | ok sol, forbidden rest                            | unfit sol, forbidden rest
take_back_hours     | method                                            | not_found sol, forbidden rest
add_skill           | ok sol, forbidden rest                            | unfit sol, forbidden rest
change_skill        | ok sol, forbidden rest                            | unfit sol, forbidden rest
nobody_opens        | ok ana sol, forbidden lee, not_found rest         | unfit ana sol, forbidden lee, not_found rest
lock_out            | method                                 | refused ana sol, forbidden lee, not_found rest
miss_shift          | ok sol, forbidden works, not_found rest           | unfit sol, forbidden works, not_found rest
my_bookings         | ok                                                | method
claims              | ok                                                | method
take_over_claim     | method                                            | not_found jo, back lee, not_found rest
disown_claim        | method                                            | not_found jo, back lee, not_found rest
visit               | ok lee ana sol, not_found rest                    | method
homes               | ok                                                | method
add_home            | ok                                                | unfit
change_home         | ok lee, not_found rest                            | unfit lee, not_found rest
remove_home         | method                                            | refused lee, not_found rest
describe_home       | method                                            | back lee, not_found rest
show_note           | method                                            | ok lee, not_found rest
change_note         | method                                            | back lee, not_found rest
my_card             | ok                                                | method
replace_card        | method                                            | stripe lee, not_found rest
card_replaced       | back lee, not_found rest                          | method
remove_card         | method                                            | refused lee, not_found rest
my_data             | ok                                                | method
export_data         | method                                            | ok
erase_me            | method                                            | unfit
my_calendar         | ok                                                | method
make_calendar       | method                                            | back works, not_found rest
revoke_calendar     | method                                            | back works, not_found rest
household           | ok                                                | not_found jo, unfit lee kim, not_found rest
join_household      | ok kim, forbidden lee, not_found rest             | back kim, forbidden lee, not_found rest
leave_household     | method                                            | back lee, not_found rest
move_own_visit      | refused lee, forbidden ana sol, not_found rest    | unfit lee, forbidden ana sol, not_found rest
cancel_own_visit    | ok lee, forbidden ana sol, not_found rest         | back lee, forbidden ana sol, not_found rest
place_do_not_send   | method                                            | back lee, forbidden ana sol, not_found rest
lift_do_not_send    | method                                            | back lee, not_found rest
keep_away           | ok lee jo kim, not_found rest                     | back lee jo kim, not_found rest
send_again          | method                                            | back lee jo kim, not_found rest
withdraw_send_again | method                                            | back lee jo kim, not_found rest
refuse_home         | ok ana, forbidden works, not_found rest           | back ana, forbidden works, not_found rest
homes_i_refuse      | ok works, forbidden rest                          | method
lift_refusal        | method                                            | back sol, not_found rest
ask_redo            | ok lee, forbidden ana sol, not_found rest         | unfit lee, forbidden ana sol, not_found rest
withdraw_redo       | method                                            | back lee, forbidden sol, not_found rest
thank               | ok lee, forbidden ana sol, not_found rest         | unfit lee, forbidden ana sol, not_found rest
thank_yous          | ok works, forbidden rest                          | method
remove_thank_you    | method                                            | back ana, not_found works, forbidden rest
review              | ok eli, forbidden rest                            | method
keep_talk           | method                                            | unfit eli, forbidden rest
redos               | ok sol, forbidden rest                            | method
plan_redo           | ok sol, forbidden lee, not_found rest             | unfit sol, forbidden lee, not_found rest
decline_redo        | method                                            | back sol, forbidden lee, not_found rest
receipt             | ok lee tess, not_found rest                       | method
receipt_pdf         | ok lee tess, not_found rest                       | method
receipts            | ok                                                | method
refund_visit        | ok sol tess, not_found rest                       | back sol tess, not_found rest
retry_refund        | method                                            | back tess, forbidden sol, not_found rest
pay_outside_refund  | method                                            | back tess, forbidden sol, not_found rest
presets             | forbidden cara eva ossi, ok works, forbidden rest | method
choose_preset|forbidden cara eva ossi, ok works, forbidden rest|forbidden cara eva ossi, refused works, forbidden rest
pay_kinds           | ok tess ben, forbidden rest                       | method
say_usual_pay_kind  | ok tess, forbidden rest                           | unfit tess, forbidden rest
say_pay_kind        | ok tess, forbidden rest                           | unfit tess, forbidden rest
my_pay_kind         | ok works finn, not_found rest                          | method
offices             | ok works, forbidden rest                          | method
seat_member         | ok sol ben, forbidden rest                        | unfit sol ben, forbidden rest
end_term            | ok sol ben tess, forbidden rest                   | unfit sol ben tess, forbidden rest
members             | ok sol ben eli, forbidden rest                    | method
member              | ok sol ben eli, forbidden rest                    | method
give_skills         | ok ossi, forbidden rest                           | forbidden
change_member       | ok sol, forbidden rest                            | unfit sol, forbidden rest
bodies              | ok works, forbidden rest                          | method
found_body          | ok sol ben, forbidden rest                        | unfit sol ben, forbidden rest
change_body         | ok sol ben, forbidden rest                        | unfit sol ben, forbidden rest
seat_in_body        | ok sol ben, forbidden rest                        | unfit sol ben, forbidden rest
leave_body          | ok sol ben, forbidden rest                        | unfit sol ben, forbidden rest
who_looked          | ok                                                | method
announcements       | ok works, forbidden rest                          | method
send_announcement   | ok sol tess ben eli, forbidden rest               | unfit sol tess ben eli, forbidden rest
announcement        | ok works, not_found rest                          | method
answer_announcement | method                                            | back works, not_found rest
take_back_announcement | ok sol ben, forbidden works, not_found rest    | unfit sol ben, forbidden works, not_found rest
read_news           | method                                            | back works, forbidden rest
confirmations       | ok works, forbidden rest                          | method
confirmation        | ok ana sol tess ben, not_found rest               | method
answer_confirmation | method                                | unfit ana, forbidden sol tess ben, not_found rest
confirm_confirmation | method                               | refused sol ben, forbidden ana tess, not_found rest
decline_confirmation | method                               | unfit sol ben, forbidden ana tess, not_found rest
withdraw_confirmation | method                              | back tess, forbidden ana sol ben, not_found rest
papers              | ok works, forbidden rest                          | method
paper               | ok works, forbidden rest                          | method
paper_file          | ok works, forbidden rest                          | method
add_paper           | ok tess ben, forbidden rest                       | unfit tess ben, forbidden rest
replace_paper       | ok tess ben, forbidden rest                       | unfit tess ben, forbidden rest
remove_paper        | ok tess ben, forbidden rest                       | unfit tess ben, forbidden rest
agreements          | ok works, forbidden rest                          | method
agreement           | ok works, forbidden rest                          | method
agreement_version   | ok works, forbidden rest                          | method
accept_agreement    | method                                            | back works, forbidden rest
take_back_agreement | method                                            | back ben, forbidden rest
add_agreement       | ok ben, forbidden rest                            | unfit ben, forbidden rest
write_agreement     | ok ben, forbidden rest                            | unfit ben, forbidden rest
end_agreement       | method                                            | back ben, forbidden rest
take_up_agreement   | method                                            | refused ben, forbidden rest
my_acceptances      | ok works finn, not_found rest                     | method
my_acceptance       | ok ana, not_found rest                            | method
duties              | ok works, forbidden rest                          | method
duty                | ok works, forbidden rest                          | method
add_duty            | ok tess ben, forbidden rest                       | unfit tess ben, forbidden rest
add_usual_duties    | ok tess ben, forbidden rest                       | unfit tess ben, forbidden rest
change_duty         | ok tess ben, forbidden rest                       | unfit tess ben, forbidden rest
finish_duty         | ok ana tess ben, forbidden rest                   | unfit ana tess ben, forbidden rest
reopen_duty         | method                                            | refused tess ben, forbidden rest
drop_duty           | ok tess ben, forbidden rest                       | unfit tess ben, forbidden rest
duty_paper          | ok ana tess ben, forbidden lee jo kim finn olga, not_found rest | method
certificates        | ok sol tess ben, forbidden rest                   | method
certificate_kinds   | ok works, forbidden rest                          | method
add_certificate_kind | ok ossi, forbidden rest                          | forbidden
change_certificate_kind | ok ossi, forbidden rest                       | forbidden
show_evidence       | ok works, forbidden rest                          | unfit works, forbidden rest
write_down_certificate | ok ossi, forbidden rest                        | forbidden
evidence            | ok ana sol tess ben, not_found rest               | method
evidence_picture    | ok ana sol tess ben, not_found rest               | method
accept_evidence     | method                        | back sol tess ben, forbidden ana, not_found rest
refuse_evidence     | ok sol tess ben, forbidden ana, not_found rest | unfit sol tess ben, forbidden ana, not_found rest
withdraw_evidence   | method                        | back ana, forbidden sol tess ben, not_found rest
end_credential      | ok ossi, forbidden rest                           | forbidden
applications        | ok ben, forbidden rest                            | method
application_file    | ok ben, not_found rest                            | method
invite_application  | ok ben, not_found rest                            | unfit ben, not_found rest
note_application    | ok ben, not_found rest                            | unfit ben, not_found rest
accept_application  | ok ben, not_found rest                            | back ben, not_found rest
decline_application | ok ben, not_found rest                            | unfit ben, not_found rest
candidates          | ok ben eli, forbidden rest                        | method
candidate           | ok cara ben eli, not_found rest                   | method
choose_mentor       | ok ben, forbidden cara eli, not_found rest        | unfit ben, forbidden cara eli, not_found rest
learn               | method                                            | back ben eli, forbidden cara, not_found rest
put_forward         | ok ben, forbidden cara eli, not_found rest        | unfit ben, forbidden cara eli, not_found rest
turn_down           | ok ben, forbidden cara eli, not_found rest        | unfit ben, forbidden cara eli, not_found rest
lessons             | ok works, forbidden rest                          | method
add_lesson          | ok ben, forbidden rest                            | unfit ben, forbidden rest
change_lesson       | ok ben, forbidden rest                            | unfit ben, forbidden rest
end_lesson          | method                                            | back ben, forbidden rest
tip                 | method                                            | back lee, forbidden tess, not_found rest
credit              | ok                                                | unfit
earnings            | ok works finn, not_found rest                     | method
start_onboarding    | method                                            | stripe works finn, not_found rest
onboarding_done     | not_found                                         | method
statement           | not_found olga, ok ana mia finn, not_found rest                   | method
statement_pdf       | not_found olga, ok ana mia finn, not_found rest                   | method
pay_runs            | ok works, forbidden rest                          | method
draft_pay_run       | method                                            | unfit tess, forbidden rest
pay_run             | ok works, forbidden rest                          | method
approve_pay_run     | method                                            | back ben, forbidden works, not_found rest
send_back_pay_run   | method                                            | back tess ben, forbidden works, not_found rest
export_pay_run      | method                                            | refused tess, forbidden works, not_found rest
books               | ok works, forbidden rest                          | method
accounts            | ok tess ben, forbidden rest                       | method
account             | ok ana tess ben, not_found rest                   | method
my_accounts         | ok works finn, not_found rest                     | method
find_entries        | ok tess ben, forbidden rest                       | method
entry               | ok tess ben, forbidden rest                       | method
export_books        | ok tess, forbidden rest                           | unfit tess, forbidden rest
reconciliation      | ok tess ben, forbidden rest                       | method
compare_again       | method                                            | back tess ben, forbidden rest
movement            | ok tess ben, forbidden rest                       | method
explain             | method                                            | unfit tess, forbidden ben, not_found rest
read_bank_file      | method                                            | unfit tess, forbidden rest
match_line          | ok tess, forbidden ben, not_found rest            | unfit tess, forbidden ben, not_found rest
let_go_line         | method                                            | back tess, forbidden ben, not_found rest
disputes            | ok sol tess, forbidden rest                       | method
dispute             | ok sol tess, forbidden rest                       | method
answer_dispute      | method                                            | unfit sol tess, not_found rest
let_bear_dispute    | method                                            | unfit tess, forbidden sol, not_found rest
take_back_payout    | ok tess, forbidden sol, not_found rest            | unfit tess, forbidden sol, not_found rest
retry_take_back     | method                                            | back tess, forbidden sol, not_found rest
give_up_take_back   | method                                            | back tess, forbidden sol, not_found rest
trial_balance       | ok tess ben, forbidden rest                       | method
hand_entries        | ok works, forbidden rest                          | method
hand_entry          | ok works, forbidden rest                          | method
open_hand_entry  | ok tess ben, forbidden rest                       | method
draft_hand_entry    | ok tess ben, forbidden rest                       | unfit tess ben, forbidden rest
undo_hand_entry     | ok tess ben, forbidden rest                       | unfit tess ben, forbidden rest
trouble             | ok sol tess, forbidden rest                       | method
recovery            | ok sol tess, forbidden rest                       | method
write_back          | method                                            | back tess, forbidden sol, not_found rest
let_go              | method                                            | refused tess, forbidden sol, not_found rest
leave_out           | method                                            | back tess, forbidden sol, not_found rest
retry_charge        | method                                            | back tess, forbidden sol, not_found rest
retry_payout        | method                                            | back tess, forbidden sol, not_found rest
pay_outside         | method                                            | back tess, forbidden sol, not_found rest
proposals           | ok works, not_found rest                          | method
propose             | ok works, not_found rest                          | ok works, not_found rest
proposal            | ok works, not_found rest                          | method
revise_proposal     | ok ana, forbidden works, not_found rest           | unfit ana, forbidden works, not_found rest
open_discussion     | method                                            | refused ana, forbidden works, not_found rest
comment_on_proposal | method                                            | back works, not_found rest
send_notice         | method                                            | back ana eli, forbidden works, not_found rest
withdraw_proposal   | method                                            | back ana, forbidden works, not_found rest
cast_ballot         | method                                            | forbidden cara, back works, not_found rest
void_proposal       | ok eli, forbidden works, not_found rest           | back eli, forbidden works, not_found rest
skip_wait           | method                                            | forbidden works, not_found rest
policies            | ok works, not_found rest                          | method
""".replace("KEYED", "sol tess ben eli omar olga ossi")
"""KEYED hold an office or held one, so they have a key."""
# What stands in the address, and what is sent, where it is not nothing.
ABOUT: dict[str, Callable[[House], object]] = {
    **dict.fromkeys(["accept_founding", "withdraw_founder"], lambda house: 0),
    "found_coop": lambda house: "a-key-that-opens-nothing",
    **dict.fromkeys(["mfa_remove_webauthn", "end_session"], lambda house: 0),
    **dict.fromkeys(["stop_address_change", "stop_recovery", "finish_recovery"], lambda house: "a-token-of-nobody"),
    **dict.fromkeys(["confirm_payment", "payment_confirmed"], lambda house: "a-token-of-nobody"),
    "recover_user": lambda house: house.people["ana"].pk,
    "demo_sign_in": lambda house: "a-token-of-somebody",
    "retry_notice": lambda house: house.lost.pk,
    "no_list": lambda house: Reach.no_list_token(house.people["ana"]),
    "answer_offer": lambda house: house.offer.answer_key,
    **dict.fromkeys(["choose_time", "give_contact", "check_booking", "join_waitlist"], lambda house: house.draft.token),
    **dict.fromkeys(["booking", "booking_calendar", "cancel_booking"], lambda house: house.today.visit.booking.token),
    **dict.fromkeys(
        ["series", "change_series", "pause_series", "resume_series", "end_series"],
        lambda house: house.series.booking.token,
    ),
    **dict.fromkeys(
        ["skip_visit", "take_back_visit", "keep_visit"],
        lambda house: (house.series.booking.token, house.series.days.latest("day").pk),
    ),
    **dict.fromkeys(["save_card", "card_saved"], lambda house: house.asked.token),
    **dict.fromkeys(["visit", "cancel_visit", "miss_visit"], lambda house: house.today.visit_id),
    **dict.fromkeys(["move_own_visit", "cancel_own_visit"], lambda house: house.today.visit_id),
    **dict.fromkeys(["nobody_opens", "lock_out"], lambda house: house.today.visit_id),
    "miss_shift": lambda house: house.today.pk,
    "relieve_shift": lambda house: house.today.pk,
    "wind_up_visit": lambda house: house.today.visit_id,
    "come_back": lambda house: house.day_off.pk,
    **dict.fromkeys(
        [
            *("read_standing", "go_on_leave", "come_back_from_leave", "give_notice", "suspend"),
            *("reinstate_suspended", "return_as_candidate", "return_as_member"),
        ],
        lambda house: house.people["ana"].membership.pk,
    ),
    **dict.fromkeys(["announcement", "answer_announcement", "take_back_announcement"], lambda house: house.told.pk),
    **dict.fromkeys(["change_body", "seat_in_body"], lambda house: house.board_term.body_id),
    "leave_body": lambda house: house.board_term.pk,
    "take_back": lambda house: house.people["ana"].membership.standings.latest("pk").pk,
    "refund_visit": lambda house: house.done.pk,
    **dict.fromkeys(["retry_refund", "pay_outside_refund"], lambda house: house.refund.pk),
    **dict.fromkeys(
        ["confirmation", *(f"{step}_confirmation" for step in ("answer", "confirm", "decline", "withdraw"))],
        lambda house: house.question.pk,
    ),
    **dict.fromkeys(["place_do_not_send", "receipt", "receipt_pdf", "tip"], lambda house: house.done.pk),
    "end_term": lambda house: house.people["tess"].membership.terms.earliest("pk").pk,
    **dict.fromkeys(["member", "give_skills", "change_member"], lambda house: house.people["mia"].membership.pk),
    "lift_do_not_send": lambda house: house.kept_away.pk,
    **dict.fromkeys(["gift_card", "gift_card_paid"], lambda house: house.gift.token),
    **dict.fromkeys(["invited", "accept_invitation"], lambda house: invitation_of(house.today.home.client)),
    "answer_claim": lambda house: house.claimed.client.claim_key,
    **dict.fromkeys(
        ["application", *(f"{step}_application" for step in ("prove", "disown", "withdraw"))],
        lambda house: house.application.token,
    ),
    **dict.fromkeys(
        ["application_file", *(f"{step}_application" for step in ("invite", "note", "accept", "decline"))],
        lambda house: house.application.pk,
    ),
    **dict.fromkeys(
        ["evidence", "evidence_picture", *(f"{step}_evidence" for step in ("accept", "refuse", "withdraw"))],
        lambda house: house.evidence.pk,
    ),
    "end_credential": lambda house: house.credential.pk,
    **dict.fromkeys([f"{step}_duty" for step in ("change", "finish", "reopen", "drop")], lambda house: house.duty.pk),
    **dict.fromkeys(
        ["agreement_version", "accept_agreement", "take_back_agreement"], lambda house: house.accepted.version_id
    ),
    **dict.fromkeys(
        ["agreement", *(f"{step}_agreement" for step in ("write", "end", "take_up"))],
        lambda house: house.accepted.version.agreement.code,
    ),
    **dict.fromkeys(["paper", "paper_file", "replace_paper", "remove_paper"], lambda house: house.paper.pk),
    "my_acceptance": lambda house: house.accepted.pk,
    **dict.fromkeys(["duty", "duty_paper"], lambda house: house.duty_done.pk),
    "change_certificate_kind": lambda house: "hha",
    **dict.fromkeys(
        ["candidate", "choose_mentor", "learn", "put_forward", "turn_down"],
        lambda house: house.people["cara"].membership.pk,
    ),
    **dict.fromkeys(["change_lesson", "end_lesson"], lambda house: Lesson.objects.earliest("pk").pk),
    **dict.fromkeys(["take_over_claim", "disown_claim"], lambda house: house.claimed.client.pk),
    "leave_waitlist": lambda house: house.wait.token,
    **dict.fromkeys(["change_home", "remove_home"], lambda house: house.today.home.pk),
    **dict.fromkeys(["replace_card", "card_replaced", "remove_card"], lambda house: house.today.home.client_id),
    "calendar_feed": lambda house: house.feed.token,
    **dict.fromkeys(["make_calendar", "revoke_calendar"], lambda house: "member"),
    **dict.fromkeys(["describe_home", "show_note", "change_note"], lambda house: house.today.home.pk),
    "join_household": lambda house: house.invited.pk,
    "leave_household": lambda house: house.jo.pk,
    **dict.fromkeys(["keep_away", "send_again", "withdraw_send_again"], lambda house: house.today.member_id),
    "refuse_home": lambda house: house.today.pk,
    **dict.fromkeys(["ask_redo", "thank"], lambda house: house.done.pk),
    **dict.fromkeys(["withdraw_redo", "plan_redo", "decline_redo"], lambda house: house.redo.pk),
    "remove_thank_you": lambda house: house.thanks.pk,
    "lift_refusal": lambda house: house.refused.pk,
    **dict.fromkeys(["accept_offer", "say_no_to_offer", "undo_offer"], lambda house: house.offer.pk),
    **dict.fromkeys(["write_times", "not_there"], lambda house: house.today.pk),
    "undo_shift": lambda house: house.today.pk,
    **dict.fromkeys(["start_shift", "finish_shift", "release_shift", "turn"], lambda house: house.today.pk),
    "answer_flag": lambda house: "hours",
    "look_at_tap": lambda house: house.tap.pk,
    **dict.fromkeys(["show_access_note", "run_late", "report_incident", "take_photo"], lambda house: house.today.pk),
    **dict.fromkeys(["photo", "small_photo", "remove_photo"], lambda house: house.photo.pk),
    **dict.fromkeys(["incident", "take_in_hand", "close_incident"], lambda house: house.incident.uuid),
    "care_record": lambda house: house.care.shift_id,
    "swap_shift": lambda house: house.today.pk,
    **dict.fromkeys(["agree_swap", "decline_swap", "withdraw_swap"], lambda house: house.swap.pk),
    **dict.fromkeys(["take_shift", "ask_again"], lambda house: house.board.pk),
    **dict.fromkeys(["change_task", "end_task"], lambda house: ChecklistTask.objects.earliest("pk").pk),
    "reschedule_visit": lambda house: house.today.visit_id,
    **dict.fromkeys(["give_shift", "note_yes"], lambda house: house.board.pk),
    "client": lambda house: house.today.home.client_id,
    "confirm_booking": lambda house: house.asked.token,
    "called": lambda house: house.call.pk,
    "pay_outside_charge": lambda house: house.charge.pk,
    **dict.fromkeys(["hand_over", "hand_on"], lambda house: house.day_off.pk),
    "tick_tasks": lambda house: house.today.pk,
    "price_service": lambda house: "cleaning",
    "price_add_on": lambda house: "oven",
    "take_back_service_price": lambda house: ServicePrice.objects.earliest("pk").pk,
    "take_back_add_on_price": lambda house: AddOnPrice.objects.earliest("pk").pk,
    "choose_preset": lambda house: "three",
    "say_pay_kind": lambda house: house.people["ana"].membership.pk,
    "take_back_least_wage": lambda house: LeastWage.objects.earliest("pk").pk,
    "change_service": lambda house: "cleaning",
    "change_add_on": lambda house: "oven",
    **dict.fromkeys(["retire", "bring_back", "move_up"], lambda house: ("services", "deep")),
    "change_skill": lambda house: "cleaning",
    "try_out": lambda house: "nobody-knows",
    **dict.fromkeys(["reopen_day", "take_back_hours", "take_back_areas"], lambda house: 0),
    "give_back_leave": lambda house: house.leave.pk,
    "work_as_usual": lambda house: house.single_day.pk,
    **dict.fromkeys(["statement", "statement_pdf"], lambda house: house.paid.pk),
    **dict.fromkeys(["pay_run", "approve_pay_run", "send_back_pay_run", "export_pay_run"], lambda house: house.run.pk),
    "account": lambda house: Account.objects.get(kind="pay", member__user=house.people["ana"]).pk,
    **dict.fromkeys(["hand_entry", "open_hand_entry", "undo_hand_entry"], lambda house: house.spent.pk),
    "entry": lambda house: house.done.entries.earliest("pk").pk,
    "retry_charge": lambda house: house.charge.pk,
    **dict.fromkeys(["write_back", "let_go"], lambda house: house.recovery.pk),
    "leave_out": lambda house: house.recovery.found.latest("pk").pk,
    **dict.fromkeys(["retry_payout", "pay_outside"], lambda house: house.payout.pk),
    **dict.fromkeys(["proposal", "revise_proposal", "open_discussion"], lambda house: house.talk.pk),
    **dict.fromkeys(["comment_on_proposal", "send_notice", "withdraw_proposal"], lambda house: house.talk.pk),
    "skip_wait": lambda house: house.talk.pk,
    **dict.fromkeys(["cast_ballot", "void_proposal"], lambda house: house.vote.pk),
    **dict.fromkeys(["movement", "explain"], lambda house: house.movement.pk),
    **dict.fromkeys(["match_line", "let_go_line"], lambda house: house.bank_line.pk),
    **dict.fromkeys(["dispute", "answer_dispute", "let_bear_dispute"], lambda house: house.dispute.pk),
    **dict.fromkeys(["retry_take_back", "give_up_take_back"], lambda house: house.take_back.pk),
    "take_back_payout": lambda house: house.payout.pk,
}
BECAUSE = {"note": "Because."}
SENT: dict[str, Any] = {
    "accept_agreement": {"language": "en"},
    **dict.fromkeys(["confirm_booking", "pay_outside_charge", "pay_outside_refund", "leave_out"], BECAUSE),
    "approve_pay_run": {"knowing": "on", "despite": "It is looked into."},
    "credit": {"code": ""},
    "answer_claim": {"yes": "yes"},
    "give_shift": lambda house: {"member": house.people["mia"].membership.pk, "reason": "She knows the lift."},
    "gift_cards": {"worth": ""},
    "me": {"name": ""},
    "answer_announcement": {"answer": "yes"},
    "change_availability": {"nothing": "at all"},
    "revise_proposal": {"title": ""},
    "ask_for_area": {"zip": "60601", "email": "far@example.org"},
    "work_otherwise": {"day": "2026-05-04", "from_day_0": "10:00", "to_day_0": "12:00"},
    "take_leave": {"starts_on": "2026-05-01", "ends_on": "2026-05-02"},
    "place_do_not_send": lambda house: {"member": house.done.shifts.get().member_id, "reason": "other"},
    "keep_away": {"reason": "other"},
    "decline_redo": {"answer": "Because."},
    "refuse_home": {"reason": "other"},
    "release_shift": {"why": "other"},
    "come_back": {"on": "2026-04-20"},
    "go_on_leave": {"on": "", "until": ""},
    **dict.fromkeys(["cancel_visit", "miss_visit", "send_back_pay_run", "pay_outside"], BECAUSE),
    "void_proposal": BECAUSE,
    "tip": {"amount": "5"},
    "miss_shift": BECAUSE,
    "run_late": {"minutes": "15"},
    "report_incident": {"kind": "broken", "words": "A vase."},
    "close_incident": {"outcome": "We paid for it."},
    "refund_visit": lambda house: {
        "charge": house.refund.charge_id,
        "amount": "1",
        "responsible": "coop",
        "note": "A vase broke.",
    },
    "cancel_own_visit": lambda house: {"cents": house.today.visit.cents},
    "draft_pay_run": {"ends_on": "2026-03-08"},
    "comment_on_proposal": {"body": "Good."},
    "cast_ballot": {"choice": "yes"},
}


def addresses(patterns: list[URLPattern | URLResolver] | None = None) -> Iterator[str]:
    """The name of every address of the site."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            yield from addresses(one.url_patterns)
        else:
            yield one.name or str(one.pattern)


def declared() -> dict[tuple[str, str], str]:
    """The tables as (address, way) -> cell."""
    found = {}
    for table, front in ((OPEN_TO_ALL, ""), (SIGNED_IN, "login nobody, ")):
        for line in table.strip().splitlines()[1:]:
            name, read, send = (cell.strip() for cell in line.split("|"))
            found[name, "get"], found[name, "post"] = front + with_rest(read), front + with_rest(send)
    return found


def address_of(name: str, home: House) -> str:
    """The address with what stands in it: a thing of the house, or several."""
    about = ABOUT[name](home) if name in ABOUT else ()
    return reverse(name, args=about if isinstance(about, tuple) else [about])


def with_rest(cell: str) -> str:
    return cell if " " in cell else f"{cell} rest"


def by_person(cell: str, people: list[str]) -> dict[str, str]:
    """What a cell says for each person."""
    words: dict[str, str] = {}
    groups = {"works": WORKS.split(), "lee": ["lee", "jo"], "rest": people, "finn": ["finn", "olga"]}
    for part in cell.split(","):
        word, *named = part.split()
        for name in named:
            for person in groups.get(name, [name]):
                words.setdefault(person, word)
    return {person: words[person] for person in people}


def by_standing(words: dict[str, str], *, name: str, way: str) -> dict[str, str]:
    """The same with what Ossi gets: on leave an office reads what its holders read, and does nothing.

    What only the holder of an office may do is forbidden, and what any member does who is on leave (Eva), they do.
    """
    if "ossi" not in words or name in OF_THEIR_OWN:
        return words
    plain = words["eva"]
    more = sorted({words[holder] for holder in OFFICE} - {words["omar"]}, key=AS_READ.index)
    if way == "get":
        return words | {"ossi": more[0] if more else plain}
    return words | {"ossi": "forbidden" if more else plain}


AS_READ = ["ok", "back", "refused", "unfit", "stripe", "forbidden", "not_found"]
OF_THEIR_OWN = (
    *("lift_refusal", "mfa_activate_totp", "mfa_deactivate_totp", "mfa_generate_recovery_codes"),
    *("add_certificate_kind", "change_certificate_kind", "write_down_certificate", "end_credential", "give_skills"),
    "import_members",
)
"""What somebody of the office does in the house as the member that they are, too; a key stays theirs."""


def expected(name: str, way: str, home: House) -> dict[str, str]:
    """What an address answers to everybody, in a word each."""
    return by_standing(by_person(declared()[name, way], [NOBODY, *home.people]), name=name, way=way)


BY_ALL = frozenset(some(sorted(set(addresses())), of=40))
"""Addresses at which everybody asks, also outside a whole proof; elsewhere one for each answer does."""


def who_asks(name: str, way: str, home: House) -> list[str]:
    """Everybody; outside a whole proof mostly one for each answer that is declared, another at each address."""
    words, at = expected(name, way, home), crc32(name.encode())
    if "method" in words.values() and not WHOLE:
        return FEW
    if name in BY_ALL:
        return list(words)
    groups = [[who for who in words if words[who] == word] for word in dict.fromkeys(words.values())]
    return [group[at % len(group)] for group in groups]


@pytest.mark.parametrize("name", [name for name, way in declared() if way == "post"])
def test_an_address_answers_everybody_who_sends_as_declared(name: str, standing: House) -> None:
    """Reading is looked at in `test_secrets`, where those who ask open every page."""
    address, sent = address_of(name, standing), SENT.get(name, {})
    wrong = []
    words = expected(name, "post", standing)
    for who in who_asks(name, "post", standing):
        word = words[who]
        found = standing.answer(who, "post", address, sent(standing) if callable(sent) else sent)
        if found != word:
            wrong.append(f"{name}: post by {who} is {found}, declared {word}")
    assert not wrong, "\n".join(wrong)


def test_every_address_has_a_line() -> None:
    assert sorted(set(addresses())) == sorted({name for name, _way in declared()})


def paths(patterns: list[URLPattern | URLResolver], front: str = "") -> Iterator[tuple[str, str]]:
    """Every address of the site as it is typed, with its name."""
    for one in patterns:
        if isinstance(one, URLResolver):
            yield from paths(one.url_patterns, front + str(one.pattern))
        else:
            yield front + str(one.pattern), one.name or ""


def test_no_address_hides_another() -> None:
    ours = {pair for pair in paths(get_resolver().url_patterns) if not pair[1].startswith("account_")}
    twice = Counter(path for path, _name in ours)
    # The library has names of its own for the page on which one looks after one's keys.
    assert [path for path, times in twice.items() if times > 1] == ["me/signing-in"]


def test_those_who_work_are_who_the_table_says(standing: House) -> None:
    assert [name for name, person in standing.people.items() if person.works] == WORKS.split()


def test_a_role_that_ends_in_another_session_ends_at_once(home: House) -> None:
    office = [reverse("unfilled_shifts"), reverse("trouble")]
    before = [home.answer("sol", "get", address) for address in office]
    Role.objects.filter(member__user=home.people["sol"]).delete()
    after = [home.answer("sol", "get", address) for address in office]
    assert (before, after) == (["ok", "ok"], ["forbidden", "forbidden"])


def test_whoever_leaves_the_coop_is_out_at_once(home: House) -> None:
    pages = [reverse(name) for name in ("today", "offers", "books", "proposals", "change_availability")]
    pages.append(reverse("visit", args=[home.today.visit_id]))
    before = [home.answer("ana", "get", address) for address in pages]
    home.people["ana"].membership.leave_coop(at=house.NOW, by=None)
    after = [home.answer("ana", "get", address) for address in pages]
    assert (before, after) == (["ok"] * 6, ["login"] * 6)
    sessions = {"ana": house.signed_in(User.objects.get(pk=home.people["ana"].pk))}
    anew = [replace(home, sessions=sessions).answer("ana", "get", address) for address in pages]
    assert anew == ["forbidden", "forbidden", "forbidden", "not_found", "not_found", "not_found"]


def test_somebody_switched_off_is_signed_out_at_once(home: House) -> None:
    home.people["ana"].is_active = False
    home.people["ana"].save()
    assert home.answer("ana", "get", reverse("today")) == "login"


TAKEN_WITHOUT = ["no_list", "stripe_webhook"]


def test_what_is_sent_without_our_token_is_refused(standing: House) -> None:
    """Except what Stripe sends, which is signed, and what a mail program sends to a secret address from its mail."""
    taken = []
    for name in sorted({*some(sorted(set(addresses())), of=6), *TAKEN_WITHOUT}):
        address = address_of(name, standing)
        if standing.browser("ana", forged=True).post(address, {}).status_code not in (403, 405):
            taken.append(name)
    assert taken == TAKEN_WITHOUT
