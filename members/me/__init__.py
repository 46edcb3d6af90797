"""The page on which somebody sees and says who they are."""
