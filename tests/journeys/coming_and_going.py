"""How people come to a co-op and go: an application, the time as a candidate, an admission, a leave-taking."""

from __future__ import annotations

from tests.journeys.founding import IVAN, LUZ, NORA, WEEK, confirmed, member, on
from tests.journeys.test_the_first_hour import told
from tests.stack import Stack

MAYA = "maya@example.org"
TOLD: dict[str, str | list[str]] = {
    "phone": "718 555 0177",
    "zip": "11215",
    "hours": "20",
    "skills": ["cleaning"],
    "may_work": "yes",
}


def somebody_applies(stack: Stack) -> None:
    """In Spanish, without an account; it counts once the link in our mail is pressed."""
    maya = stack.people[MAYA] = stack.visitor()
    maya.session.headers["Accept-Language"] = "es"
    maya.visit(f"{stack.site}/work-with-us")
    maya.follow("Escríbenos")
    maya.send("Enviar", name="Maya Cruz", email=MAYA, **TOLD, days=["0", "1", "2", "3", "4"])
    stack.until(lambda: bool(stack.mails.to(MAYA)), "Maya is asked whether it was her")
    maya.visit(next(link for link in stack.mails.to(MAYA)[0].links if "/work-with-us/" in link))
    maya.send("Sí, enviarla")


def she_is_accepted_as_a_candidate(stack: Stack) -> None:
    """By the membership office, with what she can do and a mentor; she says when she works."""
    ivan = stack.person(IVAN)
    ivan.visit("/applications")
    ivan.follow("Maya Cruz")
    ivan.follow("/yes")
    ivan.send("Accept", skills=["cleaning"], mentor=str(member(IVAN)))
    confirmed(stack, IVAN)
    ivan.sees("They work here from now on")
    maya = stack.person(MAYA)
    maya.visit("/me/availability")
    maya.send("Guardar mi semana", **WEEK)
    maya.sees("Tu semana quedó guardada.")


def she_learns(stack: Stack) -> None:
    """The list is the office's; her mentor ticks what she knows, and she reads it."""
    ivan, maya = stack.person(IVAN), stack.person(MAYA)
    ivan.visit("/candidates/lessons/new")
    ivan.send("Save", text_en="Which cleaner goes with which stone", text_es="Qué va con qué piedra")
    ivan.visit(f"/candidates/{member(MAYA)}")
    boxes = [one.attrs["value"] for one in ivan.page.every("input") if one.attrs.get("name") == "lessons"]
    ivan.send("/learned", lessons=boxes)
    maya.visit(f"/candidates/{member(MAYA)}")
    maya.sees("Qué va con qué piedra", "aprendido")


def she_is_admitted_by_two(stack: Stack) -> None:
    """Before all is there that the rules ask for: with a reason that the second person reads."""
    ivan, nora = stack.person(IVAN), stack.person(NORA)
    ivan.visit(f"/candidates/{member(MAYA)}")
    ivan.follow("Ask for their admission")
    ivan.send("Ask a second person", reason="She began with us before we were a co-op")
    ivan.sees("It waits for a second person now.")
    nora.visit("/confirmations")
    nora.follow("Admit Maya")
    nora.send("Confirm")
    confirmed(stack, NORA)
    maya = stack.person(MAYA)
    maya.visit(f"/members/{member(MAYA)}/standing")
    maya.sees("Maya Cruz integrante", "2 de junio de 2026: integrante")


def somebody_leaves(stack: Stack) -> None:
    """The page says first what follows; the shift of later goes to somebody else at once."""
    luz = stack.person(LUZ)
    luz.visit(f"/members/{member(LUZ)}/standing")
    luz.follow("Leave the co-op")
    luz.send("What follows from it?", gone_on="2026-05-31")
    luz.sees("1 shift from May 31, 2026 on goes to somebody else at once", "Your office (coordinator) ends")
    luz.send("Leave on May 31", why="life")
    confirmed(stack, LUZ)
    luz.sees("Thank you for the time together.")


def the_day_comes(stack: Stack) -> None:
    """Whoever is gone is signed out, and their offices stand as over; who took the shift works it."""
    stack.until(lambda: told(stack, MAYA, "2 de junio"), "Maya is asked by mail")
    luz, maya = stack.people[LUZ], stack.person(MAYA)
    maya.visit("/offers")
    maya.send("Aceptar")
    maya.sees("Es tuyo.")
    stack.go_to(on(5, 31, 9))
    luz.visit("/today")
    luz.sees("Send me a code")
    nora = stack.person(NORA)
    nora.visit("/offices")
    nora.sees("Terms that are over Coordinator: Luz R.")
    nora.sees_no("Coordinator: Luz R. Since")
    stack.go_to(on(6, 2, 9, 1))
    maya.visit("/today")
    maya.send("Ya llegué")
    stack.go_to(on(6, 2, 12, 25))
    maya.visit("/today")
    maya.send("Terminé")
    maya.sees("Gracias, Maya.")
