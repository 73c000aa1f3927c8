"""One training step of a model in transformers, timed: what bench/peers/transformers.ts asks for.

    python bench/peers/transformers_step.py CONFIG.json TOKENS STEPS THREADS

Float32 on the CPU, torch's own scaled-dot-product attention, AdamW, the last quarter of the tokens supervised, layers
checkpointed above 4,096 tokens: as bench/step.ts does it. Prints one JSON object.
"""

import json
import resource
import sys
import time

import torch
from transformers import MinistralConfig, MinistralForCausalLM


def main() -> None:
    path, tokens, steps, threads = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4])
    torch.set_num_threads(threads)
    torch.manual_seed(1)
    with open(path) as file:
        config = MinistralConfig(**json.load(file))
    config._attn_implementation = "sdpa"
    model = MinistralForCausalLM(config).float().train()
    if tokens > 4096:
        model.gradient_checkpointing_enable({"use_reentrant": False})
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.1)
    ids = torch.randint(config.vocab_size, (1, tokens))
    labels = ids.clone()
    labels[:, : tokens - tokens // 4] = -100
    times = []
    for _ in range(steps + 1):  # the first is not counted
        before = time.perf_counter()
        model(input_ids=ids, labels=labels, use_cache=False).loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        times.append(time.perf_counter() - before)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": sorted(times[1:])[steps // 2], "peakBytes": peak, "torch": torch.__version__}))


main()
