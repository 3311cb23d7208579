"""The rows of the tests of optimizers: names, and arguments that PyTorch gets too."""

ROWS = [
    ("SGD", {}),
    ("SGD", {"weight_decay": 0.1}),
    ("SGD", {"momentum": 0.9}),
    ("SGD", {"momentum": 0.9, "dampening": 0.3, "maximize": True}),
    ("SGD", {"momentum": 0.9, "nesterov": True, "weight_decay": 0.1}),
    ("Adam", {}),
    ("Adam", {"betas": (0.8, 0.99), "eps": 1e-4, "weight_decay": 0.1}),
    ("Adam", {"betas": (0.0, 0.0), "decoupled_weight_decay": True, "weight_decay": 0.1}),
    ("Adam", {"amsgrad": True, "maximize": True}),
    ("AdamW", {}),
    ("AdamW", {"amsgrad": True, "weight_decay": 0.3}),
    ("AdamW", {"maximize": True}),
    ("RMSprop", {"alpha": 0.9, "eps": 1e-3}),
    ("RMSprop", {"weight_decay": 0.1, "maximize": True}),
    ("RMSprop", {"centered": True}),
    ("RMSprop", {"momentum": 0.5}),
    ("RMSprop", {"momentum": 0.5, "centered": True, "weight_decay": 0.1}),
    ("Adagrad", {}),
    ("Adagrad", {"lr_decay": 0.1, "weight_decay": 0.1, "maximize": True}),
    ("Adagrad", {"initial_accumulator_value": 0.5, "eps": 1e-2}),
    ("Adadelta", {"lr": 1.0}),
    ("Adadelta", {"rho": 0.5, "eps": 1e-2, "weight_decay": 0.1, "maximize": True}),
    ("Adamax", {}),
    ("Adamax", {"betas": (0.5, 0.6), "eps": 0.1, "weight_decay": 0.1, "maximize": True}),
    ("NAdam", {}),
    ("NAdam", {"betas": (0.5, 0.6), "eps": 0.1, "momentum_decay": 0.1, "maximize": True}),
    ("NAdam", {"weight_decay": 0.1}),
    ("NAdam", {"weight_decay": 0.1, "decoupled_weight_decay": True}),
    ("RAdam", {}),
    ("RAdam", {"betas": (0.5, 0.9), "eps": 0.1, "weight_decay": 0.1, "maximize": True}),
    ("RAdam", {"weight_decay": 0.1, "decoupled_weight_decay": True}),
    ("ASGD", {}),
    ("ASGD", {"lambd": 0.1, "alpha": 0.5, "weight_decay": 0.1, "maximize": True}),
    ("ASGD", {"t0": 10}),
    ("Rprop", {}),
    ("Rprop", {"etas": (0.3, 2.0), "step_sizes": (1e-3, 0.05), "maximize": True}),
    ("Adafactor", {}),
    ("Adafactor", {"beta2_decay": -0.3, "d": 1.5, "weight_decay": 0.1, "maximize": True}),
    ("Adafactor", {"eps": (0.1, 2.0)}),
    ("Muon", {}),
    ("Muon", {"nesterov": False, "momentum": 0.5, "weight_decay": 0.5, "ns_steps": 3}),
    ("Muon", {"adjust_lr_fn": "match_rms_adamw", "ns_coefficients": (3.4, -4.7, 2.0)}),
    ("Muon", {"adjust_lr_fn": "original", "eps": 10.0}),
]
NAMES = list(dict.fromkeys(name for name, _ in ROWS))
REAL_ONLY = ("Adafactor", "Muon")
# What these remember of a parameter as a whole has single precision; PyTorch changes it to the
# dtype of the parameter when it loads it.
SINGLE_PRECISION = ("NAdam", "ASGD")


def shapes(name):
    """Shapes of parameters that the optimizer can have."""
    if name == "Muon":
        return [(3, 4), (5, 2), (1, 1), (4, 4)]
    if name == "Adafactor":  # PyTorch divides by the number of elements
        return [(3, 4), (4,), (), (2, 3, 2), (1, 5)]
    return [(3, 4), (4,), (), (0, 2), (2, 3, 2)]


def ids(rows):
    """How pytest calls the rows."""
    return [f"{name}-{params}" for name, params in rows]
