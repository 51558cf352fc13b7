"""A condition as blocks that people edit, and as text: the same tree."""
