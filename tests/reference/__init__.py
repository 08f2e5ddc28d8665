"""Every number of R's in ../shared/reference/expected, and ours beside it.

`rows` reads R's. `schools`, `crime` and `published` build the samples and, by the functions of
`transforms`, our numbers. `r_only` holds what exists only to reproduce R. `left_out` names the rows
that are not compared and says why. `agreement` puts both side by side.
"""
