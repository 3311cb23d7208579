"""What the engine knows of a tensor: its array, where its gradient goes, and when its memory was
last changed."""

from __future__ import annotations

import itertools
import threading
import weakref
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from autograd.errors import not_a_tensor

if TYPE_CHECKING:
    from autograd.core.node import Edge

if TYPE_CHECKING:
    Array = Any
else:

    class Array:
        """Marks the arguments of an operation that are differentiated.

        At run time they are whatever implements NumPy's protocols: an ndarray, a CuPy array.
        """


# The clock of the graph: it goes on by one with each recorded operation and each in-place change.
tick = itertools.count(1).__next__


class Version:
    """When the memory of a tensor was last changed in place. A tensor and its views share one."""

    __slots__ = ("changed", "detached", "views")

    # The time of the last in-place change in the whole program. A node remembers the time of its
    # recording: a value that it saved is intact if it has not been changed since.
    last: ClassVar[int] = 0
    _lock: ClassVar[threading.Lock] = threading.Lock()

    def __init__(self) -> None:
        self.changed = 0
        self.detached = 0  # when the tensor last lost its history, which its array survives
        self.views: list[weakref.ref[Variable]] = []

    def bump(self) -> None:
        """Note that the memory has just been changed."""
        with Version._lock:
            self.changed = Version.last = tick()

    def detach(self) -> None:
        """Note that the tensor has just lost its history."""
        with Version._lock:
            self.detached = Version.last = tick()

    def add_view(self, view: Variable) -> None:
        """Remember ``view``, so that a recorded change of its memory can find it."""
        count = len(self.views)
        if count >= 16 and count & (count - 1) == 0:  # at every power of two, forget the dead ones
            self.views = [reference for reference in self.views if reference() is not None]
        self.views.append(weakref.ref(view))

    def living_views(self) -> list[Variable]:
        """The views that still exist."""
        found = [reference() for reference in self.views]
        return [view for view in found if view is not None]


# An operation that gives a view, with the arguments after the first, and its parameters.
Step = tuple[Any, tuple[Any, ...], dict[str, Any]]


class View:
    """The version of a view: that of the memory, and the way to the view from its base.

    The base is no view itself: a view of a view keeps all the steps.
    """

    __slots__ = ("version", "base", "steps")

    detached: ClassVar[int] = 0  # a view does not lose its history

    def __init__(
        self, version: Version, base: weakref.ref[Variable], steps: tuple[Step, ...] | None
    ) -> None:
        self.version = version
        self.base = base
        self.steps = steps  # None for an operation that gives several views at once

    @property
    def changed(self) -> int:
        """When the memory was last changed."""
        return self.version.changed

    def take(self, base: Any) -> Any:
        """The view of ``base``, a tensor or an array."""
        for primitive, args, params in self.steps or ():
            base = primitive.call((base, *args), params)
        return base


class Sink:
    """Where a gradient ends: the ``.grad`` of a leaf, or of an intermediate tensor that retains it.

    It stands in the graph instead of the tensor, so that the graph never keeps a tensor alive.
    """

    __slots__ = ("shape", "dtype", "grad", "hooks", "after_hooks")

    edges: ClassVar[tuple[Edge, ...]] = ()

    def __init__(self, array: Array) -> None:
        self.shape: tuple[int, ...] = array.shape
        self.dtype: np.dtype[Any] = array.dtype
        self.grad: Any = None  # a Tensor, or None
        self.hooks: dict[Any, Callable[[Any], Any]] = {}
        self.after_hooks: dict[Any, Callable[[], Any]] = {}  # these run once grad is there

    def watch(self, version: Version) -> None:
        """Nothing: a leaf's value is watched by what saved it."""


class Variable:
    """An array and its place in the graph; `autograd.Tensor` adds everything that a user sees."""

    __slots__ = ("_array", "_edge", "_version", "_sink", "__weakref__")

    _array: Array
    _edge: (
        Edge | None
    )  # the node that made it; its sink, if it is a leaf that requires grad; else None
    _version: Version | View | None  # None until somebody needs to know
    _sink: Sink | None  # None until it has something to do with a gradient

    # The class of every result. The engine does not know it: autograd.tensor, a layer above, sets
    # it.
    result_class: ClassVar[type[Variable]]


def make(array: Array, edge: Edge | None = None) -> Any:
    """A new tensor of ``array``."""
    tensor = new(Variable.result_class)
    tensor._array = array
    tensor._edge = edge
    tensor._version = None
    tensor._sink = None
    return tensor


new = Variable.__new__


def version_of(variable: Variable) -> Version:
    """The version of its memory, made now if nobody has asked before."""
    version = variable._version
    if version is None:
        version = variable._version = Version()
        if variable._edge is not None:
            variable._edge.watch(version)
    return version.version if isinstance(version, View) else version


def share_memory(view: Variable, base: Variable, step: Step | None) -> None:
    """Note that ``view`` is a view of ``base``, if it is one; ``step`` is how it was made."""
    array, owner = view._array, base._array
    if array is owner or (array.base is not None and np.may_share_memory(array, owner)):
        version = version_of(base)
        origin = weakref.ref(base)
        steps: tuple[Step, ...] | None = None if step is None else (step,)
        if isinstance(base._version, View):
            before = base._version.steps
            origin = base._version.base
            steps = None if before is None or steps is None else before + steps
        view._version = View(version, origin, steps)
        version.add_view(view)
        if view._edge is not None:
            view._edge.watch(version)


def unwrap(value: Any) -> Any:
    """The array of a tensor; anything else as it is."""
    return value._array if isinstance(value, Variable) else value


def array_of(value: Any) -> Any:
    """The array of a tensor, or an array itself. Raises DTypeError for anything else."""
    if isinstance(value, Variable):
        return value._array
    if hasattr(value, "dtype"):
        return value
    raise not_a_tensor(value)


def checked_tensor(value: Any) -> Any:
    """``value``, a tensor or an array. Raises DTypeError for anything else."""
    array_of(value)
    return value
