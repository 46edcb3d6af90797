"""From each figure of the books down to its entries: accounts, entries, a search, the balance of all of a day."""
