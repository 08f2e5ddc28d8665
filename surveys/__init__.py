"""One folder a survey: what is declared about it. No code."""
