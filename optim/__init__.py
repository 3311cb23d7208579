"""Update rules for parameters, under PyTorch's names."""

from optim import lr_scheduler as lr_scheduler, swa_utils as swa_utils
from optim.adadelta import Adadelta as Adadelta
from optim.adafactor import Adafactor as Adafactor
from optim.adagrad import Adagrad as Adagrad
from optim.adam import Adam as Adam, AdamW as AdamW
from optim.adamax import Adamax as Adamax
from optim.asgd import ASGD as ASGD
from optim.lbfgs import LBFGS as LBFGS
from optim.muon import Muon as Muon
from optim.nadam import NAdam as NAdam
from optim.optimizer import Optimizer as Optimizer
from optim.radam import RAdam as RAdam
from optim.rmsprop import RMSprop as RMSprop
from optim.rprop import Rprop as Rprop
from optim.sgd import SGD as SGD, Momentum as Momentum
