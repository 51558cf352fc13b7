"""Contacts and how channels know them: rows only; what is true of a contact stands in `tagging`."""
