"""The number with which somebody signs in, and the codes that go to it."""
