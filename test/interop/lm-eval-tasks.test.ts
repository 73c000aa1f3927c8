import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { whyNoPeer } from "../../bench/peers/python.ts";
import { plainOf } from "../../src/harness/requests/plain.ts";
import type { TaskConfig } from "../../src/harness/task-config.ts";
import { PyDict } from "../../src/jinja/values/values.ts";
import { ask } from "../harness/shipped/ask.ts";
import { rowsOf } from "../harness/shipped/rows.ts";
import { shippedGroups, shippedTasks } from "../harness/shipped/shipped.ts";
import { askPeer } from "./peers-python.ts";

/**
 * Every task that ships asks what the task of its name in lm-evaluation-harness 0.4.13 asks: the same
 * characters in every prompt, choice and target, the same settings of generation, filters and metrics.
 * (squadv2 is a Python class there, and is compared by itself.)
 */
const reason = whyNoPeer("lm_eval");

interface Theirs {
  tasks: Record<
    string,
    {
      asked: Record<string, { target: unknown; arguments: unknown[][] }[]>;
      config: Record<string, unknown> & { metrics: Record<string, { options: object; higher: boolean }> };
    }
  >;
  groups: Record<string, Record<string, unknown>>;
}

/** Folders of the harness with these tasks. */
const folders = [
  "arc",
  "hellaswag",
  "piqa",
  "siqa",
  "winogrande",
  "super_glue/boolq",
  "super_glue/copa",
  "openbookqa",
  "commonsense_qa",
  "sciq",
  "triviaqa",
  "nq_open",
  "gsm8k",
  "lambada",
  "truthfulqa",
  "drop",
  "wikitext",
  "squadv2",
  "mmlu/default",
  "mmlu_pro",
  "bbh",
];

const compared = shippedTasks();
const shotsOf = (name: string) =>
  name === "wikitext" ? [0] : name.startsWith("bbh_cot_few") || name.startsWith("bbh_few") ? [0, 3] : [0, 4];

const settingsOf = ({ generation_kwargs: given }: TaskConfig) => plainOf(PyDict.of(Object.entries(given)));

describe.skipIf(reason !== "")(`tasks that ship beside lm-evaluation-harness ${reason}`, () => {
  let theirs: Theirs;
  beforeAll(() => {
    const dir = mkdtempSync(join(tmpdir(), "lm-eval-"));
    const out = join(dir, "theirs.json");
    const tasks = compared.map((name) => ({ name, rows: rowsOf(name), shots: shotsOf(name) }));
    askPeer("lm_eval_tasks.py", dir, { folders, groups: shippedGroups(), tasks, out });
    theirs = JSON.parse(readFileSync(out, "utf8")) as Theirs;
  }, 600_000);

  it.each(compared)("%s asks the same", async (name) => {
    const their = theirs.tasks[name]!;
    for (const shots of shotsOf(name)) {
      const { config, documents } = await ask(name, shots);
      const ours = documents.map(({ target, arguments: all }) => ({
        target: plainOf(target),
        arguments: all.map((one) =>
          config.output_type === "generate_until" ? [...one, settingsOf(config)] : [...one],
        ),
      }));
      expect(ours).toEqual(their.asked[shots]);
    }
  });
});
