import { cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { hashModel, hashTokenizer } from "../../src/eval/model-hash.ts";
import { packagePath } from "../../src/package-root.ts";
import { readFiles } from "../../src/tokenizer-file-names.ts";

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "zebra-hash-"));
  await cp(packagePath("checkpoints", "zebra-nano-tokenizer"), dir, { recursive: true });
  await writeFile(join(dir, "config.json"), "{}");
});
afterEach(() => rm(dir, { recursive: true }));

const hashes = async () => [await hashTokenizer(dir), await hashModel({ dir })] as const;

// A folder with a template for tools could not be hashed: the templates' folder was read as a file.
it.each(readFiles)("%s is part of the tokenizer and of the model", async (name) => {
  const [tokenizer, model] = await hashes();
  await mkdir(dirname(join(dir, name)), { recursive: true });
  await writeFile(join(dir, name), "{{ other }}");
  const [otherTokenizer, otherModel] = await hashes();
  expect(otherTokenizer).not.toBe(tokenizer);
  expect(otherModel).not.toBe(model);
});

it.each(["config.json", "model.safetensors", "adapter_model.safetensors"])(
  "%s is part of the model alone",
  async (name) => {
    const [tokenizer, model] = await hashes();
    await writeFile(join(dir, name), "other");
    const [sameTokenizer, otherModel] = await hashes();
    expect(sameTokenizer).toBe(tokenizer);
    expect(otherModel).not.toBe(model);
  },
);

it.each(["README.md", "tokenizer.model", "generation_config.json"])("%s is part of neither", async (name) => {
  const before = await hashes();
  await writeFile(join(dir, name), "other");
  expect(await hashes()).toEqual(before);
});

it("a folder that is not there is told", async () => {
  await expect(hashModel({ dir: join(dir, "none") })).rejects.toThrow(
    "none: expected a checkpoint folder, got none that can be read",
  );
});
