"""Small counts, as acro judges them: run by hand, since acro is not among the dependencies."""
