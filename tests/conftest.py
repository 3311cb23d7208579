"""No test may leave a trace in the state that all share."""

from __future__ import annotations

import importlib
import os
import random
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest

from autograd.modes import modes


def pytest_configure(config: pytest.Config) -> None:
    # Whichever test needs a kernel first would have its compilation announced on stderr.
    os.environ.setdefault("RETROGRAD_QUIET", "1")
    config.addinivalue_line("markers", "slow: takes seconds")
    if os.environ.get("REQUIRE_TORCH"):  # CI: without PyTorch, half of the tests would be skipped
        importlib.import_module("torch")
        importlib.import_module("expecttest")  # which PyTorch's own suite needs


def shared_state() -> dict[str, Any]:
    return {
        "modes": modes.get(),
        "np.geterr()": np.geterr(),
        "np.random": repr(np.random.get_state()),
        "random": random.getstate(),
    }


@pytest.fixture(autouse=True)
def _nothing_leaks() -> Iterator[None]:
    before = shared_state()
    yield
    after = shared_state()
    changed = [name for name in before if before[name] != after[name]]
    assert not changed, f"the test changed {', '.join(changed)}"


@pytest.fixture
def generator() -> np.random.Generator:
    return np.random.default_rng(0)
