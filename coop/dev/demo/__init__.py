"""A believable co-op, made by driving the domain's own verbs at past times."""
