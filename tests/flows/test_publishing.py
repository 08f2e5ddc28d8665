"""Publishing from the command line: what is refused, and in which words."""

from __future__ import annotations

import pytest

from warehouse.home import home_of


@pytest.fixture
def unused_office(empty_office):
    """An office whose survey has its folder, into which nothing has come."""
    home_of("west_midlands", empty_office.root)
    return empty_office


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            [],
            "has no build yet: there is nothing to publish. What to do: make one: perceptions run",
        ),
        (["--approve"], "It is not said who decides. What to do: name the person: --by 'NAME'"),
        (["--approve", "--by", "X"], "No release candidate waits for sign-off."),
        (["--withdraw", "1", "--by", "X"], "A release is not withdrawn without a reason"),
        (["--withdraw", "1", "--by", "X", "--note", "y"], "There is no release 1."),
        (["--approve", "--withdraw", "1"], "--approve and --withdraw are two decisions."),
        (["--embargo", "2001-08-06 09:30"], "2001-08-06 09:30 has passed."),
        (["--embargo", "6 August"], "'6 August' is not a moment."),
    ],
)
def test_what_cannot_be_is_refused_with_a_remedy(unused_office, arguments, said):
    ended = unused_office.call("publish", *arguments)
    assert ended.status == 2
    assert said in ended.err
    assert "What to do: " in ended.err


def test_with_nothing_to_do_due_says_so(unused_office):
    ended = unused_office.call("publish", "--due")
    assert (ended.status, ended.err) == (0, "")
    assert ended.out == "Nothing is released yet: perceptions publish\n"
    assert not home_of("west_midlands", unused_office.root).public.exists()
