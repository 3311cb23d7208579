"""`skip_init`: a module whose parameters are still to be filled."""

from __future__ import annotations

from typing import Any

from autograd.errors import DTypeError
from nn.module import Module


def skip_init(module_cls: type[Module], *args: Any, **kwargs: Any) -> Any:
    """``module_cls(*args, **kwargs)`` without drawing its first values: they are whatever was in
    memory. For a module that is about to be loaded.

    >>> import nn
    >>> nn.utils.skip_init(nn.Dense, 2, 3)
    Dense(in_features=2, out_features=3, bias=True)
    """
    if not isinstance(module_cls, type) or not issubclass(module_cls, Module):
        raise DTypeError(f"skip_init: needs a class of modules, got {module_cls!r}")
    bare = type(module_cls.__name__, (module_cls,), {"reset_parameters": lambda self: None})
    module: Any = bare(*args, **kwargs)
    module.__class__ = module_cls
    return module
