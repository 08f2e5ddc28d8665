"""Returns drawn from a declared truth, and that truth exactly."""

from transforms.simulation.returns import SimulatedReturn, simulate_wave
from transforms.simulation.truth import truth

__all__ = ["SimulatedReturn", "simulate_wave", "truth"]
