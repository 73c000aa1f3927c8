import { readdirSync } from "node:fs";
import { Tokenizer } from "tokenizers";
import { beforeAll, describe, expect, test } from "vitest";
import { datasetCatalog } from "../../../src/datasets/catalog/entries/index.ts";
import type { Draft, SourceDocument } from "../../../src/datasets/draft.ts";
import type { BuildOptions, DatasetEntry } from "../../../src/datasets/entry.ts";
import { formatCatalog as formats } from "../../../src/datasets/rows/formats/index.ts";
import { packagePath } from "../../../src/package-root.ts";

const everything: BuildOptions = {
  lengths: new Set(["short", "long"]),
  tasks: new Set(["qa", "summarization", "writing", "other"]),
  maxChars: Number.POSITIVE_INFINITY,
};

async function build(
  entry: DatasetEntry,
  options = everything,
): Promise<{ document: SourceDocument; drafts: Draft[] }[]> {
  const built = [];
  for await (const { document, drafts } of entry.examples(options))
    built.push({ document, drafts: [...drafts] });
  return built;
}

function namesIn(folder: string): string[] {
  const files = readdirSync(packagePath("src/datasets", folder)).filter((file) => file !== "index.ts");
  return files.map((file) => file.replace(/\.ts$/, "")).sort();
}

test("every dataset and every format has its line in the index", () => {
  expect(Object.keys(datasetCatalog).sort()).toEqual(namesIn("catalog/entries"));
  expect(Object.keys(formats).sort()).toEqual(namesIn("rows/formats"));
  for (const [id, entry] of Object.entries(datasetCatalog)) expect(entry.id).toBe(id);
});

const templated = [
  datasetCatalog["moby-dick"],
  datasetCatalog["state-of-the-union"],
  datasetCatalog["world-factbook"],
];

describe.each(templated)("$id", (entry) => {
  let built: { document: SourceDocument; drafts: Draft[] }[];
  let drafts: Draft[];
  beforeAll(async () => {
    built = await build(entry);
    drafts = built.flatMap((b) => b.drafts);
  });

  test("all three tasks in both lengths, ids unique, every draft of its own document", () => {
    const cells = new Set(drafts.map((d) => `${d.task}/${d.meta.length}`));
    expect([...cells].sort()).toEqual(
      ["qa", "summarization", "writing"].flatMap((task) => [`${task}/long`, `${task}/short`]),
    );
    expect(new Set(drafts.map((d) => d.id)).size).toBe(drafts.length);
    for (const { document, drafts: own } of built) {
      expect(document.id.startsWith(`${entry.id}/`)).toBe(true);
      for (const draft of own) expect(draft.document).toBe(document.id);
    }
  });

  test("the first answer stands in the evidence, in the prompt, and outside what may be shortened", () => {
    for (const { messages, context = [], meta, task } of drafts.filter((d) => d.task === "qa")) {
      const prompt = messages[0]!.content;
      const [answer] = meta.answers as string[];
      expect(messages[1]!.content).toBe(answer);
      const evidence = meta.evidence as { start: number; end: number }[];
      expect(evidence.some((r) => prompt.slice(r.start, r.end).includes(answer!))).toBe(true);
      for (const span of context) {
        expect(span.end).toBeGreaterThan(span.start);
        expect(evidence.every((r) => r.end <= span.start || span.end <= r.start)).toBe(true);
      }
      expect(task).toBe("qa");
    }
  });

  test("the question does not give the answer away: without the evidence it is not in the prompt's own words", () => {
    for (const { messages, context = [], meta } of drafts.filter((d) => d.task === "qa")) {
      const { content } = messages[0]!;
      const inside = [...context, ...(meta.evidence as { start: number; end: number }[])];
      const first = Math.min(...inside.map((r) => r.start));
      const last = Math.max(...inside.map((r) => r.end));
      const own = (content.slice(0, first) + content.slice(last)).toLowerCase();
      const [answer] = meta.answers as string[];
      expect(own.includes(answer!.toLowerCase())).toBe(false);
    }
  });

  test("choices are four different ones, the right one where answer_index says", () => {
    const choosing = drafts.filter((d) => d.meta.choices !== undefined);
    expect(choosing.length).toBeGreaterThan(200);
    for (const { meta } of choosing) {
      const choices = meta.choices as string[];
      expect(new Set(choices).size).toBe(4);
      expect(choices[meta.answer_index as number]).toBe((meta.answers as string[])[0]);
    }
    expect(new Set(choosing.map((d) => d.meta.answer_index)).size).toBe(4);
  });

  test("context spans are pieces of the real document", () => {
    const squeeze = (text: string) => text.replace(/\s+/g, " ").trim();
    for (const { document, drafts: own } of built.slice(0, 40)) {
      const whole = squeeze(document.text);
      const kinds = new Set(["cloze", "complete_sentence", "quote", "next_sentence", "continuation"]);
      for (const { context = [], messages, meta } of own.filter((d) => kinds.has(String(d.meta.kind)))) {
        for (const span of context) {
          expect(whole).toContain(squeeze(messages[span.message]!.content.slice(span.start, span.end)));
        }
        expect(meta.kind).toBeDefined();
      }
    }
  });

  test("short is under 512 tokens of the nano tokenizer, long over 1,024", async () => {
    const tokenizer = Tokenizer.fromFile(packagePath("checkpoints/zebra-nano-tokenizer/tokenizer.json"));
    for (const draft of drafts.filter((_, i) => i % 17 === 0)) {
      const text = draft.messages.map((m) => m.content.slice(0, 8_000)).join(" ");
      const tokens = (await tokenizer.encode(text, null, { addSpecialTokens: false })).getLength();
      if (draft.meta.length === "short") expect(tokens).toBeLessThan(512);
      else expect(tokens).toBeGreaterThan(1_024);
    }
  });
});

test("a second build gives the same examples", async () => {
  const entry = datasetCatalog["moby-dick"];
  expect(await build(entry)).toEqual(await build(entry));
});

test("options: lengths, tasks and max_chars are kept to, and what is asked for stays in", async () => {
  const options: BuildOptions = { lengths: new Set(["long"]), tasks: new Set(["qa"]), maxChars: 6_000 };
  const drafts = (await build(datasetCatalog["world-factbook"], options)).flatMap((b) => b.drafts);
  expect(new Set(drafts.map((d) => `${d.task}/${d.meta.length}`))).toEqual(new Set(["qa/long"]));
  const single = drafts.filter((d) => d.meta.kind === "field");
  expect(single.length).toBeGreaterThan(900);
  for (const { messages, meta } of single) {
    expect(messages[0]!.content.length).toBeLessThan(6_300);
    expect(messages[0]!.content).toContain((meta.answers as string[])[0]);
  }
});

test("plain documents: one example each, the text untouched", async () => {
  const built = await build(datasetCatalog["state-of-the-union-text"]);
  expect(built.length).toBe(233);
  for (const { document, drafts } of built) {
    expect(drafts.map((d) => d.messages)).toEqual([[{ role: "assistant", content: document.text }]]);
  }
});
