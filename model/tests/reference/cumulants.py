"""Cumulants of units at 40 digits and more: K(q), K'(q), ... to order 12, and K(c + q) - K(c).

Writes cumulants.json beside this file; needs mpmath.
"""

import json
import pathlib

from mpmath import (binomial, cosh, erfc, exp, expm1, factorial, log, log1p, mp, mpf, nstr, pi, polylog, sech,
                    sinh, sqrt, tanh, taylor)
from mpmath.calculus.quadrature import GaussLegendre

ORDER = 12
GRID = [mpf(10) ** -k for k in (12, 8, 4, 2)] + [mpf(x) for x in ("0.1", "0.5", 1, 2, 3, 5, 8, 12, 20, 30)]
GRID = sorted([-q for q in GRID] + [mpf(0)] + GRID)
SHIFTS = [(c, q) for c in ("-6", "-1.3", "0.4", "0", "3", "9") for q in ("-7", "-0.3", "-1e-9", "1e-13", "1e-3", "0.8", "4")]


def levels(points, threshold=0):
    """ln of a sum over (s, weight, V)."""
    return lambda q: log(sum(w * exp((q - threshold) * s - v) for s, w, v in points))


def half(gamma, theta):
    """ln of the integral of exp((q - theta) s - gamma s^2/2) over s >= 0."""
    return lambda q: log(sqrt(pi / (2 * gamma)) * exp((q - theta) ** 2 / (2 * gamma))
                         * erfc((theta - q) / sqrt(2 * gamma)))


def double(gp, gm, tp, tm):
    up, down = half(gp, tp), half(gm, -tm)
    return lambda q: log(exp(up(q)) + exp(down(-q)))


def uniform(q):
    return log(sinh(q) / q) if q else mpf(0)


def softplus(q):
    """-Li2(-e^q), by inversion where the argument is large."""
    if q.real > 0:
        return q * q / 2 + pi * pi / 6 + polylog(2, -exp(-q))
    return -polylog(2, -exp(q))


CLOSED = {
    "ising": levels([(-1, 1, 0), (1, 1, 0)]),
    "binary": levels([(0, 1, 0), (1, 1, 0)]),
    "binary:threshold=0.7": levels([(0, 1, 0), (1, 1, mpf("0.7"))]),
    "three-state:crystal-field=0.4": levels([(-1, 1, mpf("0.4")), (0, 1, 0), (1, 1, mpf("0.4"))]),
    "binomial:n=5:threshold=0.3": levels([(k, binomial(5, k), 0) for k in range(6)], mpf("0.3")),
    "gaussian:precision=1.7": lambda q: q * q / 2 / mpf("1.7"),
    "threshold-linear": half(mpf(1), mpf(0)),
    "threshold-linear:gain=2:threshold=0.6": half(mpf(1) / 2, mpf("0.6")),
    "double-relu": double(mpf(1), mpf(1), mpf(0), mpf(0)),
    "double-relu:gamma-plus=1:gamma-minus=2:theta-plus=0.5:theta-minus=-0.3":
        double(mpf(1), mpf(2), mpf("0.5"), mpf("-0.3")),
    "double-relu:theta-plus=-3:theta-minus=3": double(mpf(1), mpf(1), mpf(-3), mpf(3)),
    "boolean-gaussian:omega=0.3": lambda q: mpf("0.3") * q * q / 2 + log(cosh(q * sqrt(mpf("0.7")))),
    "uniform": uniform,
    "poisson:rate=1.4": lambda q: mpf("1.4") * expm1(q),
    "exponential-density:rate=31": lambda q: -log1p(-q / 31),
    "laplace:rate=31": lambda q: -log1p(-q * q / 961),
    "softplus": softplus,
}


def potential(coefficients):
    return lambda s: sum(mpf(a) * s ** k for k, a in enumerate(coefficients))


def graded(g, theta):
    part = lambda s: (1 + s) * log(1 + s) if s > -1 else mpf(0)
    return lambda s: (part(s) + part(-s)) / 2 / g + theta * s


INTEGRALS = {
    "polynomial": (potential(["0", "0", "0.5", "0", "0.1"]), (-14, 14)),
    "polynomial:coefficients=0/0.3/-2/0/0.25": (potential(["0", "0.3", "-2", "0", "0.25"]), (-14, 14)),
    "polynomial:coefficients=0/0.5/0/0.1:support=positive": (potential(["0", "0.5", "0", "0.1"]), (0, 40)),
    "graded": (graded(mpf(2), mpf(0)), (-1, 1)),
    "graded:gain=0.7:threshold=0.3": (graded(mpf("0.7"), mpf("0.3")), (-1, 1)),
}


def nodes(ends):
    """(s, weight) of a rule on an interval; tanh takes care of the ends of [-1, 1]."""
    if ends == (-1, 1):
        step = mpf(1) / 25
        return [(tanh(i * step), step * sech(i * step) ** 2) for i in range(-1250, 1251)]
    rule = GaussLegendre(mp).calc_nodes(5, mp.prec + 20)
    half = mpf(ends[1] - ends[0]) / 56
    return [(ends[0] + half * (2 * i + 1 + x), half * w) for i in range(28) for x, w in rule]


def by_moments(points, q):
    """ln Z(q) and the cumulants from central moments; points are (s, weight with e^-V)."""
    shares = [(s, w * exp(q * s)) for s, w in points]
    z = sum(p for _, p in shares)
    mean = sum(s * p for s, p in shares) / z
    central = [sum((s - mean) ** n * p for s, p in shares) / z for n in range(ORDER + 1)]
    kappa = [mpf(0)] * (ORDER + 1)
    for n in range(2, ORDER + 1):
        kappa[n] = central[n] - sum(binomial(n - 1, k - 1) * kappa[k] * central[n - k] for k in range(2, n))
    kappa[0], kappa[1] = log(z), mean
    return kappa


def text(x):
    # Rounding of a sum that vanishes by symmetry.
    return nstr(mpf(x), 20) if abs(x) > mpf(10) ** -35 else "0"


def main():
    out = {"derivatives": [], "shifts": []}
    for unit, k in CLOSED.items():
        mp.dps = 50
        zero = k(mpf(0))
        for q in GRID:
            x = mpf(q)
            if unit == "uniform" and abs(x) < mpf("0.5"):
                # Removable singularity: from the series of ln(sinh x/x).
                sum_terms = lambda y: log(sum(y ** (2 * i) / factorial(2 * i + 1) for i in range(60)))
                terms = taylor(sum_terms, x, ORDER)
            elif unit == "softplus":
                slope = taylor(lambda y: log1p(exp(y)), x, ORDER - 1)
                terms = [k(x)] + [t / (n + 1) for n, t in enumerate(slope)]
            else:
                terms = taylor(k, x, ORDER)
            values = [t.real * factorial(n) for n, t in enumerate(map(mp.mpmathify, terms))]
            values[0] -= zero
            out["derivatives"].append({"unit": unit, "q": float(q), "k": [text(v) for v in values]})
        for c, q in SHIFTS:
            out["shifts"].append({"unit": unit, "c": c, "q": q, "k": text((k(mpf(c) + mpf(q)) - k(mpf(c))).real)})
    for unit, (v, ends) in INTEGRALS.items():
        mp.dps = 40
        points = [(s, w * exp(-v(s))) for s, w in nodes(ends)]
        zero = by_moments(points, mpf(0))[0]
        for q in [x for x in GRID if abs(x) > mpf("1e-5") or x == 0]:
            values = by_moments(points, q)
            values[0] -= zero
            out["derivatives"].append({"unit": unit, "q": float(q), "k": [text(v) for v in values]})
    path = pathlib.Path(__file__).with_name("cumulants.json")
    rows = lambda key: ",\n".join(json.dumps(row) for row in out[key])
    path.write_text('{"derivatives": [\n%s\n], "shifts": [\n%s\n]}\n' % (rows("derivatives"), rows("shifts")))


if __name__ == "__main__":
    mp.dps = 50
    main()
