"""Reading a message: one written form for it, and the terms it mentions."""
