import { loadModel } from "../checkpoint/load-model.ts";
import { findModel } from "../checkpoint/model-folder.ts";
import type { DeviceSpec } from "../contracts/recipe.ts";
import type { Sampling } from "../model/api.ts";
import { shippedOrLocal } from "../package-root.ts";
import { beginTexts, renderPrompt } from "../tokenizer/chat/chat.ts";
import { stopIdsOf } from "../tokenizer/ends/stop-ids.ts";
import { createTextStream } from "../tokenizer/text-stream.ts";
import { loadTokenizer, type Tokenizer } from "../tokenizer/tokenizer.ts";
import { UsageError } from "./exit.ts";
import { refuseNoModel } from "./options/given-model.ts";

export interface GenerateTextOptions extends Required<Sampling> {
  /** The folder of a model or of a PEFT adapter. */
  checkpoint: string;
  /** For an adapter: its base model, if not the one that its config names. */
  base?: string;
  device: DeviceSpec;
  prompt: string;
  /** True: through the chat template. False: the prompt is continued as plain text. */
  chat: boolean;
  maxNewTokens: number;
  seed: number;
  /** Receives the text while it is generated, in whole characters. */
  write: (text: string) => void;
}

/** Streams a checkpoint's continuation of a prompt. Throws UsageError when there is no checkpoint there. */
export async function generateText(options: GenerateTextOptions): Promise<void> {
  const checkpoint = shippedOrLocal(options.checkpoint);
  const { base, device, prompt, chat, write, maxNewTokens, seed } = options;
  await refuseNoModel("--checkpoint", checkpoint, base);
  const tokenizer = await loadTokenizer((await findModel(checkpoint, base)).tokenizer);
  const ids = chat
    ? await renderPrompt(tokenizer, [{ role: "user", content: prompt }])
    : await plainPrompt(tokenizer, prompt);
  await using model = await loadModel(checkpoint, { device, base });
  const stopIds = await stopIdsOf(model.ends, tokenizer);
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
  const [ids] = await beginTexts(tokenizer, [prompt]);
  if (ids!.length > 0) return ids!;
  throw new UsageError(
    "--prompt: expected a text to continue, got one without a token, and this tokenizer puts none before it",
  );
}
