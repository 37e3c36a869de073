"""pymoo's particle swarm over PSOMW's decoder."""

import json
import statistics
import subprocess
import time

import numpy as np
from pymoo.algorithms.soo.nonconvex.pso import PSO
from pymoo.core.problem import Problem
from pymoo.optimize import minimize


class Decoded(Problem):
    """The makespan of the plan that a position stands for."""

    def __init__(self, decoder, budget):
        self.decoder = decoder
        super().__init__(n_var=int(decoder.stdout.readline()), n_obj=1, xl=0.0, xu=1.0)
        self.budget = budget
        self.seconds, self.total = 0.0, 0.0
        # The best as soon as as many plans are evaluated as PSOMW may evaluate; and at the end.
        self.within, self.best = None, None

    def _evaluate(self, positions, out, *_, **__):
        start = time.monotonic()
        self.decoder.stdin.write(json.dumps(positions.tolist()) + "\n")
        self.decoder.stdin.flush()
        answers = json.loads(self.decoder.stdout.readline())
        self.seconds += time.monotonic() - start
        for makespan, evaluations in answers:
            self.best = makespan if self.best is None else min(self.best, makespan)
            if evaluations <= self.budget:
                self.within = self.best
        out["F"] = np.array([[float(makespan)] for makespan, _ in answers])


def swarm(situation, folder, arguments):
    """The situation with what pymoo finds: of as many plans as PSOMW, and of as many particles."""
    budget = situation["particles"] * situation["iterations"]
    command = [arguments.examples / "decode", folder / situation["scenario"]]
    runs = [with_decoder(command, budget, pso(situation["particles"], seed)) for seed in range(1, arguments.swarms + 1)]
    drawn = with_decoder(command, budget, at_random)

    def median(value):
        return statistics.median_low([value(run) for run in runs])

    return {
        **situation,
        "random": drawn.best,
        "pymoo_plans": median(lambda run: run.within),
        "pymoo_particles": median(lambda run: run.best),
        "pymoo_best": min(run.best for run in runs),
        "pymoo_s": median(lambda run: run.total),
        "decoding_s": median(lambda run: run.seconds),
    }


def with_decoder(command, budget, search):
    """What a search made of a problem of its own decoder."""
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as decoder:
        problem = Decoded(decoder, budget)
        start = time.monotonic()
        search(problem, budget)
        problem.total = time.monotonic() - start
        decoder.stdin.close()
    return problem


def pso(particles, seed):
    """pymoo's swarm with its own settings."""
    def search(problem, budget):
        minimize(problem, PSO(pop_size=particles), ("n_eval", budget), seed=seed, verbose=False)

    return search


def at_random(problem, budget):
    """As many particles anywhere."""
    problem.evaluate(np.random.default_rng(1).random((budget, problem.n_var)))
