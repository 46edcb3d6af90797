"""Care visits as a table for whoever pays for care: every number of every record, the edited ones too."""

from collections.abc import Iterable, Iterator

from bookings.care.records import CareRecord

HEADER = [
    "visit",
    "number",
    "current",
    "type of service",
    "individual receiving",
    "individual providing",
    "location",
    "date",
    "start",
    "end",
    "start recorded by",
    "end recorded by",
    "place at start",
    "place at end",
    "flags",
    "edited by",
    "reason",
    "recorded at",
]
"""In English in every language: other programs read it."""


def rows(records: Iterable[CareRecord]) -> Iterator[list[object]]:
    """One line a number; `records` in order."""
    listed = list(records)
    latest = {record.shift_id: record.number for record in listed}
    for record in listed:
        start, end = (moment.astimezone(record.zone) for moment in (record.starts_at, record.ends_at))
        yield [
            record.shift_id,
            record.number,
            "yes" if latest[record.shift_id] == record.number else "no",
            record.service,
            record.recipient,
            record.worker,
            record.street,
            start.date(),
            start.isoformat(timespec="minutes"),
            end.isoformat(timespec="minutes"),
            record.start_how,
            record.end_how,
            record.start_place,
            record.end_place,
            " ".join(record.flags),
            record.editor.name if record.editor else "",
            record.reason,
            record.made_at.astimezone(record.zone).isoformat(timespec="seconds"),
        ]
