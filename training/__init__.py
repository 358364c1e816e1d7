"""How the numbers that ship with the product were learned, and how to learn them again."""
