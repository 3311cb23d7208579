"""What happens around a module's forward: its hooks, and the note that says where an error came
from."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from math import prod
from typing import Any, NamedTuple

from autograd.core.variable import Variable
from autograd.errors import DTypeError
from autograd.hooks import HookHandle
from autograd.modes import is_grad_enabled
from autograd.ops.conversion import clone
from autograd.ops.joining import cat
from nn import tree


class Hooks:
    """The hooks of a module, by when they are called."""

    def __init__(self) -> None:
        self.before: dict[int, Any] = {}
        self.after: dict[int, Any] = {}
        self.backward: dict[int, Any] = {}
        self.backward_before: dict[int, Any] = {}
        self.saving: dict[int, Any] = {}
        self.saved: dict[int, Any] = {}
        self.loading: dict[int, Any] = {}
        self.loaded: dict[int, Any] = {}

    def add(self, when: str, hook: Callable[..., Any], prepend: bool) -> HookHandle:
        """Add ``hook`` to those called ``when``, as the last or the first."""
        hooks: dict[int, Any] = getattr(self, when)
        others = dict(hooks)
        handle = HookHandle(hooks, hook)
        if prepend:
            for key, other in others.items():
                del hooks[key]
                hooks[key] = other
        return handle


class SpecialHook(NamedTuple):
    """Marks a forward hook that wants more than the others."""

    function: Callable[..., Any]
    with_kwargs: bool
    always_call: bool = False


def _run(
    hook: Any, module: Hooked, args: tuple[Any, ...], kwargs: dict[str, Any], *output: Any
) -> Any:
    if not isinstance(hook, SpecialHook):
        return hook(module, args, *output)
    if hook.with_kwargs:
        return hook.function(module, args, kwargs, *output)
    return hook.function(module, args, *output)


class Hooked(tree.Branch):
    """What a module does when it is called, and the hooks that are called with it."""

    _hooks: Hooks | None = None

    def forward(self, *args: Any, **kwargs: Any) -> Any:
        """What the module computes. Subclasses define it; call the module itself, which runs the
        hooks too."""
        name = type(self).__name__
        raise NotImplementedError(
            f"{name}: has no forward, so it can't be called; define `def forward(self, x): ...` "
            f"in class {name}"
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        try:
            if self._hooks is None:
                return self.forward(*args, **kwargs)
            return _call_with_hooks(self, self._hooks, args, kwargs)
        except Exception as error:
            add_place(self, error)
            raise

    def _own_hooks(self) -> Hooks:
        if self._hooks is None:
            self._hooks = Hooks()
        return self._hooks

    def _add_hook(self, when: str, hook: Any, prepend: bool = False) -> HookHandle:
        return self._own_hooks().add(when, hook, prepend)

    def _hooks_for(self, when: str) -> tuple[Any, ...]:
        return () if self._hooks is None else tuple(getattr(self._hooks, when).values())

    def register_forward_pre_hook(
        self, hook: Callable[..., Any], *, prepend: bool = False, with_kwargs: bool = False
    ) -> HookHandle:
        """Call ``hook(module, args)`` before each `forward`; what it returns replaces the
        arguments.

        ``with_kwargs``: call ``hook(module, args, kwargs)``, which may return ``(args, kwargs)``.
        """
        special = SpecialHook(hook, with_kwargs) if with_kwargs else hook
        return self._add_hook("before", special, prepend)

    def register_forward_hook(
        self,
        hook: Callable[..., Any],
        *,
        prepend: bool = False,
        with_kwargs: bool = False,
        always_call: bool = False,
    ) -> HookHandle:
        """Call ``hook(module, args, output)`` after each `forward`; what it returns replaces the
        output.

        ``with_kwargs``: call ``hook(module, args, kwargs, output)``. ``always_call``: also if the
        call fails, with an output of None.
        """
        wants_more = with_kwargs or always_call
        special = SpecialHook(hook, with_kwargs, always_call) if wants_more else hook
        return self._add_hook("after", special, prepend)

    def register_full_backward_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> HookHandle:
        """Call ``hook(module, grad_input, grad_output)`` when the gradients by the inputs have been
        computed.

        Both are tuples with an entry for each positional argument and each output, None where it
        has no gradient. What the hook returns replaces ``grad_input``.
        """
        return self._add_hook("backward", hook, prepend)

    def register_full_backward_pre_hook(
        self, hook: Callable[..., Any], prepend: bool = False
    ) -> HookHandle:
        """Call ``hook(module, grad_output)`` before the gradients by the inputs are computed.

        What it returns replaces ``grad_output``.
        """
        return self._add_hook("backward_before", hook, prepend)

    def register_backward_hook(self, hook: Callable[..., Any]) -> HookHandle:
        """The same as `register_full_backward_hook`. (PyTorch's older one shows the gradients by
        the inputs of the module's last operation.)"""
        return self.register_full_backward_hook(hook)


def _call_with_hooks(
    module: Hooked, hooks: Hooks, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """``module.forward(*args, **kwargs)`` with its hooks before, after and in the backward pass."""
    waiting = {key: hook for key, hook in hooks.after.items() if _is_always_called(hook)}
    try:
        args, kwargs = _before(module, hooks, args, kwargs)
        watch = (
            _Backward(module, hooks)
            if is_grad_enabled() and (hooks.backward or hooks.backward_before)
            else None
        )
        if watch:
            args = watch.inputs(args)
        output = module.forward(*args, **kwargs)
        for key, hook in tuple(hooks.after.items()):
            waiting.pop(key, None)
            replaced = _run(hook, module, args, kwargs, output)
            output = output if replaced is None else replaced
        return watch.outputs(output) if watch else output
    except Exception:
        for hook in waiting.values():
            _warn_if_it_fails(hook, module, args, kwargs)
        raise


def _before(
    module: Hooked, hooks: Hooks, args: tuple[Any, ...], kwargs: dict[str, Any]
) -> tuple[tuple[Any, ...], dict[str, Any]]:
    """The arguments as the pre-hooks leave them."""
    for hook in tuple(hooks.before.values()):
        replaced = _run(hook, module, args, kwargs)
        if replaced is None:
            continue
        if not isinstance(hook, SpecialHook):
            args = replaced if isinstance(replaced, tuple) else (replaced,)
        elif isinstance(replaced, tuple) and len(replaced) == 2:
            args, kwargs = replaced
        else:
            raise DTypeError(
                "forward pre-hook: with_kwargs=True needs None or a tuple (args, kwargs) returned, "
                f"got {replaced!r}"
            )
    return args, kwargs


def _is_always_called(hook: Any) -> bool:
    return isinstance(hook, SpecialHook) and hook.always_call


def _warn_if_it_fails(hook: Any, module: Hooked, args: Any, kwargs: Any) -> None:
    """Call ``hook`` while another exception is on its way, which must not be lost."""
    try:
        _run(hook, module, args, kwargs, None)
    except Exception as error:
        warnings.warn(
            f"a forward hook with always_call=True raised {error!r}, after the call itself failed",
            stacklevel=2,
        )


class _Backward:
    """One call's backward hooks: they see the gradients of all outputs at once, and of all inputs
    at once."""

    def __init__(self, module: Hooked, hooks: Hooks) -> None:
        self.module = module
        self.n_inputs = 0
        self.after = tuple(hooks.backward.values())
        self.before = tuple(hooks.backward_before.values())
        self.watches_inputs = False
        self.grad_output: tuple[Any, ...] = ()

    def inputs(self, args: tuple[Any, ...]) -> tuple[Any, ...]:
        self.n_inputs = len(args)
        watched, self.watches_inputs = _watched(args, self.on_grad_input)
        return watched

    def outputs(self, output: Any) -> Any:
        several = isinstance(output, (tuple, list))
        watched, found = _watched(tuple(output) if several else (output,), self.on_grad_output)
        if not found:
            return output
        if not several:
            return watched[0]
        return type(output)(*watched) if hasattr(output, "_fields") else type(output)(watched)

    def on_grad_output(self, gradients: tuple[Any, ...]) -> tuple[Any, ...]:
        for hook in self.before:
            gradients = _replaced(gradients, hook(self.module, gradients))
        self.grad_output = gradients
        if not self.watches_inputs:
            self._without_inputs(gradients)
        return gradients

    def _without_inputs(self, gradients: tuple[Any, ...]) -> None:
        """Call the hooks although no input needs a gradient."""
        nothing = (None,) * self.n_inputs
        for hook in self.after:
            if hook(self.module, nothing, gradients) not in (None, nothing):
                raise DTypeError(
                    "backward hook: no input of the module requires grad, so there is no gradient "
                    "to replace; return None"
                )

    def on_grad_input(self, gradients: tuple[Any, ...]) -> tuple[Any, ...]:
        for hook in self.after:
            gradients = _replaced(gradients, hook(self.module, gradients, self.grad_output))
        return gradients


def _replaced(gradients: tuple[Any, ...], returned: Any) -> tuple[Any, ...]:
    if returned is None:
        return gradients
    replaced = returned if isinstance(returned, tuple) else (returned,)
    if len(replaced) != len(gradients):
        raise DTypeError(
            f"backward hook: returned {len(replaced)} gradients in place of {len(gradients)}"
        )
    return replaced


def _watched(
    values: tuple[Any, ...], hook: Callable[[tuple[Any, ...]], tuple[Any, ...]]
) -> tuple[tuple[Any, ...], bool]:
    """``values`` with the recorded tensors replaced by equal ones whose gradients pass through
    ``hook``, all at once."""
    places = [
        i
        for i, value in enumerate(values)
        if isinstance(value, Variable) and value._edge is not None
    ]
    if not places:
        return values, False
    tensors: list[Any] = [values[i] for i in places]

    def on_gradients(gradients: Sequence[Any]) -> list[Any]:
        by_place = dict(zip(places, gradients))
        result = hook(tuple(by_place.get(i) for i in range(len(values))))
        return [result[i] for i in places]

    if len(tensors) == 1:
        (tensor,) = tensors
        joint = clone(tensor)
        joint.register_hook(lambda g: on_gradients([g])[0])
        parts = [joint]
    else:
        # Through one flat tensor, so that their gradients come together.
        joint = cat([tensor.reshape(-1) for tensor in tensors])
        joint.register_hook(
            lambda g: cat([part.reshape(-1) for part in on_gradients(_split(g, tensors))])
        )
        parts = _split(joint, tensors)
    by_place = dict(zip(places, parts))
    return tuple(by_place.get(i, value) for i, value in enumerate(values)), True


def _split(flat: Any, like: Sequence[Any]) -> list[Any]:
    """``flat`` cut into pieces of the shapes and dtypes of ``like``."""
    parts, start = [], 0
    for tensor in like:
        stop = start + prod(tensor.shape)
        parts.append(flat[start:stop].reshape(tensor.shape).to(tensor.dtype))
        start = stop
    return parts


# -- where an error came from ----------------------------------------------------------------------


def add_place(module: Hooked, error: Exception) -> None:
    """Note in ``error`` that it came through ``module``: in the end, ``in Net.encoder.2 (Dense)``.

    Each module only knows the names of those that it calls, so the path grows outwards, a name for
    each caller.
    """
    place: _Place | None = getattr(error, "_module_place", None)
    if place is None:
        place = _Place(module, "", type(module).__name__)
    else:
        name = next(
            (name for name, child in tree.own_modules(module) if child is place.outermost), None
        )
        if name is None:
            return  # called by a module that does not hold it: the path begins below
        if place.note() in error.__notes__:
            error.__notes__.remove(place.note())
        place = _Place(module, tree.joined(name, place.path), place.kind)
    error._module_place = place  # type: ignore[attr-defined]  # exceptions take attributes
    error.add_note(place.note())


class _Place:
    """The innermost module that an error came through: its class, and its path from the outermost
    one so far."""

    def __init__(self, outermost: Hooked, path: str, kind: str) -> None:
        self.outermost, self.path, self.kind = outermost, path, kind

    def note(self) -> str:
        outermost = type(self.outermost).__name__
        return f"  in {outermost}.{self.path} ({self.kind})" if self.path else f"  in {outermost}"
