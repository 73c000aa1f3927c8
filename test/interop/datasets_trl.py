"""What Hugging Face datasets reads in a folder of the data stage, and what TRL makes of it, as one line of JSON.

usage: python datasets_trl.py REQUEST.json
request: {"folder": data/<dataset>, "tokenizer": folder or null, "out": folder}
reply:   {"parquet", "folder": {"columns", "messages", "rows"}, "tokenized": [{"input_ids", "labels"}, ...]}

TRL's tokens are those that SFTTrainer itself prepares for assistant_only_loss.
"""

import json
import sys

from datasets import load_dataset


def read(dataset):
    return {
        "columns": dataset.column_names,
        "messages": str(dataset.features["messages"]),
        "rows": dataset.to_list(),
    }


def prepare(dataset, tokenizer, out):
    from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM
    from trl import SFTConfig, SFTTrainer

    tokenizer = AutoTokenizer.from_pretrained(tokenizer)
    sizes = dict(hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1)
    trainer = SFTTrainer(
        model=LlamaForCausalLM(LlamaConfig(vocab_size=len(tokenizer), **sizes)),
        args=SFTConfig(
            output_dir=out, assistant_only_loss=True, max_length=None, report_to="none", use_cpu=True, bf16=False
        ),
        train_dataset=dataset,
        processing_class=tokenizer,
    )
    return [{k: row[k] for k in ("input_ids", "labels")} for row in trainer.train_dataset]


def main(folder, tokenizer, out):
    loaded = load_dataset(folder, split="train")
    parquet = load_dataset("parquet", data_files=f"{folder}/examples.parquet", split="train")
    tokenized = prepare(parquet.select_columns(["messages", "tools"]), tokenizer, out) if tokenizer else []
    print(json.dumps({"folder": read(loaded), "parquet": read(parquet), "tokenized": tokenized}))


if __name__ == "__main__":
    with open(sys.argv[1]) as file:
        main(**json.load(file))
