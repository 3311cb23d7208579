"""The two libraries under the same names, so that one program's text serves both."""

from __future__ import annotations

from typing import Any, NamedTuple


class Library(NamedTuple):
    """What a program needs of a library: its namespace of tensors, its layers, its optimizers."""

    tensors: Any
    nn: Any
    optim: Any


def ours() -> Library:
    """Retrograd; imported when asked for, so that a process can measure the other one alone."""
    import autograd
    import nn
    import optim

    return Library(autograd, nn, optim)


def theirs() -> Library:
    """PyTorch."""
    import torch

    return Library(torch, torch.nn, torch.optim)


LIBRARIES = {"ours": ours, "PyTorch": theirs}


def prepare(threads: int, kernels: str | None, whose: tuple[str, ...] = tuple(LIBRARIES)) -> None:
    """Set the number of threads of these libraries, and the kernels of ours."""
    for name in whose:
        LIBRARIES[name]().tensors.set_num_threads(threads)
    if kernels and "ours" in whose:
        ours().tensors.kernels.use(kernels)
