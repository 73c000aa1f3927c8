import { mkdir, mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { packagePath } from "../../src/package-root.ts";
import { runZebra } from "./spawn.ts";

// Short packs and no run folder: the plan is of what the recipe says.
const recipe = [
  "recipes/pretrain-nano.yaml",
  "mix.max_seq_tokens=128",
  "mix.budget_tokens=12800",
  "finetune.max_steps=10",
  "finetune.packs_per_step=2",
  "finetune.device=cpu",
  "output_dir=runs/no-such-run",
];

it("zebra plan tells parameters, efficiency, memory and time, and says what it assumed", async () => {
  const { code, stdout, stderr } = await runZebra(["plan", ...recipe]);
  expect(stderr).toBe("");
  expect(code).toBe(0);
  expect(stdout).toContain("model     5,180,672 parameters");
  expect(stdout).toMatch(/^16,384 .* 100\.0 %/m); // this recipe has full attention in every layer
  // The recipe renders plain text, so every token but the first of each text is under loss.
  expect(stdout).toContain("packs     100 with 12,800 tokens, 12,800 supervised (assumed, see below)");
  expect(stdout).toMatch(/memory {4}about \d+ MiB, within 10 %, at the worst pack \(128 tokens\)/);
  expect(stdout).toContain("every token is under loss (render: text)");
  expect(stdout).toContain("there are no packs yet");
  expect(stdout).toMatch(/^data +not known {2}3 datasets, whose size is not known until data$/m);
  expect(stdout).toMatch(/^finetune +[\d.]+ m?s? ?.*10 steps/m);
  expect(stdout).toMatch(/time {6}[\d.]+ s a step, .* on cpu/);
});

it("zebra plan --json is one object; steps times the step's time is the time of training", async () => {
  const { code, stdout } = await runZebra(["plan", ...recipe, "--json"]);
  expect(code).toBe(0);
  const plan = JSON.parse(stdout) as Record<string, never> & {
    steps: number;
    flops: number;
    seconds: { step: number; training: number };
    parameters: { total: number };
  };
  expect(plan.steps).toBe(10);
  expect(plan.parameters.total).toBe(5_180_672);
  expect(plan.seconds.training).toBeCloseTo(10 * plan.seconds.step, 9);
  // 10 steps of 2 packs of 128 tokens, three passes: the linear part alone, of 4,128,768 weights in matrices.
  expect(plan.flops).toBeGreaterThan(10 * 2 * 3 * 2 * 128 * 4_128_768);
});

it("zebra plan does not look at the packs of another mix, and says so", async () => {
  const folder = await mkdtemp(join(tmpdir(), "plan-"));
  const mix = join(folder, "mix");
  await mkdir(mix);
  await writeFile(join(mix, "manifest.json"), "{}");
  const asked = recipe.map((one) => (one.startsWith("output_dir=") ? `output_dir=${folder}` : one));
  const { code, stdout } = await runZebra(["plan", ...asked]);
  expect(code).toBe(0);
  expect(stdout).toContain("packs     100 with 12,800 tokens");
  expect(stdout).toContain("/mix are of another recipe or other files, and are not looked at");
});

it("zebra plan names what is wrong with a recipe", async () => {
  const { code, stderr } = await runZebra(["plan", "recipes/pretrain-nano.yaml", "finetune.lr=-1"]);
  expect(code).toBe(2);
  expect(stderr).toContain("finetune.lr");
});

it("zebra plan and zebra inspect warn of packs longer than the model says that it has seen", async () => {
  const folder = await mkdtemp(join(tmpdir(), "plan-"));
  const config = JSON.parse(await readFile(packagePath("recipes", "zebra-nano.config.json"), "utf8"));
  const short = join(folder, "config.json");
  await writeFile(short, JSON.stringify({ ...config, max_position_embeddings: 100 }));
  const { code, stdout } = await runZebra(["plan", ...recipe, `model.config=${short}`]);
  expect(code).toBe(0);
  expect(stdout).toContain(
    "\nwarning   mix.max_seq_tokens is 128, but the model says that it has seen at most 100 tokens " +
      "(max_position_embeddings): this run adapts it, best in steps of a few times the length\n",
  );
  const inspected = await runZebra(["inspect", ...recipe, `model.config=${short}`]);
  expect(inspected.stderr).toContain("zebra: mix.max_seq_tokens is 128, but the model says");
});
