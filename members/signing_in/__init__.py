"""In by an address and a code, out, and the language on the way."""
