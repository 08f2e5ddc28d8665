"""Windows: waves pooled into one figure, and differences of two, from stored totals alone."""

from transforms.windows.difference import Differences, difference, outside_difference
from transforms.windows.pooling import Window, pooled_weights, window_factors, window_totals
from transforms.windows.rest import against_rest, rest_totals
from transforms.windows.satterthwaite import satterthwaite
from transforms.windows.score import Score, plain_score
from transforms.windows.wave_totals import WaveTotals, wave_by_wave

__all__ = [
    "Differences",
    "Score",
    "WaveTotals",
    "Window",
    "against_rest",
    "difference",
    "outside_difference",
    "plain_score",
    "pooled_weights",
    "rest_totals",
    "satterthwaite",
    "wave_by_wave",
    "window_factors",
    "window_totals",
]
