"""A machine of 8 visible and 3 hidden units by enumeration at 30 digits, for every activation and both encodings.

Writes machine.json beside this file; needs mpmath.
"""

import itertools
import json
import pathlib

from mpmath import cosh, erfc, exp, expm1, log, log1p, mp, mpf, nstr, pi, polylog, sinh, sqrt

mp.dps = 30
W = [["0.5", "-0.3", "0.2"], ["-0.25", "0.6", "0.1"], ["0.4", "0.35", "-0.45"], ["-0.55", "0.15", "0.3"],
     ["0.1", "-0.2", "0.7"], ["0.65", "0.25", "-0.15"], ["-0.35", "-0.5", "0.05"], ["0.2", "0.45", "0.55"]]
B = ["0.1", "-0.2", "0.05", "0", "-0.15", "0.25", "-0.05", "0.15"]
C = ["0.3", "-0.4", "0.1"]
DATA = ["10101101", "01100101", "11001100", "00010010", "10100101"]


def double(q):
    up = exp((q - mpf("0.5")) ** 2 / 2) * sqrt(pi / 2) * erfc((mpf("0.5") - q) / sqrt(2))
    return log(up + exp((q + mpf("0.3")) ** 2 / 4) * sqrt(pi / 4) * erfc((q + mpf("0.3")) / 2))


# ln Z of one hidden unit at its field, and whether the machine has hidden biases.
UNITS = {
    "gaussian": (lambda q: q * q / 2, True),
    "binary": (lambda q: log1p(exp(q)), True),
    "ising": (lambda q: log(cosh(q)), True),
    "threshold-linear": (lambda q: q * q / 2 + log(erfc(-q / sqrt(2))), True),
    "poisson": (expm1, True),
    "softplus": (lambda q: -polylog(2, -exp(q)).real, True),
    "exponential-density:rate=5": (lambda q: -log1p(-q / 5), False),
    "uniform": (lambda q: log(sinh(q) / q) if q else mpf(0), False),
    "double-relu:gamma-plus=1:gamma-minus=2:theta-plus=0.5:theta-minus=-0.3": (double, False),
    "three-state": (lambda q: log(1 + 2 * cosh(q)), False),
    "potts:states=3": (None, True),
}


def log_weight(unit, v):
    k, biased = UNITS[unit]
    q = [sum(mpf(W[i][mu]) * v[i] for i in range(8)) for mu in range(3)]
    c = [mpf(x) if biased else mpf(0) for x in C]
    field = sum(mpf(b) * x for b, x in zip(B, v))
    if k is None:
        return field + log(sum(exp(a + b) for a, b in zip(q, c))) - log(sum(map(exp, c)))
    return field + sum(k(a + b) - k(b) for a, b in zip(q, c))


def main():
    rows = []
    for unit, low in itertools.product(UNITS, (0, -1)):
        value = lambda bit: 1 if bit else low
        weights = {bits: log_weight(unit, [value(bit) for bit in bits]) for bits in itertools.product((0, 1), repeat=8)}
        log_z = log(sum(map(exp, weights.values())))
        mean = sum(weights[tuple(map(int, word))] for word in DATA) / len(DATA) - log_z
        row = {"unit": unit, "biased": UNITS[unit][1], "encoding": "01" if low == 0 else "pm1",
               "log_z": nstr(log_z, 20), "mean_log_likelihood": nstr(mean, 20)}
        if low == 0:
            for name, size in (("pair", 2), ("triple", 3)):
                row[name] = nstr(sum((-1) ** (size - sum(t)) * weights[t + (0,) * (8 - size)]
                                     for t in itertools.product((0, 1), repeat=size)), 20)
        rows.append(row)
    path = pathlib.Path(__file__).with_name("machine.json")
    numbers = lambda rows: [[float(x) for x in row] for row in rows]
    head = {"weights": numbers(W), "visible_bias": [float(x) for x in B], "hidden_bias": [float(x) for x in C],
            "data": [[int(x) for x in word] for word in DATA]}
    text = ",\n".join('"%s": %s' % (key, json.dumps(x)) for key, x in head.items())
    path.write_text("{%s,\n\"rows\": [\n%s\n]}\n" % (text, ",\n".join(map(json.dumps, rows))))


if __name__ == "__main__":
    main()
