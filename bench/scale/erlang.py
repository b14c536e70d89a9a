"""Waiting in a queue before several servers, as A. K. Erlang worked it out: what the simulation must agree with."""


def waiting_probability(servers: int, load: float) -> float:
    """Erlang C: how likely an arrival finds all servers busy. `load` is arrivals a second times seconds of service.

    Raises:
        ValueError: the load is not below the number of servers, so that the queue grows for ever.
    """
    if not 0 <= load < servers:
        raise ValueError(f"{servers} servers cannot bear a load of {load}: the queue grows for ever.")
    blocked = 1.0
    for number in range(1, servers + 1):
        blocked = load * blocked / (number + load * blocked)
    return blocked / (1 - load / servers * (1 - blocked))


def mean_wait_seconds(servers: int, arrivals_a_second: float, service_seconds: float) -> float:
    """How long an arrival waits in the mean, when both arrivals and services are exponential."""
    load = arrivals_a_second * service_seconds
    return waiting_probability(servers, load) * service_seconds / (servers - load)
