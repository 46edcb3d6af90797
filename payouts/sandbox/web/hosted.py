"""What a person does on the hosted pages: choosing a card, confirming it, filling in an account."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from payouts.sandbox import requests
from payouts.sandbox.api import Api
from payouts.sandbox.desk import Desk
from payouts.sandbox.errors import Obj, Refused
from payouts.sandbox.objects import checkout, connect, customers, payments
from payouts.sandbox.objects.cards import BY_NUMBER, CARDS
from payouts.sandbox.objects.passing import pass_time
from payouts.sandbox.store import Store
from payouts.sandbox.web.http import Reply, Request
from payouts.sandbox.web.pages import Page
from payouts.sandbox.web.words import language_of

STYLE = (Path(__file__).parent / "style.css").read_bytes()
BY_NAME = {card.name: card for card in CARDS}
WAITS_FOR_PROOF = "requires_action"


def redirect(url: str) -> Reply:
    """On to another page, by GET."""
    return Reply(303, b"", {"Location": url})


class Hosted:
    """The pages under /checkout/, /proof/, /onboarding/ and /dashboard/."""

    def __init__(self, *, store: Store, api: Api) -> None:
        self._store, self._api = store, api
        self._rooms: dict[str, Callable[[Desk, Request, str, Obj], Reply]] = {
            "checkout": _checkout,
            "proof": _proof,
            "onboarding": _onboarding,
            "dashboard": _dashboard,
        }

    def answer(self, request: Request) -> Reply:
        if request.path == "/style.css":
            return Reply(200, STYLE, {"Content-Type": "text/css; charset=utf-8"})
        room, _, id = request.path.strip("/").partition("/")
        if room not in self._rooms or request.method not in ("GET", "POST"):
            return _page(request).missing()
        try:
            form = requests.decode(request.body) if request.method == "POST" else {}
            with self._store.transaction():
                pass_time(self._api.desk())
                return self._rooms[room](self._api.desk(), request, id, form)
        except Refused as refusal:
            if refusal.status == 404:
                return _page(request).missing()
            return _page(request).trouble(str(refusal), status=refusal.status)


def _page(request: Request, *leads_to: str | None, locale: str | None = None) -> Page:
    language = language_of(locale, request.headers.get("Accept-Language") or "")
    return Page(language, tuple(url for url in leads_to if url))


def _checkout(desk: Desk, request: Request, id: str, form: Obj) -> Reply:
    session = _session(desk, id)
    page = _page(request, session["success_url"], locale=session["locale"])
    if session["status"] != "open":
        return page.closed()
    if request.method == "GET":
        return page.checkout(session)
    chosen, proof = form.get("card"), form.get("proof") or ""
    card = BY_NAME.get(str(chosen)) or BY_NUMBER.get(str(chosen))
    if card is None:
        return page.checkout(session, problem="Please choose a card.")
    if checkout.needs_proof(card, proof=str(proof)):
        return page.proof(card=card.name)
    try:
        checkout.complete(desk, session, card, proof=str(proof))
    except Refused as refusal:
        return page.checkout(session, problem=str(refusal))
    return redirect(session["success_url"].replace("{CHECKOUT_SESSION_ID}", session["id"]))


def _session(desk: Desk, id: str) -> Obj:
    """A session of the platform or of any account: its address is all that a visitor has."""
    return _of_any_account(desk, id).get("checkout.session", id)


def _of_any_account(desk: Desk, id: str) -> Desk:
    record = desk.store.get(id)
    return desk.at(record.account) if record else desk


def _proof(desk: Desk, request: Request, id: str, form: Obj) -> Reply:
    desk = _of_any_account(desk, id)
    kind = "setup_intent" if id.startswith("seti_") else "payment_intent"
    intent = desk.get(kind, id)
    if intent["status"] != WAITS_FOR_PROOF:
        return _page(request).closed()
    back = intent["next_action"]["redirect_to_url"]["return_url"]
    page = _page(request, back)
    if request.method == "GET":
        return page.proof()
    accepted = form.get("proof") == "yes"
    try:
        _settle_proof(desk, intent, accepted=accepted)
    except Refused as refusal:
        if not back:
            return page.trouble(str(refusal), status=refusal.status)
    return redirect(_with_intent(back, kind, id)) if back else page.closed()


def _settle_proof(desk: Desk, intent: Obj, *, accepted: bool) -> None:
    if intent["object"] == "payment_intent":
        payments.prove(desk, intent, accepted=accepted)
    elif accepted:
        customers.finish_setup(desk, intent, desk.get("payment_method", intent["payment_method"]))
    else:
        intent.update(status="requires_payment_method", payment_method=None, next_action=None)
        desk.announce("setup_intent.setup_failed", intent)


def _with_intent(url: str, kind: str, id: str) -> str:
    """As Stripe does, tell the page that follows which intent it is about."""
    return f"{url}{'&' if '?' in url else '?'}{kind}={id}"


def _onboarding(desk: Desk, request: Request, id: str, form: Obj) -> Reply:
    link = desk.get("account_link", id)
    kept = desk.private(link)
    page = _page(request, kept["return_url"])
    if kept["used"] or link["expires_at"] < desk.now:
        return redirect(kept["refresh_url"]) if kept["refresh_url"] else page.closed()
    if request.method == "GET":
        return page.onboarding()
    connect.onboard(desk, desk.get("account", kept["account"]), str(form.get("outcome")))
    kept["used"] = True
    return redirect(kept["return_url"]) if kept["return_url"] else page.closed()


def _dashboard(desk: Desk, request: Request, id: str, _form: Obj) -> Reply:
    desk.get("account", id)
    available, pending = desk.store.balance(id, now=desk.now)
    return _page(request).dashboard(available=available, pending=pending)
