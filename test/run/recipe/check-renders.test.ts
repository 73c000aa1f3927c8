import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import { plainDocuments, rendersOf } from "../../../src/mixing/renders.ts";
import { packagePath } from "../../../src/package-root.ts";
import { loadRecipe } from "../../../src/run/recipe/load-recipe.ts";

const dir = mkdtempSync(join(tmpdir(), "zebratune-renders-"));
mkdirSync(join(dir, "notes"));
for (const name of ["a.md", "b.md"]) writeFileSync(join(dir, "notes", name), "# A note\n\nOf whales.\n");
writeFileSync(join(dir, "chat.jsonl"), "{}\n");
const notes = `path: ${dir}/notes`;
const chat = `path: ${dir}/chat.jsonl`;
const checkpoint = packagePath("checkpoints", "zebra-nano-lcat");

function load(datasets: string[], ...more: string[]) {
  const path = join(dir, "recipe.yaml");
  const list = datasets.map((dataset) => `    - { ${dataset} }`).join("\n");
  writeFileSync(
    path,
    `model: { checkpoint: ${checkpoint} }\ndata:\n  datasets:\n${list}\n${more.join("\n")}`,
  );
  return loadRecipe(path);
}

async function problemsOf(...of: Parameters<typeof load>): Promise<readonly string[]> {
  const error: unknown = await load(...of).then(
    () => undefined,
    (error: unknown) => error,
  );
  return error instanceof ConfigError ? error.problems : [];
}

it("a folder of notes beside chats is plain text; every document was dropped by the template", async () => {
  const recipe = await load([chat, notes]);
  expect(await plainDocuments(recipe)).toEqual(["notes"]);
  expect(await rendersOf(recipe)).toEqual({ chat: "chat", notes: "text" });
});

it("what the recipe says of documents is no assumption", async () => {
  for (const said of ["render: text", "build: { name: continuation }"]) {
    const recipe = await load([chat, `${notes}, ${said}`]);
    expect(await plainDocuments(recipe)).toEqual([]);
    expect((await rendersOf(recipe)).notes).toBe(said === "render: text" ? "text" : "chat");
  }
  const plain = await load([notes], "mix: { render: text }", "finetune: { objective: lcat }");
  expect(await plainDocuments(plain)).toEqual([]);
});

it("texts of the catalog are documents as well", async () => {
  expect(await rendersOf(await load([chat, "catalog: moby-dick-text", "catalog: moby-dick"]))).toEqual({
    chat: "chat",
    "moby-dick-text": "text",
    "moby-dick": "chat",
  });
});

it("documents alone are told with the recipe, with the lines to write", async () => {
  const [problem, ...others] = await problemsOf([notes]);
  expect(others).toEqual([]);
  expect(problem).toContain("recipe.yaml:4: data.datasets.0: expected questions and answers");
  expect(problem).toContain("got plain documents alone");
  expect(problem).toContain("write `build: { name: continuation }`");
  expect(problem).toContain("`mix: { render: text }` and `finetune: { objective: pretrain }`");
  // As it says.
  expect(await problemsOf([`${notes}, build: { name: continuation }`])).toEqual([]);
  expect(await problemsOf([notes], "mix: { render: text }", "finetune: { objective: pretrain }")).toEqual([]);
});

it("documents are no chats as they are", async () => {
  const [problem] = await problemsOf([chat, `${notes}, render: chat`]);
  expect(problem).toContain("data.datasets.1.render: expected questions and answers for chats, got plain");
});
