"""`Block`: parameters, what a rule remembers of them in flat arrays, and the pieces of these that
it works on, one after the other."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from autograd.core.variable import make
from autograd.errors import ShapeError

# Elements that a rule works on at a time. All it touches then stays in the cache, from the
# gathering of the gradients to the change of the parameters: for Adam over 355,000 floats 0.6 of
# the time of whole arrays. In pieces of a quarter NumPy's calls begin to cost more than that.
CHUNK = 65536
# So few pieces get their memory anew at every step. That takes 40 us.
FEW = range(2, 5)

State: TypeAlias = dict[str, Any]
Numbers: TypeAlias = Mapping[str, Any]


class Piece(NamedTuple):
    """Consecutive elements of a block: what a rule works on."""

    gradient: Any
    scratch: Any
    state: State
    values: Any  # of the parameters, where they were asked for; else None


class Segment(NamedTuple):
    """What a piece has of one parameter."""

    param: int
    part: slice | None  # of the flat parameter; None if it is all of it
    change: Any  # a view of the piece's gradient, in the shape of the parameter if it is all of it


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
        self.has_values = False  # whether its pieces have the values of the parameters
        self.state: State = {}
        self.numbers: list[Numbers] = [{}] * len(self.params)
        self._everything: list[tuple[Piece, list[Segment]]] | None = None
        self._flats: dict[str, list[Any]] | None = None

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
                self.state[name] = np.zeros(self.offsets[-1], self.real_dtype)
                self._everything = self._flats = None

    def begin(
        self, first: int, last: int, initial: Mapping[str, float], numbers: Mapping[str, Any]
    ) -> None:
        """Remember of the parameters from ``first`` up to ``last`` what precedes the first step."""
        self.ensure(initial)
        for name, value in initial.items():
            self.stretch(self.state[name], first, last)[...] = value
        self.numbers[first:last] = [numbers] * (last - first)

    def need_values(self) -> None:
        """Have room for the values of the parameters in every piece."""
        if not self.has_values:
            self.has_values = True
            self._everything = None

    def flat(self, array: Any) -> Any:
        """The elements of ``array`` in a row: a view, if it lies in memory like that."""
        flat = array.reshape(-1)
        return flat if self.dtype is self.real_dtype else flat.view(self.real_dtype)

    def gather(self, flats: Any, segments: Sequence[Segment], out: Any) -> None:
        """Write into ``out`` what the ``segments`` have of ``flats``, which has one array for each
        parameter that they speak of."""
        np.concatenate(
            [flats[i] if part is None else flats[i][part] for i, part, _ in segments], out=out
        )

    def flats(self, first: int, last: int) -> dict[str, list[Any]]:
        """Of each array of the state the elements of each of the parameters from ``first`` up to
        ``last``: views."""
        if self._flats is None:
            bounds = list(itertools.pairwise(self.offsets))
            self._flats = {
                name: [flat[start:stop] for start, stop in bounds]
                for name, flat in self.state.items()
            }
        return {name: flats[first:last] for name, flats in self._flats.items()}

    def divided(self, first: int, last: int) -> list[int]:
        """Which of the parameters from ``first`` up to ``last`` are too large for one piece."""
        sizes = zip(self.offsets, self.offsets[1:])
        return [i for i, (a, b) in enumerate(sizes) if first <= i < last and b - a > CHUNK]

    def pieces(self, first: int, last: int) -> list[tuple[Piece, list[Segment]]]:
        """The elements of the parameters from ``first`` up to ``last`` in pieces, and what each has
        of which parameter.

        They all share the memory of their gradients, scratch and values: one has to be done with
        before the next. It stays for the next step where time counts, with one piece, or where it
        is little beside the state, with many; else it is for the activations meanwhile."""
        is_all = last - first == len(self.params)
        if is_all and self._everything is not None:
            return self._everything
        room = min(CHUNK, self.offsets[-1])
        memory = [np.empty(room, self.real_dtype) for _ in range(3 if self.has_values else 2)]
        pieces = [self._piece(cut, memory) for cut in self._cuts(first, last)]
        if is_all and len(pieces) not in FEW:
            self._everything = pieces
        return pieces

    def _cuts(self, first: int, last: int) -> Iterator[list[tuple[int, int, int]]]:
        """For each piece, which parameters it has: the number of each, and from where to where.

        Only parameters that are too large for one piece are divided."""
        cut: list[tuple[int, int, int]] = []
        for i in range(first, last):
            start, stop = self.offsets[i : i + 2]
            if cut and stop - cut[0][1] > CHUNK:
                yield cut
                cut = []
            while stop - start > CHUNK:
                yield [(i, start, start + CHUNK)]
                start += CHUNK
            cut.append((i, start, stop))
        if cut:
            yield cut

    def _piece(
        self, cut: Sequence[tuple[int, int, int]], memory: Any
    ) -> tuple[Piece, list[Segment]]:
        begin, end = cut[0][1], cut[-1][2]
        gradient, scratch, *values = (array[: end - begin] for array in memory)
        state = {name: flat[begin:end] for name, flat in self.state.items()}
        piece = Piece(gradient, scratch, state, values[0] if values else None)
        segments = [
            self._segment(i, start, stop, gradient[start - begin : stop - begin])
            for i, start, stop in cut
        ]
        return piece, segments

    def _segment(self, i: int, start: int, stop: int, change: Any) -> Segment:
        offset = self.offsets[i]
        if stop - start < self.offsets[i + 1] - offset:
            return Segment(i, slice(start - offset, stop - offset), change)
        return Segment(i, None, change.view(self.dtype).reshape(self.shapes[i]))

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
