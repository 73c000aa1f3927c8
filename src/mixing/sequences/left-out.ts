import type { Example, LedgerRow } from "../../contracts/example.ts";
import { answersAlone, trainedMessages } from "../../tokenizer/chat/train-on.ts";
import { mixFor, type RenderingMix } from "../renders.ts";

/** How many, and the first of them. */
export interface Found {
  count: number;
  first: string;
}

/** What of the examples that are read is left out for a reason that the recipe or the rows can change. */
export interface LeftOut {
  /** Examples with a thought that plain text does not have. */
  thoughts: Found;
  /** Conversations that are too long, and in which nothing is marked that may be shortened. */
  unmarked: Found;
  look(example: Pick<Example, "id" | "messages" | "source">): void;
  lookAtRows(rows: readonly LedgerRow[]): void;
}

/** At the end of the detail of a conversation that could be shortened if its row said where. */
export const unmarkedDetail = "nothing in it is marked as context";

/** Counts them. */
export function countLeftOut(mix: RenderingMix): LeftOut {
  const found: LeftOut = {
    thoughts: { count: 0, first: "" },
    unmarked: { count: 0, first: "" },
    look({ id, messages, source }) {
      if (!mix.train_on.thoughts || mixFor(mix, source.dataset).render !== "text") return;
      const isTrained = trainedMessages(messages, answersAlone);
      if (messages.some(({ reasoning_content }, i) => isTrained[i] && reasoning_content))
        add(found.thoughts, id);
    },
    lookAtRows(rows) {
      for (const { id, detail } of rows)
        if (detail.endsWith(unmarkedDetail)) add(found.unmarked, `${id}: ${detail}`);
    },
  };
  return found;
}

function add(found: Found, one: string): void {
  found.count++;
  found.first ||= one;
}
