"""Operations on PyTorch's sample inputs: values, gradients, second-order gradients, refusals.

``python -m tests.parity.operations [NAME ...] [--reference]`` prints what differs, an operation at
a time."""

from __future__ import annotations

import argparse
import functools
import random
import sys
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import BuiltinFunctionType, FunctionType
from typing import Any

import numpy as np
import torch
from torch.testing._internal.common_methods_invocations import op_db

import autograd
import nn
from autograd.errors import AutogradError
from tests.parity import translate
from tests.parity.translate import UntranslatableError, differences, ours, outcome, tensors_in

DTYPES = (
    torch.float64,
    torch.float32,
    torch.complex128,
    torch.int64,
    torch.uint8,
    torch.bool,
    torch.float16,
)

# Their values are random, or whatever the memory held: only shapes and dtypes can agree.
RANDOM = {
    "bernoulli", "multinomial", "normal", "normal.in_place", "normal.number_mean", "cauchy",
    "exponential", "geometric", "log_normal", "uniform", "rand_like", "randn", "randn_like",
    "randint", "randint_like", "empty", "empty_like", "empty_permuted", "empty_strided",
    "new_empty", "new_empty_strided", "nn.functional.dropout", "nn.functional.dropout2d",
    "nn.functional.dropout3d", "nn.functional.alpha_dropout",
    "nn.functional.feature_alpha_dropout.with_train", "nn.functional.rrelu",
    "nn.functional.fractional_max_pool2d", "nn.functional.fractional_max_pool3d",
    "nn.functional.multi_head_attention_forward", "nn.functional.scaled_dot_product_attention",
}  # fmt: skip


def full_name(info: Any) -> str:
    """``div.floor_rounding``."""
    return info.name + (f".{info.variant_test_name}" if info.variant_test_name else "")


def function_of(info: Any) -> Callable[..., Any] | None:
    """The library's function of that name (or method), or None."""
    name = info.name.rpartition(".")[2]
    found = named(info.name)
    if not isinstance(found, (FunctionType, BuiltinFunctionType)):
        found = getattr(autograd.Tensor, name, getattr(autograd.Tensor, f"{name}_", found))
    if found is None:
        return None
    if isinstance(info.op, FunctionType) and info.op.__module__.startswith("torch.testing"):
        return with_our_names(info.op)
    if isinstance(info.op, functools.partial):
        return functools.partial(found, *ours(info.op.args), **ours(info.op.keywords))
    return found.__get__ if isinstance(found, property) else found


def with_our_names(wrapper: FunctionType) -> Callable[..., Any]:
    """A function of PyTorch's suite around an operation, around ours of that name instead."""
    names = {**wrapper.__globals__, "torch": autograd}
    copy = FunctionType(wrapper.__code__, names, "", wrapper.__defaults__, wrapper.__closure__)
    copy.__kwdefaults__ = wrapper.__kwdefaults__
    return copy


def named(path: str) -> Any:
    """``linalg.svd`` in `autograd`, ``nn.functional.pad`` in `nn`; None if there is none."""
    found: Any = nn if path.startswith("nn.") else autograd
    for part in path.removeprefix("nn.").split("."):
        found = getattr(found, part, None)
    return found


@contextmanager
def own_random_numbers() -> Iterator[None]:
    """PyTorch's suite draws from everybody's generators: here always the same, and then theirs
    again."""
    states = random.getstate(), np.random.get_state()
    torch.manual_seed(0)
    random.seed(0)
    np.random.seed(0)
    try:
        yield
    finally:
        random.setstate(states[0])
        np.random.set_state(states[1])


def differentiable(value: Any, kind: Any) -> list[Any]:
    """The tensors in ``value`` that gradients flow from."""
    return [t for t in tensors_in(value, kind) if t.requires_grad]


class Check:
    """One operation in one dtype."""

    def __init__(self, info: Any, function: Callable[..., Any], dtype: torch.dtype) -> None:
        self.info, self.function, self.dtype = info, function, dtype
        self.values = full_name(info) not in RANDOM

    def samples(self, requires_grad: bool, reference: bool = False) -> list[Any]:
        """PyTorch's sample inputs, the same in each run."""
        source = self.info.reference_inputs if reference else self.info.sample_inputs
        with own_random_numbers(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return list(source("cpu", self.dtype, requires_grad=requires_grad))

    def run(self, reference: bool = False, at_most: int | None = None) -> Iterator[str]:
        """All that differs, a line each, on samples evenly chosen."""
        grads = self.dtype in (torch.float64, torch.complex128) and self.info.supports_autograd
        samples = self.samples(grads, reference)
        step = -(-len(samples) // at_most) if at_most else 1
        for i, sample in list(enumerate(samples))[:: max(step, 1)]:
            lines = [*self.sample(sample, grads), *(self.methods(sample) if i < 8 else ())]
            yield from (f"[{i}] {line}  <- {summary(sample)}" for line in lines)

    def methods(self, sample: Any) -> Iterator[str]:
        """What differs in the method and in the in-place method of that name."""
        for theirs in (self.info.method_variant, self.info.inplace_variant):
            name = getattr(theirs, "__name__", "<lambda>")
            if name == "<lambda>" or not isinstance(sample.input, torch.Tensor):
                continue
            mine = getattr(autograd.Tensor, name, None)
            if mine is None:
                yield f"there is no method {name}"
                continue
            try:
                args, kwargs = ours(sample.args), ours(sample.kwargs)
                x = ours(sample.input.detach())
            except UntranslatableError:
                return
            other = sample.input.detach().clone()
            expected, refused = outcome(theirs, other, *sample.args, **sample.kwargs)
            got, error = outcome(mine, x, *args, **kwargs)
            if (error is None) != (refused is None):
                yield f"{name}: {error or 'accepted'!r:.200}; PyTorch: {refused!r:.200}"
            elif error is None:
                found = list(self.compare(got, expected))
                if name.endswith("_") and not name.endswith("__"):
                    found += self.compare(x, other)
                yield from (f"{name}: {line}" for line in found)

    def compare(self, got: Any, expected: Any) -> Iterator[str]:
        """The differences, as far as they can be told."""
        try:
            yield from list(differences(got, expected, self.values))
        except UntranslatableError:
            return

    def sample(self, sample: Any, grads: bool) -> Iterator[str]:
        """What differs on one sample."""
        try:
            mine = ours((sample.input, *sample.args)), ours(sample.kwargs)
        except UntranslatableError:
            return
        theirs = (sample.input, *sample.args), sample.kwargs
        expected, refused = outcome(self.info.op, *theirs[0], **theirs[1])
        got, error = outcome(self.function, *mine[0], **mine[1])
        if refused is not None:
            if error is None:
                yield f"accepted; PyTorch raises {refused!r:.150}"
            return
        if error is not None:
            yield f"raised {error!r:.300}"
            return
        found = list(self.compare(got, expected))
        yield from found
        if grads and self.values and not found:
            yield from self.gradients(sample, mine, theirs, got, expected)

    def gradients(
        self, sample: Any, mine: Any, theirs: Any, got: Any, expected: Any
    ) -> Iterator[str]:
        """What differs in the gradients, and in their gradients."""
        process = sample.output_process_fn_grad or (lambda out: out)
        outs = differentiable(process(expected), torch.Tensor)
        mine_outs = differentiable(process(got), autograd.Tensor)
        inputs = differentiable(theirs, torch.Tensor)
        mine_inputs = differentiable(mine, autograd.Tensor)
        if len(outs) != len(mine_outs):
            yield f"{len(mine_outs)} outputs require grad, not {len(outs)}"
            return
        options = {"create_graph": True, "allow_unused": True}
        for order in (1, 2):
            if not outs:
                return
            g = translate.cotangents(outs, order)
            expected, refused = outcome(torch.autograd.grad, outs, inputs, g, **options)
            if refused is not None:
                return
            got, error = outcome(autograd.grad, mine_outs, mine_inputs, ours(g), **options)
            if error is not None:
                yield f"gradient {order}: raised {error!r:.300}"
                return
            wrong = list(self.compare_gradients(got, expected, inputs))
            yield from (f"gradient {order}: {line}" for line in wrong)
            pairs = [
                (m, t)
                for m, t in zip(got, expected)
                if t is not None and t.requires_grad and m is not None and m.requires_grad
            ]
            if wrong or not self.info.supports_gradgrad:
                return
            mine_outs, outs = [m for m, _ in pairs], [t for _, t in pairs]

    def compare_gradients(self, got: Any, expected: Any, inputs: Any) -> Iterator[str]:
        """A missing gradient counts as zeros; but that of an input that is a view, as some of the
        suite's are, may come at what it is a view of."""
        for i, (mine, theirs, x) in enumerate(zip(got, expected, inputs)):
            if theirs is None and (mine is None or x._is_view()):
                continue
            if theirs is None:
                theirs = torch.from_numpy(np.zeros_like(mine.detach().numpy()))
            if mine is None:
                mine = autograd.from_numpy(np.zeros_like(theirs.detach().numpy()))
            for line in translate.value_differences(mine, theirs, True):
                yield f"input {i}: {line}"


def refusals(info: Any, function: Callable[..., Any]) -> Iterator[str]:
    """Inputs that PyTorch refuses and the library does not, or not with an error of its own."""
    if info.error_inputs_func is None:
        return
    with own_random_numbers(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        samples = list(info.error_inputs("cpu"))
    for i, wrong in enumerate(samples):
        sample = wrong.sample_input
        try:
            args, kwargs = ours((sample.input, *sample.args)), ours(sample.kwargs)
        except UntranslatableError:
            continue
        if "out" in kwargs:
            continue
        _, refused = outcome(info.op, sample.input, *sample.args, **sample.kwargs)
        if refused is None:
            continue
        _, error = outcome(function, *args, **kwargs)
        if error is None:
            yield f"refusal {i}: accepted; PyTorch: {refused!r:.200}  <- {summary(sample)}"
        elif not isinstance(error, (AutogradError, TypeError, NotImplementedError)):
            yield f"refusal {i}: a bare {error!r:.200}  <- {summary(sample)}"
        elif not isinstance(error, type(refused)) and not isinstance(refused, NotImplementedError):
            yield f"refusal {i}: {error!r:.200}; PyTorch: {refused!r:.200}"


def summary(sample: Any) -> str:
    """The sample in one line."""
    return f"{brief(sample.input)}, {brief(sample.args)}, {brief(sample.kwargs)}"[:300]


def brief(value: Any) -> str:
    """A tensor by its shape and dtype."""
    if isinstance(value, torch.Tensor):
        return f"{str(value.dtype).removeprefix('torch.')}{list(value.shape)}"
    if isinstance(value, (list, tuple)):
        return "(" + ", ".join(map(brief, value)) + ")"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}={brief(item)}" for key, item in value.items()) + "}"
    return repr(value)


def check(info: Any, reference: bool = False, at_most: int | None = None) -> Iterator[str]:
    """All that differs, in every dtype, on ``at_most`` so many samples of each."""
    function = function_of(info)
    if function is None:
        yield "missing"
        return
    supported = info.supported_dtypes("cpu")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for dtype in DTYPES:
            if dtype in supported:
                for line in Check(info, function, dtype).run(reference, at_most):
                    yield f"{str(dtype).removeprefix('torch.')} {line}"
        yield from refusals(info, function)


def main() -> None:
    """Print what differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="all operations of these names; default: all")
    parser.add_argument("--reference", action="store_true", help="many more inputs")
    parser.add_argument("--lines", type=int, default=12, help="shown of each operation")
    arguments = parser.parse_args()
    for info in op_db:
        if arguments.names and info.name not in arguments.names:
            continue
        lines = list(check(info, arguments.reference))
        print(f"{'ok  ' if not lines else 'FAIL'} {full_name(info)} {len(lines) or ''}")
        for line in lines[: arguments.lines]:
            print("      ", " ".join(line.split()))
        sys.stdout.flush()


if __name__ == "__main__":
    main()
