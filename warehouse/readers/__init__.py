"""Reading a supplier's file, whatever its format: this runs in a process of its own.

A damaged file can end the process that reads it, or make it ask for all memory. Nothing here
imports pandas, which would double the time a small file takes; what was read goes back as Arrow.
"""
