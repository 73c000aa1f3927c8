import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadModel } from "../../src/checkpoint/load-model.ts";
import { generateText } from "../../src/cli/generate-text.ts";
import { answerTexts } from "../../src/eval/asking/prompt.ts";
import type { ZebraModel } from "../../src/model/api.ts";
import { beginTexts } from "../../src/tokenizer/chat/chat.ts";
import { loadTokenizer } from "../../src/tokenizer/tokenizer.ts";
import { writeTinyCheckpoint } from "../eval/tiny-checkpoint.ts";
import { nanoWith } from "../tokenizer/fixtures.ts";

let root: string;
let dir: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "zebratune-stops-"));
  dir = join(root, "model");
  await writeTinyCheckpoint(dir, 1);
});
afterAll(() => rm(root, { recursive: true }));

async function generated(): Promise<string> {
  let text = "";
  await generateText({
    ...{ checkpoint: dir, device: "cpu", prompt: "Call me", chat: false, maxNewTokens: 8, seed: 1 },
    ...{ temperature: 0, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1 },
    write: (piece) => {
      text += piece;
    },
  });
  return text;
}

it("zebra generate and zebra eval stop at what generation_config.json says", async () => {
  const tokenizer = await loadTokenizer(dir);
  const [prompt] = await beginTexts(tokenizer, ["Call me"]);
  const long = await generated();
  await using first = await loadModel(dir);
  const { ids } = await first.generate(prompt!, { maxNewTokens: 8, stopIds: [] });
  const third = ids.find((id, i) => i >= 2 && !ids.slice(0, i).includes(id))!;
  await writeFile(join(dir, "generation_config.json"), JSON.stringify({ eos_token_id: [third] }));
  await using model = await loadModel(dir);
  expect(model.ends).toContain(third);
  const short = await tokenizer.decode(ids.slice(0, ids.indexOf(third)), { skipSpecial: true });
  expect(short.length).toBeLessThan(long.length);
  expect(await generated()).toBe(short);
  expect(await answerTexts(model, [asking(tokenizer, prompt!)])).toEqual([
    { text: short.trim(), isCut: false },
  ]);
});

it("and at the end of a turn that the template trains: <|im_end|> of a base tuned with ChatML", async () => {
  const template =
    "{% for m in messages %}{{ m.role + '\\n' + m.content + '<|im_end|>\\n' }}{% endfor %}" +
    "{% if add_generation_prompt %}{{ 'assistant\\n' }}{% endif %}";
  const tokenizer = await nanoWith(template, [{ content: "<|im_end|>" }]);
  let asked: readonly number[] = [];
  const model = {
    ends: [7],
    async generateBatch(_: unknown, { stopIds }: { stopIds: readonly number[] }) {
      asked = stopIds;
      return [{ ids: [5, 4096], finish: "stop" }];
    },
  } as Pick<ZebraModel, "ends" | "generateBatch"> as ZebraModel;
  const [answer] = await answerTexts(model, [asking(tokenizer, Int32Array.of(1, 5))]);
  expect(asked).toEqual([7, 2, 4096]);
  expect(answer).toEqual({ text: (await tokenizer.decode([5])).trim(), isCut: false });
});

it("a prompt without a token to continue is refused", async () => {
  const bare = join(root, "bare");
  await writeTinyCheckpoint(bare, 1);
  const path = join(bare, "tokenizer.json");
  const json = JSON.parse(await readFile(path, "utf8"));
  await writeFile(path, JSON.stringify({ ...json, post_processor: null }));
  const rest = { temperature: 0, topK: 0, topP: 1, minP: 0, repetitionPenalty: 1, seed: 1 };
  const asked = { checkpoint: bare, device: "cpu" as const, prompt: "", chat: false, maxNewTokens: 8 };
  await expect(generateText({ ...asked, ...rest, write: () => {} })).rejects.toThrow(
    "--prompt: expected a text to continue",
  );
});

function asking(tokenizer: Awaited<ReturnType<typeof loadTokenizer>>, prompt: Int32Array) {
  return { prompt, maxNewTokens: 8, tokenizer };
}
