import type { StageContext } from "../contracts/events.ts";
import type { Example } from "../contracts/example.ts";
import { answersAlone, trainedMessages } from "../tokenizer/chat/train-on.ts";
import type { Tokenizer } from "../tokenizer/tokenizer.ts";

/** How the ends of turns and texts are written for other models: such rows were rendered before. */
const known = /(?:<\/s>|<\|(?:im_end|eot_id|eom_id|endoftext|end_of_text|end|eos)\|>|<end_of_turn>|<eos>)$/;

/** Looks for answers that end with the text of an end token. */
export interface EndTexts {
  add(example: Example): void;
  /** Warns of those that were found, if there are any. */
  warn(ctx: StageContext): void;
}

export function createEndTexts({ eosToken }: Pick<Tokenizer, "eosToken">): EndTexts {
  let [examples, found] = [0, 0];
  let first = "";
  return {
    add({ id, messages }) {
      examples++;
      const isTrained = trainedMessages(messages, answersAlone);
      for (const [i, { content }] of messages.entries()) {
        if (!isTrained[i]) continue;
        const text = content.trimEnd();
        const end = eosToken && text.endsWith(eosToken) ? eosToken : known.exec(text)?.[0];
        if (end === undefined) continue;
        found++;
        first ||= `${id}, message ${i + 1}: ${end}`;
        return;
      }
    },
    warn(ctx) {
      if (found === 0) return;
      const message =
        `${found} of ${examples} examples ${found === 1 ? "has" : "have"} an answer that ends with the text of an end token (first: ${first}). ` +
        "It is trained as text, before the end that the template writes: take it out of the data";
      ctx.emit({ type: "warning", stage: "mix", message });
    },
  };
}
