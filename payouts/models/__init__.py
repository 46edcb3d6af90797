"""All money: the books, what clients are charged, what members are paid."""

from payouts.models.cards import Card, CardSession
from payouts.models.charges import Charge
from payouts.models.gifts import GiftCard
from payouts.models.ledger import Account, Entry, Move, Transfer
from payouts.models.lines import Line
from payouts.models.payees import PayeeAccount
from payouts.models.payouts import Payout
from payouts.models.payruns import PayRun
from payouts.models.referrals import Referral
from payouts.models.refunds import Refund
from payouts.models.removals import CardRemoval
from payouts.models.supplements import Supplement
from payouts.models.webhooks import WebhookEvent
from payouts.models.weeks import WorkWeek

__all__ = [
    "Account",
    "Card",
    "CardRemoval",
    "CardSession",
    "Charge",
    "Entry",
    "GiftCard",
    "Line",
    "Move",
    "PayRun",
    "PayeeAccount",
    "Payout",
    "Referral",
    "Refund",
    "Supplement",
    "Transfer",
    "WebhookEvent",
    "WorkWeek",
]
