"""What templates say of work."""
