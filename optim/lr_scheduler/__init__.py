"""Learning rates that change while training: call ``scheduler.step()`` after each epoch (or batch).

Most schedulers compute each rate from the one before, as PyTorch does: a rate that was changed by
hand stays changed.
"""

from optim.lr_scheduler.base import LRScheduler as LRScheduler, _LRScheduler as _LRScheduler
from optim.lr_scheduler.composed import (
    ChainedScheduler as ChainedScheduler,
    SequentialLR as SequentialLR,
)
from optim.lr_scheduler.cosine import (
    CosineAnnealingLR as CosineAnnealingLR,
    CosineAnnealingWarmRestarts as CosineAnnealingWarmRestarts,
)
from optim.lr_scheduler.cyclic import CyclicLR as CyclicLR, OneCycleLR as OneCycleLR
from optim.lr_scheduler.factors import (
    ConstantLR as ConstantLR,
    ExponentialLR as ExponentialLR,
    LambdaLR as LambdaLR,
    LinearLR as LinearLR,
    MultiplicativeLR as MultiplicativeLR,
    MultiStepLR as MultiStepLR,
    PolynomialLR as PolynomialLR,
    StepLR as StepLR,
)
from optim.lr_scheduler.plateau import ReduceLROnPlateau as ReduceLROnPlateau
