"""Requests, pages and files: what every page of the site shares."""
