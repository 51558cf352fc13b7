"""Whom to reach: segments, the contacts for whom a condition holds."""
