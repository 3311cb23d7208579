"""Random indices, read and written, with either library: values, gradients and theirs."""

from __future__ import annotations

import random

import pytest

pytest.importorskip("torch", reason="PyTorch is the oracle")

from tests.parity.both import all_disagreements, disagreements, programs, words

SHAPES = [(3,), (2, 3), (2, 3, 4), (), (0, 3), (3, 1, 2), (4, 2)]


class Writer:
    """Writes indices for a tensor ``x`` of some shape, a few of them out of range."""

    def __init__(self, seed: int, bools: bool = True) -> None:
        self.random = random.Random(seed)
        self.bools = ["True", "False"] if bools else []

    def shape(self) -> tuple[int, ...]:
        return self.random.choice(SHAPES)

    def place(self, size: int) -> str:
        slack = self.random.random() < 0.1
        return str(self.random.randint(-size - slack, max(size - 1, 0) + slack))

    def places(self, size: int, counts: tuple[int, ...]) -> str:
        return ", ".join(self.place(size) for _ in range(self.random.choice(counts)))

    def part(self, size: int) -> str:
        """What can stand between two commas of an index, for a dim of ``size``."""
        integers = f"[{self.places(size, (1, 1, 2, 3))}]"
        mask = [self.random.random() < 0.5 for _ in range(size + (self.random.random() < 0.1))]
        ends = [
            self.random.choice(["", str(self.random.randint(-size - 2, size + 2))]) for _ in "ab"
        ]
        choices = [
            self.place(size), self.place(size), f"np.int64({self.place(size)})",
            ":".join([*ends, self.random.choice(["1", "2", "3"])]), ":".join(ends), ":", "None",
            integers, f"torch.tensor({integers})", f"torch.tensor({integers}, dtype=torch.int32)",
            f"torch.tensor([[{self.place(size)}], [{self.place(size)}]])", f"np.array({integers})",
            f"torch.tensor({self.place(size)})", f"torch.tensor({mask}, dtype=torch.bool)",
            "torch.tensor(True)", "torch.tensor(False)", *self.bools, "[]", "range(2)", str(mask),
            f"slice({self.place(size)}, None)", self.random.choice(["1.5", "torch.ones(1)", "'a'"]),
        ]  # fmt: skip
        return self.random.choice(choices)

    def index(self, shape: tuple[int, ...]) -> str:
        if len(shape) > 1 and self.random.random() < 0.05:
            return "x.detach() > 0"
        count = self.random.choice([1, 1, 2, 2, 3, len(shape)])
        parts = [self.part(shape[min(i, len(shape) - 1)] if shape else 1) for i in range(count)]
        if self.random.random() < 0.15:
            parts.insert(self.random.randint(0, count), "...")
        return ", ".join(parts) or "()"


MAKING = "x = (torch.arange({count}.0, dtype=torch.float64) - 2).reshape({shape})"
READING = """
x.requires_grad_()
y = x[{index}]
g, = torch.autograd.grad((y**3).sum(), x, create_graph=True)
h, = torch.autograd.grad((g * g).sum(), x)
[y, y.shape, g.detach(), h]
"""
# A value is written that has a gradient, or nothing is recorded, or into integers, or bools. What
# an element keeps that is named twice, PyTorch leaves open.
WRITING = {
    "recorded": """
x.requires_grad_()
v = torch.arange(4.0, dtype=torch.float64).requires_grad_()
y = x * 2
y[{index}] = {value}
s = (y**3).sum()
first = torch.autograd.grad(s, (x, v), create_graph=True, materialize_grads=True)
s = sum((g * g).sum() for g in first)
second = (None, None)
if s.requires_grad:
    second = torch.autograd.grad(s, (x, v), allow_unused=True)
second = [torch.zeros_like(t) if h is None else h for h, t in zip(second, (x, v))]
""",
    "not recorded": """
v = torch.arange(4.0, dtype=torch.float64)
y = x * 2
y[{index}] = {value}
first = second = []
""",
    "integers": """
v = torch.arange(4.0)
x = x.long()
y = x * 2
y[{index}] = {value}
first = second = []
""",
    "bools": """
v = torch.arange(4.0)
x = x > 0
y = x.clone()
y[{index}] = {value}
first = second = []
""",
}
RESULT = """
places = torch.arange(x.numel()).reshape(x.shape)[{index}].flatten().tolist()
[y.detach(), [g.detach() for g in first], second] if len(set(places)) == len(places) else None
"""
VALUES = words("""
    5.0 | 5 | 300 | -1 | 1.7 | True | 1j | float("nan") | torch.tensor(7.0) | torch.tensor(7) | v[0]
    | v | v[:2] | v.reshape(1, 4)[:, :2] | torch.ones(1, 1, 1, 1, dtype=v.dtype) * v[1] | x[0]
    | torch.tensor([1, 2]) | torch.tensor([1, 2, 3]) | torch.ones(0) | "a" | None
""")


def made(shape: tuple[int, ...]) -> str:
    count = 1
    for size in shape:
        count *= size
    return MAKING.format(count=count, shape=shape)


def reading(seed: int) -> str:
    writer = Writer(seed)
    shape = writer.shape()
    return made(shape) + READING.format(index=writer.index(shape))


def writing(kind: str, seed: int) -> str:
    writer = Writer(seed, bools=False)
    shape = writer.shape()
    index, value = writer.index(shape), writer.random.choice(VALUES)
    return made(shape) + (WRITING[kind] + RESULT).format(index=index, value=value)


def unexpected(sources: list[str]) -> list[str]:
    """Their disagreements, but for positions that are out of range where nothing is selected."""
    wrong = all_disagreements(sources)
    return [line for line in wrong if "raises DimensionError" not in line]


def test_reading() -> None:
    wrong = unexpected([reading(seed) for seed in range(3000)])
    assert not wrong, "\n".join(wrong[:10])


@pytest.mark.parametrize("kind", WRITING)
def test_writing(kind: str) -> None:
    wrong = unexpected([writing(kind, seed) for seed in range(1500)])
    assert not wrong, "\n".join(wrong[:10])


VIEWS = """
    x[0].add_(5.0); x
    x[:, 1].mul_(2.0); x
    x[..., None][1] = 7.0; x
    x.T[0] = 7.0; x
    x[[0]].add_(5.0); x
    x[x > 1].zero_(); x
    x[torch.tensor(0)].zero_(); x
    x[1:][0][1:] = 9.0; x
    y = x * 2; v = y[0]; v[1] = 7.0; (y * y).sum().backward(); [x.grad, y, v]
    y = x * 2; v = y[0]; y[0, 1] = 7.0; (v * v).sum().backward(); [x.grad, y, v]
    y = x * 2; v = y[:, 1:]; v *= 2.0; y.sum().backward(); [x.grad, y, v]
    y = x * 2; z = y * y; y[0] = 1.0; z.sum().backward(); x.grad
    y = x.exp(); y[0] = 1.0; y.sum().backward(); x.grad
    y = torch.zeros(2, 3); y[0] = x[1]; y[1] = y[0]; (y * y).sum().backward(); [x.grad, y]
    y = torch.zeros(2, 3); y[:, 0] = x[:, 1]; y[y > 2] = x.sum(); y.sum().backward(); [x.grad, y]
    y = torch.zeros(2, 3, dtype=torch.int64); y[0] = x[0]; [y, y.requires_grad]
    y = x * 2; y[torch.tensor([1, 0])] = y.clone(); (y * x).sum().backward(); [x.grad, y]
    x[0] = 1.0; x
    x[0][0] = 1.0; x
    x[[0]] = x[[1]]; x
    (x * 2)[:, [0, 2]].sum().backward(); x.grad
    x[[0, 0, 1]].sum().backward(); x.grad
    x[x > 2].sum().backward(); x.grad
    x[None, ..., [1]].sum().backward(); x.grad
"""


@pytest.mark.parametrize("leaf", ["x", "x.requires_grad_()"])
def test_views(leaf: str) -> None:
    before = f"x = torch.arange(6.0).reshape(2, 3); {leaf}; "
    assert not (wrong := all_disagreements(programs(VIEWS, before))), "\n".join(wrong)


# What differs on purpose, and why.
KEPT = {
    "torch.zeros(3, 0)[[5]]": "a position out of range is refused, even where nothing is selected",
    "torch.zeros(2, 3)[..., ...]": "two gaps could be filled in several ways",
    "torch.zeros(3)[::-1]": "memory can be read backwards, as NumPy does it",
    "torch.zeros(4, 2)[[[0], [1]]]": "a list of lists is one of positions, as PyTorch announces",
    "torch.zeros(3)[torch.tensor([1, 0, 1], dtype=torch.uint8)]": "a mask, or positions?",
    "x = torch.zeros(3); x[1:] = [1.0, 2.0]; x": "a list can be written as well as an array",
    "x = torch.zeros(3); x[1:] = np.ones(2); x": "a list can be written as well as an array",
    "x = torch.zeros(3); x[True] = torch.tensor(7); x": "True is a mask as others are",
}


@pytest.mark.parametrize("program", KEPT)
def test_what_differs_still_does(program: str) -> None:
    assert disagreements(program)
