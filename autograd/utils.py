"""``torch.utils.data`` for programs that say ``import autograd as torch``: it is `nn.data`.

>>> import autograd
>>> autograd.utils.data.DataLoader
<class 'nn.data.loader.DataLoader'>
"""

import importlib
from typing import Any


def __getattr__(name: str) -> Any:
    """``data``, imported when it is first asked for, for it lies above this package."""
    if name == "data":
        return importlib.import_module("nn.data")
    raise AttributeError(f"module 'autograd.utils' has no attribute {name!r}")
