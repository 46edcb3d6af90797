"""The words of the hosted pages, in English and Spanish."""

from __future__ import annotations

LANGUAGES = ("en", "es")

SPANISH = {
    "Test checkout": "Pago de prueba",
    "Test checkout: no real money": "Pago de prueba: sin dinero real",
    "Save a card": "Guardar una tarjeta",
    "Pay": "Pagar",
    "Save card": "Guardar tarjeta",
    "Choose a test card": "Elige una tarjeta de prueba",
    "These cards are made up. Each one shows what can happen with a real one.": (
        "Estas tarjetas son inventadas. Cada una muestra lo que puede pasar con una de verdad."
    ),
    "cancel and go back": "cancelar y volver",
    "Please choose a card.": "Elige una tarjeta.",
    "You can choose another card and try again.": "Puedes elegir otra tarjeta e intentarlo de nuevo.",
    "Is this you?": "¿Eres tú?",
    "Your bank asks you to confirm this card.": "Tu banco te pide que confirmes esta tarjeta.",
    "Yes, it is me": "Sí, soy yo",
    "No, stop this": "No, detener",
    "This page is closed": "Esta página está cerrada",
    "It was used already, or its time has run out.": "Ya se usó, o se acabó su tiempo.",
    "Nothing is here": "Aquí no hay nada",
    "This address does not lead to a page.": "Esta dirección no lleva a ninguna página.",
    "Something went wrong": "Algo salió mal",
    "Set up your payments": "Prepara tus cobros",
    "Stripe would ask here for your name, birthday and bank account. Nothing is asked on this test page.": (
        "Aquí Stripe te pediría tu nombre, tu fecha de nacimiento y tu cuenta bancaria. "
        "En esta página de prueba no se pide nada."
    ),
    "Complete": "Completar",
    "Leave it unfinished": "Dejarlo sin terminar",
    "Your test account": "Tu cuenta de prueba",
    "Available now": "Disponible ahora",
    "On its way": "En camino",
    "Works": "Funciona",
    "Works (Mastercard)": "Funciona (Mastercard)",
    "Works, and the money arrives at once": "Funciona, y el dinero llega enseguida",
    "Is declined": "Es rechazada",
    "Is declined: not enough money": "Es rechazada: no hay fondos suficientes",
    "Is declined: the card has expired": "Es rechazada: la tarjeta está vencida",
    "Can be saved, but is declined when charged later": "Se puede guardar, pero es rechazada al cobrar después",
    "Needs confirmation once, now": "Pide confirmación una vez, ahora",
    "Needs confirmation for every payment": "Pide confirmación en cada pago",
    "Works, but the payment is disputed": "Funciona, pero el pago es disputado",
    "Works, but a refund fails": "Funciona, pero un reembolso falla",
    "Your card was declined.": "Tu tarjeta fue rechazada.",
    "Your card has insufficient funds.": "Tu tarjeta no tiene fondos suficientes.",
    "Your card has expired.": "Tu tarjeta está vencida.",
    "The bank could not confirm that it was you.": "El banco no pudo confirmar que eras tú.",
}

OUTCOMES = {
    "visa": "Works",
    "mastercard": "Works (Mastercard)",
    "bypassPending": "Works, and the money arrives at once",
    "visa_chargeDeclined": "Is declined",
    "visa_chargeDeclinedInsufficientFunds": "Is declined: not enough money",
    "chargeDeclinedExpiredCard": "Is declined: the card has expired",
    "chargeCustomerFail": "Can be saved, but is declined when charged later",
    "authenticationRequiredOnSetup": "Needs confirmation once, now",
    "authenticationRequired": "Needs confirmation for every payment",
    "createDispute": "Works, but the payment is disputed",
    "refundFail": "Works, but a refund fails",
}
"""What a test card does, by its name."""


def say(language: str, english: str) -> str:
    """A sentence in the reader's language; English where there is no other."""
    return SPANISH.get(english, english) if language == "es" else english


def language_of(locale: str | None, accepted: str) -> str:
    """The page's language: what the session asks for, else what the browser likes best."""
    wished = [locale or "", *_by_liking(accepted)]
    return next((word[:2] for word in wished if word[:2] in LANGUAGES), "en")


def _by_liking(accepted: str) -> list[str]:
    """The languages of an `Accept-Language` header, the best liked first."""
    weighed = []
    for part in accepted.lower().split(","):
        language, _, weight = part.strip().partition(";q=")
        try:
            weighed.append((-float(weight or 1), language))
        except ValueError:
            continue
    return [language for _, language in sorted(weighed, key=lambda one: one[0])]
