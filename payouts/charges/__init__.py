"""Money from clients: cards, charges, refunds, gift cards, credit, invitations, receipts."""
