"""Of two who do the same thing at once, the second waits and sees what the first did."""

from django.db import connection


def wait_for_turn(what: str) -> None:
    """In a transaction: nobody else does this until it ends. `what` is a name, such as `members.skill`."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [what])
