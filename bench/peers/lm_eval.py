"""The task files of a folder with lm-evaluation-harness's hf backend, timed: what bench/peers/lm-eval.ts asks for.

    python bench/peers/lm_eval.py CHECKPOINT FOLDER TASK MAX_LENGTH BATCH ROUNDS THREADS

Float32 on the CPU. The model is loaded once; a round is one `simple_evaluate` with its requests, without
standard errors. Prints one JSON object: the seconds of each round, and the first metric of each task.
"""

import contextlib
import json
import os
import sys
import time

# This file has the package's name: its own folder must not come first.
sys.path = [path for path in sys.path if os.path.abspath(path or ".") != os.path.dirname(os.path.abspath(__file__))]
os.environ["HF_HUB_OFFLINE"] = "1"

import lm_eval  # noqa: E402
import torch  # noqa: E402
from lm_eval.models.huggingface import HFLM  # noqa: E402
from lm_eval.tasks import TaskManager  # noqa: E402


def main() -> None:
    checkpoint, folder, task = sys.argv[1:4]
    max_length, batch, rounds, threads = map(int, sys.argv[4:8])
    torch.set_num_threads(threads)
    os.chdir(folder)
    model = HFLM(checkpoint, device="cpu", dtype="float32", max_length=max_length, batch_size=batch)
    tasks = TaskManager(include_path=folder, include_defaults=False)
    seconds = []
    for _ in range(rounds):
        before = time.perf_counter()
        done = lm_eval.simple_evaluate(
            model=model, tasks=[task], task_manager=tasks, bootstrap_iters=0, log_samples=False
        )
        seconds.append(time.perf_counter() - before)
    figures = {
        name: {key: value for key, value in result.items() if "," in key and "stderr" not in key}
        for name, result in done["results"].items()
    }
    with contextlib.redirect_stdout(sys.__stdout__):
        print(json.dumps({"seconds": seconds, "figures": figures, "version": lm_eval.__version__}))


main()
