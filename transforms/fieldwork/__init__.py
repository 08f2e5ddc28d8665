"""How interviews were held, in figures: what is unlike fieldwork as it is meant to be."""
