import { createHash } from "node:crypto";
import type { Example } from "../example.ts";
import { copyDetail } from "./copy-detail.ts";
import type { Step } from "./step.ts";

/**
 * Drops an example whose conversation was there before, in whatever dataset: the same roles and texts but for
 * case, white space and Unicode's ways to compose a letter (NFC). The first stays. Keeps a hash an example.
 */
export function exactDuplicates(): Step {
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

function conversationHash({ messages }: Pick<Example, "messages">): string {
  const hash = createHash("sha256");
  for (const { role, content } of messages) {
    hash.update(`${role}\0${content.normalize("NFC").toLowerCase().replace(/\s+/g, " ").trim()}\0`);
  }
  return hash.digest("base64").slice(0, 22); // 132 bits
}
