"""What lm-evaluation-harness's own tasks ask about given rows: prompts, targets, settings.

python lm_eval_tasks.py request.json, of {folders: [names below lm_eval/tasks], groups: [names],
tasks: [{name, rows: {split: [row]}, shots: [n]}], out: path}; writes JSON to out.
"""

import json
import logging
import os
import sys

os.environ["TQDM_DISABLE"] = "1"

import datasets
import lm_eval
from lm_eval.tasks import TaskManager

logging.disable(logging.CRITICAL)
request = json.load(open(sys.argv[1]))
root = os.path.join(os.path.dirname(lm_eval.__file__), "tasks")
manager = TaskManager(include_path=[os.path.join(root, one) for one in request["folders"]], include_defaults=False)

rows = {}
datasets.load_dataset = lambda *args, **kwargs: datasets.DatasetDict(
    {split: datasets.Dataset.from_list(list_of_rows) for split, list_of_rows in rows.items()}
)


def plain(value):
    if callable(value):
        return "python"
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, (list, tuple)) else value


def load(name):
    return manager.load([name])["tasks"][name]


tasks = {}
for wanted in request["tasks"]:
    rows.clear()
    rows.update(wanted["rows"])
    asked = {}
    for shots in wanted["shots"]:
        task = load(wanted["name"])
        task.set_config(key="num_fewshot", value=shots)
        task.set_fewshot_seed(seed=1234)
        task.build_all_requests(limit=None, rank=0, world_size=1)
        by_doc = {}
        for instance in task.instances:
            # The class of squadv2 asks twice a row: the task that ships asks the first alone.
            if type(task).__name__ == "ConfigurableTask" or instance.request_type == "generate_until":
                by_doc.setdefault(instance.doc_id, []).append(instance)
        asked[str(shots)] = [
            {
                "target": plain(task.doc_to_target(instances[0].doc)),
                "arguments": [plain(list(one.args)) for one in sorted(instances, key=lambda one: one.idx)],
            }
            for _, instances in sorted(by_doc.items())
        ]
    config = task.config
    tasks[wanted["name"]] = {
        "asked": asked,
        "config": {
            "alias": getattr(config, "task_alias", None),
            "dataset": [task.DATASET_PATH, task.DATASET_NAME],
            "splits": [config.test_split, config.validation_split],
            "output_type": task.OUTPUT_TYPE,
            "num_fewshot": load(wanted["name"]).config.num_fewshot,
            "repeats": config.repeats,
            "version": plain((config.metadata or {}).get("version")),
            "metrics": {
                name: {"options": plain(task._metric_fn_kwargs.get(name) or {}), "higher": task.higher_is_better()[name]}
                for name in task.higher_is_better()
            },
            "filters": plain(config.filter_list or []),
        },
    }

groups = {}
for name in request["groups"]:
    config = manager.task_index[name].cfg
    groups[name] = plain({key: config.get(key) for key in ("task", "group_alias", "aggregate_metric_list", "metadata")})

tags = {name: sorted(one.tags) for name, one in manager.task_index.items() if one.kind.name == "TAG"}
with open(request["out"], "w") as file:
    json.dump({"tasks": tasks, "groups": groups, "tags": tags, "root": root}, file)
print("true")
