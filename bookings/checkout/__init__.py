"""The four steps by which somebody books, and the list on which they wait."""
