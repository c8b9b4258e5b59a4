"""Gaussian averages of unit responses with mpmath (40 digits): writes averages.json.

E f(mean + noise z) over a standard normal z, by 32-point Gauss-Legendre on panels cut geometrically around the
fields where the unit switches and every half noise; a second rule of 40 points agrees to 1e-22 of the scale.
`scale` is E|f|. Run: python averages.py > averages.json
"""
import json

from mpmath import cos, exp, log, mp, mpf, pi, sqrt, tanh

mp.dps = 40


def rule(n):
    nodes = []
    for i in range(n):
        x = cos(pi * (i + mpf(3) / 4) / (n + mpf(1) / 2))
        for _ in range(8):
            last, p = mpf(1), x
            for k in range(2, n + 1):
                last, p = p, ((2 * k - 1) * x * p - (k - 1) * last) / k
            slope = n * (x * p - last) / (x * x - 1)
            x -= p / slope
        nodes.append((x, 2 / ((1 - x * x) * slope * slope)))
    return nodes


RULES = [rule(32), rule(40)]


def ising(h, t, _d, _g):
    x = abs(h) / t
    e = exp(-2 * x)
    return {"w": t * (x + log(1 + e)), "mean": tanh(h / t), "response": 4 * e / (1 + e) ** 2 / t}


def three_state(h, t, d, g):
    a = (g / 2 - d) / t
    x = abs(h) / t
    top = max(a + x, mpf(0))
    p, m, o = exp(a + x - top), exp(a - x - top), exp(-top)
    z = p + m + o
    mean = (p - m) / z
    response = ((p + m) * o + 4 * p * m) / z**2 / t
    return {"w": t * (top + log(z)), "mean": mean if h >= 0 else -mean, "response": response}


def average(unit, kinks, mean, noise, t, d, g, nodes):
    cuts = {mean + noise * mpf(k) / 2 for k in range(-28, 29)}
    low, high = min(cuts), max(cuts)
    for kink in kinks:
        cuts.add(kink)
        width = t / 2
        while width < high - low:
            cuts.update((kink - width, kink + width))
            width *= 2
    cuts = sorted(c for c in cuts if low <= c <= high)
    sums = {}
    for a, b in zip(cuts, cuts[1:]):
        for x, weight in nodes:
            h = (a + b) / 2 + (b - a) / 2 * x
            z = (h - mean) / noise
            p = weight * (b - a) / 2 * exp(-z * z / 2) / sqrt(2 * pi) / noise
            f = unit(h, t, d, g)
            f["square"] = f["mean"] ** 2
            for key, value in f.items():
                total = sums.setdefault(key, [mpf(0), mpf(0)])
                total[0] += p * value
                total[1] += p * abs(value)
    return sums


def main():
    values = []
    betas = ["0.1", "0.5", "1", "2", "5", "10", "20", "100", "1000", "1e4", "1e6"]
    gauss = [("0", "0.3"), ("0.95", "0.4"), ("0.9", "0.125"), ("0.5", "1.5"), ("0", "2.75")]
    units = [("ising", "0", "0"), ("three-state", "0.2", "0.05"), ("three-state", "-0.3", "0.1")]
    for unit, d, g in units:
        law = ising if unit == "ising" else three_state
        barrier = mpf(d) - mpf(g) / 2
        kinks = [mpf(0)] if unit == "ising" or barrier <= 0 else [-barrier, barrier]
        for mean, noise in gauss:
            for beta in betas:
                arguments = mpf(mean), mpf(noise), 1 / mpf(beta), mpf(d), mpf(g)
                fine = average(law, kinks, *arguments, RULES[1])
                if beta in ("0.1", "20", "1e6"):
                    coarse = average(law, kinks, *arguments, RULES[0])
                    for key, (value, scale) in fine.items():
                        assert abs(value - coarse[key][0]) <= mpf("1e-22") * scale, (unit, mean, noise, beta, key)
                entry = {"unit": unit, "crystal_field": float(d), "gamma": float(g)}
                entry |= {"mean_field": float(mean), "noise": float(noise), "beta": float(beta)}
                for key, (value, scale) in fine.items():
                    entry[key] = mp.nstr(value, 22)
                    entry[key + "_scale"] = mp.nstr(scale, 6)
                values.append(entry)
    about = "E f(mean + noise z) of w, w_h, w_hh, w_h^2 by averages.py (mpmath, 40 digits); *_scale is E|f|"
    print('{\n "about": ' + json.dumps(about) + ',\n "values": [')
    print(",\n".join("  " + json.dumps(value) for value in values))
    print(" ]\n}")


main()
