import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { carryTokenizer } from "../../../src/checkpoint/carried/carry.ts";
import {
  modelEnds,
  readGenerationConfig,
  tunedGenerationConfig,
} from "../../../src/checkpoint/carried/generation-config.ts";
import { tinyConfig } from "../../model/tiny.ts";
import { folderOf } from "../../tokenizer/fixtures.ts";

const at = (checkpoint: string, tokenizer = checkpoint) => ({ checkpoint, tokenizer });
const config = { eos_token_id: 2 };

it("the ends of a model are those of both its files; a default counts where neither has any", async () => {
  const ends = (files: Record<string, unknown>) => modelEnds(at(folderOf(files)), config);
  expect(
    await ends({ "config.json": { eos_token_id: 7 }, "generation_config.json": { eos_token_id: [8, 7] } }),
  ).toEqual([8, 7]);
  expect(await ends({ "config.json": { eos_token_id: [5, 6] } })).toEqual([5, 6]);
  // 2 is a word in Llama 3's vocabulary: a default must not stop a model that says where it ends.
  expect(await ends({ "config.json": {}, "generation_config.json": { eos_token_id: 9 } })).toEqual([9]);
  expect(await ends({ "config.json": {} })).toEqual([2]);
  expect(await ends({ "config.json": {}, "generation_config.json": { eos_token_id: null } })).toEqual([2]);
  await expect(
    ends({ "config.json": {}, "generation_config.json": { eos_token_id: "</s>" } }),
  ).rejects.toThrow('eos_token_id: expected a token id or a list of them, got "</s>"');
});

it("an adapter's own generation_config.json comes first, else its base's", async () => {
  const base = folderOf({ "config.json": {}, "generation_config.json": { eos_token_id: 9 } });
  expect(await readGenerationConfig(at(base, folderOf({})))).toEqual({ eos_token_id: 9 });
  const own = folderOf({ "generation_config.json": { eos_token_id: 5 } });
  expect(await readGenerationConfig(at(base, own))).toEqual({ eos_token_id: 5 });
});

it("a tuned model's keeps what the base's says beside the ends", () => {
  const tiny = tinyConfig();
  expect(tunedGenerationConfig({ temperature: 0.6, eos_token_id: 2 }, tiny, [2, 7])).toEqual({
    temperature: 0.6,
    eos_token_id: [2, 7],
  });
  expect(tunedGenerationConfig({}, { ...tiny, bos_token_id: 1, pad_token_id: null }, [2])).toEqual({
    bos_token_id: 1,
    eos_token_id: 2,
  });
});

it("a chosen template takes the place of all that the folder has", async () => {
  const from = folderOf({ "tokenizer.json": {}, "chat_template.jinja": "own", "generation_config.json": {} });
  mkdirSync(join(from, "additional_chat_templates"));
  writeFileSync(join(from, "additional_chat_templates", "tool_use.jinja"), "tools");
  const to = mkdtempSync(join(tmpdir(), "zebratune-carried-"));
  await carryTokenizer(from, to, { chatTemplate: "chosen", generationConfig: { eos_token_id: 7 } });
  expect(readFileSync(join(to, "chat_template.jinja"), "utf8")).toBe("chosen");
  expect(existsSync(join(to, "additional_chat_templates"))).toBe(false);
  expect(JSON.parse(readFileSync(join(to, "generation_config.json"), "utf8"))).toEqual({ eos_token_id: 7 });
});
