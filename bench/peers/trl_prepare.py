"""TRL's preparation of conversations for supervised fine-tuning, timed: what bench/peers/trl.ts asks for.

    python bench/peers/trl_prepare.py EXAMPLES.parquet TOKENIZER_FOLDER OUT MAX_LENGTH PROCESSES

SFTTrainer renders, tokenizes, masks all but the answers and packs (best fit decreasing). Prints one JSON
object: seconds from the rows to the packs, tokens in them.
"""

import json
import sys
import time

from datasets import disable_caching, load_dataset
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM
from trl import SFTConfig, SFTTrainer


def main() -> None:
    parquet, folder, out = sys.argv[1:4]
    max_length, processes = map(int, sys.argv[4:6])
    disable_caching()
    rows = load_dataset("parquet", data_files=parquet, split="train", cache_dir=out)
    rows = rows.filter(lambda row: row["split"] != "test").select_columns(["messages"])
    tokenizer = AutoTokenizer.from_pretrained(folder)
    sizes = dict(hidden_size=8, intermediate_size=8, num_hidden_layers=1, num_attention_heads=1)
    model = LlamaForCausalLM(LlamaConfig(vocab_size=len(tokenizer), **sizes))
    args = SFTConfig(
        output_dir=out,
        assistant_only_loss=True,
        max_length=max_length,
        packing=True,
        dataset_num_proc=processes,
        report_to="none",
        use_cpu=True,
        bf16=False,
    )
    before = time.perf_counter()
    trainer = SFTTrainer(model=model, args=args, train_dataset=rows, processing_class=tokenizer)
    seconds = time.perf_counter() - before
    tokens = sum(len(row["input_ids"]) for row in trainer.train_dataset)
    print(json.dumps({"seconds": seconds, "tokens": tokens}))


main()
