"""Rows of R's that are not compared, each pattern with its reason."""

from dataclasses import dataclass
from fnmatch import fnmatchcase

from reference.rows import Key

OWN_GLM = "R's own regression (svyglm, regTermTest): no regression is built here"
PROFILE = (
    "R's own glm: the ends are read off a spline through a profile of its deviance, "
    "which is no number to 1e-8"
)
STOPPED = "R stopped early on its own rule: its weights miss the margins by 3e-5"
QUANTILE = "quantiles are not built"
ROUNDING = "the item is a margin: R's variance is rounding error, ours is 0 and gives no interval"
MARGIN = "clus1:rake_stype_schwide"
NO_INPUT = "its input (ANES 2004) is not among the reference inputs"
DRAWN = "drawn at random by R: taken as given in the comparison of what they lead to"


@dataclass(frozen=True)
class LeftOut:
    """A pattern (* matches anything) of the key's columns, and why its rows are not compared."""

    reason: str
    design: str = "*"
    fn: str = "*"
    variable: str = "*"
    domain: str = "*"
    statistic: str = "*"

    @property
    def pattern(self) -> Key:
        return self.design, self.fn, self.variable, self.domain, self.statistic

    def covers(self, key: Key) -> bool:
        return all(map(fnmatchcase, key, self.pattern))


LEFT_OUT = [
    LeftOut(STOPPED, design="clus1:rake_default_control"),
    LeftOut(STOPPED, design="api_clus1_calibrations", variable="rake_default_control"),
    LeftOut(OWN_GLM, fn="svyglm"),
    LeftOut(OWN_GLM, fn="regTermTest_Wald"),
    LeftOut(PROFILE, fn="svyciprop_likelihood", statistic="lower"),
    LeftOut(PROFILE, fn="svyciprop_likelihood", statistic="upper"),
    LeftOut(QUANTILE, fn="svyquantile_math"),
    *(
        LeftOut(ROUNDING, MARGIN, f"svyciprop_{method}", variable="sw", statistic="[lu]*er")
        for method in ("logit", "xlogit", "beta")
    ),
    LeftOut(NO_INPUT, design="anes04"),
]

AWAITED = [
    LeftOut("replicate weights are being built", design="*:JK[1n]"),
    LeftOut("replicate weights are being built", design="*bootstrap*"),
    LeftOut("replicate weights are being built", design="api_rep_*"),
    LeftOut("the test of a whole distribution is being built", fn="svychisq_*"),
    LeftOut("adjustment for families of tests is being built", fn="p.adjust_holm"),
    LeftOut("adjustment for families of tests is being built", fn="p.adjust_BH"),
]
"""Not here yet; nothing else may wait."""


def reason_of(key: Key) -> str | None:
    """Return why a row is left out; None where it is not."""
    return next((one.reason for one in [*LEFT_OUT, *AWAITED] if one.covers(key)), None)
