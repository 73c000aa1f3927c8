import { createHash } from "node:crypto";
import type { Example, Message } from "../../contracts/example.ts";
import { textOf } from "../../contracts/tool-calls.ts";
import { readExamples } from "../../datasets/folder/data-folder.ts";
import { sameWords } from "../../datasets/same-text.ts";
import { questionOf } from "../asking/prompt.ts";

/** Ids that are told, of as many as there are. */
const mostTold = 5;

/**
 * How many of the questions a row of the training split asks as well, at any of its answers: the same texts
 * apart from case, white space, forms of characters and system messages.
 */
export async function countOverlap(
  dataDir: string,
  examples: readonly Example[],
): Promise<{ questions: number; first: string[] }> {
  const asked = new Map<string, string[]>();
  for (const { id, messages } of examples.map((one) => ({ id: one.id, messages: questionOf(one) }))) {
    const key = hashes(messages).at(-1)!;
    asked.set(key, [...(asked.get(key) ?? []), id]);
  }
  const found: string[] = [];
  for await (const { messages } of readExamples(dataDir, { split: "train" })) {
    for (const key of hashes(messages)) {
      found.push(...(asked.get(key) ?? []));
      asked.delete(key);
    }
    if (asked.size === 0) break;
  }
  return { questions: found.length, first: found.sort().slice(0, mostTold) };
}

/** A hash of each beginning of a conversation that an answer follows, and of the whole. */
function hashes(messages: readonly Message[]): string[] {
  const hash = createHash("sha256");
  const found: string[] = [];
  for (const message of messages) {
    if (message.role === "system") continue;
    if (message.role === "assistant") found.push(hash.copy().digest("base64"));
    hash.update(`${message.role}\0${sameWords(textOf(message))}\0`);
  }
  return [...found, hash.digest("base64")];
}
