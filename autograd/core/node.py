"""The graph: a node for each recorded operation, with what it saved for its backward."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from autograd.core.variable import Array, Sink, Variable, Version, make, tick
from autograd.errors import GraphError, describe

if TYPE_CHECKING:
    from autograd.core.primitive import Primitive


ALL = -1  # in Plan.outputs: the one output, or all of several

Rules = tuple[tuple[Callable[..., Any], tuple[int, ...]], ...]
Apply = Callable[[Any, Any], Sequence[Any]]


@dataclass(slots=True)
class Plan:
    """What recording an operation takes when a given set of its arguments needs gradients."""

    primitive: Primitive
    wanted: tuple[int, ...]  # the arguments that need gradients
    flags: tuple[bool, ...]  # the same, as a flag for each argument
    rules: Rules  # each with the places of its values in Node.saved
    names: tuple[str, ...]  # of everything in Node.saved; none if nothing is saved
    kept: tuple[int, ...]  # the arguments that are saved,
    keeps_all: bool  # whether that is all of them and nothing else,
    outputs: tuple[int, ...]  # the outputs that are; ALL for the output as it is,
    holds_arrays: bool  # either: there is something to free,
    masks: bool  # whether the operation leaves out elements (see `primitive`),
    parameters: tuple[tuple[str, Any], ...]  # the parameters that are, with their defaults,
    shapes: tuple[int, ...]  # and the arguments whose shapes are; -1: of all, if it is variadic
    joint: bool  # whether there is one rule for all wanted gradients
    conjugates: bool  # whether the output is complex, and the operation a holomorphic function
    apply: Apply  # all rules at once

    def save(
        self,
        node: Node,
        args: Sequence[Any],
        arrays: Sequence[Any],
        out: Any,
        params: dict[str, Any],
    ) -> None:
        """Put into ``node`` what the rules name, in the order of ``names``."""
        saved: list[Any] = []
        node.saved, node.args = saved, ()
        if self.kept:
            saved += [arrays[i] for i in self.kept]
            node.args = [args[i] for i in self.kept]
        for i in self.outputs:
            saved.append(out if i == ALL else out[i])
        for name, default in self.parameters:
            saved.append(params.get(name, default))
        for i in self.shapes:
            saved.append(tuple(map(_shape, arrays)) if i < 0 else _shape(arrays[i]))

    def restricted(self, keep: Sequence[bool]) -> Plan:
        """The plan that computes only some of these gradients, from the same saved values."""
        wanted = tuple(i for i, flag in zip(self.wanted, keep) if flag)
        flags = tuple(i in wanted for i in range(len(self.flags)))
        rules = self.rules
        if not self.joint:
            rules = tuple(rule for rule, flag in zip(rules, keep) if flag)
        apply = application(self.joint, wanted, flags, rules, self.conjugates)
        return replace(self, wanted=wanted, flags=flags, rules=rules, apply=apply)


def _shape(array: Any) -> tuple[int, ...]:
    """That of an array, or of a number, in a quarter of np.shape's time."""
    shape: tuple[int, ...] = getattr(array, "shape", ())
    return shape


def application(
    joint: bool,
    wanted: tuple[int, ...],
    flags: tuple[bool, ...],
    rules: Rules,
    conjugates: bool,
) -> Apply:
    """One function of ``g`` and the saved values that gives the ``wanted`` gradients."""
    if joint:
        ((rule, picks),) = rules
        apply = _jointly(rule, picks, wanted, flags)
    else:
        apply = _all_at_once(rules)
    return _conjugated(apply) if conjugates else apply


def _jointly(
    rule: Callable[..., Any],
    picks: tuple[int, ...],
    wanted: tuple[int, ...],
    flags: tuple[bool, ...],
) -> Apply:
    def apply(g: Any, saved: Any) -> Sequence[Any]:
        by_argument = rule(g, flags, *[saved[i] for i in picks])
        return [by_argument[i] for i in wanted]

    return apply


def _conjugated(apply: Apply) -> Apply:
    """The rule of a holomorphic function multiplies by its derivative. PyTorch's convention (the
    conjugate Wirtinger derivative) multiplies by the conjugate of that, which is the conjugate of
    the rule applied to the conjugate."""

    def apply_conjugated(g: Any, saved: Any) -> Sequence[Any]:
        gradients = apply(g.conj(), saved)
        return [gradient if gradient is None else gradient.conj() for gradient in gradients]

    return apply_conjugated


def _all_at_once(rules: Rules) -> Apply:
    """A function that applies each of ``rules``, one for each wanted gradient.

    The commonest numbers of rules and values are spelled out: small tensors notice the loop.
    """
    match rules:
        case ((rule, ()),):
            return lambda g, saved: (rule(g),)
        case ((rule, (i,)),):
            return lambda g, saved: (rule(g, saved[i]),)
        case ((rule, ()), (other, ())):
            return lambda g, saved: (rule(g), other(g))
        case ((rule, (i,)), (other, (j,))):
            return lambda g, saved: (rule(g, saved[i]), other(g, saved[j]))
    return lambda g, saved: [rule(g, *[saved[i] for i in picks]) for rule, picks in rules]


class Node:
    """One recorded operation: where the gradients of its inputs go, and what computing them
    takes."""

    __slots__ = (
        "plan",
        "edges",
        "saved",
        "args",
        "time",
        "shape",
        "dtype",
        "hooks",
        "place",
        "versions",
    )

    plan: Plan
    edges: Sequence[Edge]  # one for each of plan.wanted
    saved: Any  # a sequence of arrays, shapes, parameters; None once freed
    args: Any  # a sequence: the tensors whose arrays are saved; none of them refers to this node
    time: int  # of the recording
    shape: Any  # of the output; for several outputs, a tuple of shapes
    dtype: Any
    hooks: dict[Any, Callable[[Any], Any]] | None
    place: Any  # where it was recorded; only under anomaly mode
    versions: tuple[Version, ...]  # of the outputs, if they are saved and somebody may change them

    @property
    def name(self) -> str:
        """The operation's name."""
        return self.plan.primitive.name

    def __repr__(self) -> str:
        return f"<{self.name} {self.dtype} {self.shape}>"

    def gradients(self, plan: Plan, g: Array, create_graph: bool) -> Sequence[Any]:
        """The gradients by the inputs that ``plan`` wants, given ``g``, that by the output.

        Raises GraphError if a saved value was freed, or changed in place since.
        """
        saved = self.saved
        if plan.names:
            if saved is None:
                raise GraphError(self._freed())
            if self.time < Version.last:
                self._check_versions(create_graph)
            if create_graph:
                saved = self._as_tensors(saved)
        return plan.apply(g, saved)

    def watch(self, version: Version, index: int = ALL) -> None:
        """Note the version of an output, which somebody may change from now on."""
        if ALL in self.plan.outputs or index in self.plan.outputs:
            self.versions = (*getattr(self, "versions", ()), version)

    def free(self) -> None:
        """Let go of the saved arrays."""
        if self.plan.holds_arrays:
            self.saved = self.args = None

    def _as_tensors(self, saved: Sequence[Any]) -> Sequence[Any]:
        """What was saved, in its places in the graph, for a backward that is itself recorded."""
        values = list(saved)
        values[: len(self.args)] = [
            arg if isinstance(arg, Variable) or not isinstance(arg, np.ndarray) else make(arg)
            for arg in self.args
        ]
        # Saved as a tensor, an output would be in a reference cycle with its node.
        for place, i in enumerate(self.plan.outputs, len(self.args)):
            out = values[place]
            if type(out) is Outputs:
                values[place] = out.tensors(self)
            else:
                values[place] = make(out, self if i == ALL else output_edge(self, i))
        return values

    def _check_versions(self, create_graph: bool) -> None:
        for name, arg in zip(self.plan.names, self.args or ()):
            version = arg._version if isinstance(arg, Variable) else None
            if version is None:
                continue
            if version.changed > self.time or (create_graph and version.detached > self.time):
                raise GraphError(self._changed(f"argument {name} ({describe(arg._array)})"))
        if any(version.changed > self.time for version in getattr(self, "versions", ())):
            raise GraphError(self._changed(f"output ({self.dtype} {self.shape})"))

    def _changed(self, value: str) -> str:
        return (
            f"backward: {self.name} needs its {value} as it was when it was recorded, but it was "
            "changed in place since. Use the out-of-place operation (x = x + 1 for x += 1), or "
            "change a clone()"
        )

    def _freed(self) -> str:
        return (
            f"backward: {self.name} no longer has the values it saved: an earlier backward pass "
            "went through it and "
            "freed them. Pass retain_graph=True to that one, or compute the result anew"
        )


class Output:
    """One of the outputs of an operation that has several: it puts its gradient in its place among
    theirs."""

    __slots__ = ("edges", "index", "time", "shape", "dtype", "hooks")

    def __init__(self, node: Node, index: int) -> None:
        self.edges = (node,)
        self.time = tick()
        self.index = index
        self.shape: tuple[int, ...] = node.shape[index]
        self.dtype: np.dtype[Any] = node.dtype[index]
        self.hooks: dict[Any, Callable[[Any], Any]] | None = None

    @property
    def name(self) -> str:
        """The operation's name."""
        return self.edges[0].name

    def watch(self, version: Version) -> None:
        """Note the version of this output."""
        self.edges[0].watch(version, self.index)

    def __repr__(self) -> str:
        return f"<output {self.index} of {self.edges[0]!r}>"


class Stale:
    """Stands in for the node of a view whose memory another tensor's recorded in-place operation
    has changed."""

    __slots__ = ("shape", "dtype", "operation")

    hooks = None
    edges = ()
    time = 0
    name = "a stale view"

    def __init__(self, view: Variable, operation: str) -> None:
        self.shape: tuple[int, ...] = view._array.shape
        self.dtype: np.dtype[Any] = view._array.dtype
        self.operation = operation

    def watch(self, version: Version) -> None:
        """Nothing: what made this value is no longer asked."""

    def fail(self) -> None:
        """Raise GraphError, for the gradient would be that of a value which is no longer there."""
        raise GraphError(
            f"backward: a view of shape {self.shape} was used, whose base was changed in place by "
            f"{self.operation} after "
            "the view was taken. Take the view again after the change, or take it of a clone()"
        )


class Outputs(tuple[Array, ...]):
    """The arrays of an operation with several outputs."""

    @property
    def shape(self) -> tuple[tuple[int, ...], ...]:
        """The shape of each."""
        return tuple(out.shape for out in self)

    @property
    def dtype(self) -> tuple[np.dtype[Any], ...]:
        """The dtype of each."""
        return tuple(out.dtype for out in self)

    def tensors(self, node: Node | None) -> tuple[Any, ...]:
        """Each as a tensor; one that ``node`` made, unless it is None or the dtype has no
        gradients."""
        return tuple(
            make(out, None if node is None else output_edge(node, i)) for i, out in enumerate(self)
        )


def output_edge(node: Node, index: int) -> Output | None:
    """The edge of one of several outputs of ``node``; None if its dtype has no gradients."""
    return Output(node, index) if node.dtype[index].kind in "fc" else None


Edge: TypeAlias = Node | Output | Stale | Sink
