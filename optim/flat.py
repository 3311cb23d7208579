"""`FlatOptimizer`: update rules on flat arrays, a handful of NumPy calls for a whole group of
parameters.

The gradients of a group (of those parameters that share a dtype: a `Block`) are gathered into one
flat array; the rule turns them, in place, into the steps to take; these are subtracted from the
parameters. What a rule remembers is flat too. The parameters stay where they are, so that memory
which they share with other tensors stays shared.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple

import numpy as np

from autograd.core.variable import make
from autograd.errors import ShapeError
from autograd.modes import enable_grad
from optim.optimizer import Group, Optimizer, mark_changed

# Elements that a rule works on at a time: its arrays then stay in the cache between its calls.
CHUNK = 65536

State = dict[str, Any]


class Piece(NamedTuple):
    """Consecutive elements of a block: what a rule works on."""

    gradient: Any
    scratch: Any
    state: State


class Block:
    """The parameters of a group that share a dtype, with their gradients and their state in flat
    arrays."""

    def __init__(self, params: Sequence[Any]) -> None:
        self.params = list(params)
        self.dtype = params[0].dtype
        self.shapes = [param.shape for param in params]
        # A complex number counts as two real ones.
        self.real_dtype = np.zeros(0, self.dtype).real.dtype
        width = self.dtype.itemsize // self.real_dtype.itemsize
        self.offsets = [0]
        for param in params:
            self.offsets.append(self.offsets[-1] + param.numel() * width)
        self.gradient = np.empty(self.offsets[-1], self.real_dtype)
        self.scratch = np.empty(min(CHUNK, self.offsets[-1]), self.real_dtype)
        self.steps_to_take = [self.part(self.gradient, i) for i in range(len(params))]
        self.state: State = {}
        self.counts = [0] * len(params)  # how many steps each parameter has taken
        self.everything: list[Piece] | None = None

    def part(self, flat: Any, i: int) -> Any:
        """The elements of parameter ``i`` in ``flat``, in its shape: a view."""
        return flat[self.offsets[i] : self.offsets[i + 1]].view(self.dtype).reshape(self.shapes[i])

    def ensure(self, names: Sequence[str]) -> None:
        """Make the state arrays that are not there yet: zeros."""
        for name in names:
            if name not in self.state:
                self.state[name] = np.zeros_like(self.gradient)
                self.everything = None

    def pieces(self, first: int, last: int) -> list[Piece]:
        """The elements of the parameters from ``first`` up to ``last``, in chunks."""
        if last - first < len(self.params):
            return list(self._pieces(self.offsets[first], self.offsets[last]))
        if self.everything is None:
            self.everything = list(self._pieces(0, self.offsets[-1]))
        return self.everything

    def _pieces(self, start: int, stop: int) -> Iterator[Piece]:
        for a in range(start, stop, CHUNK):
            b = min(a + CHUNK, stop)
            yield Piece(
                self.gradient[a:b],
                self.scratch[: b - a],
                {name: flat[a:b] for name, flat in self.state.items()},
            )

    def runs(self, gradients: Sequence[Any]) -> Iterator[tuple[int, int]]:
        """The longest stretches of parameters that have gradients and have taken equally many
        steps."""
        first, count = None, len(gradients)
        for i in range(count + 1):
            if first is not None and (
                i == count or gradients[i] is None or self.counts[i] != self.counts[first]
            ):
                yield first, i
                first = None
            if first is None and i < count and gradients[i] is not None:
                first = i

    def gather(self, arrays: Sequence[Any], out: Any) -> None:
        """Write the elements of ``arrays`` into ``out``, one array after the other."""
        if self.dtype is self.real_dtype:
            np.concatenate([array.reshape(-1) for array in arrays], out=out)
        else:
            np.concatenate([array.reshape(-1).view(self.real_dtype) for array in arrays], out=out)


class FlatOptimizer(Optimizer):
    """An optimizer whose rule is elementwise: see `rule`."""

    # Whether weight_decay shrinks the parameters directly, or is added to the gradient.
    decoupled = False

    def __init__(self, params: Any, defaults: Mapping[str, Any]) -> None:
        self._blocks: list[list[Block]] = []  # for each group
        super().__init__(params, defaults)

    def state_names(self, group: Group) -> Sequence[str]:
        """What the rule remembers: the names of its arrays, which start as zeros."""
        return ()

    def rule(self, piece: Piece, step: int, group: Group) -> None:
        """Turn ``piece.gradient`` into what is to be subtracted from the parameters, in place.

        ``step`` counts from 1. ``piece.scratch`` is free for use.
        """
        raise NotImplementedError

    def step(self, closure: Callable[[], Any] | None = None) -> Any:
        """Change the parameters once. Those whose ``.grad`` is None are left alone.

        ``closure``, which must compute the loss and its gradients, is called first, and its result
        returned.
        """
        loss = None
        if closure is not None:
            with enable_grad():
                loss = closure()
        with np.errstate(
            all="ignore"
        ):  # as in the backward pass, infinities are not the user's code's business
            for group, blocks in zip(self.param_groups, self._current_blocks()):
                for block in blocks:
                    self._update(block, group)
        return loss

    def _update(self, block: Block, group: Group) -> None:
        gradients: list[Any] = []
        regular = block.counts.count(block.counts[0]) == len(block.counts)
        for param in block.params:
            sink = param._sink
            if sink is None or sink.grad is None:
                gradients.append(None)
                regular = False
            else:
                gradients.append(sink.grad._array)
        block.ensure(self.state_names(group))
        if regular:
            self._update_run(block, 0, len(gradients), gradients, group)
            return
        for first, last in block.runs(gradients):
            self._update_run(block, first, last, gradients[first:last], group)

    def _update_run(
        self, block: Block, first: int, last: int, gradients: Sequence[Any], group: Group
    ) -> None:
        """One step of the parameters from ``first`` up to ``last``."""
        params = block.params[first:last]
        gradient = block.gradient[block.offsets[first] : block.offsets[last]]
        block.gather(gradients, gradient)
        if group.get("maximize"):
            np.negative(gradient, out=gradient)
        weight_decay, shrink = group.get("weight_decay", 0), 1.0
        if weight_decay and self.decoupled:
            shrink = 1 - float(group["lr"]) * weight_decay
        elif weight_decay:
            values = np.empty_like(gradient)
            block.gather([param._array for param in params], values)
            values *= weight_decay
            gradient += values
        step = block.counts[first] + 1
        if block.state:
            block.counts[first:last] = [step] * (last - first)
        for piece in block.pieces(first, last):
            self.rule(piece, step, group)
        for param, change in zip(params, block.steps_to_take[first:last]):
            array = param._array
            if shrink != 1.0:
                array *= shrink
            array -= change
        mark_changed(params)

    # -- blocks, made anew whenever parameters were added, exchanged or converted ------------------

    def _current_blocks(self) -> list[list[Block]]:
        if len(self._blocks) != len(self.param_groups) or not all(
            map(_is_current, self._blocks, self.param_groups)
        ):
            self._set_state({param: dict(state) for param, state in self.state.items()})
        return self._blocks

    @property
    def state(self) -> Mapping[Any, Mapping[str, Any]]:
        """What the rule remembers of each parameter that has taken a step: views of the flat
        arrays, and ``step``.

        It can't be changed, but its tensors can; to set it, use `load_state_dict`.
        """
        return MappingProxyType(
            {
                param: MappingProxyType(self._state_of(block, i))
                for blocks in self._blocks
                for block in blocks
                for i, param in enumerate(block.params)
                if block.counts[i]
            }
        )

    @state.setter
    def state(self, state: Any) -> None:
        self._set_state(state)

    def _state_of(self, block: Block, i: int) -> State:
        step = make(np.asarray(block.counts[i], np.float32))
        return {
            "step": step,
            **{name: make(block.part(flat, i)) for name, flat in block.state.items()},
        }

    def _set_state(self, state: Mapping[Any, Mapping[str, Any]]) -> None:
        by_group = [_blocks(group) for group in getattr(self, "param_groups", ())]
        for block in [block for blocks in by_group for block in blocks]:
            for i, param in enumerate(block.params):
                if param in state:
                    _restore(block, i, state[param])
        self._blocks = by_group


def _blocks(group: Group) -> list[Block]:
    by_dtype: dict[Any, list[Any]] = {}
    for param in group["params"]:
        by_dtype.setdefault(param.dtype, []).append(param)
    return [Block(params) for params in by_dtype.values()]


def _is_current(blocks: list[Block], group: Group) -> bool:
    """Whether ``blocks`` hold exactly the parameters of ``group``, in their present shapes and
    dtypes."""
    params = group["params"]
    if len(blocks) == 1:
        held = blocks[0].params
    else:
        held = [param for block in blocks for param in block.params]
        params = [param for block in _blocks(group) for param in block.params]
    if len(held) != len(params) or not all(map(operator.is_, held, params)):
        return False
    for block in blocks:
        for param, shape in zip(block.params, block.shapes):
            array = param._array
            if array.shape != shape or array.dtype is not block.dtype:
                return False
    return True


def _restore(block: Block, i: int, state: Mapping[str, Any]) -> None:
    """Put ``state`` into the place of parameter ``i``."""
    step = state.get("step", 1)
    block.counts[i] = int(step.item() if hasattr(step, "item") else step)
    arrays = {name: value for name, value in state.items() if name != "step"}
    block.ensure(tuple(arrays))
    for name, value in arrays.items():
        if value._array.shape != block.shapes[i]:
            raise ShapeError(
                f"step: a parameter now has shape {block.shapes[i]}, but its {name} "
                f"{value._array.shape}; "
                "make a new optimizer for parameters of another shape"
            )
        block.part(block.state[name], i)[...] = value._array
