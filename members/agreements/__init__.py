"""What everybody who works here reads and accepts: agreements in versions, each in both languages."""
