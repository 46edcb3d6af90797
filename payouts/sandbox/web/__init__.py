"""The sandbox's own pages, its levers, and the server of both and of the API."""
