"""survey.yaml: what waves are checked for, and which warnings are accepted."""

from __future__ import annotations

from collections.abc import Iterator

from transforms.catalogue.draft import Draft
from transforms.catalogue.mistakes import SourceFile, unknown_name
from transforms.errors import Mistake


def checked_mistakes(draft: Draft, source: SourceFile) -> Iterator[Mistake]:
    """Yield names that are none under `checks` and `accepted`, and bounds the wrong way round."""
    if draft.checks is not None:
        for item in draft.checks.nonresponse_of:
            path = ("checks", "nonresponse_of", item)
            yield from unknown_name(source, path, "item", item, draft.items)
        for domain, quotas in draft.checks.quotas.items():
            path = ("checks", "quotas", domain)
            yield from unknown_name(source, path, "domain", domain, draft.domains)
            known = draft.domain(domain)
            for value in quotas if known else ():
                values = known.values if known else None
                kind = f"value of '{domain}'"
                yield from unknown_name(source, (*path, value), kind, value, values)
        low, high = draft.checks.sample_ratio
        if not low < 1 < high:
            yield source.mistake(
                ("checks", "sample_ratio"),
                f"A sample just like the population, 1, does not lie between {low:g} and {high:g}.",
                expected="a number below 1, then one above.",
                remedy="correct them, such as [0.33, 3].",
            )
    for place, accepted in enumerate(draft.accepted or ()):
        if accepted.wave is not None and draft.waves is not None:
            here = ("accepted", place, "wave")
            yield from unknown_name(source, here, "wave", accepted.wave, draft.wave_names)
