import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { RunEvent } from "../../src/contracts/events.ts";
import type { Example, Message } from "../../src/contracts/example.ts";
import type { MixSpec } from "../../src/contracts/recipe.ts";
import { runMixStage } from "../../src/mixing/stage.ts";
import { nanoDir } from "../tokenizer/fixtures.ts";
import { exampleOf, mixSpec, readingOf, writeDataFolder } from "./data-folder.ts";

const root = mkdtempSync(join(tmpdir(), "zebratune-left-out-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let runs = 0;

async function warningsOf(examples: Example[], mix: Partial<MixSpec>): Promise<string[]> {
  const runDir = join(root, `${runs++}`);
  const dataDir = await writeDataFolder(join(runDir, "data"), examples);
  const warnings: string[] = [];
  const emit = (event: RunEvent) => void (event.type === "warning" && warnings.push(event.message));
  const spec = { mix: { ...mixSpec, ...mix }, seed: 3, tokenizerDir: nanoDir, dataDir };
  await runMixStage({ runDir, emit, stop: { stopped: false } }, spec);
  return warnings;
}

const asks = (content: string, answer: Partial<Message> = {}): Message[] => [
  { role: "user", content },
  { role: "assistant", content: "It is so.", ...answer },
];

it("thoughts that plain text leaves out are counted, unless the recipe does without them", async () => {
  const thinks = { messages: asks("Why?", { reasoning_content: "Hm." }) };
  const examples = [exampleOf(), exampleOf(thinks), exampleOf(thinks)];
  expect(await warningsOf(examples, { render: "text" })).toEqual([
    `2 of 3 examples have a thought (reasoning_content) that \`render: text\` leaves out; first: ${examples[1]!.id}. ` +
      "Write `render: chat` under the dataset to train it, or `mix.train_on.thoughts: false` if it is not to be trained",
  ]);
  const train_on = { ...mixSpec.train_on, thoughts: false };
  expect(await warningsOf(examples, { render: "text", train_on })).toEqual([]);
});

it("what is too long with nothing marked is told once, with how to mark it", async () => {
  const long = "The sea was calm that day. ".repeat(60);
  const examples = [
    exampleOf(),
    exampleOf({ messages: asks(`${long}\nHow was the sea?`) }),
    exampleOf({ messages: asks(`${long.repeat(40)}\nHow was the sea?`) }),
    readingOf(long),
  ];
  const told = await warningsOf(examples, { over_length: "shorten_context" });
  expect(told).toHaveLength(1);
  expect(told[0]).toMatch(
    /^2 of 4 examples are dropped as longer than mix\.max_seq_tokens = 256 .*first: notes\//,
  );
  expect(told[0]).toContain('`"context": [{"message": 0, "start": 0, "end": 5000}]`');
  expect(told[0]).toContain("`fields.context: <column>`");
  expect(await warningsOf(examples, { over_length: "drop" })).toEqual([]);
});

const ofWords = (words: number) => exampleOf({ messages: asks("sea ".repeat(words)) });

it("a share of long sequences that cannot be reached, or is passed, is told with what there is", async () => {
  const [short, long] = [
    Array.from({ length: 8 }, () => ofWords(5)),
    Array.from({ length: 8 }, () => ofWords(100)),
  ];
  const asked = { long_tokens: 80, long_fraction: 0.4, max_epochs: 1 };
  const told = async (examples: Example[], mix: Partial<MixSpec>) =>
    (await warningsOf(examples, { ...asked, ...mix })).filter((message) => message.includes("long_fraction"));
  expect(await told([...short.slice(0, 2), ...long], { budget_tokens: 800 })).toEqual([
    expect.stringMatching(
      /^mix\.long_fraction = 0\.4: 9\d\.\d % .* in place of 40\.0 %: the datasets have \d+ tokens in shorter .*max_epochs is 1\. Add shorter/,
    ),
  ]);
  expect(
    await told([...Array.from({ length: 40 }, () => ofWords(5)), ...long.slice(0, 1)], {
      budget_tokens: 2000,
      long_fraction: 0.9,
    }),
  ).toEqual([
    expect.stringMatching(
      /^mix\.long_fraction = 0\.9: .*the datasets have \d+ tokens in sequences of at least 80 tokens, .*Add longer/,
    ),
  ]);
  // One example beyond the share is no more than that.
  expect(await told([...short, ...long], { budget_tokens: 300 })).toEqual([]);
});
