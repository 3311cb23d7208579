"""Learn what words mean from their neighbours: skip-gram with negative sampling.

Each word gets a vector from which the words around it can be guessed (Mikolov et al., 2013). Words
that keep the same company get similar vectors. The text is Python's own help, in every Python.

python -m examples.word2vec                 # a quarter of a minute: lists nearest words
python -m examples.word2vec --check         # fails unless words that belong together are near

runs/word2vec/words.png is a map of the vectors.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from pydoc_data.topics import topics

from tqdm import tqdm

import autograd
import nn
import optim
from autograd import Tensor
from examples import program
from nn.data import DataLoader, TensorDataset
from nn.functional import logsigmoid, normalize

DIMENSIONS, WINDOW, NEGATIVES, BATCH = 64, 5, 8, 512
RARE = 10  # words that occur less often are left out
FREQUENT = 1e-3  # words with a larger share of the text are thinned out
MAPPED = slice(30, 180)  # words in the picture; the first are "the", "a", "is" and the like
SHOWN = ("list", "integer", "class", "try", "true", "left", "global", "keys")
# What belongs together: the second must be among the ten nearest words of the first.
PAIRS = (
    ("true", "false"), ("left", "right"), ("integer", "floating"), ("try", "finally"),
    ("keys", "values"), ("global", "nonlocal"), ("async", "await"), ("list", "tuple"),
)  # fmt: skip
NEEDED = 6  # of the pairs


class Text:
    """The help's words as numbers, those of the vocabulary only, the most frequent word first."""

    def __init__(self) -> None:
        found = re.findall(r"[a-z_]+[a-z][a-z_]*", " ".join(topics.values()).lower())
        kept = [(word, n) for word, n in Counter(found).most_common() if n >= RARE]
        self.words = [word for word, _ in kept]
        self.numbers = {word: number for number, word in enumerate(self.words)}
        self.counts: Tensor = autograd.tensor([float(n) for _, n in kept])
        text = [self.numbers[word] for word in found if word in self.numbers]
        self.text: Tensor = autograd.tensor(text)

    def pairs(self) -> TensorDataset:
        """Words and words at most `WINDOW` before or after them, frequent words thinned out."""
        # Kept with the chance sqrt(t / share): "the" tells little about the words around it.
        share = self.counts / self.counts.sum()
        keep = autograd.rand(len(self.text)) < (FREQUENT / share).sqrt()[self.text]
        text = self.text[keep]
        left = [text[:-distance] for distance in range(1, WINDOW + 1)]
        right = [text[distance:] for distance in range(1, WINDOW + 1)]
        return TensorDataset(autograd.cat(left + right), autograd.cat(right + left))


class SkipGram(nn.Module):
    """Two vectors for each word: one as a word, one as a neighbour of others."""

    def __init__(self, words: int) -> None:
        self.word = nn.Embedding(words, DIMENSIONS)
        self.neighbour = nn.Embedding(words, DIMENSIONS)
        nn.init.uniform_(self.word.weight, -0.5 / DIMENSIONS, 0.5 / DIMENSIONS)
        nn.init.zeros_(self.neighbour.weight)

    def forward(self, words: Tensor, others: Tensor) -> Tensor:
        """How much words (N,) and others (N, K) look like neighbours: (N, K), logits."""
        scores: Tensor = (self.neighbour(others) @ self.word(words)[:, :, None]).squeeze(-1)
        return scores


def loss(model: SkipGram, words: Tensor, neighbours: Tensor, noise: Tensor) -> Tensor:
    """Tell each word's neighbour from ``NEGATIVES`` words drawn by the chances ``noise``.

    ``-log sigmoid(score(neighbour)) - sum(log sigmoid(-score(drawn)))``: instead of a softmax over
    all words.
    """
    drawn = autograd.multinomial(noise, len(words) * NEGATIVES, replacement=True)
    true = model(words, neighbours[:, None])
    false = model(words, drawn.reshape(len(words), NEGATIVES))
    chances = logsigmoid(true).sum(dim=1) + logsigmoid(-false).sum(dim=1)
    mean: Tensor = -chances.mean()
    return mean


def train(model: SkipGram, text: Text, epochs: int) -> list[float]:
    """The mean loss of each pass over the text."""
    optimizer = optim.Adam(model.parameters(), lr=2e-3)
    noise = text.counts**0.75  # Mikolov's choice: rare words somewhat more often than they occur
    losses: list[float] = []
    with (
        tqdm(range(epochs), unit=" epochs", leave=False, disable=None) as bar,
        program.interruptible("showing what has been learnt"),
    ):
        for _ in bar:
            loader: DataLoader[tuple[Tensor, Tensor]] = DataLoader(
                text.pairs(), BATCH, shuffle=True
            )
            total = 0.0
            for words, neighbours in loader:
                optimizer.zero_grad()
                value = loss(model, words, neighbours, noise)
                value.backward()
                optimizer.step()
                total += value.item()
            losses.append(total / len(loader))
            bar.set_postfix(loss=f"{losses[-1]:.3f}")
    return losses


def nearest(vectors: Tensor, text: Text, word: str, count: int = 10) -> list[str]:
    """The words whose vectors have the smallest angles to that of ``word``."""
    cosines = vectors @ vectors[text.numbers[word]]
    return [text.words[i] for i in cosines.argsort(descending=True)[1 : count + 1].tolist()]


def plot(vectors: Tensor, text: Text, path: Path) -> None:
    """Draw the frequent words at the two principal components of their vectors."""
    shown = vectors[MAPPED] - vectors[MAPPED].mean(dim=0)
    _, _, directions = autograd.linalg.svd(shown, full_matrices=False)
    places = (shown @ directions[:2].T).tolist()
    figure, axes = program.pyplot().subplots(figsize=(12, 10), layout="constrained")
    axes.scatter(*zip(*places), s=4, color="lightgrey")
    for (x, y), word in zip(places, text.words[MAPPED]):
        axes.text(x, y, word, fontsize=8)
    axes.set(title="words by the company they keep (principal components)", xticks=[], yticks=[])
    program.save(figure, path)


def main(arguments: list[str] | None = None) -> None:
    """Train, list and plot as the command line says."""
    parser = program.options("word2vec", __doc__.split("\n")[0], epochs=5)
    options = parser.parse_args(arguments)
    program.need("matplotlib")
    autograd.manual_seed(options.seed)
    text = Text()
    model = SkipGram(len(text.words))
    losses = train(model, text, options.epochs)
    rounded = [round(each, 3) for each in losses]
    print(f"{len(text.text):,} words, {len(text.words)} different; loss of the epochs:", *rounded)
    vectors = normalize(model.word.weight.detach())
    for word in SHOWN:
        print(f"{word:>8}:", *nearest(vectors, text, word))
    plot(vectors, text, options.out / "words.png")
    if options.check:
        found = sum(second in nearest(vectors, text, first) for first, second in PAIRS)
        program.check(found >= NEEDED, f"{found} of {len(PAIRS)} pairs are neighbours")


if __name__ == "__main__":
    program.run(main)
