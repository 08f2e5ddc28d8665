"""Replicate weights: a wave drawn again, or with a sampling point left out, and recalibrated."""

from transforms.replicates.calibrating import CalibratedDraws, Factors, calibrated_draws
from transforms.replicates.draws import Draws, bootstrap, jackknife, seed_of, stream_of
from transforms.replicates.tables import replicate_tables
from transforms.replicates.variance import ReplicateShares, replicate_shares, replicate_variance
from transforms.replicates.weights import ReplicateWeights, replicate_weights

__all__ = [
    "CalibratedDraws",
    "Draws",
    "Factors",
    "ReplicateShares",
    "ReplicateWeights",
    "bootstrap",
    "calibrated_draws",
    "jackknife",
    "replicate_shares",
    "replicate_tables",
    "replicate_variance",
    "replicate_weights",
    "seed_of",
    "stream_of",
]
