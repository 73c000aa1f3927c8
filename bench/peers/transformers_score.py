"""Negative log-likelihoods of a text with transformers, timed: what bench/peers/transformers.ts asks for.

    python bench/peers/transformers_score.py CONFIG.json TOKENS RUNS THREADS

Float32 on the CPU, torch's own scaled-dot-product attention; the last quarter of the tokens is scored, and only that
goes through the head. Prints one JSON object.
"""

import json
import resource
import sys
import time

import torch
from transformers import MinistralConfig, MinistralForCausalLM


@torch.inference_mode()
def main() -> None:
    path, tokens, runs, threads = sys.argv[1], *map(int, sys.argv[2:5])
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    with open(path) as file:
        config = MinistralConfig(**json.load(file))
    config._attn_implementation = "sdpa"
    model = MinistralForCausalLM(config).float().eval()
    ids = torch.randint(config.vocab_size, (1, tokens))
    scored = tokens // 4
    times = []
    for _ in range(runs + 1):
        before = time.perf_counter()
        logits = model(input_ids=ids, use_cache=False, logits_to_keep=scored + 1).logits
        torch.nn.functional.cross_entropy(logits[0, :-1], ids[0, tokens - scored :], reduction="none")
        times.append(time.perf_counter() - before)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": sorted(times[1:])[runs // 2], "peakBytes": peak, "torch": torch.__version__}))


main()
