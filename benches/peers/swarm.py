"""pymoo's particle swarm over PSOMW's decoder."""

import json
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
        self.seconds = 0.0
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
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as decoder:
        problem = Decoded(decoder, budget)
        start = time.monotonic()
        algorithm = PSO(pop_size=situation["particles"])
        minimize(problem, algorithm, ("n_eval", budget), seed=arguments.seed, verbose=False)
        seconds = time.monotonic() - start
        decoder.stdin.close()
    found = {"pymoo_plans": problem.within, "pymoo_particles": problem.best}
    return {**situation, **found, "pymoo_s": seconds, "decoding_s": problem.seconds}
