"""Trains checkpoints/zebra-nano-tokenizer: a byte-level BPE of 4,096 tokens on the train documents of data/*.parquet.

A one-off; the outcome is committed. To do it again, in a virtual environment outside this folder:

    pip install tokenizers==0.23.2 pyarrow==26.0.1
    python scripts/train-tokenizer.py

Held-out documents (splitOf with validation 0.04 and test 0.06) are not read by the trainer.
"""

import hashlib
import json
from pathlib import Path

import pyarrow
import pyarrow.parquet
import tokenizers
from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "checkpoints" / "zebra-nano-tokenizer"
VOCAB_SIZE = 4096
SPECIALS = ["<unk>", "<s>", "</s>", "<pad>"]  # ids 0, 1, 2, 3
VALIDATION, TEST = 0.04, 0.06

# The split of GPT-4 and Llama 3, but digits in groups of at most two: a year is century and year, and numbers
# take 110 tokens of the small vocabulary at most.
SPLIT = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,2}| ?[^\s\p{L}\p{N}]+[\r\n]*"
    r"|\s*[\r\n]+|\s+(?!\S)|\s+"
)

# Llama 2's form. The space before an answer is inside the generation block and, in byte-level BPE, part of the
# answer's first token: so a prompt that ends with " [/INST]" is a token prefix of the training text.
CHAT_TEMPLATE = """\
{%- set offset = 1 if messages[0]['role'] == 'system' else 0 -%}
{%- for message in messages[offset:] -%}
{%- if (message['role'] == 'user') != (loop.index0 % 2 == 0) or message['role'] not in ['user', 'assistant'] -%}
{{- raise_exception('expected roles user, assistant, user … after an optional system message, got ' + message['role'] + ' as turn ' + (loop.index | string)) -}}
{%- endif -%}
{%- if message['role'] == 'user' -%}
{{- bos_token + '[INST] ' -}}
{%- if loop.index0 == 0 and offset == 1 -%}
{{- '<<SYS>>\\n' + messages[0]['content'] + '\\n<</SYS>>\\n\\n' -}}
{%- endif -%}
{{- message['content'] + ' [/INST]' -}}
{%- else -%}
{%- generation -%}
{{- ' ' + message['content'] + eos_token -}}
{%- endgeneration -%}
{%- endif -%}
{%- endfor -%}
"""


def split_of(document_id: str) -> str:
    """The same as splitOf in src/datasets/split.ts."""
    position = int.from_bytes(hashlib.sha256(document_id.encode()).digest()[:6], "big") / 2**48
    if position < TEST:
        return "test"
    return "validation" if position < TEST + VALIDATION else "train"


def profile(row: dict) -> str:
    """A country profile as the builder of world-factbook writes it: headings, then one line a field."""
    lines, section = [f"# {row['name']}"], None
    for field in row["fields"]:
        if field["section"] != section:
            section = field["section"]
            lines += ["", f"## {section}"]
        label = f"{field['field']} - {field['part']}" if field["part"] else field["field"]
        lines.append(f"{label}: {field['text']}")
    return "\n".join(lines)


def documents() -> list[tuple[str, str, str]]:
    """(dataset, split, text) of every vendored document."""
    found = []
    for name in ["state-of-the-union", "moby-dick", "world-factbook"]:
        for row in pyarrow.parquet.read_table(ROOT / "data" / f"{name}.parquet").to_pylist():
            text = profile(row) if "fields" in row else row["text"]
            found.append((name, split_of(f"{name}/{row['id']}"), text))
    return found


def train(texts: list[str]) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(SPLIT), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    # No post-processor: the chat template alone says where BOS stands.
    trainer = trainers.BpeTrainer(
        vocab_size=VOCAB_SIZE,
        special_tokens=SPECIALS,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    # The frame of the chat template stands around every example, so its pieces deserve tokens.
    frame = ["[INST] <<SYS>>\n", "\n<</SYS>>\n\n", " [/INST]"] * 20_000
    tokenizer.train_from_iterator(texts + frame, trainer)
    return tokenizer


def write_json(name: str, value: dict) -> None:
    (OUT / name).write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def main() -> None:
    docs = documents()
    train_texts = [text for _, split, text in docs if split == "train"]
    tokenizer = train(train_texts)
    OUT.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(OUT / "tokenizer.json"))
    template = CHAT_TEMPLATE.rstrip("\n")
    (OUT / "chat_template.jinja").write_text(template, encoding="utf-8")
    named = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
    write_json("special_tokens_map.json", named)
    write_json(
        "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "add_bos_token": False,
            "add_eos_token": False,
            **named,
            "clean_up_tokenization_spaces": False,
            "model_max_length": 1_000_000_000,
            "chat_template": template,
        },
    )
    rates = {}
    for name in dict.fromkeys(dataset for dataset, _, _ in docs):
        for split in ["train", "test"]:
            texts = [text for dataset, s, text in docs if dataset == name and s == split]
            tokens = sum(len(e.ids) for e in tokenizer.encode_batch(texts, add_special_tokens=False))
            assert all(tokenizer.decode(tokenizer.encode(t).ids) == t for t in texts[:20])
            rates[f"{name}/{split}"] = {
                "documents": len(texts),
                "tokens": tokens,
                "bytes_per_token": round(sum(len(t.encode()) for t in texts) / tokens, 3),
            }
    write_json(
        "TRAINING.json",
        {
            "command": "python scripts/train-tokenizer.py",
            "versions": {"tokenizers": tokenizers.__version__, "pyarrow": pyarrow.__version__},
            "vocab_size": tokenizer.get_vocab_size(),
            "train_documents": len(train_texts),
            "train_bytes": sum(len(t.encode()) for t in train_texts),
            "held_out": {"validation": VALIDATION, "test": TEST},
            "rates": rates,
        },
    )
    print(json.dumps(rates, indent=2))


if __name__ == "__main__":
    main()
