"""What is done to many contacts at once, and taken back again."""
