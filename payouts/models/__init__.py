"""All money: the books, what clients are charged, what members are paid."""

from payouts.charges.card_removals import CardRemoval
from payouts.charges.card_terms import CardTerms
from payouts.charges.cards import Card, CardSession
from payouts.charges.charges import Charge
from payouts.charges.gift_cards import GiftCard
from payouts.charges.referrals import Referral
from payouts.charges.refunds import Refund
from payouts.hand_entries.hand_entries import HandEntry
from payouts.ledger.ledger import Account, Entry, Move, Transfer
from payouts.ledger.supplements import Supplement
from payouts.ledger.weeks import WorkWeek
from payouts.pay_kinds.pay_kinds import PayKind
from payouts.payroll.lines import Line
from payouts.payroll.payees import PayeeAccount
from payouts.payroll.payouts import Payout
from payouts.payroll.payruns import PayRun
from payouts.reconciliation.bank.lines import BankLine, BankMatch
from payouts.reconciliation.checks import Check
from payouts.reconciliation.disputes.disputes import Dispute
from payouts.reconciliation.explanations import Explanation
from payouts.reconciliation.marks import Mark
from payouts.reconciliation.movements import Movement
from payouts.reconciliation.take_backs import TakeBack
from payouts.recovery.found import Found
from payouts.recovery.recoveries import Recovery
from payouts.stripe.lookout import Lookout
from payouts.stripe.webhooks import WebhookEvent

__all__ = [
    "Account",
    "BankLine",
    "BankMatch",
    "Card",
    "CardRemoval",
    "CardSession",
    "CardTerms",
    "Charge",
    "Check",
    "Dispute",
    "Entry",
    "Explanation",
    "Found",
    "GiftCard",
    "HandEntry",
    "Line",
    "Lookout",
    "Mark",
    "Move",
    "Movement",
    "PayKind",
    "PayRun",
    "PayeeAccount",
    "Payout",
    "Recovery",
    "Referral",
    "Refund",
    "Supplement",
    "TakeBack",
    "Transfer",
    "WebhookEvent",
    "WorkWeek",
]
