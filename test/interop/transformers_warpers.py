"""Probabilities of the next token as transformers' generation leaves them, as one line of JSON.

usage: python transformers_warpers.py REQUEST.json
request: [{"logits": [V], "seen": [id, ...], "temperature", "top_k", "top_p", "min_p", "repetition_penalty"}, ...]
reply:   [[V probabilities], ...]

The list of processors is the one that `generate` itself makes of a configuration.
"""

import json
import sys

import torch
from transformers import AutoModelForCausalLM, GenerationConfig, LlamaConfig


def main(requests):
    sizes = dict(hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1)
    model = AutoModelForCausalLM.from_config(LlamaConfig(vocab_size=len(requests[0]["logits"]), **sizes))
    reply = []
    for request in requests:
        logits = torch.tensor([request.pop("logits")])
        seen = torch.tensor([request.pop("seen")])
        config = GenerationConfig(do_sample=True, **request)
        processors = model._get_logits_processor(
            generation_config=config,
            input_ids_seq_length=seen.shape[1],
            encoder_input_ids=seen,
            prefix_allowed_tokens_fn=None,
            logits_processor=[],
        )
        reply.append(processors(seen, logits).softmax(-1)[0].tolist())
    print(json.dumps(reply))


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        main(json.load(file))
