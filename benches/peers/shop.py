"""A shop as CP-SAT models, and the clock that says when a sequence of jobs ends.

A job chooses what it costs: [device or None, upload, server or None, download]. One order rules all
resources, each of one slot. Two formulations of the same problem, both with optional intervals that do
not overlap on each resource, their lengths given by the choice that a job takes:

- order: one literal for each pair of jobs says which comes first, on every resource. Jobs of one class
  stand in a fixed order;
- free: each resource has an order of its own, and each has to do all its work before the end. Nothing is
  lost or won where a job with work on device and server sends something (a three-machine flow shop).
"""

from itertools import combinations

from ortools.sat.python import cp_model


def check(shop):
    """Raises ValueError where a shop is none that these models hold."""
    if shop["slots"] != [1, 1]:
        raise ValueError("one slot each is modelled")
    if any(choice[3] for job in shop["classes"] for choice in job["choices"]):
        raise ValueError("a way back is not modelled")


def end_of(shop, jobs):
    """When a sequence of choices ends, by the planning model's clock."""
    device, uplink, server = shop["device_ready"], shop["uplink_ready"], 0
    for on_device, upload, on_server, _ in jobs:
        there = shop["server_ready"] if on_device is None else 0
        if on_device is not None:
            device += on_device
        if upload > 0:
            uplink = max(uplink, device if on_device is not None else 0) + upload
            there = uplink
        if on_server is not None:
            server = max(server, there) + on_server
    return max(device, max(uplink, server) + (shop["tail"] or 0))


def horizon(shop):
    """No reasonable plan ends later: every job one after the other at its slowest."""
    slowest = sum(
        job["count"] * max((d or 0) + up + (s or 0) for d, up, s, _ in job["choices"]) for job in shop["classes"]
    )
    ready = max(shop["device_ready"], shop["uplink_ready"], shop["server_ready"])
    return ready + slowest + (shop["tail"] or 0)


class Model:
    """The makespan, and what it waits for."""

    def __init__(self, shop, limit):
        check(shop)
        self.shop = shop
        self.most = horizon(shop)
        self.model = cp_model.CpModel()
        highest = self.most if limit is None else min(self.most, limit - 1)
        self.end = self.model.new_int_var(0, max(highest, 0), "end")
        self.tail = shop["tail"] or 0
        self.model.add(self.end >= max(shop["device_ready"], shop["uplink_ready"] + self.tail))
        self.model.minimize(self.end)

    def time(self, name):
        return self.model.new_int_var(0, self.most, name)


class Ordered(Model):
    """One order for all resources."""

    @classmethod
    def holds(cls, _shop):
        """Whether the formulation has the shop's optimum."""
        return True

    def __init__(self, shop, limit):
        super().__init__(shop, limit)
        self.jobs = [self.job(job["choices"]) for job in shop["classes"] for _ in range(job["count"])]
        for resource in range(3):
            self.model.add_no_overlap([job["intervals"][resource] for job in self.jobs])
        self.order()

    def job(self, choices):
        model, shop = self.model, self.shop
        taken = [model.new_bool_var("") for _ in choices]
        model.add_exactly_one(taken)
        job = {"choices": choices, "taken": taken, "intervals": [], "start": [], "end": [], "has": []}
        has = [lambda way: way[0] is not None, lambda way: way[1] > 0, lambda way: way[2] is not None]
        for resource, ready in enumerate([shop["device_ready"], shop["uplink_ready"], 0]):
            lengths = [way[resource] or 0 for way in choices]
            length = sum(cost * lit for cost, lit in zip(lengths, taken))
            there = sum(lit for way, lit in zip(choices, taken) if has[resource](way))
            start, end, present = self.time(""), self.time(""), model.new_bool_var("")
            size = model.new_int_var(0, max(lengths), "")
            model.add(size == length)
            model.add(present == there)
            model.add(start >= ready).only_enforce_if(present)
            job["intervals"].append(model.new_optional_interval_var(start, size, end, present, ""))
            job["start"].append(start)
            job["end"].append(end)
            job["has"].append(present)
            model.add(self.end >= end + (self.tail if resource else 0)).only_enforce_if(present)
        for way, lit in zip(choices, taken):
            if way[0] is not None and way[1] > 0:
                model.add(job["start"][1] >= job["end"][0]).only_enforce_if(lit)
            if way[1] > 0 and way[2] is not None:
                model.add(job["start"][2] >= job["end"][1]).only_enforce_if(lit)
            if way[0] is None and way[1] == 0 and way[2] is not None:
                model.add(job["start"][2] >= shop["server_ready"]).only_enforce_if(lit)
        return job

    def order(self):
        model, count = self.model, len(self.jobs)
        for job in self.jobs:
            job["rank"] = model.new_int_var(0, count - 1, "")
        model.add_all_different([job["rank"] for job in self.jobs])
        for a, b in combinations(self.jobs, 2):
            first = True if a["choices"] == b["choices"] else model.new_bool_var("")
            self.before(a, b, first)
            if first is not True:
                self.before(b, a, first.negated())

    def before(self, a, b, literal):
        always = [] if literal is True else [literal]
        self.model.add(a["rank"] < b["rank"]).only_enforce_if(always)
        for resource in range(3):
            both = [a["has"][resource], b["has"][resource], *always]
            self.model.add(b["start"][resource] >= a["end"][resource]).only_enforce_if(both)

    def sequence(self, solver):
        """The choices in the order found."""
        jobs = sorted(self.jobs, key=lambda job: solver.value(job["rank"]))
        return [
            next(way for way, lit in zip(job["choices"], job["taken"]) if solver.boolean_value(lit)) for job in jobs
        ]


class Free(Ordered):
    """An order for each resource."""

    def order(self):
        for a, b in zip(self.jobs, self.jobs[1:]):
            if a["choices"] == b["choices"]:
                self.model.add(self.number(a) <= self.number(b))
        ready = [self.shop["device_ready"], self.shop["uplink_ready"] + self.tail, self.tail]
        for resource, around in enumerate(ready):
            work = sum((way[resource] or 0) * lit for job in self.jobs for way, lit in zip(job["choices"], job["taken"]))
            self.model.add(self.end >= work + around)

    @staticmethod
    def number(job):
        return sum(number * lit for number, lit in enumerate(job["taken"]))

    def sequence(self, solver):
        """None that is told: there is an order for each resource."""
        return None

    @classmethod
    def holds(cls, shop):
        """Whether one order for all resources is as good as three."""
        ways = [way for job in shop["classes"] for way in job["choices"]]
        return not any(device is not None and upload == 0 and server is not None for device, upload, server, _ in ways)


FORMULATIONS = {"order": Ordered, "free": Free}
