"""How fast and how large it is, mostly as ratios to a stock tool that runs beside it on the same machine."""
