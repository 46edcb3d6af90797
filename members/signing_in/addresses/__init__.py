"""The address with which somebody signs in, and how it changes."""
