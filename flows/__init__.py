"""When, and in which order? The quarterly run, its schedule and the command line."""
