"""Shared by the peer scripts beside this file: the model in float32, timed calls, one line of JSON."""

import json
import resource
import time
from collections.abc import Callable

import torch
from transformers import MinistralConfig, MinistralForCausalLM


def load(path: str, threads: int) -> MinistralForCausalLM:
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    with open(path) as file:
        config = MinistralConfig(**json.load(file))
    config._attn_implementation = "sdpa"
    return MinistralForCausalLM(config).float()


def report(call: Callable[[], object], calls: int, warm_up: int = 1) -> None:
    """Prints the median seconds of a call; the first ones are not counted."""
    times = []
    for _ in range(warm_up + calls):
        before = time.perf_counter()
        call()
        times.append(time.perf_counter() - before)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    seconds = sorted(times[warm_up:])[calls // 2]
    print(json.dumps({"seconds": seconds, "peakBytes": peak, "torch": torch.__version__}))
