"""Benchmarks: our numbers against those of other programs, and how long each took for them.

`make benchmark` runs them and writes docs/benchmarks.md. `samples` makes the data and `races` runs
every program on it in a process of its own, one repetition of each in turn, and compares what they
found before it compares how long they took. A program that is raced is a module that hands its
tasks to `serving`: `ours`, `peer_svy`, `peer_samplics`, and `peer_survey.R` which does the same.
`alone` times what no other program does, and `report` writes the document.
"""
