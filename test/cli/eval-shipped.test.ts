import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { TaskResults } from "../../src/eval/tasks/results/task-results.ts";
import { packageRoot } from "../../src/package-root.ts";
import { commitOf, type HubServer, startHub } from "../datasets/hub/hub-server.ts";
import { writeDataset } from "../harness/shipped/ask.ts";
import { rowsOf } from "../harness/shipped/rows.ts";
import { runZebra } from "./spawn.ts";

const lcat = join(packageRoot(), "checkpoints/zebra-nano-lcat");
const lines = (rows: readonly unknown[] = []) =>
  Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));

let root: string;
let hub: HubServer;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-shipped-"));
  const { dev, test } = rowsOf("mmlu_anatomy");
  hub = await startHub({
    "cais/mmlu": {
      files: {
        "README.md": Buffer.from(
          "---\nconfigs:\n- config_name: anatomy\n  data_files:\n  - {split: test, path: anatomy/test-*}\n" +
            "  - {split: dev, path: anatomy/dev-*}\n---\n",
        ),
        "anatomy/test-00000-of-00001.jsonl": lines(test),
        "anatomy/dev-00000-of-00001.jsonl": lines(dev),
      },
    },
  });
});
afterAll(async () => {
  await hub[Symbol.asyncDispose]();
  await rm(root, { recursive: true });
});

describe("a task that ships", () => {
  it("is asked by name, its rows from the Hub, at a commit that results say", async () => {
    const output = join(root, "hub");
    const env = { HF_ENDPOINT: hub.url, HF_HOME: join(root, "hf"), HF_HUB_OFFLINE: "" };
    const asked = [
      "eval",
      "--tasks",
      "mmlu_anatomy",
      "--num-fewshot",
      "5",
      "--limit",
      "2",
      "--output",
      output,
    ];
    const { code, stderr } = await runZebra([...asked, "--checkpoint", lcat], env);
    expect(code, stderr).toBe(0);
    const { tasks } = await resultsOf(output);
    expect(tasks.mmlu_anatomy).toMatchObject({
      dataset: "cais/mmlu anatomy",
      revision: commitOf(hub.repos["cais/mmlu"]!),
      num_fewshot: 5,
      n_samples: { original: 6, effective: 2 },
    });
    const [first] = (
      await readFile(join(output, "zebra-nano-lcat/samples/mmlu_anatomy.jsonl"), "utf8")
    ).split("\n");
    const [[prompt]] = (JSON.parse(first!) as { arguments: [[string]] }).arguments;
    expect(prompt).toMatch(
      /^The following are multiple choice questions \(with answers\) about anatomy\.\n\n/,
    );
    expect(prompt.match(/\nAnswer:/g)).toHaveLength(6);
  });

  it("is asked about a copy of its dataset with --data, and nothing is fetched", async () => {
    const output = join(root, "copy");
    writeDataset(join(root, "copies/piqa"), undefined, rowsOf("piqa"));
    const before = hub.log.length;
    const asked = [
      "eval",
      "--tasks",
      "piqa",
      "--limit",
      "2",
      "--data",
      join(root, "copies"),
      "--output",
      output,
    ];
    const { code, stderr } = await runZebra([...asked, "--checkpoint", lcat], { HF_ENDPOINT: hub.url });
    expect(code, stderr).toBe(0);
    const { tasks } = await resultsOf(output);
    expect(tasks.piqa).toMatchObject({
      dataset: join(root, "copies/piqa"),
      n_samples: { original: 6, effective: 2 },
    });
    expect(tasks.piqa).not.toHaveProperty("revision");
    expect(hub.log.length).toBe(before);
  });

  it("is listed with what it asks and what may be done with its data", async () => {
    const all = await runZebra(["eval", "tasks"]);
    expect(all.stdout).toMatch(/^mmlu \(4\) +knowledge, 57 subjects +MIT +acc +14,042$/m);
    const one = await runZebra(["eval", "tasks", "sciq"]);
    expect(one.stdout).toContain("licence  CC BY-NC 3.0");
    const json = await runZebra(["eval", "tasks", "mmlu_stem", "--json"]);
    expect((JSON.parse(json.stdout) as { members: unknown[] }).members).toHaveLength(19);
    const wrong = await runZebra(["eval", "tasks", "hellaswg"]);
    expect(wrong.stderr).toContain("did you mean hellaswag?");
    expect(wrong.code).not.toBe(0);
  });
});

async function resultsOf(output: string): Promise<TaskResults> {
  return JSON.parse(await readFile(join(output, "zebra-nano-lcat/results.json"), "utf8")) as TaskResults;
}
