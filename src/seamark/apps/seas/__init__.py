"""The public seas at work: contacts are allocated to owners, and taken back from owners who do not follow up."""
