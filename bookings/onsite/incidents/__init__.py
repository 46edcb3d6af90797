"""Something went wrong at a visit."""
