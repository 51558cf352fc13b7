"""Follow-ups: what a person is to do for a contact, by when, why, and with which words; and alerts."""
