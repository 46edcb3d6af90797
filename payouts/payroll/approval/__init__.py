"""What the second person sees of a pay run before they say yes to it."""
