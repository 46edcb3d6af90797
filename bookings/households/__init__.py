"""Clients, their homes and the people in them: who they are, what they wish, who must not come."""
