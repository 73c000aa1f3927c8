import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadModel } from "../../src/checkpoint/load-model.ts";
import type { TaskResults } from "../../src/eval/tasks/results/task-results.ts";
import type { ZebraModel } from "../../src/model/api.ts";
import { packageRoot } from "../../src/package-root.ts";
import { loadTokenizer } from "../../src/tokenizer/tokenizer.ts";
import { startModel } from "../eval/respondents/endpoint/model-server.ts";
import { runZebra } from "./spawn.ts";

const fixtures = join(packageRoot(), "test/eval/tasks/fixtures");
const checkpoint = join(packageRoot(), "checkpoints/zebra-nano-lcat");

let root: string;
let model: ZebraModel;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebra-endpoint-"));
  model = await loadModel(checkpoint);
});
afterAll(async () => {
  await model[Symbol.asyncDispose]();
  await rm(root, { recursive: true });
});

it("a model behind a server has the figures of the same model here", async () => {
  await using server = await startModel(model, await loadTokenizer(checkpoint));
  const task = ["eval", "--tasks", join(fixtures, "group.yaml"), "--output", root];
  const endpoint = [`url=${server.url}`, "model=org/nano", `tokenizer=${checkpoint}`, "max_length=1024"];
  const { code, stderr } = await runZebra([
    ...task,
    "--checkpoint",
    `here=${checkpoint}`,
    "--endpoint",
    ...endpoint,
  ]);
  expect(code).toBe(0);
  expect(stderr).toContain("org/nano: ");
  const read = async (label: string) =>
    JSON.parse(await readFile(join(root, label, "results.json"), "utf8")) as TaskResults;
  const [here, there] = [await read("here"), await read("org-nano")];
  for (const [task, { figures, prompts_sha256 }] of Object.entries(here.tasks)) {
    expect(there.tasks[task]!.figures).toEqual(figures);
    expect(there.tasks[task]!.prompts_sha256).toBe(prompts_sha256);
  }
});

it("a chat server is not asked for log-likelihoods, and is told before the first request", async () => {
  await using server = await startModel(model, await loadTokenizer(checkpoint));
  const task = ["eval", "--tasks", join(fixtures, "choice.yaml"), "--output", join(root, "chat")];
  const { code, stderr } = await runZebra([
    ...task,
    "--endpoint",
    `url=${server.url}`,
    "model=nano",
    "kind=chat",
  ]);
  expect(code).toBe(2);
  expect(stderr).toContain("fixture_choice: output_type: ");
  expect(server.log).toHaveLength(0);
});

it("what an endpoint cannot be is told with its key", async () => {
  const task = ["eval", "--tasks", join(fixtures, "choice.yaml")];
  const refused = async (...given: string[]) => (await runZebra([...task, "--endpoint", ...given])).stderr;
  expect(await refused("model=nano")).toContain("url");
  expect(await refused("url=http://localhost:1/v1", "model=nano", "kind=other")).toContain("kind");
  expect(await refused("nonsense")).toContain("--endpoint: ");
});
