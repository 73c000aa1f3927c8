import type { ZebraModel } from "../../../../src/model/api.ts";
import type { Tokenizer } from "../../../../src/tokenizer/tokenizer.ts";
import { type Body, type OpenAiServer, startOpenAi } from "./openai-server.ts";

/**
 * A server of one of our own models that does as vLLM does: prompts as text or ids, echo, stop sequences. Its
 * log-probabilities come from whole logits, which the engine's scoring does not use. `bos`: it puts BOS
 * before prompts that are text.
 */
export async function startModel(
  model: ZebraModel,
  tokenizer: Tokenizer,
  { bos = false } = {},
): Promise<OpenAiServer> {
  const textOf = async (id: number) => partOf(tokenizer, id);
  return startOpenAi(async (body) => {
    const ids = await promptIds(tokenizer, body, bos);
    const stops = (body.stop as string[] | undefined) ?? [];
    const { ids: made, finish } = await model.generate(Int32Array.from(ids), {
      maxNewTokens: body.max_tokens as number,
      stopIds: [tokenizer.eosId!],
    });
    let text = await tokenizer.decode(finish === "stop" ? made.slice(0, -1) : made, { skipSpecial: true });
    let finish_reason = finish;
    for (const stop of stops) {
      if (!text.includes(stop)) continue;
      [text, finish_reason] = [text.split(stop)[0]!, "stop"];
    }
    const usage = { prompt_tokens: ids.length, completion_tokens: made.length };
    if (body.messages) return { choices: [{ message: { content: text }, finish_reason }], usage };
    if (body.echo !== true) return { choices: [{ text, finish_reason }], usage };
    const whole = [...ids, ...made];
    const tokens = await Promise.all(whole.map(textOf));
    const logprobs = { tokens, ...(await probabilities(model, whole)), text_offset: offsetsOf(tokens) };
    return { choices: [{ text: tokens.join(""), finish_reason, logprobs }], usage };
  });
}

async function promptIds(tokenizer: Tokenizer, body: Body, bos: boolean): Promise<number[]> {
  const { prompt, messages } = body as { prompt?: string | number[]; messages?: { content: string }[] };
  if (Array.isArray(prompt)) return prompt;
  const text = prompt ?? messages!.map(({ content }) => content).join("\n");
  const own = Array.from(await tokenizer.encode(text));
  return bos ? [tokenizer.bosId!, ...own] : own;
}

/** Of each token given those before it; the second likeliest is among the likeliest, too. */
async function probabilities(model: ZebraModel, ids: number[]): Promise<object> {
  const logits = await model.logits(Int32Array.from(ids), [ids.length]);
  const size = logits.length / ids.length;
  const token_logprobs: (number | null)[] = [null];
  const top_logprobs: (Record<string, number> | null)[] = [null];
  for (let t = 1; t < ids.length; t++) {
    const row = logits.subarray((t - 1) * size, t * size);
    const most = row.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    const sum = Math.log(row.reduce((a, b) => a + Math.exp(b - most), 0)) + most;
    token_logprobs.push(row[ids[t]!]! - sum);
    top_logprobs.push({ [`id ${row.indexOf(most)}`]: most - sum, [`id ${ids[t]}`]: row[ids[t]!]! - sum });
  }
  return { token_logprobs, top_logprobs };
}

/** A token alone, parts of a character as OpenAI shows them. */
async function partOf(tokenizer: Tokenizer, id: number): Promise<string> {
  const text = await tokenizer.decode([id]);
  if (!text.includes("\ufffd")) return text;
  const bytes = [...tokenizer.idToToken(id)!].map((c) => `\\x${byteOf(c).toString(16).padStart(2, "0")}`);
  return `bytes:${bytes.join("")}`;
}

/** GPT-2's letters for bytes. */
function byteOf(letter: string): number {
  const point = letter.codePointAt(0)!;
  if (point < 256) return point;
  const hidden = [...Array(256).keys()].filter(
    (b) => !((b >= 33 && b <= 126) || (b >= 161 && b <= 172) || (b >= 174 && b <= 255)),
  );
  return hidden[point - 256]!;
}

function offsetsOf(tokens: string[]): number[] {
  let at = 0;
  return tokens.map((token) => {
    const start = at;
    at += [...token].length;
    return start;
  });
}
