"""Kernels are tested with several threads, also where there is only one core."""

from __future__ import annotations

import pytest

from autograd import threads


@pytest.fixture(autouse=True)
def _with_three_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "_threads", 3)
