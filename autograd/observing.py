"""Seeing operations, rules and modules as they run: what `autograd.profile`, `nn.summary` and
`nn.strict` share.

Nothing in the engine asks whether somebody observes, so that it costs nothing when nobody does.
What the engine calls is exchanged for as long as somebody does: `Primitive.run`, `record`,
`Node.gradients`, and a module's ``__call__``.
"""

from __future__ import annotations

import functools
import gc
import importlib
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from time import perf_counter
from typing import Any, TypeGuard

from autograd.core import primitive as recording
from autograd.core.node import Edge, Node
from autograd.core.primitive import Primitive
from autograd.errors import AutogradError

Chain = tuple[Any, ...]  # the modules that are being called, the outermost first

_one_at_a_time = threading.Lock()
_ABSENT = object()


class _Thread(threading.local):
    """Where a thread is."""

    modules: Chain = ()
    node: Node | None = None  # the one whose rules are running
    busy = False  # inside an operation or a rule: what these call is part of them


class Observer:
    """Is told, after each, of the operations, rules and modules of all threads; subclasses define
    what they want to know."""

    def __init__(self) -> None:
        self.thread = _Thread()
        # The modules in which a node was recorded, by its time, which is its alone.
        self.places: dict[int, Chain] = {}

    def operation(
        self, operation: Primitive, args: Any, params: dict[str, Any], out: Any, seconds: float
    ) -> None:
        """``operation`` has computed ``out``, an array or a tuple of arrays, of ``args``."""

    def rules(self, node: Node, outer: Node | None, seconds: float) -> None:
        """The rules of ``node`` have run: within those of ``outer``, if it is not None."""

    def call(self, chain: Chain, output: Any, seconds: float) -> None:
        """The last module of ``chain`` has returned ``output``."""

    # -- what stands in for what the engine calls --------------------------------------------------
    # The names are hidden ones, for errors name the outermost public function that was called.

    def _run(
        self, primitive: Primitive, run: Callable[..., Any], /, *args: Any, **params: Any
    ) -> Any:
        """What ``run`` gives: for `Primitive.run`."""
        thread = self.thread
        if thread.busy:
            return run(*args, **params)
        thread.busy = True
        start = perf_counter()
        try:
            out = run(*args, **params)
        finally:
            thread.busy = False
        self.operation(primitive, args, params, out, perf_counter() - start)
        return out

    def _record(self, record: Callable[..., Any], *args: Any) -> Any:
        """The node that ``record`` makes, its place noted."""
        node = record(*args)
        if node is not None and self.thread.modules:
            self.places[node.time] = self.thread.modules
        return node

    def _gradients(self, compute: Callable[..., Any], node: Node, *args: Any) -> Any:
        """What the rules of ``node`` give: for `Node.gradients`."""
        thread = self.thread
        outer, busy, modules = thread.node, thread.busy, thread.modules
        thread.node, thread.busy, thread.modules = node, True, self.places.get(node.time, ())
        start = perf_counter()
        try:
            return compute(node, *args)
        finally:
            thread.node, thread.busy, thread.modules = outer, busy, modules
            self.rules(node, outer, perf_counter() - start)

    def _call(self, call: Callable[..., Any], module: Any, /, *args: Any, **kwargs: Any) -> Any:
        """What ``module`` returns. Inside a rule, which computes it again, it is part of that."""
        thread = self.thread
        outer = thread.modules
        thread.modules = chain = (*outer, module)
        start = perf_counter()
        try:
            output = call(module, *args, **kwargs)
        finally:
            thread.modules = outer
        if thread.node is None:
            self.call(chain, output, perf_counter() - start)
        return output


class _Run:
    """Stands on the class in front of each primitive's own ``run``, whatever that is by then."""

    def __init__(self, observer: Observer) -> None:
        self.observer = observer
        # Read before it stands there. Each could be read from its primitive's __dict__ later, but
        # in Python 3.11 and 3.12 an object that was asked for that is slower ever after.
        self.own = {each: each.run for each in gc.get_referrers(Primitive) if _is_primitive(each)}

    def __get__(self, primitive: Primitive, owner: type[Primitive]) -> Callable[..., Any]:
        if primitive not in self.own:  # gc.freeze() hides objects
            self.own[primitive] = vars(primitive)["run"]
        return functools.partial(self.observer._run, primitive, self.own[primitive])

    def __set__(self, primitive: Primitive, run: Callable[..., Any]) -> None:
        self.own[primitive] = vars(primitive)["run"] = run


def _is_primitive(value: Any) -> TypeGuard[Primitive]:
    return isinstance(value, Primitive)


@contextmanager
def observing(observer: Observer, name: str) -> Iterator[None]:
    """Let ``observer`` see all that runs in the block. Raises AutogradError if another one does.

    ``name`` is what the message calls the one who asks."""
    if not _one_at_a_time.acquire(blocking=False):
        raise AutogradError(
            f"{name}: only one autograd.profile(), nn.summary or nn.strict can run at a time, in "
            "all threads; end the other one first"
        )
    with ExitStack() as stack:
        stack.callback(_one_at_a_time.release)
        # nn lies above this package, so it is not imported from here but asked for.
        hooked = importlib.import_module("nn.calling").Hooked
        for owner, attribute, bound in (
            (recording, "record", observer._record),
            (Node, "gradients", observer._gradients),
            (hooked, "__call__", observer._call),
        ):
            value = _in_front_of(vars(owner)[attribute], bound)
            stack.enter_context(_exchanged(owner, attribute, value))
        stack.enter_context(_exchanged(Primitive, "run", _Run(observer)))
        yield


def _in_front_of(function: Callable[..., Any], bound: Callable[..., Any]) -> Callable[..., Any]:
    """``bound``, given ``function`` and its arguments; a function, for these bind as methods."""

    @functools.wraps(function)
    def apply(*args: Any, **kwargs: Any) -> Any:
        return bound(function, *args, **kwargs)

    return apply


@contextmanager
def _exchanged(owner: Any, name: str, value: Any) -> Iterator[None]:
    before = vars(owner).get(name, _ABSENT)
    setattr(owner, name, value)
    try:
        yield
    finally:
        if before is _ABSENT:
            delattr(owner, name)
        else:
            setattr(owner, name, before)


def nodes_behind(edges: Iterable[Edge]) -> list[Node]:
    """All operations that ``edges`` come from, the oldest first."""
    stack: list[Any] = list(edges)
    seen: set[Any] = set(stack)
    while stack:
        new = [edge for edge in stack.pop().edges if edge not in seen]
        seen.update(new)
        stack += new
    return sorted((edge for edge in seen if type(edge) is Node), key=lambda node: node.time)
