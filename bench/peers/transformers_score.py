"""Negative log-likelihoods of a text with transformers, timed: what bench/peers/transformers.ts asks for.

    python bench/peers/transformers_score.py CONFIG.json TOKENS RUNS THREADS

Float32 on the CPU, torch's own scaled-dot-product attention; the last quarter of the tokens is scored, and
only that goes through the head. Prints one JSON object.
"""

import sys

import torch
from zebra_117m import load, report


@torch.inference_mode()
def main() -> None:
    path, tokens, runs, threads = sys.argv[1], *map(int, sys.argv[2:5])
    model = load(path, threads).eval()
    ids = torch.randint(model.config.vocab_size, (1, tokens))
    scored = tokens // 4

    def score() -> None:
        logits = model(input_ids=ids, use_cache=False, logits_to_keep=scored + 1).logits
        torch.nn.functional.cross_entropy(logits[0, :-1], ids[0, tokens - scored :], reduction="none")

    report(score, runs)


main()
