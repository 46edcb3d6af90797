"""What becomes of a candidate waits for a second owner."""

from members.joining import admissions
from members.joining.candidates import ADMISSION
from members.second_person.confirmable_acts import Matter, register

register(
    ADMISSION,
    Matter(
        offices=("membership", "board"),
        say=admissions.say,
        link=admissions.link,
        touches=admissions.touches,
        carry_out=admissions.carry_out,
        drop=admissions.drop,
        falls=True,
    ),
)
