"""`perceptions prove`: the same report from any number of processes, and its targets."""

from __future__ import annotations

import pandas as pd
import pytest

from flows.proving import Extent, prove_and_show
from transforms.errors import UsageError


def test_too_few_surveys_are_refused(tmp_path):
    with pytest.raises(UsageError, match="5 surveys say too little"):
        prove_and_show(Extent(5, 1, 1), tmp_path / "study.md")
    assert not list(tmp_path.iterdir())


@pytest.mark.slow
def test_processes_change_no_byte(tmp_path):
    for processes in (1, 2):
        prove_and_show(Extent(20, 1, processes), tmp_path / f"{processes}.md")
    assert (tmp_path / "1.md").read_bytes() == (tmp_path / "2.md").read_bytes()
    assert (tmp_path / "1.csv").read_bytes() == (tmp_path / "2.csv").read_bytes()


@pytest.mark.slow
def test_the_targets_are_met_by_surveys_of_another_seed(tmp_path):
    """Of a few hundred surveys, one band in twenty may miss by chance."""
    prove_and_show(Extent(300, 5, 2), tmp_path / "study.md")
    figures = pd.read_csv(tmp_path / "study.csv")
    met = figures.loc[figures["table"] == "targets", "met"] == "yes"
    assert met.mean() > 0.9
