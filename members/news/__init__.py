"""What is new since somebody last worked: the rooms say it, Today shows it, one tap marks it read."""
