"""Question–answer pairs become scores per question, and a report derived from them."""
