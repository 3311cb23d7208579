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
from typing import Any

import numpy as np
import torch
from torch.testing._internal.common_methods_invocations import op_db

import autograd
from autograd.errors import AutogradError
from tests.parity import translate
from tests.parity.translate import Untranslatable, differences, outcome, ours, tensors_in

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
    found: Any = None
    if hasattr(autograd.Tensor, info.name) and not hasattr(autograd, info.name):
        member = getattr(autograd.Tensor, info.name)
        found = member.__get__ if isinstance(member, property) else member
    else:
        import nn.functional  # noqa: F401 - nn.functional is looked up by name below
        import nn

        roots = {"nn": nn}
        found = roots.get(info.name.split(".")[0], autograd)
        for part in info.name.removeprefix("nn.").split("."):
            found = getattr(found, part, None)
    if isinstance(info.op, functools.partial) and found is not None:
        return functools.partial(found, *ours(info.op.args), **ours(info.op.keywords))
    return found


def differentiable(value: Any, kind: Any) -> list[Any]:
    """The tensors in ``value`` that gradients flow from."""
    return [t for t in tensors_in(value, kind) if t.requires_grad]


class Check:
    """One operation in one dtype."""

    def __init__(self, info: Any, function: Callable[..., Any], dtype: torch.dtype) -> None:
        self.info, self.function, self.dtype = info, function, dtype
        self.values = full_name(info) not in RANDOM

    def samples(self, requires_grad: bool, reference: bool = False) -> Iterator[Any]:
        """PyTorch's sample inputs, the same in each run."""
        torch.manual_seed(0)
        random.seed(0)
        np.random.seed(0)  # noqa: NPY002 - PyTorch's samples draw from NumPy's global generator
        source = self.info.reference_inputs if reference else self.info.sample_inputs
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield from source("cpu", self.dtype, requires_grad=requires_grad)

    def run(self, reference: bool = False) -> Iterator[str]:
        """All that differs, a line each."""
        grads = self.dtype in (torch.float64, torch.complex128) and self.info.supports_autograd
        for i, sample in enumerate(self.samples(grads, reference)):
            for line in self.sample(sample, grads):
                yield f"[{i}] {line}  <- {summary(sample)}"

    def sample(self, sample: Any, grads: bool) -> Iterator[str]:
        """What differs on one sample."""
        try:
            mine = ours((sample.input, *sample.args)), ours(sample.kwargs)
        except Untranslatable:
            return
        theirs = (sample.input, *sample.args), sample.kwargs
        expected, refused = outcome(lambda: self.info.op(*theirs[0], **theirs[1]))
        got, error = outcome(lambda: self.function(*mine[0], **mine[1]))
        if refused is not None:
            if error is None:
                yield f"accepted; PyTorch raises {refused!r:.150}"
            return
        if error is not None:
            yield f"raised {error!r:.300}"
            return
        try:
            found = list(differences(got, expected, self.values))
        except Untranslatable:
            return
        yield from found
        if grads and self.values and not found:
            yield from self.gradients(sample, mine, theirs, got, expected)

    def gradients(
        self, sample: Any, mine: Any, theirs: Any, got: Any, expected: Any
    ) -> Iterator[str]:
        """What differs in the gradients, and in their gradients."""
        process = sample.output_process_fn_grad or (lambda out: out)
        outs, mine_outs = process(expected), process(got)
        outs = differentiable(outs, torch.Tensor)
        mine_outs = [t for t in differentiable(mine_outs, autograd.Tensor)]
        inputs = differentiable(theirs, torch.Tensor)
        mine_inputs = differentiable(mine, autograd.Tensor)
        if len(outs) != len(mine_outs):
            yield f"{len(mine_outs)} outputs require grad, not {len(outs)}"
            return
        for order in (1, 2):
            g = translate.cotangents(outs, order)
            if not outs:
                return
            expected, refused = outcome(
                lambda: torch.autograd.grad(outs, inputs, g, create_graph=True, allow_unused=True)  # noqa: B023 - called at once
            )
            if refused is not None:
                return
            got, error = outcome(
                lambda: autograd.grad(  # noqa: B023 - called at once
                    mine_outs,
                    mine_inputs,
                    [ours(x) for x in g],
                    create_graph=True,
                    allow_unused=True,
                )
            )
            if error is not None:
                yield f"gradient {order}: raised {error!r:.300}"
                return
            wrong = list(self.compare_gradients(got, expected))
            yield from (f"gradient {order}: {line}" for line in wrong)
            pairs = [
                (m, t)
                for m, t in zip(got, expected)
                if t is not None and t.requires_grad and m is not None and m.requires_grad
            ]
            if wrong or not self.info.supports_gradgrad:
                return
            mine_outs, outs = [m for m, _ in pairs], [t for _, t in pairs]

    def compare_gradients(self, got: Any, expected: Any) -> Iterator[str]:
        """A missing gradient counts as zeros."""
        for i, (mine, theirs) in enumerate(zip(got, expected)):
            if mine is None and theirs is None:
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
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        samples = list(info.error_inputs("cpu"))
    for i, wrong in enumerate(samples):
        sample = wrong.sample_input
        try:
            args, kwargs = ours((sample.input, *sample.args)), ours(sample.kwargs)
        except Untranslatable:
            continue
        if "out" in kwargs:
            continue
        _, refused = outcome(lambda: info.op(sample.input, *sample.args, **sample.kwargs))  # noqa: B023 - called at once
        if refused is None:
            continue
        _, error = outcome(lambda: function(*args, **kwargs))  # noqa: B023 - called at once
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


def check(info: Any, reference: bool = False) -> Iterator[str]:
    """All that differs, in every dtype."""
    function = function_of(info)
    if function is None:
        yield "missing"
        return
    supported = info.supported_dtypes("cpu")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for dtype in DTYPES:
            if dtype in supported:
                for line in Check(info, function, dtype).run(reference):
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
