"""What transformers' apply_chat_template writes of conversations with tools, as one line of JSON.

usage: python transformers_tools.py REQUEST.json
request: {"cases": [{"tokenizer": folder, "messages": [...], "tools": [...] or null, "prompt": bool, "mask": bool}, ...]}
reply:   [{"text": str, "ids": [int] and "mask": [0 or 1] where they are asked for}, ...]
"""

import json
import sys

from transformers import AutoTokenizer


def render(tokenizer, messages, tools, prompt, mask):
    tokenizer = AutoTokenizer.from_pretrained(tokenizer)
    given = dict(tools=tools, add_generation_prompt=prompt)
    reply = {"text": tokenizer.apply_chat_template(messages, tokenize=False, **given)}
    if mask:
        both = tokenizer.apply_chat_template(messages, return_dict=True, return_assistant_tokens_mask=True, **given)
        reply |= {"ids": both["input_ids"], "mask": both["assistant_masks"]}
    return reply


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        print(json.dumps([render(**case) for case in json.load(file)["cases"]]))
