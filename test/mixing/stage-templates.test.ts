import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { RunEvent } from "../../src/contracts/events.ts";
import type { Example } from "../../src/contracts/example.ts";
import type { MixSpec } from "../../src/contracts/recipe.ts";
import { openPacks } from "../../src/mixing/packs/pack-store.ts";
import { type MixStageSpec, runMixStage } from "../../src/mixing/stage.ts";
import { loadTokenizer } from "../../src/tokenizer/tokenizer.ts";
import { folderOf, nanoDir, nanoJson } from "../tokenizer/fixtures.ts";
import { publicForms } from "../tokenizer/public-forms.ts";
import { exampleOf, mixSpec, writeDataFolder } from "./data-folder.ts";

const root = mkdtempSync(join(tmpdir(), "zebratune-templates-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let runs = 0;

async function mixed(examples: Example[], given: Partial<MixStageSpec>, mix: Partial<MixSpec> = {}) {
  const runDir = join(root, `${runs++}`);
  const dataDir = await writeDataFolder(join(runDir, "data"), examples);
  const warnings: string[] = [];
  const emit = (event: RunEvent) => void (event.type === "warning" && warnings.push(event.message));
  const spec = { mix: { ...mixSpec, ...mix }, seed: 3, tokenizerDir: nanoDir, dataDir, ...given };
  await runMixStage({ runDir, emit, stop: { stopped: false } }, spec);
  await using packs = await openPacks(join(runDir, "mix", "train"));
  const tokenizer = await loadTokenizer(spec.tokenizerDir);
  return { warnings, text: await tokenizer.decode((await packs.read(0)).input_ids) };
}

const says = (content: string) =>
  exampleOf({
    messages: [
      { role: "user", content: "why" },
      { role: "assistant", content },
    ],
  });

it("a chosen template renders a tokenizer that has none", async () => {
  const made = await mixed([says("so")], { tokenizerDir: publicForms.SmolLM2(), chatTemplate: "chatml" });
  expect(made.text).toBe("<|im_start|>user\nwhy<|im_end|>\n<|im_start|>assistant\nso<|im_end|>\n");
  expect(made.warnings).toEqual([]);
});

it("one in place of the tokenizer's own is told", async () => {
  const { warnings } = await mixed([says("so")], { chatTemplate: "zebra" });
  expect(warnings).toEqual([`model.chat_template is used in place of the chat template in ${nanoDir}`]);
});

it("special tokens that the template writes and the tokenizer lacks are told", async () => {
  const tokenizerDir = folderOf({
    "tokenizer.json": nanoJson(),
    "tokenizer_config.json": { eos_token: "</s>" },
    "chat_template.jinja": "{% for m in messages %}{{ '<|turn|>' + m.content + eos_token }}{% endfor %}",
  });
  const { warnings } = await mixed([says("so")], { tokenizerDir });
  expect(warnings).toEqual([
    `the chat template writes <|turn|>, which the tokenizer in ${tokenizerDir} has no token for: it is ` +
      "trained as text, in many tokens",
  ]);
});

it("answers that end with the text of an end token are counted; questions are not", async () => {
  const asked = exampleOf({
    messages: [
      { role: "user", content: "What is </s>" },
      { role: "assistant", content: "An end." },
    ],
  });
  const examples = [says("so"), says("so.</s>"), says("so.<|im_end|>\n"), asked];
  const { warnings } = await mixed(examples, {});
  expect(warnings).toEqual([
    `2 of 4 examples have an answer that ends with the text of an end token; first: ${examples[1]!.id}: ` +
      '"</s>". It is trained as characters, before the real end token: take it out of the data',
  ]);
});

it("plain texts of SmolLM2's form do not begin with <|im_start|>, and end with EOS", async () => {
  const given = { tokenizerDir: publicForms.SmolLM2() };
  expect((await mixed([says("so it is")], given, { render: "text" })).text).toBe("so it is<|im_end|>");
});
