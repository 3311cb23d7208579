"""A small decoder-only transformer writes, character by character, in the style of Python's manual.

Each character of a text is to be predicted from those before it, by the network in
examples/transformer.py. The text, 460,000 characters, comes with Python: `pydoc_data.topics`, what
its `help()` prints. The last tenth is the test. Its bits per character are compared with those of
the best of the interpolated n-grams, which count what followed each of the last n - 1 characters
(Witten and Bell, 1991).

python -m examples.char_transformer                 # trains, then writes
python -m examples.char_transformer --resume        # goes on after Ctrl-C, with the same result
python -m examples.char_transformer --steps 20      # a short form

Result: 1.76 bits per character after 1,200 steps, in three minutes; the best n-grams, those of 5
characters, need 1.90.
"""

from __future__ import annotations

import argparse
import math
from pathlib import Path
from pydoc_data import topics

from tqdm import trange

import autograd
import optim
from autograd import Tensor
from autograd.distributions import Categorical
from examples import program
from examples.ngrams import NGrams
from examples.transformer import Transformer
from nn import functional as F

STEPS, TEST_EVERY = 1200, 200
CONTEXT = 128  # how many characters the model sees
BATCH = 16
WIDTH, HEADS, LAYERS = 96, 4, 3
DROPOUT = 0.1
TEMPERATURE = 0.7

Curve = list[tuple[int, float]]


class Training:
    """The model, and what trains it."""

    def __init__(self, alphabet: int, steps: int) -> None:
        self.model = Transformer(alphabet, CONTEXT, WIDTH, HEADS, LAYERS, DROPOUT)
        # Muon is for the matrices of hidden layers (Jordan et al., 2024), which learn faster by it.
        hidden = [each for each in self.model.blocks.parameters() if each.ndim == 2]
        others = [each for each in self.model.parameters() if all(each is not p for p in hidden)]
        self.muon = optim.Muon(hidden, lr=0.02, weight_decay=0.01)
        self.adamw = optim.AdamW(others, lr=3e-3, betas=(0.9, 0.95), weight_decay=0.0)

        def rate(step: int) -> float:
            """Rises in the first 50 steps, and falls in the last 60 % of all."""
            return min((step + 1) / 50, 1.0, max((steps - step) / (0.6 * steps), 0.03))

        self.muon_schedule = optim.lr_scheduler.LambdaLR(self.muon, rate)
        self.adamw_schedule = optim.lr_scheduler.LambdaLR(self.adamw, rate)

    def step(self, text: Tensor) -> None:
        """Train on ``BATCH`` random pieces of ``text``."""
        starts = autograd.randint(0, len(text) - CONTEXT, (BATCH, 1))
        pieces = text[starts + autograd.arange(CONTEXT + 1)]
        self.model.zero_grad()
        scores = self.model(pieces[:, :-1])
        loss = F.cross_entropy(scores.flatten(0, 1), pieces[:, 1:].flatten())
        loss.backward()
        for part in (self.muon, self.adamw, self.muon_schedule, self.adamw_schedule):
            part.step()


@autograd.no_grad()
def bits_per_character(model: Transformer, text: Tensor) -> float:
    """Of the second halves of overlapping pieces of ``text``: so there is always a context."""
    model.eval()
    half, bits = CONTEXT // 2, []
    for starts in autograd.arange(0, len(text) - CONTEXT, half)[:, None].split(BATCH):
        pieces = text[starts + autograd.arange(CONTEXT + 1)]
        scores = model(pieces[:, :-1])[:, half:]
        targets = pieces[:, half + 1 :]
        bits.append(F.cross_entropy(scores.mT, targets, reduction="none") / math.log(2))
    model.train()
    return float(autograd.cat(bits).mean())


def train(options: argparse.Namespace, training: Training, train: Tensor, test: Tensor) -> Curve:
    """Train; test and save every ``TEST_EVERY`` steps. Returns the tests' steps and results."""
    log = program.Log(options, **vars(training))
    for step in trange(log.done + 1, options.steps + 1, disable=None):
        training.step(train)
        if step % TEST_EVERY == 0 or step == options.steps:
            bits = bits_per_character(training.model, test)
            log.add(step, (step, bits), f"step {step:4}: test {bits:.3f} bits per character")
    return log.results


@autograd.no_grad()
def write(model: Transformer, alphabet: str, start: str, length: int) -> str:
    """``start``, and what the model makes of it, character by character."""
    model.eval()
    written = [alphabet.index(character) for character in start]
    for _ in trange(length, desc="writing", leave=False, disable=None):
        scores = model(autograd.tensor([written[-CONTEXT:]]))[0, -1]
        # Sharper than the model's own chances: bold guesses make better reading.
        written.append(int(Categorical(logits=scores / TEMPERATURE).sample()))
    return "".join(alphabet[code] for code in written)


def plot(curve: Curve, ngrams: list[float], path: Path) -> None:
    """Draw the learning curve, and the best n-grams' result."""
    figure, axes = program.pyplot().subplots(layout="constrained")
    axes.plot(*zip(*curve), marker=".", label="transformer")
    axes.axhline(min(ngrams), color="grey", linestyle="--", label="best n-grams")
    axes.set(xlabel="step", ylabel="bits per character", title="how well the test is predicted")
    axes.legend()
    program.save(figure, path)


def main(arguments: list[str] | None = None) -> None:
    """Count n-grams, train the transformer, let it write."""
    description = "A transformer learns to write in the style of Python's manual."
    parser = program.options("char_transformer", description, resumable=True, steps=STEPS)
    options = parser.parse_args(arguments)
    program.need("matplotlib")
    autograd.manual_seed(options.seed)
    text = "\n".join(topics.topics[name] for name in sorted(topics.topics))
    alphabet = "".join(sorted(set(text)))
    codes = autograd.tensor([alphabet.index(character) for character in text])
    cut = len(text) * 9 // 10
    ngrams = NGrams(text[:cut], len(alphabet)).bits_per_character(text[cut:])
    for n, bits in enumerate(ngrams, 1):
        print(f"{n}-grams:   test {bits:.3f} bits per character", flush=True)
    training = Training(len(alphabet), options.steps)
    with program.resumable():
        curve = train(options, training, codes[:cut], codes[cut:])
    sample = write(training.model, alphabet, start="The ", length=800)
    print(sample)
    (options.out / "sample.txt").write_text(sample, encoding="utf-8")
    plot(curve, ngrams, options.out / "bits.png")
    if options.check:
        result = f"{curve[-1][1]:.3f} bits per character, n-grams {min(ngrams):.3f}"
        program.check(curve[-1][1] < min(ngrams), result)


if __name__ == "__main__":
    program.run(main)
