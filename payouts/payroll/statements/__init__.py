"""What a member was paid by a pay run, on paper."""
