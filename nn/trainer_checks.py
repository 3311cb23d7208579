"""Whether the arguments of a `nn.Trainer` can be what they are said to be."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from autograd.errors import DTypeError, ShapeError
from nn.callbacks import Callback
from nn.module import Module

# The reductions of losses that are means over a batch.
_MEANS = ("mean", "batchmean")


def check(
    model: Any, loss: Any, metrics: Any, callbacks: Any, accumulate: int, clip_norm: float | None
) -> None:
    """Raise DTypeError or ShapeError for what a Trainer can't work with."""
    if not isinstance(model, Module):
        raise DTypeError(f"Trainer: model must be a nn.Module, got a {type(model).__name__}")
    if not callable(loss) or getattr(loss, "reduction", "mean") not in _MEANS:
        raise ShapeError(
            "Trainer: loss must be a function of predictions and targets that returns their mean, "
            f"got {loss!r}; a module takes reduction='mean'"
        )
    if not isinstance(metrics or {}, Mapping) or "loss" in (metrics or {}):
        raise DTypeError("Trainer: metrics must be a dict of metrics by name, other than 'loss'")
    for callback in callbacks:
        if not isinstance(callback, Callback):
            raise DTypeError(
                "Trainer: callbacks must be objects of subclasses of nn.callbacks.Callback, got "
                f"{callback!r}; a scheduler goes into nn.callbacks.Schedule"
            )
    if accumulate < 1:
        raise ShapeError(f"Trainer: accumulate must be at least 1, got {accumulate}")
    if clip_norm is not None and not clip_norm > 0:
        raise ShapeError(f"Trainer: clip_norm must be positive, got {clip_norm}")
