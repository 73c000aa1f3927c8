"""Loads a checkpoint folder in transformers, as it is, and prints what it makes of it as one line of JSON.

usage: python transformers_ministral.py REQUEST.json
request: {"model": folder, "adapter": folder or null, "segments": [[id, ...], ...]}
reply:   {"class", "missing", "unexpected", "mismatched", "layer_types", "sliding_window", "dtype",
          "logits": for each segment [T * V]}

Weights are loaded as float32 whatever they are stored as, and attention is computed the plain way ("eager"),
so that the numbers can be held against another float32 implementation.
"""

import json
import sys

import torch
from transformers import AutoConfig, AutoModelForCausalLM


def main(request):
    config = AutoConfig.from_pretrained(request["model"], local_files_only=True)
    model, info = AutoModelForCausalLM.from_pretrained(
        request["model"],
        dtype=torch.float32,
        attn_implementation="eager",
        local_files_only=True,
        output_loading_info=True,
    )
    name = type(model).__name__
    adapted = None
    if request.get("adapter"):
        from peft import PeftModel

        model = PeftModel.from_pretrained(model, request["adapter"])
        adapted = sorted(key for key, _ in model.named_parameters() if "lora_" in key)
    model.eval()
    with torch.no_grad():
        logits = [
            model(input_ids=torch.tensor([ids]), use_cache=False).logits[0].flatten().tolist()
            for ids in request["segments"]
        ]
    return {
        "class": name,
        "missing": sorted(info["missing_keys"]),
        "unexpected": sorted(info["unexpected_keys"]),
        "mismatched": sorted(str(key) for key in info["mismatched_keys"]),
        "layer_types": list(config.layer_types),
        "sliding_window": config.sliding_window,
        "dtype": str(config.dtype),
        "adapted": adapted,
        "logits": logits,
    }


if __name__ == "__main__":
    with open(sys.argv[1], encoding="utf-8") as file:
        print(json.dumps(main(json.load(file))))
