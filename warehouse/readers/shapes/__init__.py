"""How many rows and columns a statistical file must hold, found without the library that reads it.

The formats have no checksum. A flipped bit in a header can make the library read fewer rows, or
columns, and say nothing. Here the dictionary is walked and the data measured: what the header
states must fill the file to its last byte. Facts of the formats: PSPP's developer manual (.sav,
.por), Stata's `help dta`, SAS's TS-140 and its V8 supplement (.xpt), M. Shotwell's
`sas7bdat` (.sas7bdat).
"""
