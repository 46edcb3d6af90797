"""Certificates that some work needs."""
