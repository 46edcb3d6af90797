"""The co-op's own papers: minutes, policies, insurance. Members read them, offices keep them."""
