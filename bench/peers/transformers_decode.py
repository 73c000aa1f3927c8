"""Decoding with transformers, timed: what bench/peers/transformers.ts asks for.

    python bench/peers/transformers_decode.py CONFIG.json CONTEXT SEQUENCES STEPS THREADS

Float32 on the CPU, torch's own scaled-dot-product attention, a cache that holds CONTEXT positions of every
sequence before the first step. Prints one JSON object: seconds of a step, which is one token of every
sequence.
"""

import sys

import torch
from transformers import DynamicCache
from zebra_117m import load, report


@torch.inference_mode()
def main() -> None:
    path, context, sequences, steps, threads = sys.argv[1], *map(int, sys.argv[2:6])
    model = load(path, threads).eval()
    config = model.config
    cache = DynamicCache(config=config)
    # What the cache holds changes nothing about the time, so it is filled without a forward pass.
    shape = (sequences, config.num_key_value_heads, context, config.head_dim)
    for layer in range(config.num_hidden_layers):
        cache.update(torch.randn(shape), torch.randn(shape), layer)
    ids = torch.full((sequences, 1), 5)
    report(lambda: model(input_ids=ids, past_key_values=cache, use_cache=True).logits, steps, warm_up=2)


main()
