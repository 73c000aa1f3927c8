import { existsSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { saveFinal } from "../../src/finetune/save-model.ts";
import { tunedFiles } from "../../src/finetune/tuned-files.ts";
import { chatTemplateCatalog } from "../../src/tokenizer/chat/templates/index.ts";
import { tinyConfig, tinyNetwork } from "../model/tiny.ts";
import { folderOf, nanoJson } from "../tokenizer/fixtures.ts";

/** A base without a chat template, whose config.json does not say where it ends. */
function baseFolder(generation?: object): string {
  const json = nanoJson();
  for (const [i, content] of ["<|im_start|>", "<|im_end|>"].entries())
    json.added_tokens.push({ ...json.added_tokens[0]!, id: 4096 + i, content });
  return folderOf({
    "config.json": {},
    "tokenizer.json": json,
    "tokenizer_config.json": { eos_token: "</s>" },
    ...(generation && { "generation_config.json": generation }),
  });
}
const read = (...path: string[]) => JSON.parse(readFileSync(join(...path), "utf8"));

it("train/final has the template it was trained with, and every end; what the base's file says stays", async () => {
  const base = baseFolder({ temperature: 0.7, eos_token_id: 9 });
  const config = tinyConfig({ eos_token_id: 60 });
  const tuned = await tunedFiles({ checkpoint: base, chat_template: "chatml" }, config);
  expect(tuned.generationConfig).toEqual({ temperature: 0.7, eos_token_id: [9, 2, 4097] });

  const network = await tinyNetwork(config, { kind: "lora", r: 1, alpha: 1, modules: ["q_proj"] });
  const dir = mkdtempSync(join(tmpdir(), "zebratune-tuned-"));
  const form = { tokenizerDir: base, baseModel: base, saveDtype: "float32" as const, tuned };
  const final = await saveFinal(network, dir, form);
  for (const folder of [final, join(dir, "adapter")]) {
    expect(readFileSync(join(folder, "chat_template.jinja"), "utf8")).toBe(chatTemplateCatalog.chatml.source);
    expect(read(folder, "generation_config.json")).toEqual(tuned.generationConfig);
  }
  // 60 was a default, at which the base does not stop.
  expect(read(final, "config.json").eos_token_id).toEqual([9, 2, 4097]);
});

it("without model.chat_template the base's stays, and the adapter has the base's tokenizer beside it", async () => {
  const base = baseFolder();
  writeFileSync(join(base, "chat_template.jinja"), chatTemplateCatalog.chatml.source);
  const config = tinyConfig({ eos_token_id: 2, bos_token_id: 1, pad_token_id: null });
  const tuned = await tunedFiles({ checkpoint: base }, config);
  expect(tuned).toEqual({
    chatTemplate: null,
    generationConfig: { bos_token_id: 1, eos_token_id: [2, 4097] },
  });
  const network = await tinyNetwork(config, { kind: "lora", r: 1, alpha: 1, modules: ["q_proj"] });
  const dir = mkdtempSync(join(tmpdir(), "zebratune-tuned-"));
  const final = await saveFinal(network, dir, {
    ...{ tokenizerDir: base, baseModel: base, saveDtype: "float32", tuned },
  });
  expect(readFileSync(join(final, "chat_template.jinja"), "utf8")).toBe(chatTemplateCatalog.chatml.source);
  expect(read(final, "config.json").eos_token_id).toBe(2);
  expect(existsSync(join(dir, "adapter", "tokenizer.json"))).toBe(true);
});

it("config.json says the length that a model was adapted to, and never less than before", async () => {
  const base = baseFolder();
  const config = tinyConfig({ eos_token_id: 2, bos_token_id: 1, pad_token_id: null });
  const network = await tinyNetwork(config);
  const positions = async (adaptedTo?: number) => {
    const dir = mkdtempSync(join(tmpdir(), "zebratune-tuned-"));
    const form = { tokenizerDir: base, baseModel: base, saveDtype: "float32" as const };
    const final = await saveFinal(network, dir, { ...form, ...(adaptedTo !== undefined && { adaptedTo }) });
    return read(final, "config.json").max_position_embeddings;
  };
  const own = config.max_position_embeddings;
  expect(await positions()).toBe(own);
  expect(await positions(own - 1)).toBe(own);
  expect(await positions(4 * own)).toBe(4 * own);
});
