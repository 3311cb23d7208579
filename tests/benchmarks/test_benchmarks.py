"""The benchmarks' programs compute the same with both libraries; a difference would be seen.

Nothing here is timed: how long something takes is measured, not tested.
"""

from __future__ import annotations

import functools
import itertools
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

pytest.importorskip("torch")

from benchmarks import (
    __main__ as command,
    libraries,
    measure,
    memory,
    operations,
    programs,
    scaling,
    trainer,
)
from benchmarks.measure import Comparison, DifferenceError, check, compare
from benchmarks.report import amount
from benchmarks.rows import Request, Row


@pytest.mark.parametrize("title", programs.PROGRAMS)
def test_programs_do_the_same(title: str) -> None:
    maker = programs.PROGRAMS[title]
    smaller = {key: 3 for key in ("batch", "length") if key in maker.keywords}  # for time's sake
    check(*programs.pair(functools.partial(maker, **smaller)))


@pytest.mark.parametrize("name", operations.OPERATIONS)
def test_operations_do_the_same(name: str) -> None:
    operation = operations.OPERATIONS[name]
    for make in operations.DIRECTIONS.values():
        for size in operation.sizes[:-1]:
            pair = (make(get(), operation, size) for get in libraries.LIBRARIES.values())
            check(*pair, times=1, numbers=not operation.random)


@pytest.mark.parametrize("curve", scaling.CURVES, ids=lambda curve: curve.title)
def test_curves_do_the_same(curve: scaling.Curve) -> None:
    check(*programs.pair(curve.maker(curve.values[0])))


@pytest.mark.parametrize("title", trainer.EPOCHS)
def test_the_trainer_does_what_the_loop_by_hand_does(
    title: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = trainer.batches
    monkeypatch.setattr(trainer, "batches", lambda count, *sizes: made(2, *sizes))
    check(*trainer.pair(trainer.EPOCHS[title]), rtol=1e-12)


def from_other_weights(ours: Any) -> None:
    next(iter(ours.model.parameters())).data[0, 0] += 0.1


def at_another_rate(ours: Any) -> None:
    ours.optimizer.param_groups[0]["lr"] = 2e-3


def on_other_targets(ours: Any) -> None:
    ours.target[0] = 1 - ours.target[0]


@pytest.mark.parametrize("wrong", [from_other_weights, at_another_rate, on_other_targets])
def test_a_training_that_differs_is_not_timed(
    wrong: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    title = next(iter(programs.STEPS))
    ours, theirs = programs.pair(programs.STEPS[title])
    check(ours, theirs)
    wrong(ours)
    monkeypatch.setattr(programs, "pair", lambda maker: (ours, theirs))
    with pytest.raises(DifferenceError):
        next(programs.rows(Request((title,), seconds=0)))


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (1.001, 1.0),
        (float("nan"), 1.0),
        (float("nan"), float("nan")),
        (np.ones(3), np.ones((1, 3))),
        ([np.ones(3)], [np.ones(3), np.ones(3)]),
        ([np.ones(3), np.ones(3)], [np.ones(3), np.array([1, 1, 0.999])]),
    ],
)
def test_what_differs_is_an_error(ours: Any, theirs: Any) -> None:
    with pytest.raises(DifferenceError):
        check(lambda: ours, lambda: theirs)


def test_a_difference_may_come_late_but_not_be_large() -> None:
    late = iter([1.0, 1.0, 1.0, 1.0, 2.0])
    with pytest.raises(DifferenceError, match="run 5"):
        check(lambda: next(late), lambda: 1.0)
    check(lambda: [np.array([1e-9, 1.0])], lambda: [np.array([0, 1.00001])])


def test_both_programs_take_turns() -> None:
    order: list[str] = []
    result = compare(lambda: order.append("ours"), lambda: order.append("theirs"), seconds=0)
    assert result.low <= result.ratio <= result.high
    changes = sum(a != b for a, b in itertools.pairwise(order))
    assert changes >= 2 * measure.LEAST_PAIRS - 1
    assert order.count("ours") == order.count("theirs")


def test_slopes_are_the_powers() -> None:
    rows = [
        Row("scaling", "curve", f"width {n}", "s", Comparison(n**2, 5.0, 1, 1, 1))
        for n in (16, 64, 256)
    ]
    assert scaling.slope(rows, "ours") == pytest.approx(2)
    assert scaling.slope(rows, "theirs") == pytest.approx(0)


def test_amounts_have_three_digits() -> None:
    values = [1.234e-7, 9.87e-6, 98.7e-6, 987e-6, 9.87e-3, 9.87, 123.4]
    expected = ["0.12 us", "9.87 us", "98.7 us", "987 us", "9.87 ms", "9.87 s", "123 s"]
    assert [amount(value, "s") for value in values] == expected
    assert amount(12_345_678, "B") == "12.3 MB"


def test_words_choose_rows_by_title_and_by_page() -> None:
    request = Request(("lstm", "Memory"))
    assert request.wants("programs", "LSTM, T 64")
    assert request.wants("memory", "MLP")
    assert not request.wants("programs", "MLP")
    assert Request().wants("programs", "MLP")


def test_the_table_the_json_and_the_plot(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("matplotlib")
    for name in command.ENVIRONMENT:
        monkeypatch.setenv(name, "1")  # so that it is as it was, afterwards
    monkeypatch.setattr(libraries, "prepare", lambda *settings: None)
    results, picture = tmp_path / "results.json", tmp_path / "picture.png"
    words = ["--only", "21 small", "sqrt", "--seconds=0"]
    files = [f"--json={results}", f"--plot={picture}"]
    command.main(["--pages", "programs", "operations", *words, *files])
    out = capsys.readouterr().out
    assert out.count("| 21 small operations and backward") == 3
    assert out.count("| sqrt |") == 1
    records = json.loads(results.read_text())["rows"]
    assert len(records) == 3 + 2 * 3
    assert all(record["comparison"]["ratio"] > 0 for record in records)
    assert picture.read_bytes().startswith(b"\x89PNG")


GROWING = """
import numpy as np
from benchmarks import memory

def maker(library, batch=40):
    kept = np.ones(10_000_000)  # there before the first step: does not count

    def step():
        scratch = np.ones(batch * 1_000_000 // 8)
        assert scratch.size + kept.size

    return step

print(memory.growth(maker, "ours"))
"""


@pytest.mark.skipif(not Path("/proc/self/clear_refs").exists(), reason="needs Linux's /proc")
def test_memory_is_that_of_the_steps() -> None:
    printed = subprocess.check_output(
        [sys.executable, "-c", GROWING], env={**os.environ, **memory.ENVIRONMENT}, text=True
    )
    assert 30 < int(printed) / 1e6 < 60
