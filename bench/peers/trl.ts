/**
 * The mix stage beside TRL's SFTTrainer: the same conversations, tokenizer and template, to packs of 16,384
 * tokens.
 *
 *   ZEBRATUNE_PEERS_PYTHON=/path/to/python npm run peers -- trl [ROWS]
 *
 * Needs a Python with torch, datasets and trl; without one it says so and does nothing.
 */
import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { runDataStage } from "../../src/datasets/stage/stage.ts";
import { runMixStage } from "../../src/mixing/stage.ts";
import { packagePath } from "../../src/package-root.ts";
import { loadRecipe } from "../../src/run/recipe/load-recipe.ts";
import { secondsOf } from "../tools/measure.ts";
import { python, whyNoPeer } from "./python.ts";

const maxTokens = 16_384;
/** A template that marks the answers in the way that TRL needs. */
const template =
  "{{ bos_token }}{% for m in messages %}{% if m['role'] == 'assistant' %}" +
  "{% generation %} {{ m['content'] }}" +
  "{{ eos_token }}{% endgeneration %}{% else %}[INST] {{ m['content'] }} [/INST]{% endif %}{% endfor %}";
const run = promisify(execFile);

const reason = whyNoPeer("torch", "datasets", "trl");
if (reason !== "") console.log(`skipped: ${reason}`);
else {
  for (const length of ["short", "long"]) {
    const dir = await mkdtemp(join(tmpdir(), "zebratune-bench-"));
    try {
      await compare(dir, length, Number(process.argv[2] ?? (length === "short" ? 5000 : 200)));
    } finally {
      await rm(dir, { recursive: true });
    }
  }
}

/** Measures ours before and after theirs, so that a change of the machine's speed can be seen. */
async function compare(dir: string, length: string, rows: number): Promise<void> {
  const recipe = await loadRecipe(packagePath("recipes", "quickstart.yaml"), [
    "mix.budget_tokens=0",
    "mix.weights={}",
    `mix.max_seq_tokens=${maxTokens}`,
  ]);
  const ctx = { runDir: dir, emit: () => {}, stop: { stopped: false } };
  const datasets = [{ name: "texts", catalog: "world-factbook", options: { length }, limit: rows }];
  await runDataStage(ctx, { data: { split: recipe.data.split, datasets }, seed: 1 });
  const tokenizerDir = join(dir, "tokenizer");
  await mkdir(tokenizerDir);
  const from = packagePath("checkpoints", "zebra-nano-lcat");
  await cp(join(from, "tokenizer.json"), join(tokenizerDir, "tokenizer.json"));
  const config = JSON.parse(await readFile(join(from, "tokenizer_config.json"), "utf8")) as object;
  await writeFile(
    join(tokenizerDir, "tokenizer_config.json"),
    JSON.stringify({ ...config, chat_template: template }),
  );

  let tokens = 0;
  const ours = () =>
    secondsOf(async () => {
      await runMixStage(ctx, { mix: recipe.mix, seed: 1, tokenizerDir, dataDir: join(dir, "data") });
      const manifest = JSON.parse(await readFile(join(dir, "mix", "manifest.json"), "utf8"));
      tokens = manifest.train.tokens + manifest.validation.tokens;
    });
  await ours();
  const before = await ours();
  const script = fileURLToPath(new URL("trl_prepare.py", import.meta.url));
  const theirs: { processes: number; seconds: number; tokens: number }[] = [];
  for (const processes of [1, 2]) {
    const out = join(dir, `trl-${processes}`);
    const words = [
      script,
      join(dir, "data", "texts", "examples.parquet"),
      tokenizerDir,
      out,
      maxTokens,
      processes,
    ];
    const env = { ...process.env, HF_HOME: join(dir, "hf"), HF_HUB_OFFLINE: "1" };
    const { stdout } = await run(python!, words.map(String), { env });
    theirs.push({ processes, ...JSON.parse(stdout.trim().split("\n").at(-1)!) });
  }
  const after = await ours();
  const rate = (seconds: number, of: number) => `${(of / seconds / 1e6).toFixed(2)} Mtok/s`;
  const own = (before + after) / 2;
  for (const { processes, seconds, tokens: made } of theirs) {
    console.log(
      `mix ${length}: ours ${rate(before, tokens)} and ${rate(after, tokens)} (${tokens} tokens), ` +
        `TRL with ${processes} ` +
        `process${processes > 1 ? "es" : ""} ${rate(seconds, made)} (${made} tokens): ` +
        `${(seconds / own).toFixed(2)} times as fast`,
    );
  }
}
