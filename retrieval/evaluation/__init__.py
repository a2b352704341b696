"""Question sets to figures: the rules by which answers are scored, what follows from them, and how it is shown."""
