"""What transformers' tokenizer(text) gives, as one line of JSON.

usage: python transformers_plain.py REQUEST.json
request: {"tokenizers": [folder, ...], "texts": [str, ...]}
reply:   [[[int, ...] for each text] for each tokenizer]
"""

import json
import sys

from transformers import AutoTokenizer


def ids(folder, texts):
    tokenizer = AutoTokenizer.from_pretrained(folder)
    return [tokenizer(text)["input_ids"] for text in texts]


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        request = json.load(file)
    print(json.dumps([ids(folder, request["texts"]) for folder in request["tokenizers"]]))
