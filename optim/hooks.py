"""Functions that an optimizer calls around its steps, and around saving and loading."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeAlias

from autograd.errors import DTypeError
from autograd.hooks import HookHandle

Hook: TypeAlias = Callable[..., Any]
Hooks: TypeAlias = OrderedDict[int, Hook]


class Hooked:
    """Registers hooks: each method returns a handle, whose ``remove()`` takes the hook away.

    With ``prepend`` a hook is called before those that are already there.
    """

    def __init__(self) -> None:
        self._step_pre_hooks: Hooks = OrderedDict()
        self._step_post_hooks: Hooks = OrderedDict()
        self._state_dict_pre_hooks: Hooks = OrderedDict()
        self._state_dict_post_hooks: Hooks = OrderedDict()
        self._load_state_dict_pre_hooks: Hooks = OrderedDict()
        self._load_state_dict_post_hooks: Hooks = OrderedDict()

    def register_step_pre_hook(self, hook: Hook) -> HookHandle:
        """Call ``hook(optimizer, args, kwargs)`` before each step; it may return other
        ``(args, kwargs)`` for it."""
        return HookHandle(self._step_pre_hooks, hook)

    def register_step_post_hook(self, hook: Hook) -> HookHandle:
        """Call ``hook(optimizer, args, kwargs)`` after each step."""
        return HookHandle(self._step_post_hooks, hook)

    def register_state_dict_pre_hook(self, hook: Hook, prepend: bool = False) -> HookHandle:
        """Call ``hook(optimizer)`` before ``state_dict()``."""
        return _register(self._state_dict_pre_hooks, hook, prepend)

    def register_state_dict_post_hook(self, hook: Hook, prepend: bool = False) -> HookHandle:
        """Call ``hook(optimizer, state_dict)`` after ``state_dict()``; what it returns, unless
        None, replaces the result."""
        return _register(self._state_dict_post_hooks, hook, prepend)

    def register_load_state_dict_pre_hook(self, hook: Hook, prepend: bool = False) -> HookHandle:
        """Call ``hook(optimizer, state_dict)`` before loading a shallow copy; what it returns,
        unless None, is loaded instead."""
        return _register(self._load_state_dict_pre_hooks, hook, prepend)

    def register_load_state_dict_post_hook(self, hook: Hook, prepend: bool = False) -> HookHandle:
        """Call ``hook(optimizer)`` after loading."""
        return _register(self._load_state_dict_post_hooks, hook, prepend)


def _register(hooks: Hooks, hook: Hook, prepend: bool) -> HookHandle:
    handle = HookHandle(hooks, hook)
    if prepend:
        hooks.move_to_end(next(reversed(hooks)), last=False)
    return handle


def replaced(hooks: Hooks, optimizer: Any, value: Any) -> Any:
    """``value``, or what the hooks, called with it one after the other, make of it."""
    for hook in list(hooks.values()):
        result = hook(optimizer, value)
        if result is not None:
            value = result
    return value


def with_hooks(step: Callable[..., Any]) -> Callable[..., Any]:
    """``step``, a method of an optimizer, between the hooks that are registered for it."""

    @wraps(step)
    def hooked(optimizer: Any, *args: Any, **kwargs: Any) -> Any:
        for hook in list(optimizer._step_pre_hooks.values()):
            changed = hook(optimizer, args, kwargs)
            if changed is not None:
                args, kwargs = _arguments(optimizer, changed)
        result = step(optimizer, *args, **kwargs)
        for hook in list(optimizer._step_post_hooks.values()):
            hook(optimizer, args, kwargs)
        return result

    return hooked


def _arguments(optimizer: Any, changed: Any) -> tuple[Any, Any]:
    if not isinstance(changed, tuple) or len(changed) != 2:
        raise DTypeError(
            f"{type(optimizer).__name__}: a step pre-hook must return None or (args, kwargs), "
            f"got {changed!r}"
        )
    return changed
