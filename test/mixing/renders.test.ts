import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Message } from "../../src/contracts/example.ts";
import type { Pack } from "../../src/contracts/pack.ts";
import type { MixManifest } from "../../src/mixing/manifest.ts";
import { openPacks } from "../../src/mixing/packs/pack-store.ts";
import { hasRender, mixFor } from "../../src/mixing/renders.ts";
import { runMixStage } from "../../src/mixing/stage.ts";
import { loadTokenizer } from "../../src/tokenizer/tokenizer.ts";
import { nanoDir } from "../tokenizer/fixtures.ts";
import { exampleOf, mixSpec, writeDataFolder } from "./data-folder.ts";

const root = mkdtempSync(join(tmpdir(), "zebratune-renders-"));
const plain = (content: string): Message[] => [{ role: "assistant", content }];
const chats = Array.from({ length: 6 }, () => exampleOf({ dataset: "chats" }));
const texts = ["Call me Ishmael.", "Some years ago.", "Never mind how long. ".repeat(60)].map((content) =>
  exampleOf({ dataset: "book", messages: plain(content) }),
);
const packs: Pack[] = [];
const warnings: string[] = [];
let manifest: MixManifest;

beforeAll(async () => {
  const dataDir = await writeDataFolder(join(root, "data"), [...chats, ...texts]);
  await runMixStage(
    {
      runDir: root,
      emit: (event) => event.type === "warning" && warnings.push(event.message),
      stop: { stopped: false },
    },
    {
      mix: mixSpec,
      renders: { chats: "chat", book: "text" },
      plainDocuments: ["book"],
      seed: 1,
      tokenizerDir: nanoDir,
      dataDir,
    },
  );
  manifest = JSON.parse(readFileSync(join(root, "mix", "manifest.json"), "utf8"));
  await using store = await openPacks(join(root, "mix", "train"));
  for (let i = 0; i < store.count; i++) packs.push(await store.read(i));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Ids and labels of each sequence, with the dataset that it is of. */
function segments() {
  return packs.flatMap((pack) => {
    let start = 0;
    return [...pack.seq_lengths].map((length, i) => {
      const [ids, labels] = [pack.input_ids, pack.labels].map((all) => all.subarray(start, start + length));
      start += length;
      return { id: pack.sources[i]!, dataset: pack.sources[i]!.split("/")[0]!, ids: ids!, labels: labels! };
    });
  });
}

it("packs have both, plain text with the loss on everything and chats on their answers", async () => {
  const tokenizer = await loadTokenizer(nanoDir);
  const mixed = packs.filter(({ sources }) => new Set(sources.map((id) => id.split("/")[0])).size === 2);
  expect(mixed.length).toBeGreaterThan(0);
  const all = segments();
  for (const { dataset, ids, labels } of all) {
    const supervised = labels.filter((label) => label >= 0).length;
    const text = await tokenizer.decode(ids);
    expect(text.includes("[INST]")).toBe(dataset === "chats");
    if (dataset === "book") expect(supervised).toBe(ids.length - 1);
    else expect(supervised).toBeLessThan(ids.length / 2);
  }
  expect(new Set(all.map(({ id }) => id))).toEqual(new Set([...chats, ...texts].map(({ id }) => id)));
  // The one that is too long, in pieces.
  expect(all.filter(({ id }) => id === texts[2]!.id).length).toBeGreaterThan(1);
});

it("the manifest says how each dataset is rendered", () => {
  expect(manifest.datasets).toMatchObject({ chats: { render: "chat" }, book: { render: "text" } });
});

it("documents of which the recipe does not say what becomes of them are told, with what to write", () => {
  const told = warnings.filter((message) => message.startsWith("dataset book: documents"));
  expect(told).toHaveLength(1);
  expect(told[0]).toContain("Write `render: text` under it");
  expect(told[0]).toContain("`build: { name: continuation }`");
});

it("a dataset that says nothing is rendered as the mix says", () => {
  expect(mixFor({ ...mixSpec, renders: { book: "text" } }, "chats").render).toBe("chat");
  expect(mixFor({ ...mixSpec, renders: { book: "text" } }, "book").render).toBe("text");
  expect(hasRender({ render: "text", renders: { book: "text" } }, "chat")).toBe(false);
  expect(hasRender({ render: "chat" }, "chat")).toBe(true);
});
