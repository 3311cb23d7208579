"""Update rules for parameters, under PyTorch's names."""

from optim import lr_scheduler as lr_scheduler
from optim.adam import Adam as Adam, AdamW as AdamW
from optim.optimizer import Optimizer as Optimizer
from optim.sgd import SGD as SGD
