"""Random numbers and their generators: all but the numbers, with either library."""

from __future__ import annotations

import pytest

pytest.importorskip("torch", reason="PyTorch is the oracle")

from tests.parity.both import all_disagreements, disagreements, grid, programs, words
from tests.parity.test_tensors import SIZES

DRAWS = """
    rand(2) | rand((2, 3), dtype=torch.float64) | rand(2, requires_grad=True)
    | rand(2, dtype=torch.int64) | rand(2, generator=torch.Generator()) | rand(2, generator=None)
    | randn(2, dtype=torch.complex64) | randn(2, dtype=torch.bool) | randn(()) | randn(-1)
    | rand_like(torch.ones(2)) | empty(2, 3) | rand_like(torch.tensor([1]))
    | randn_like(torch.tensor([1]), dtype=torch.float64) | randint(3, (2,)) | randint(3, 2)
    | randint(1, 3, (2,)) | randint((2,)) | randint(3) | randint(0, (2,)) | randint(3, 1, (2,))
    | randint(-3, 3, (2,)) | randint(300, (2,), dtype=torch.uint8) | randint(3, size=(2,))
    | randint(high=3, size=(2,)) | randint(low=1, high=3, size=(2,))
    | randint(3, (2,), requires_grad=True)
    | randint(3, (2,), dtype=torch.float32, requires_grad=True) | randint(3.5, (2,))
    | randint(3.0, (2,)) | randint(torch.tensor(3), (2,)) | randint(True, (2,)) | randint(3, [2])
    | randint(3, (-1,)) | randint(3, ()) | randint(2, (2,), dtype=torch.bool)
    | randint(3, (2,), dtype=torch.bool) | randint(3, (2,), dtype=torch.complex64)
    | randint("a", (2,)) | randint(None, (2,)) | randint(10**5, (2,), dtype=torch.float16)
    | randint(5, 5, (0,)) | randint_like(torch.ones(2), 5) | randint_like(torch.ones(2), 2, 5)
    | randint_like(torch.ones(2)) | randint_like(torch.ones(2), high=5)
    | randint_like(torch.ones(2), 300, dtype=torch.uint8) | randperm(5) | randperm(0)
    | randperm(-1) | randperm(5.0) | randperm(5, dtype=torch.float32)
    | randperm(257, dtype=torch.uint8) | randperm(256, dtype=torch.uint8) | randperm((5,))
    | randperm(True) | randperm(3, dtype=torch.bool) | randperm(3, dtype=torch.complex64)
    | randperm(torch.tensor(5)) | randperm(2049, dtype=torch.float16)
    | randperm(2050, dtype=torch.float16) | randperm("a") | normal(0.0, 1.0, (2,))
    | normal(mean=0.0, std=1.0, size=(2,)) | normal(0.0, 1.0) | normal(0.0)
    | normal(torch.zeros(2), 1.0) | normal(torch.zeros(2)) | normal(0.0, torch.ones(2))
    | normal(torch.zeros(2, 2), torch.ones(2)) | normal(torch.zeros(3), torch.ones(2))
    | normal(torch.zeros(2), -1.0) | normal(0.0, -1.0, (2,))
    | normal(torch.zeros(2), -torch.ones(2)) | normal(torch.zeros(2, dtype=torch.int64), 1.0)
    | normal(torch.zeros(2), torch.ones(2).double())
    | normal(torch.zeros(2).double(), torch.ones(2)) | normal(0.0, 1.0, (2,), dtype=torch.int64)
    | normal(torch.zeros(2, requires_grad=True), 1.0) | normal(0.0, 1.0, 2)
    | normal(std=torch.ones(2)) | normal(torch.zeros(2), torch.ones(2), (2,)) | normal([0.0], 1.0)
    | normal(torch.zeros(2), 1j) | bernoulli(torch.rand(3)) | bernoulli(torch.rand(3), 0.5)
    | bernoulli(torch.rand(3) + 1) | bernoulli(torch.ones(3, dtype=torch.int64))
    | bernoulli(torch.ones(3, dtype=torch.int64), 0.5) | bernoulli(torch.ones(3), 1.5)
    | bernoulli(torch.rand(3, requires_grad=True)) | bernoulli(0.5)
    | bernoulli(torch.tensor([float("nan")])) | bernoulli(torch.ones(3), torch.tensor(0.5))
    | multinomial(torch.rand(3), 2) | multinomial(torch.rand(3), 4)
    | multinomial(torch.rand(3), 4, True) | multinomial(torch.rand(2, 3), 2)
    | multinomial(torch.rand(2, 2, 3), 2) | multinomial(torch.rand(()), 1)
    | multinomial(torch.rand(0), 1) | multinomial(torch.rand(3), 0)
    | multinomial(torch.rand(3), 1.5) | multinomial(torch.tensor([1, 2]), 1)
    | multinomial(-torch.rand(3), 1) | multinomial(torch.zeros(3), 1)
    | multinomial(torch.tensor([float("inf"), 1.0]), 1)
    | multinomial(torch.rand(3), num_samples=2)
    | multinomial(torch.rand(3, requires_grad=True), 2) | multinomial(torch.rand(3), True)
    | poisson(torch.rand(3)) | poisson(-torch.rand(3)) | poisson(torch.ones(3, dtype=torch.int64))
"""
FILLED_AT_RANDOM = """
    torch.ones(3) | torch.ones(3, dtype=torch.int64) | torch.ones(3, dtype=torch.bool)
    | torch.ones(0) | torch.ones(3, dtype=torch.complex64) | torch.ones(3, dtype=torch.uint8)
    | torch.ones(2, 3).T | torch.ones((), dtype=torch.float64)
    | torch.ones(3, dtype=torch.float16) | torch.ones(1).expand(3)
    | torch.ones(3, requires_grad=True) | (torch.ones(3, requires_grad=True) * 2)
"""
DRAWERS = """
    uniform_() | uniform_(1, 2) | uniform_(2, 1) | uniform_(to=2) | uniform_(0, float("inf"))
    | normal_() | uniform_(0, 1e40) | normal_(1, 2) | normal_(0, -1) | normal_(mean=1, std=2)
    | bernoulli_() | bernoulli_(0.3) | bernoulli_(1.5) | bernoulli_(p=0.3) | exponential_()
    | exponential_(2) | exponential_(0) | exponential_(lambd=0.5) | random_() | random_(2)
    | random_(5) | random_(1, 5) | random_(5, 1) | random_(300) | random_(0) | random_(-5, 5)
    | random_(to=2) | log_normal_() | log_normal_(0, 0) | cauchy_() | cauchy_(0, -1)
    | geometric_(0.5) | geometric_(0) | geometric_(1)
"""
GENERATORS = """
    g = torch.Generator(); g.manual_seed(3) is g
    torch.Generator(device="cpu").initial_seed()
    g = torch.Generator(); g.manual_seed(-3); g.initial_seed()
    g = torch.Generator(); g.manual_seed(2**64 - 1); g.initial_seed()
    torch.Generator().manual_seed(2**64)
    torch.Generator().manual_seed(-(2**63) - 1)
    torch.Generator().manual_seed(2.5)
    torch.Generator().manual_seed("a")
    torch.Generator().manual_seed(None)
    torch.Generator().set_state(torch.zeros(3, dtype=torch.uint8))
    torch.Generator().set_state(3)
    g = torch.Generator(); h = g.clone_state(); same(g, h)
    g, h = (torch.Generator().manual_seed(1) for _ in "gh"); same(g, h)
    g = torch.Generator(); h = torch.Generator().set_state(g.get_state()); same(g, h)
    torch.manual_seed(3).initial_seed()
    torch.manual_seed(3); torch.default_generator.initial_seed()
    torch.manual_seed(-1); torch.initial_seed()
    torch.manual_seed("a")
    torch.manual_seed()
    torch.manual_seed(2**64)
    isinstance(torch.seed(), int)
    torch.get_rng_state().dtype
    s = torch.get_rng_state(); a = torch.rand(3); torch.set_rng_state(s); a.equal(torch.rand(3))
    torch.manual_seed(0); a = torch.rand(3); torch.manual_seed(0); torch.equal(a, torch.rand(3))
    torch.rand(2, generator="a")
    torch.Generator("cuda")
"""
# What differs on purpose, and why.
KEPT = {
    "torch.multinomial(torch.tensor([1.0, 0.0]), 2)": "what has probability 0 is never drawn",
    "torch.manual_seed(2.5)": "a seed is an integer",
}


def described(calls: list[str]) -> list[str]:
    """Programs that ask for everything but the values, which are random."""
    return [f"x = {call}; [x.shape, x.dtype, x.requires_grad, x.is_leaf]" for call in calls]


TOPICS = {
    "sizes": described(grid("torch.{f}({x})", f=["rand", "randn", "empty"], x=words(SIZES))),
    "draws": described([f"torch.{call}" for call in words(DRAWS)]),
    "filled": described(grid("{x}.{m}", x=words(FILLED_AT_RANDOM), m=words(DRAWERS))),
    "generators": programs(
        GENERATORS,
        "same = lambda *gs: len({str(torch.rand(2, generator=g)) for g in gs}) == 1; ",
    ),
}


@pytest.mark.parametrize("topic", TOPICS)
def test_as_pytorch(topic: str) -> None:
    wrong = all_disagreements(TOPICS[topic])
    assert not wrong, "\n".join(wrong[:20])


@pytest.mark.parametrize("program", KEPT)
def test_what_differs_still_does(program: str) -> None:
    assert disagreements(program)
