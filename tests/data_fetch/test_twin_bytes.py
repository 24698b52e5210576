"""Same seed, same bytes: on every machine, with every NumPy, in every process.

``digests.json`` was written once; a change of a twin must change it on purpose:

    python tests/data_fetch/test_twin_bytes.py
"""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from data_fetch import twins
from data_fetch.parts import Epochs, Series, Units
from data_fetch.twins.dice import Dice, quantise

KNOWN = Path(__file__).with_name("digests.json")
SEEDS = (0, 20_260_101)


def leaves(made):
    """Everything in a twin, in order: names, arrays, texts."""
    for name, value in made.items():
        yield name
        if isinstance(value, dict):
            yield from leaves(value)
        elif isinstance(value, Units):
            yield from (*value.times, json.dumps(value.columns))
        elif isinstance(value, Epochs):
            yield from (value.start, value.end, json.dumps(value.columns))
        elif isinstance(value, Series):
            yield from (value.t, value.values, json.dumps(value.names))
        else:
            yield np.asarray(value)


def digest(name, seed):
    made = hashlib.sha256()
    for leaf in leaves(dict(zip(("parts", "truth"), twins.make(name, seed), strict=True))):
        if isinstance(leaf, np.ndarray):
            made.update(f"{leaf.dtype.str}{leaf.shape}".encode())
            leaf = np.ascontiguousarray(leaf).tobytes()
        made.update(leaf if isinstance(leaf, bytes) else leaf.encode())
    return made.hexdigest()


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize("name", twins.TWINS)
def test_the_bytes_are_those_that_were_written_down(name, seed):
    assert digest(name, seed) == json.loads(KNOWN.read_text())[f"{name} {seed}"]


def test_the_quickest_twin_has_the_bytes_that_were_written_down():
    assert digest("grasshopper", 0) == json.loads(KNOWN.read_text())["grasshopper 0"]


def test_every_digest_differs():
    known = json.loads(KNOWN.read_text())
    assert len(set(known.values())) == len(known) == len(SEEDS) * len(twins.TWINS)


def test_another_way_of_computing_gives_the_same_bytes():
    """NumPy without its vector instructions rounds exp, log and cos differently."""
    code = (
        "import sys; sys.path.insert(0, sys.argv[1]); import test_twin_bytes as t; "
        "print(t.digest('grasshopper', 0))"
    )
    plain = "X86_V3 X86_V4 AVX512_ICL AVX512_SPR AVX2 FMA3 AVX512F AVX512CD AVX512_SKX"
    from numpy._core._multiarray_umath import __cpu_dispatch__, __cpu_features__

    off = [f for f in plain.split() if f in __cpu_dispatch__ and __cpu_features__.get(f)]
    done = subprocess.run(
        [sys.executable, "-c", code, str(Path(__file__).parent)],
        env={"NPY_DISABLE_CPU_FEATURES": " ".join(off), "PATH": ""},
        capture_output=True,
        text=True,
    )
    assert done.stdout.strip() == json.loads(KNOWN.read_text())["grasshopper 0"], done.stderr


def test_a_new_seed_is_a_new_animal_with_the_same_layout():
    one, other = (twins.make("grasshopper", seed) for seed in (0, 1))
    assert list(one[0]) == list(other[0])
    assert one[0]["stimulus"].values.shape == other[0]["stimulus"].values.shape
    for key in ("stimulus_filter", "history_filter", "intercept"):
        assert not np.array_equal(one[1][key], other[1][key])


def test_dice_are_philox_and_never_change():
    """Random123's own test vector for Philox 4x64-10, and numbers kept from the first version."""
    zero = np.random.Philox(key=np.zeros(2, np.uint64), counter=2**256 - 1)
    assert hex(int(zero.random_raw(1)[0])) == "0x16554d9eca36314c"
    dice = Dice(0, "test")
    assert dice.integers(0, 1000, 5).tolist() == [704, 631, 385, 502, 146]
    assert Dice(0, "test").uniform(3).tolist() != Dice(0, "other").uniform(3).tolist()


def test_dice_have_the_distributions_they_claim():
    dice = Dice(1, "moments")
    u, z, hum = dice.uniform(200_000), dice.normal(200_000), dice.hum(200_000)
    assert u.min() > 0 and u.max() < 1
    assert abs(u.mean() - 0.5) < 3e-3 and abs(u.var() - 1 / 12) < 1e-3
    for x in (z, hum):
        assert abs(x.mean()) < 0.01 and abs(x.std() - 1) < 0.01 and abs((x**3).mean()) < 0.03
    whole = dice.integers(-2, 3, 50_000)
    assert np.bincount(whole + 2).min() > 9_500 and whole.max() == 2
    assert sorted(dice.order(50)) == list(range(50))
    assert quantise(np.array([0.3, -0.3]), 0.25).tolist() == [0.25, -0.25]


if __name__ == "__main__":
    found = {f"{name} {seed}": digest(name, seed) for name in twins.TWINS for seed in SEEDS}
    KNOWN.write_text(json.dumps(found, indent=1) + "\n")
