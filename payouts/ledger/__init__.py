"""The books: accounts, entries, what a visit does to them, what is paid beyond visits."""
