"""Articles become passages in a store: one database, and the projections of it that are searched."""
