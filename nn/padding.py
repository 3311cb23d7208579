"""Padding: more elements before and after the last dims."""

from __future__ import annotations

from typing import Any, ClassVar

from autograd._tensor import Tensor
from autograd.core.variable import array_of
from autograd.errors import ShapeError
from nn import functional as F
from nn.options import Options


class _Pad(Options):
    _dims: ClassVar[int]
    _mode: ClassVar[str]

    def __init__(self, padding: Any) -> None:
        count = 2 * self._dims
        self.padding = (padding,) * count if isinstance(padding, int) else tuple(padding)
        if len(self.padding) != count:
            raise ShapeError(
                f"{type(self).__name__}: padding must be a number or {count} numbers, (before, "
                f"after) for each dim, the last dim first; got {padding!r}"
            )

    def forward(self, x: Tensor) -> Any:
        return F.pad(x, self.padding, self._mode)

    def extra_repr(self) -> str:
        return f"{self.padding}"


class _ConstantPad(_Pad):
    def __init__(self, padding: Any, value: float) -> None:
        super().__init__(padding)
        self.value = value

    def forward(self, x: Tensor) -> Any:
        return F.pad(x, self.padding, "constant", self.value)

    def extra_repr(self) -> str:
        return f"padding={self.padding}, value={self.value}"


class ConstantPad1D(_ConstantPad):
    """``value`` before and after the last dim, ``padding`` times: a number, or (before, after).

    >>> import autograd, nn
    >>> nn.ConstantPad1D((1, 2), 5.0)(autograd.zeros(1, 2)).tolist()
    [[5.0, 0.0, 0.0, 5.0, 5.0]]
    """

    _dims = 1


class ConstantPad2D(_ConstantPad):
    """As `ConstantPad1D`, along the last two dims: ``padding`` is (left, right, top, bottom)."""

    _dims = 2


class ConstantPad3D(_ConstantPad):
    """As `ConstantPad1D`, along the last three dims, of which the last comes first."""

    _dims = 3


class _ZeroPad(_ConstantPad):
    def __init__(self, padding: Any) -> None:
        super().__init__(padding, 0.0)

    def extra_repr(self) -> str:
        return f"{self.padding}"


class ZeroPad1D(_ZeroPad):
    """`ConstantPad1D` with 0."""

    _dims = 1


class ZeroPad2D(_ZeroPad):
    """`ConstantPad2D` with 0."""

    _dims = 2


class ZeroPad3D(_ZeroPad):
    """`ConstantPad3D` with 0."""

    _dims = 3


class ReflectionPad1D(_Pad):
    """The last dim mirrored at its ends, which are not repeated; ``padding`` as in
    `ConstantPad1D`.

    >>> import autograd, nn
    >>> nn.ReflectionPad1D(2)(autograd.tensor([[1.0, 2.0, 3.0]])).tolist()
    [[3.0, 2.0, 1.0, 2.0, 3.0, 2.0, 1.0]]
    """

    _dims, _mode = 1, "reflect"


class ReflectionPad2D(_Pad):
    """As `ReflectionPad1D`, along the last two dims."""

    _dims, _mode = 2, "reflect"


class ReflectionPad3D(_Pad):
    """As `ReflectionPad1D`, along the last three dims."""

    _dims, _mode = 3, "reflect"


class ReplicationPad1D(_Pad):
    """The ends of the last dim repeated; ``padding`` as in `ConstantPad1D`."""

    _dims, _mode = 1, "replicate"


class ReplicationPad2D(_Pad):
    """As `ReplicationPad1D`, along the last two dims."""

    _dims, _mode = 2, "replicate"


class ReplicationPad3D(_Pad):
    """As `ReplicationPad1D`, along the last three dims."""

    _dims, _mode = 3, "replicate"


class _CircularPad(_Pad):
    _mode = "circular"

    def forward(self, x: Tensor) -> Any:
        dims = self._dims
        if array_of(x).ndim not in (dims + 1, dims + 2):
            raise ShapeError(
                f"{type(self).__name__}: needs x (channels, {dims} dims), or a batch of such, got "
                f"{x.ndim} dims {tuple(x.shape)}"
            )
        return super().forward(x)


class CircularPad1D(_CircularPad):
    """The last dim continued from its other end; ``padding`` as in `ConstantPad1D`."""

    _dims = 1


class CircularPad2D(_CircularPad):
    """As `CircularPad1D`, along the last two dims."""

    _dims = 2


class CircularPad3D(_CircularPad):
    """As `CircularPad1D`, along the last three dims."""

    _dims = 3
