"""Suppliers' defects put into simulated returns, one by one, and the rules that find them."""
