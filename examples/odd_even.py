"""Tell odd digits from even ones: binary classification of MNIST, and its ROC curve.

The network gives one number for an image, a logit, which says how odd the digit looks;
`BCEWithLogitsLoss` trains it, `nn.Trainer` has the loop. From which logit on a digit counts as odd
is left open. The ROC curve shows for every such threshold which share of the odd digits is found,
and which share of the even ones is taken for odd. The area under it (AUC) is the probability that
of two digits, an odd and an even one, the odd one gets the higher logit (Hanley and McNeil, 1982).

python -m examples.odd_even                 # 15 seconds; the plot is runs/odd_even/roc.png
python -m examples.odd_even --epochs 1      # a shorter run

The headline: an AUC of at least 0.998 on the 10,000 test images.
"""

from __future__ import annotations

import argparse
import sys
from typing import Any

import autograd
import nn
import optim
from autograd import Tensor
from examples import program
from examples.digits import DATA
from nn.data import MNIST, DataLoader
from nn.data.transforms import ToFloat

Curve = tuple[Tensor, Tensor]


def network() -> nn.Module:
    """Images (N, 1, 28, 28) to logits (N,)."""
    return nn.Sequential(
        nn.Flatten(),
        nn.Dense(784, 256),
        nn.ReLU(),
        nn.Dropout(0.2),
        nn.Dense(256, 64),
        nn.ReLU(),
        nn.Dense(64, 1),
        nn.Flatten(0),
    )


def oddness(digits: Any) -> Any:
    """1 for an odd digit, 0 for an even one, as the floats that the loss wants."""
    return (digits % 2).astype("float32")


def train(options: argparse.Namespace, train_set: MNIST, test_set: MNIST) -> nn.Trainer:
    """Train as the command line says. The trainer shows the progress, and ends at Ctrl-C."""
    model = network()
    trainer = nn.Trainer(
        model,
        nn.BCEWithLogitsLoss(),
        optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01),
        metrics={"accuracy": nn.metrics.Accuracy(threshold=0)},  # even odds: a logit of 0
    )
    loader: DataLoader[Any] = DataLoader(train_set, batch_size=128, shuffle=True)
    history = trainer.fit(loader, options.epochs, validation=DataLoader(test_set, batch_size=1000))
    for record in history.records:
        print(
            f"epoch {record['epoch']}: loss {record['loss']:.4f}, "
            f"test accuracy {record['validation_accuracy']:.4f}"
        )
    if trainer.interrupted:
        print("interrupted: testing what has been learnt", file=sys.stderr)
    return trainer


def roc(logits: Tensor, odd: Tensor) -> Curve:
    """The shares of even and of odd digits above each threshold, from the highest on."""
    labels = odd[logits.argsort(descending=True)]
    origin = autograd.zeros(1)
    false = autograd.cat([origin, (1 - labels).cumsum(0) / (1 - labels).sum()])
    true = autograd.cat([origin, labels.cumsum(0) / labels.sum()])
    return false, true


def area(curve: Curve) -> float:
    """The area under a ROC curve: 1 if it separates the classes, 0.5 if it guesses."""
    false, true = curve
    return float(autograd.trapezoid(true, false))


def draw(axes: Any, curve: Curve) -> None:
    """The ROC curve, its false positives on a logarithmic scale: all of it happens below 0.1."""
    false, true = curve
    axes.plot(false.numpy(), true.numpy(), label=f"AUC {area(curve):.5f}")
    axes.set(xlim=(1e-4, 1), xscale="log", ylim=(0.8, 1.005))
    axes.set(xlabel="even digits taken for odd", ylabel="odd digits found")
    axes.grid(alpha=0.3)
    axes.legend()


def draw_doubtful(axes: Any, images: Any, logits: Tensor, odd: Tensor) -> None:
    """The ten digits that were mistaken most, in two rows."""
    mistake = logits * (1 - 2 * odd)  # the logit against the truth
    for place, i in zip(axes.flat, mistake.topk(10).indices.tolist()):
        place.imshow(images[i, 0], cmap="gray_r")
        place.set(xticks=[], yticks=[], xlabel=f"odd: {logits[i].sigmoid().item():.3f}")


def main(arguments: list[str] | None = None) -> None:
    """Train, test, draw the ROC curve."""
    parser = program.options("odd_even", __doc__.split("\n")[0], epochs=5)
    options = parser.parse_args(arguments)
    pyplot = program.pyplot()
    autograd.manual_seed(options.seed)
    train_set, test_set = (MNIST(DATA, train, ToFloat(), oddness) for train in (True, False))
    trainer = train(options, train_set, test_set)
    logits = trainer.predict(DataLoader(test_set, batch_size=1000))
    odd = autograd.from_numpy(oddness(test_set.labels))
    curve = roc(logits, odd)
    print(f"AUC {area(curve):.5f}")
    figure = pyplot.figure(figsize=(12, 4), layout="constrained")
    left, right = figure.subfigures(1, 2)
    draw(left.subplots(), curve)
    draw_doubtful(right.subplots(2, 5), test_set.images, logits, odd)
    program.save(figure, options.out / "roc.png")
    nn.save(trainer.model, options.out / "model.safetensors")
    if options.check:
        program.check(area(curve) >= 0.998, f"AUC 0.998: {area(curve):.5f}")


if __name__ == "__main__":
    program.run(main)
