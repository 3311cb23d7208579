"""A step length that satisfies the strong Wolfe conditions (Nocedal and Wright, 2006, section
3.5)."""

from __future__ import annotations

from collections.abc import Callable
from math import sqrt
from typing import Any, NamedTuple

DECREASE = 1e-4  # c1: the part of the decrease promised by the slope that a step must reach
CURVATURE = 0.9  # c2: the part of the slope that may be left
TOLERANCE = 1e-9  # a bracket in which no parameter differs by more is not searched further


class Point(NamedTuple):
    """The loss along the direction of search: at the step length ``t``, with its gradient and its
    slope."""

    t: float
    loss: float
    gradient: Any
    slope: float


def strong_wolfe(
    evaluate: Callable[[float], Point],
    start: Point,
    t: float,
    size: float,
    max_rounds: int,
) -> Point:
    """A point whose loss and slope have fallen enough since ``start``, or else the best one found.

    ``t`` is tried first, then at most ``max_rounds`` others. ``size`` is that of the largest
    element of the direction.
    """
    previous, point = start, evaluate(t)
    rounds = 0
    while rounds < max_rounds:
        if _is_too_high(point, start) or (rounds > 1 and point.loss >= previous.loss):
            bracket = [previous, point]
            break
        if _is_flat(point, start):
            return point
        if point.slope >= 0:
            bracket = [previous, point]
            break
        nearest, farthest = point.t + 0.01 * (point.t - previous.t), 10 * point.t
        t = cubic_minimum(previous, point, nearest, farthest)
        previous, point = point, evaluate(t)
        rounds += 1
    else:
        bracket = [start, point]
    return _zoom(evaluate, start, bracket, size, max_rounds - rounds)


def _zoom(
    evaluate: Callable[[float], Point],
    start: Point,
    bracket: list[Point],
    size: float,
    max_rounds: int,
) -> Point:
    """The point looked for, which lies inside ``bracket``, or else its lower end."""
    is_stuck = False
    for _ in range(max_rounds):
        if abs(bracket[1].t - bracket[0].t) * size < TOLERANCE:
            break
        low, high = _low_and_high(bracket)
        t, is_stuck = _trial(bracket, is_stuck)
        point = evaluate(t)
        if _is_too_high(point, start) or point.loss >= bracket[low].loss:
            bracket[high] = point
            continue
        if _is_flat(point, start):
            return point
        if point.slope * (bracket[high].t - bracket[low].t) >= 0:
            bracket[high] = bracket[low]
        bracket[low] = point
    return bracket[_low_and_high(bracket)[0]]


def _is_too_high(point: Point, start: Point) -> bool:
    return point.loss > start.loss + DECREASE * point.t * start.slope


def _is_flat(point: Point, start: Point) -> bool:
    return abs(point.slope) <= -CURVATURE * start.slope


def _low_and_high(bracket: list[Point]) -> tuple[int, int]:
    """Which end of the bracket has the lower loss, and which the higher one."""
    return (0, 1) if bracket[0].loss <= bracket[1].loss else (1, 0)


def _trial(bracket: list[Point], is_stuck: bool) -> tuple[float, bool]:
    """The step length inside ``bracket`` to try next, and whether it is suspiciously near an end.

    If that happens twice in a row, or at an end itself, it is moved a tenth of the bracket inwards.
    """
    least, most = sorted(point.t for point in bracket)
    t = cubic_minimum(bracket[0], bracket[1], least, most)
    margin = 0.1 * (most - least)
    if min(most - t, t - least) >= margin:
        return t, False
    if not is_stuck and least < t < most:
        return t, True
    return (most - margin if abs(t - most) < abs(t - least) else least + margin), False


def cubic_minimum(first: Point, second: Point, least: float, most: float) -> float:
    """Where the cubic with the losses and slopes of two points is lowest, within
    ``least`` to ``most``; the middle of these if it has no minimum.

    >>> points = [Point(t, t * t - t, None, 2 * t - 1) for t in (0.0, 2.0)]
    >>> cubic_minimum(*points, 0.0, 2.0)
    0.5
    """
    left, right = sorted((first, second), key=lambda point: point.t)
    if left.t == right.t:
        return (least + most) / 2
    mean = left.slope + right.slope - 3 * (left.loss - right.loss) / (left.t - right.t)
    square = mean * mean - left.slope * right.slope
    root = sqrt(square) if square >= 0 else 0.0
    total = right.slope - left.slope + 2 * root
    if not square >= 0 or total == 0:
        return (least + most) / 2
    share = (right.slope + root - mean) / total
    return min(max(right.t - (right.t - left.t) * share, least), most)
