"""One training step of a model in transformers, timed: what bench/peers/transformers.ts asks for.

    python bench/peers/transformers_step.py CONFIG.json TOKENS STEPS THREADS

Float32 on the CPU, torch's own scaled-dot-product attention, AdamW, the last quarter of the tokens
supervised, layers checkpointed above 4,096 tokens: as bench/step.ts does it. Prints one JSON object.
"""

import sys

import torch
from zebra_117m import load, report


def main() -> None:
    path, tokens, steps, threads = sys.argv[1], *map(int, sys.argv[2:5])
    model = load(path, threads).train()
    if tokens > 4096:
        model.gradient_checkpointing_enable({"use_reentrant": False})
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.1)
    ids = torch.randint(model.config.vocab_size, (1, tokens))
    labels = ids.clone()
    labels[:, : tokens - tokens // 4] = -100

    def step() -> None:
        model(input_ids=ids, labels=labels, use_cache=False).loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()

    report(step, steps)


main()
