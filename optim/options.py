"""Checks of the options of optimizers: what was needed, what was given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

from autograd._tensor import Tensor
from autograd.errors import DTypeError, ShapeError

Group: TypeAlias = dict[str, Any]


class Checks:
    """The requirements that options of several optimizers share; each raises ShapeError, or
    DTypeError for what is no number."""

    def require(self, condition: bool, option: str, value: Any, needed: str) -> None:
        """Raise ShapeError, saying what ``option`` must be, unless ``condition`` holds."""
        if not condition:
            raise ShapeError(f"{type(self).__name__}: {option} must be {needed}, got {value!r}")

    def number(self, option: str, value: Any) -> float:
        """``value``, a number or a tensor of one element, as a number."""
        if isinstance(value, Tensor):
            self.require(value.numel() == 1, option, value, "one number, or a tensor of one")
        try:
            return float(value)
        except (TypeError, ValueError):
            raise DTypeError(
                f"{type(self).__name__}: {option} must be a number, got {value!r}"
            ) from None

    def require_not_negative(self, group: Mapping[str, Any], *options: str) -> None:
        """Each of ``options`` must be a number of at least 0."""
        for option in options:
            self.require(
                self.number(option, group[option]) >= 0, option, group[option], "at least 0"
            )

    def require_betas(self, group: Mapping[str, Any]) -> None:
        """The rates of two running means must be in [0, 1)."""
        betas = group["betas"]
        self.require(
            len(betas) == 2 and all(0 <= self.number("betas", beta) < 1 for beta in betas),
            "betas",
            betas,
            "two numbers in [0, 1)",
        )

    def require_implementation(self, group: Mapping[str, Any]) -> None:
        """What PyTorch's options for its implementations ask for must be possible.

        ``foreach``, ``fused`` and ``capturable`` choose among PyTorch's ways to compute the same
        numbers; here there is one way, and they change nothing.
        """
        self.require(
            not group.get("differentiable"),
            "differentiable",
            group.get("differentiable"),
            "False: steps are taken in place, so no gradient can flow through them; to "
            "differentiate through training, write the steps as expressions of the parameters",
        )
        self.require(
            not (group.get("fused") and group.get("foreach")),
            "fused",
            True,
            "False together with foreach=True: they exclude each other",
        )
