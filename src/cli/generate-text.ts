import { stat } from "node:fs/promises";
import { join } from "node:path";
import { isAdapter } from "../checkpoint/convert.ts";
import { loadModel } from "../model/load.ts";
import type { Sampling } from "../model/sampling.ts";
import type { DeviceSpec } from "../recipe/recipe.ts";
import { renderPrompt } from "../tokenizer/chat.ts";
import { loadTokenizer, type Tokenizer } from "../tokenizer/tokenizer.ts";
import { UsageError } from "./exit.ts";

export interface GenerateTextOptions extends Required<Sampling> {
  checkpoint: string;
  device: DeviceSpec;
  prompt: string;
  /** Through the chat template, or continued as it is. */
  chat: boolean;
  maxNewTokens: number;
  seed: number;
  /** Gets the text as it is made, whole characters only. */
  write: (text: string) => void;
}

/** Streams a checkpoint's continuation of a prompt. Throws UsageError when there is no checkpoint at the path. */
export async function generateText(options: GenerateTextOptions): Promise<void> {
  const { checkpoint, device, prompt, chat, write, maxNewTokens, seed } = options;
  if (!(await stat(join(checkpoint, "config.json")).catch(() => undefined))) {
    if (await isAdapter(checkpoint)) {
      throw new UsageError(
        `--checkpoint ${checkpoint}: expected a whole model, got a PEFT adapter. Merge it first: zebra convert ${checkpoint} OUT`,
      );
    }
    throw new UsageError(
      `--checkpoint ${checkpoint}: expected a checkpoint folder, got none with a config.json`,
    );
  }
  const tokenizer = await loadTokenizer(checkpoint);
  const ids = chat
    ? await renderPrompt(tokenizer, [{ role: "user", content: prompt }])
    : await plainPrompt(tokenizer, prompt);
  await using model = await loadModel(checkpoint, { device });
  const { eos_token_id: eos } = model.config;
  const stopIds = eos === null ? [] : [eos].flat();
  const stream = createTextStream(tokenizer, write);
  await model.generate(ids, {
    maxNewTokens,
    temperature: options.temperature,
    topK: options.topK,
    topP: options.topP,
    minP: options.minP,
    repetitionPenalty: options.repetitionPenalty,
    seed,
    stopIds,
    onToken(id) {
      if (!stopIds.includes(id)) stream.add(id);
      return undefined;
    },
  });
  await stream.end();
}

async function plainPrompt(tokenizer: Tokenizer, prompt: string): Promise<Int32Array> {
  const ids = await tokenizer.encode(prompt);
  return tokenizer.bosId === null ? ids : Int32Array.of(tokenizer.bosId, ...ids);
}

/**
 * Turns ids into text as they come; a character whose bytes are spread over several tokens waits for the last.
 * Each new piece is decoded with the piece before it, since some decoders strip the blank a text begins with.
 */
export function createTextStream(tokenizer: Pick<Tokenizer, "decode">, write: (text: string) => void) {
  let before: number[] = [];
  let pending: number[] = [];
  const decode = (ids: number[]) => tokenizer.decode(ids, { skipSpecial: true });
  let work = Promise.resolve();
  const flush = async (isLast: boolean): Promise<void> => {
    const text = await decode([...before, ...pending]);
    if (text.endsWith("\ufffd") && !isLast) return;
    write(text.slice((await decode(before)).length));
    before = pending;
    pending = [];
  };
  return {
    /** Decoding takes turns in the background; ids keep their order. */
    add(id: number) {
      work = work.then(() => {
        pending.push(id);
        return flush(false);
      });
    },
    /** Resolves when everything is written. */
    async end(): Promise<void> {
      await work;
      if (pending.length > 0) await flush(true);
    },
  };
}
