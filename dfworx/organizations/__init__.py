"""Tenants: organizations, members, roles, invitations."""
