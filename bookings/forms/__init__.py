"""What clients are asked. Whatever comes in an address or a form goes through one of these first."""
