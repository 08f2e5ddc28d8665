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
DRAWN = "R's input: drawn at random, and taken as given where what follows from them is compared"
SADDLEPOINT = (
    "R's saddlepoint approximation (for `lincom` too, without the package CompQuadForm) finds its "
    "root to 1e-8 of another scale, and counts 397.99… degrees of freedom as 397 terms: no number "
    "to 1e-8. Not built: our test is the second-order F"
)
NOT_SAVED = "from replicate weights that R drew at random and that were not saved with its numbers"
MULTISTAGE = "a bootstrap of both stages (Preston 2009): ours is of the first"


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
    LeftOut(PROFILE, fn="svyciprop_likelihood", statistic="[lu]*er"),
    LeftOut(QUANTILE, fn="svyquantile_math"),
    LeftOut(ROUNDING, MARGIN, "svyciprop_[blx]*", variable="sw", statistic="[lu]*er"),
    LeftOut(SADDLEPOINT, fn="svychisq_[ls]*", statistic="p"),
    LeftOut(NO_INPUT, design="anes04"),
    LeftOut(DRAWN, design="api_rep_strat_nofpc_*bootstrap"),
    LeftOut(NOT_SAVED, design="clus?_*bootstrap", statistic="s[et]*"),
    LeftOut(NOT_SAVED, design="clus?_*bootstrap", statistic="[cdlpu]*"),
    LeftOut(MULTISTAGE, design="*:mrbbootstrap", fn="repdesign"),
]


def reason_of(key: Key) -> str | None:
    """Return why a row is left out; None where it is not."""
    return next((one.reason for one in LEFT_OUT if one.covers(key)), None)
