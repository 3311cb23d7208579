"""`Block`: parameters with their gradients, and what a rule remembers of them, in flat arrays."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from autograd.core.variable import make
from autograd.errors import ShapeError

# Elements that a rule works on at a time: its arrays then stay in the cache between its calls.
CHUNK = 65536

State: TypeAlias = dict[str, Any]
Numbers: TypeAlias = Mapping[str, Any]


class Piece(NamedTuple):
    """Consecutive elements of a block: what a rule works on."""

    gradient: Any
    scratch: Any
    state: State
    values: Any  # of the parameters, where they were asked for; else None


class Block:
    """Parameters of a group that share a dtype, each once.

    A complex number counts as two real ones. ``numbers`` holds what is remembered of each parameter
    as a whole, such as ``step``: nothing before its first step.
    """

    def __init__(self, params: Sequence[Any]) -> None:
        self.params = list({id(param): param for param in params}.values())
        # Of parameters that are listed more than once: which ones step a second time, a third, ...
        times = {id(param): 0 for param in params}
        for param in params:
            times[id(param)] += 1
        self.repetitions = [
            [times[id(param)] > turn for param in self.params]
            for turn in range(1, max(times.values()))
        ]
        self.dtype = params[0].dtype
        self.shapes = [param.shape for param in self.params]
        self.real_dtype = np.zeros(0, self.dtype).real.dtype
        width = self.dtype.itemsize // self.real_dtype.itemsize
        self.offsets = [0]
        for param in self.params:
            self.offsets.append(self.offsets[-1] + param.numel() * width)
        self.gradient = np.empty(self.offsets[-1], self.real_dtype)
        self.scratch = np.empty(min(CHUNK, self.offsets[-1]), self.real_dtype)
        self.values: Any = None
        self.changes = [self.part(self.gradient, i) for i in range(len(self.params))]
        self.state: State = {}
        self.numbers: list[Numbers] = [{}] * len(self.params)
        self._everything: list[Piece] | None = None

    def fits(self) -> bool:
        """Whether the parameters still have the shapes and the dtype that they had."""
        for param, shape in zip(self.params, self.shapes):
            array = param._array
            if array.shape != shape or array.dtype is not self.dtype:
                return False
        return True

    def part(self, flat: Any, i: int) -> Any:
        """The elements of parameter ``i`` in ``flat``, in its shape: a view."""
        return flat[self.offsets[i] : self.offsets[i + 1]].view(self.dtype).reshape(self.shapes[i])

    def stretch(self, flat: Any, first: int, last: int) -> Any:
        """The elements of the parameters from ``first`` up to ``last`` in ``flat``: a view."""
        return flat[self.offsets[first] : self.offsets[last]]

    def ensure(self, names: Mapping[str, Any] | Sequence[str]) -> None:
        """Make the state arrays that are not there yet: zeros."""
        for name in names:
            if name not in self.state:
                self.state[name] = np.zeros_like(self.gradient)
                self._everything = None

    def begin(
        self, first: int, last: int, initial: Mapping[str, float], numbers: Mapping[str, Any]
    ) -> None:
        """Remember of the parameters from ``first`` up to ``last`` what precedes the first step."""
        self.ensure(initial)
        for name, value in initial.items():
            self.stretch(self.state[name], first, last)[...] = value
        self.numbers[first:last] = [numbers] * (last - first)

    def gather(self, arrays: Sequence[Any], out: Any) -> None:
        """Write the elements of ``arrays`` into ``out``, one array after the other."""
        if self.dtype is self.real_dtype:
            np.concatenate([array.reshape(-1) for array in arrays], out=out)
        else:
            np.concatenate([array.reshape(-1).view(self.real_dtype) for array in arrays], out=out)

    def gather_values(self, first: int, last: int) -> None:
        """Note the values of the parameters from ``first`` up to ``last``, for the rule to see."""
        if self.values is None:
            self.values = np.empty_like(self.gradient)
            self._everything = None
        arrays = [param._array for param in self.params[first:last]]
        self.gather(arrays, self.stretch(self.values, first, last))

    def pieces(self, first: int, last: int) -> list[Piece]:
        """The elements of the parameters from ``first`` up to ``last``, in chunks."""
        if last - first < len(self.params):
            return list(self._pieces(self.offsets[first], self.offsets[last]))
        if self._everything is None:
            self._everything = list(self._pieces(0, self.offsets[-1]))
        return self._everything

    def _pieces(self, start: int, stop: int) -> Iterator[Piece]:
        for a in range(start, stop, CHUNK):
            b = min(a + CHUNK, stop)
            yield Piece(
                self.gradient[a:b],
                self.scratch[: b - a],
                {name: flat[a:b] for name, flat in self.state.items()},
                None if self.values is None else self.values[a:b],
            )

    def runs(self, gradients: Sequence[Any]) -> Iterator[tuple[int, int]]:
        """The longest stretches of parameters that have gradients and remember equal numbers."""
        first, count = None, len(gradients)
        for i in range(count + 1):
            if first is not None and (
                i == count or gradients[i] is None or self.numbers[i] != self.numbers[first]
            ):
                yield first, i
                first = None
            if first is None and i < count and gradients[i] is not None:
                first = i

    def state_of(self, i: int, scalar_dtype: Any) -> State:
        """What is remembered of parameter ``i``, as tensors: views of the flat arrays, and numbers,
        those of Python as ``scalar_dtype``."""
        numbers = {
            name: np.asarray(value, getattr(value, "dtype", scalar_dtype))
            for name, value in self.numbers[i].items()
        }
        arrays = {name: self.part(flat, i) for name, flat in self.state.items()}
        return {name: make(array) for name, array in {**numbers, **arrays}.items()}

    def restore(self, i: int, state: Mapping[str, Any], numbers: Numbers) -> None:
        """Remember ``state`` of parameter ``i``; ``numbers`` tells which entries are numbers, and
        what they are if ``state`` lacks them."""
        self.numbers[i] = {
            name: _number(name, state.get(name, default)) for name, default in numbers.items()
        }
        arrays = {name: value for name, value in state.items() if name not in numbers}
        self.ensure(arrays)
        for name, value in arrays.items():
            if value._array.shape != self.shapes[i]:
                raise ShapeError(
                    f"step: a parameter now has shape {self.shapes[i]}, but its {name} "
                    f"{value._array.shape}; make a new optimizer for parameters of another shape"
                )
            self.part(self.state[name], i)[...] = value._array


def _number(name: str, value: Any) -> Any:
    """``value``, maybe a tensor, as a number: a step as an integer, another one in its dtype."""
    array = getattr(value, "_array", value)
    if name == "step":
        return int(array)
    return array[()] if isinstance(array, np.ndarray) else array
