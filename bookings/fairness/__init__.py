"""Is the work shared fairly? Numbers, questions and answers, for all members to read."""
