"""How a file comes to harm: cut short, bits flipped, headers edited, parts moved about."""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Sequence

Mutation = Callable[[bytes, random.Random], bytes]
"""From a file's bytes to those of a damaged one; the same random numbers, the same damage."""

HEADER = 512
AWKWARD_NUMBERS = (0, 1, -1, 2, 39, 41, 127, 255, 256, 32_767, 65_535, 2**31 - 1, -(2**31))
AWKWARD_BYTES = (b"\0", b"\xff", b"\x7f", b"\x80", b" ", b"\n", b",", b"Z", b"/", b'"', b"9")


def cut_short(content: bytes, chance: random.Random) -> bytes:
    return content[: _place(content, chance)]


def run_on(content: bytes, chance: random.Random) -> bytes:
    size = chance.choice((1, 7, 8, 80, 512, len(content)))
    more = chance.choice((bytes(size), b" " * size, chance.randbytes(size), content[-size:]))
    return content + more


def flipped(content: bytes, chance: random.Random) -> bytes:
    damaged = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 2, 8))):
        damaged[_place(content, chance)] ^= 1 << chance.randrange(8)
    return bytes(damaged)


def overwritten(content: bytes, chance: random.Random) -> bytes:
    place, size = _place(content, chance), chance.choice((1, 1, 2, 4, 8, 64))
    filler = chance.choice((*AWKWARD_BYTES, None))
    return _spliced(content, place, size, filler * size if filler else chance.randbytes(size))


def edited_number(content: bytes, chance: random.Random) -> bytes:
    place = _place(content, chance) & ~(chance.choice((1, 2, 4)) - 1)
    number = chance.choice((*AWKWARD_NUMBERS, chance.randrange(-(2**31), 2**31)))
    spelt = struct.pack(chance.choice("<>") + "i", number)
    return _spliced(content, place, 4, spelt)


def nudged_number(content: bytes, chance: random.Random) -> bytes:
    """One byte a little more or less: the count or the length that is nearly right."""
    damaged = bytearray(content)
    place = _place(content, chance)
    damaged[place] = (damaged[place] + chance.choice((-8, -2, -1, 1, 2, 8))) % 256
    return bytes(damaged)


def edited_digits(content: bytes, chance: random.Random) -> bytes:
    """A digit changed: headers of transport and portable files hold their counts as text."""
    digits = [place for place, byte in enumerate(content[: 4 * HEADER]) if 48 <= byte <= 57]
    if not digits:
        return flipped(content, chance)
    return _spliced(content, chance.choice(digits), 1, b"%d" % chance.randrange(10))


def without_a_part(content: bytes, chance: random.Random) -> bytes:
    place = _place(content, chance)
    return content[:place] + content[place + chance.choice((1, 4, 8, 80, 200)) :]


def with_a_part_twice(content: bytes, chance: random.Random) -> bytes:
    place, size = _place(content, chance), chance.choice((1, 4, 8, 80, 200))
    return content[: place + size] + content[place:]


def with_parts_exchanged(content: bytes, chance: random.Random) -> bytes:
    size = chance.choice((4, 8, 28, 80))
    one, other = sorted((_place(content, chance), _place(content, chance)))
    if one + size > other:
        return flipped(content, chance)
    first, second = content[one : one + size], content[other : other + size]
    return _spliced(_spliced(content, one, size, second), other, size, first)


MUTATIONS: Sequence[Mutation] = (
    cut_short,
    cut_short,
    run_on,
    flipped,
    flipped,
    flipped,
    overwritten,
    edited_number,
    nudged_number,
    nudged_number,
    edited_digits,
    without_a_part,
    with_a_part_twice,
    with_parts_exchanged,
)


def _place(content: bytes, chance: random.Random) -> int:
    """A place in the file: in its header, near its end, or anywhere."""
    last = len(content) - 1
    return chance.choice(
        (
            chance.randint(0, min(HEADER, last)),
            chance.randint(max(0, last - HEADER), last),
            chance.randint(0, last),
        )
    )


def _spliced(content: bytes, place: int, size: int, new: bytes) -> bytes:
    return content[:place] + new + content[place + size :]
