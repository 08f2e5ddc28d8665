"""May a wave's figures be believed? What it is, and how it stands to the wave before."""

from expectations.wave.checks import wave_charts, wave_checks

__all__ = ["wave_charts", "wave_checks"]
