"""Conversations: who answers whom, what is waiting, notes between members, and canned words."""
