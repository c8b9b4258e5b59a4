"""Continuous units and inhibition at extensive load by another route: writes graded_load.json.

The self-consistent signal-to-noise analysis: s solves s = S(h + Gamma s), the root found by bisection at every
noise z, averages by Gauss-Legendre panels over z, response from U = <z s>/sigma, order parameters by hybr root
finding in (m, U or chi, sigma, x). At T > 0 <s> and <s^2> are ratios of sums over s. No free
energies, no derivatives, no rise of s as a measure. Where g Gamma > 1 the root is the one of higher s h - V.

Run:  python graded_load.py
"""

import json
import math
import sys

import numpy as np
from scipy.integrate import quad
from scipy.interpolate import make_interp_spline
from scipy.optimize import brentq, root

SQ = math.sqrt(2 * math.pi)


def artanh_integral(s):
    out = 0.0
    for t in (1 + s, 1 - s):
        if t > 0:
            out += t * math.log(t)
    return 0.5 * out


def graded_ground(h, gamma, gain, theta):
    """s = tanh(g (h - theta + Gamma s)), on the side of the field."""
    b = h - theta
    sign = 1.0 if b >= 0 else -1.0
    b = abs(b)
    f = lambda s: s - math.tanh(gain * (b + gamma * s))
    if gain * gamma <= 1:
        low = 0.0
    else:  # the outer root lies right of the inflection
        low = math.sqrt(max(0.0, 1 - 1 / (gain * gamma)))
    if f(low) > 0:
        low = 0.0
    return sign * brentq(f, low, 1.0 + 1e-12, xtol=1e-16, rtol=1e-15)


def graded_thermal(h, gamma, gain, theta, t):
    a = lambda s: ((h - theta) * s + 0.5 * gamma * s * s - artanh_integral(s) / gain) / t
    peak = graded_ground(h, gamma, gain, theta)
    top = a(peak)
    # tanh-like substitution s = tanh u takes the slopes at the ends
    u = np.linspace(-19, 19, 1521)
    s = np.tanh(u)
    one_minus = 2 / (1 + np.exp(2 * np.abs(u)))
    small = one_minus
    big = 2 - one_minus
    integral = 0.5 * (small * np.log(small) + big * np.log(big))
    e = ((h - theta) * s + 0.5 * gamma * s * s - integral / gain) / t - top
    p = np.exp(e) * small * big
    z = p.sum()
    m1 = (p * s).sum() / z
    return m1, (p * s * s).sum() / z


LEG = np.polynomial.legendre.leggauss(20)
CUTS = np.linspace(-9.2, 9.2, 41)


def ramp_ground(h, gamma, gain, theta):
    return max(0.0, (h - theta) / (1 / gain - gamma))


def ramp_thermal(h, gamma, gain, theta, t):
    """Moments of exp{[(h - theta) s - s^2/2g']/t} on s > 0, by Gauss-Legendre panels around the peak."""
    slope = 1 / (1 / gain - gamma)
    mean, width = slope * (h - theta), math.sqrt(slope * t)
    low = max(0.0, mean - 12 * width)
    rate = max(1.0, -mean / width)
    high = max(mean + 12 * width, 45 * width / rate)
    xs, ws = LEG
    cuts = np.linspace(low, high, 41)
    s = np.concatenate([0.5 * (a + b) + 0.5 * (b - a) * xs for a, b in zip(cuts, cuts[1:])])
    w = np.concatenate([0.5 * (b - a) * ws for a, b in zip(cuts, cuts[1:])])
    e = -((s - mean) ** 2) / (2 * width * width)
    p = w * np.exp(e - e.max())
    z = p.sum()
    return (p * s).sum() / z, (p * s * s).sum() / z


def gauss(function, kink):
    """E f(z) of a vector function by composite Gauss-Legendre with cuts around z = kink."""
    xs, ws = LEG
    cuts = set(np.linspace(-9.4, 9.4, 26))
    for d in [10.0**-k for k in range(0, 7)]:
        cuts |= {kink - d, kink + d}
    cuts.add(kink)
    cuts = sorted(c for c in cuts if -9.4 <= c <= 9.4)
    total = 0.0
    for a, b in zip(cuts, cuts[1:]):
        for x, w in zip(xs, ws):
            z = 0.5 * (a + b) + 0.5 * (b - a) * x
            total = total + 0.5 * (b - a) * w * math.exp(-z * z / 2) / SQ * function(z)
    return total


def solve(case):
    unit, gain, theta = case["unit"], case["gain"], case["threshold"]
    support, alpha, t = case["support"], case["alpha"], case["temperature"]
    c, symmetric, k = case["fraction"], case["symmetric"], case["inhibition"]
    mean = sum(p * v for v, p in support)
    var = sum(p * (v - mean) ** 2 for v, p in support)

    def moments(h, gamma):
        if unit == "graded":
            if t == 0:
                s = graded_ground(h, gamma, gain, theta)
                return s, s * s
            return graded_thermal(h, gamma, gain, theta, t)
        if t == 0:
            s = ramp_ground(h, gamma, gain, theta)
            return s, s * s
        return ramp_thermal(h, gamma, gain, theta, t)

    def averages(m, chi, x, sigma):
        rest = 1 - var * chi
        if not symmetric:
            gamma = alpha * c * var * var * chi / rest if c else 0.0
        else:
            gamma = alpha * (c * var * var * chi / rest + (1 - c) * var * var * chi)
        new = np.zeros(5)
        for value, p in support:
            mu = m * (value - mean) - k * x
            kink = (theta - mu) / sigma

            def f(z):
                s, s2 = moments(mu + sigma * z, gamma)
                return np.array([(value - mean) * s, z * s, s, s * s, s2])

            new += p * gauss(f, kink)
        overlap, zs, act, q, big_q = new
        response = zs / sigma
        pole = alpha * c * var * var / rest**2 if c else 0.0
        other = alpha * var * var * (1 - c)
        variance = pole * q + other * (q if symmetric else big_q)
        return overlap, response, act, variance, q, big_q, gamma

    def equations(y):
        m, chi, x, sigma = y
        if sigma <= 0 or (c and var * chi >= 1):
            return [1e3] * 4
        overlap, response, act, variance, q, big_q, gamma = averages(m, chi, x, sigma)
        return [overlap - m, response - chi, act - x, math.sqrt(variance) - sigma]

    y = np.array(case["start"], float)
    for _ in range(25 if unit == "graded" else 0):  # into the basin
        y = y + 0.7 * np.array(equations(y))
    found = root(equations, y, method="hybr", options={"xtol": 1e-14, "eps": 1e-7})
    y = found.x
    # polish: Broyden's last digits by a few secant-Newton steps with a fresh difference Jacobian
    for _ in range(3):
        base = np.array(equations(y))
        jac = np.zeros((4, 4))
        for j in range(4):
            step = 1e-5 * max(abs(y[j]), 1e-3)
            up, down = y.copy(), y.copy()
            up[j] += step
            down[j] -= step
            jac[:, j] = (np.array(equations(up)) - np.array(equations(down))) / (2 * step)
        y = y - np.linalg.solve(jac, base)
    m, chi, x, sigma = y
    def replicas(q, big_q, gamma):
        """E[<s>(h1) <s>(h2)] for fields of variance sigma^2 and covariance sigma^2 q/Q."""
        grid = np.linspace(-10 * sigma, 10 * sigma, 16001)
        z = np.concatenate([0.5 * (a + b) + 0.5 * (b - a) * LEG[0] for a, b in zip(CUTS, CUTS[1:])])
        w = np.concatenate([0.5 * (b - a) * LEG[1] for a, b in zip(CUTS, CUTS[1:])]) * np.exp(-z * z / 2) / SQ
        common, own = sigma * math.sqrt(q / big_q), sigma * math.sqrt(max(0.0, 1 - q / big_q))
        total = 0.0
        for value, p in support:
            mu = m * (value - mean) - k * x
            law = make_interp_spline(mu + 1.4 * grid, [moments(h, gamma)[0] for h in mu + 1.4 * grid], k=7)
            inner = np.array([(w * law(mu + common * a + own * z)).sum() for a in z])
            total += p * (w * inner**2).sum()
        return total

    residual = max(abs(v) for v in equations(y))
    overlap, response, act, variance, q, big_q, gamma = averages(m, chi, x, sigma)
    if c == 0 and t > 0:
        # Without reaction each replica has its own thermal noise in the fields.
        q = brentq(lambda q: replicas(q, big_q, gamma) - q, 1e-3 * big_q, 0.999 * big_q, xtol=1e-15, rtol=1e-14)
    return {
        "m": m, "chi": chi, "mean": x, "delta": sigma * sigma, "q": q, "activity": big_q,
        "correlation": m / math.sqrt(var * (big_q - x * x)),
    }, residual, gamma * gain


PM = [(-1.0, 0.5), (1.0, 0.5)]
BIASED = [(-1.0, 0.35), (1.0, 0.65)]
SPARSE = [(0.0, 0.9), (1.0, 0.1)]


def case(unit, gain, theta, patterns, support, connectivity, c, symmetric, k, alpha, t, start):
    return dict(unit=unit, gain=gain, threshold=theta, patterns=patterns, support=support, connectivity=connectivity,
                fraction=c, symmetric=symmetric, inhibition=k, alpha=alpha, temperature=t, start=start)


CASES = [
    case("graded", 3, 0, "rademacher", PM, "full", 1, True, 0, 0.05, 0.1, [0.93, 0.15, 0.0, 0.26]),
    case("graded", 5, 0.05, "biased:mean=0.3", BIASED, "full", 1, True, 0, 0.03, 0, [0.88, 0.1, 0.25, 0.2]),
    case("graded", 6, 0.05, "biased:mean=0.3", BIASED, "full", 1, True, 0.2, 0.02, 0, [0.88, 0.1, 0.25, 0.15]),
    case("graded", 3, 0, "rademacher", PM, "diluted:c=0.4", 0.4, True, 0, 0.1, 0, [0.9, 0.3, 0, 0.4]),
    case("graded", 3, 0, "rademacher", PM, "diluted:c=0.4:symmetric=false", 0.4, False, 0, 0.1, 0, [0.9, 0.3, 0, 0.4]),
    case("graded", 3, 0, "rademacher", PM, "extreme", 0, False, 0, 0.2, 0.15, [0.8, 0.4, 0, 0.4]),
    case("graded", 60, 0, "rademacher", PM, "full", 1, True, 0, 0.1375, 0, [0.971, 0.165, 0, 0.44]),
    case("threshold-linear", 15, -1, "sparse:active-fraction=0.1", SPARSE, "full", 1, True, 1.5, 0.2, 0, [0.644, 2.3, 0.756, 0.12]),
    case("threshold-linear", 15, -1, "sparse:active-fraction=0.1", SPARSE, "full", 1, True, 1.5, 0.2, 0.02, [0.64, 2.3, 0.756, 0.12]),
    case("threshold-linear", 15, -1, "sparse:active-fraction=0.1", SPARSE, "extreme", 0, False, 1.5, 0.3, 0.02, [0.64, 2.3, 0.756, 0.12]),
]

if __name__ == "__main__":
    values = []
    for item in CASES:
        found, residual, steep = solve(item)
        print(item["unit"], item["patterns"], item["connectivity"], found, residual, "g Gamma =", steep)
        if not residual < 1e-10:
            sys.exit(f"no solution: {item}")
        record = {key: item[key] for key in ("unit", "gain", "threshold", "patterns", "connectivity", "inhibition", "alpha", "temperature")}
        record["found"] = {key: repr(float(value)) for key, value in found.items()}
        values.append(record)
    with open("graded_load.json", "w") as out:
        json.dump({"about": "Retrieval states of continuous units at extensive load, by graded_load.py.", "values": values}, out, indent=1)
        out.write("\n")
