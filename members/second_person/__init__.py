"""Acts that wait until a second person confirms them."""
