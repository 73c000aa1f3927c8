"""Decoding with transformers, timed: what bench/peers/transformers.ts asks for.

    python bench/peers/transformers_decode.py CONFIG.json CONTEXT SEQUENCES STEPS THREADS

Float32 on the CPU, torch's own scaled-dot-product attention, a cache that holds CONTEXT positions of every sequence
before the first step. Prints one JSON object: seconds of a step, which is one token of every sequence.
"""

import json
import resource
import sys
import time

import torch
from transformers import DynamicCache, MinistralConfig, MinistralForCausalLM


@torch.inference_mode()
def main() -> None:
    path, context, sequences, steps, threads = sys.argv[1], *map(int, sys.argv[2:6])
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    with open(path) as file:
        config = MinistralConfig(**json.load(file))
    config._attn_implementation = "sdpa"
    model = MinistralForCausalLM(config).float().eval()
    cache = DynamicCache(config=config)
    # What the cache holds changes nothing about the time, so it is filled without a forward pass.
    shape = (sequences, config.num_key_value_heads, context, config.head_dim)
    for layer in range(config.num_hidden_layers):
        cache.update(torch.randn(shape), torch.randn(shape), layer)
    ids = torch.full((sequences, 1), 5)
    times = []
    for _ in range(steps + 2):
        before = time.perf_counter()
        ids = model(input_ids=ids, past_key_values=cache, use_cache=True).logits[:, -1:].argmax(-1)
        times.append(time.perf_counter() - before)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": sorted(times[2:])[steps // 2], "peakBytes": peak, "torch": torch.__version__}))


main()
