"""The states of all generators that a whole program shares."""

from __future__ import annotations

import random
import sys
from collections.abc import Mapping
from typing import Any

import numpy as np

from autograd.generator import get_rng_state, set_rng_state


class RandomStates:
    """The default generator of this library, that of Python's ``random``, and NumPy's global one if
    it is there."""

    def state_dict(self) -> dict[str, Any]:
        """What they are going to draw."""
        version, words, normal = random.getstate()
        python = {"version": version, "words": np.array(words, np.uint32), "normal": normal}
        state = {"autograd": get_rng_state(), "python": python}
        if "numpy.random" in sys.modules:  # which takes time to import
            state["numpy"] = np.random.get_state(legacy=False)
        return state

    def load_state_dict(self, state_dict: Mapping[str, Any]) -> None:
        """Go on drawing from there."""
        python = state_dict["python"]
        random.setstate((python["version"], tuple(python["words"].tolist()), python["normal"]))
        if "numpy" in state_dict:
            np.random.set_state(state_dict["numpy"])
        set_rng_state(state_dict["autograd"])
