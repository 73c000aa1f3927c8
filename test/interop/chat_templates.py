"""What transformers' apply_chat_template writes with each template of a folder, as JSON in a file.

usage: python chat_templates.py REQUEST.json
request: {"folder": of NAME.jinja, each with NAME.json (bos_token, eos_token, pad_token) if it has tokens,
          "cases": [{"messages": [...], "tools": JSON text or null, "prompt": bool}, ...],
          "reply": path}; arguments of calls are JSON text too
reply:   {NAME: [text, or null where rendering fails, ...]}, and the path of its file as one line of JSON
"""

import json
import sys
from datetime import datetime
from pathlib import Path

from tokenizers import Tokenizer, models
from transformers import PreTrainedTokenizerFast
from transformers.utils import chat_template_utils


class OneDay(datetime):
    """The date that our templates are told."""

    @classmethod
    def now(cls, tz=None):
        return cls(2024, 7, 26)


def tokenizer_of(path):
    beside = path.with_suffix(".json")
    given = json.loads(beside.read_text("utf-8")) if beside.exists() else {}
    tokens = {name: given[name] for name in ("bos_token", "eos_token", "pad_token") if given.get(name)}
    with open(path, encoding="utf-8", newline="") as file:
        template = file.read()
    return PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.BPE()), chat_template=template, **tokens)


def render(tokenizer, messages, tools, prompt):
    tools = tools and json.loads(tools)
    for call in (call for message in messages for call in message.get("tool_calls", [])):
        if isinstance(call["function"]["arguments"], str):
            call["function"]["arguments"] = json.loads(call["function"]["arguments"])
    try:
        return tokenizer.apply_chat_template(messages, tools=tools, add_generation_prompt=prompt, tokenize=False)
    except Exception:
        return None


if __name__ == "__main__":
    chat_template_utils.datetime = OneDay
    with open(sys.argv[1], encoding="utf-8") as file:
        request = json.load(file)
    texts = {}
    for path in sorted(Path(request["folder"]).glob("*.jinja")):
        tokenizer = tokenizer_of(path)
        texts[path.stem] = [render(tokenizer, **case) for case in request["cases"]]
    Path(request["reply"]).write_text(json.dumps(texts), "utf-8")
    print(json.dumps(request["reply"]))
