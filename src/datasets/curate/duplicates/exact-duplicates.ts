import { createHash } from "node:crypto";
import type { Example } from "../../../contracts/example.ts";
import { textOf } from "../../../contracts/tool-calls.ts";
import { copyDetail } from "../../folder/copy-detail.ts";
import { sameWords } from "../../same-text.ts";
import type { CurateStep } from "../curate-step.ts";

/**
 * Drops an example whose conversation was there before, in any dataset: the same roles, texts, calls and
 * tools, apart from case, white space and forms of characters (`sameText`). The first stays. Keeps one hash
 * an example.
 */
export function exactDuplicates(): CurateStep {
  const first = new Map<string, string>();
  return (example) => {
    const key = conversationHash(example);
    const id = first.get(key);
    if (id === undefined) {
      first.set(key, example.id);
      return null;
    }
    return { dropped: { reason: "exact_duplicate", detail: copyDetail(id) } };
  };
}

function conversationHash({ messages, tools }: Pick<Example, "messages" | "tools">): string {
  const hash = createHash("sha256");
  for (const message of messages) {
    hash.update(`${message.role}\0${sameWords(textOf(message))}\0`);
  }
  if (tools !== undefined) hash.update(`tools\0${JSON.stringify(tools)}`);
  return hash.digest("base64").slice(0, 22); // 132 bits
}
