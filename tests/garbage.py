"""For the tests that look for what is left behind."""

from __future__ import annotations

import gc


def collect_all() -> None:
    """Collect what earlier tests have left. What one pass frees may let go of more: a tensor of
    PyTorch's, say, of its module."""
    passes = 0
    while gc.collect() and passes < 10:
        passes += 1
