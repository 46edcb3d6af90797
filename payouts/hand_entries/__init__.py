"""Entries that people write into the books: expenses, income, moves between funds, deposits; always by two."""
