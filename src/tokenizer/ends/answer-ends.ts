import type { Message, Tool } from "../../contracts/example.ts";
import { CheckpointError, DataError } from "../../errors.ts";
import { type Conversed, type Rendered, renderChat } from "../chat/chat.ts";
import type { Tokenizer } from "../tokenizer.ts";

const question: Message = { role: "user", content: "zqquestionqz" };
const answer: Message = { role: "assistant", content: "zqanswerqz" };
const thinking: Message = { ...answer, reasoning_content: "zqthoughtqz" };
const tools: Tool[] = [
  { type: "function", function: { name: "zqtoolqz", description: "zq", parameters: { type: "object" } } },
];
const calling: Message = {
  role: "assistant",
  content: "",
  tool_calls: [{ id: "callzq001", type: "function", function: { name: "zqtoolqz", arguments: "{}" } }],
};

const known = new WeakMap<Tokenizer, Promise<number[]>>();

/**
 * The special tokens that end an answer in what training puts under loss: <|im_end|> of ChatML, <|user|> of
 * GLM, <|return|> of gpt-oss. Those of a call too, where calls end in another way (Llama's <|eom_id|>). Found
 * by rendering small conversations; none where there is no chat template that can be rendered.
 */
export function answerEnds(tokenizer: Tokenizer): Promise<number[]> {
  let ends = known.get(tokenizer);
  if (!ends) {
    ends = findEnds(tokenizer);
    known.set(tokenizer, ends);
  }
  return ends;
}

async function findEnds(tokenizer: Tokenizer): Promise<number[]> {
  const names = new Set(tokenizer.specials.values());
  const runs = async (chat: Conversed): Promise<number[][]> => {
    const rendered = await rendering(tokenizer, chat);
    return rendered ? trainedRuns(rendered) : [];
  };
  const answers = [
    ...(await runs([question, answer])),
    ...(await runs([question, answer, question, answer])),
    ...(await runs([question, thinking])),
  ];
  // A call may be trained in several runs, of which the last one ends it.
  const calls = (await runs({ messages: [question, calling], tools })).slice(-1);
  const all = [...answers, ...calls];
  const inside = new Set(all.flatMap((run) => run.slice(0, -1)));
  // gpt-oss writes <|end|> behind a thought too, after which its answer goes on.
  const ends = all.flatMap((run) => run.at(-1) ?? []).filter((id) => names.has(id) && !inside.has(id));
  return [...new Set(ends)];
}

async function rendering(tokenizer: Tokenizer, chat: Conversed): Promise<Rendered | null> {
  try {
    return await renderChat(tokenizer, chat);
  } catch (error) {
    if (error instanceof DataError || error instanceof CheckpointError) return null;
    throw error;
  }
}

/** Runs of tokens under loss, without a gap. */
function trainedRuns({ ids, trained }: Rendered): number[][] {
  const runs: number[][] = [];
  for (const [t, id] of ids.entries()) {
    if (trained[t] !== 1) continue;
    if (t > 0 && trained[t - 1] === 1) runs.at(-1)!.push(id);
    else runs.push([id]);
  }
  return runs;
}
