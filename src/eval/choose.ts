import { createHash } from "node:crypto";
import type { Example, Task } from "../datasets/example.ts";
import { readExamples } from "../datasets/store.ts";

/** Place of an id in an order that depends on nothing else: the same items for every model and run. */
export function placeOf(id: string): string {
  return createHash("sha256").update(id).digest("hex");
}

/**
 * Up to `limit` held-out examples of a task that `accept` takes, as many of each `meta.length` as there are,
 * in the order of their places.
 */
export async function chooseExamples(
  dataDir: string,
  task: Task,
  limit: number,
  accept: (example: Example) => boolean,
): Promise<{ examples: Example[]; skipped: number }> {
  const byLength = new Map<string, Example[]>();
  let skipped = 0;
  for await (const example of readExamples(dataDir, { split: "test", task })) {
    if (!accept(example)) skipped++;
    else {
      const length = String(example.meta.length ?? "");
      byLength.set(length, [...(byLength.get(length) ?? []), example]);
    }
  }
  const groups = [...byLength.values()].map((group) =>
    group
      .map((example) => ({ example, place: placeOf(example.id) }))
      .sort((a, b) => (a.place < b.place ? -1 : 1)),
  );
  const chosen: { example: Example; place: string }[] = [];
  for (let round = 0; chosen.length < limit && groups.some((group) => round < group.length); round++) {
    for (const group of groups) if (group[round] && chosen.length < limit) chosen.push(group[round]!);
  }
  return { examples: chosen.map(({ example }) => example), skipped };
}

/** The plain text of each held-out document: the document itself where a dataset has it, else its longest context. */
export async function heldOutTexts(dataDir: string): Promise<{ id: string; text: string }[]> {
  const texts = new Map<string, string>();
  for await (const { task, messages, context, source } of readExamples(dataDir, { split: "test" })) {
    const [first] = messages;
    const isDocument = task === "other" && messages.length === 1;
    const text = isDocument
      ? first!.content
      : (context ?? [])
          .map(({ message, start, end }) => messages[message]!.content.slice(start, end))
          .join("\n");
    const key = `${source.dataset}/${source.document}`;
    if (text.length > (texts.get(key)?.length ?? 0)) texts.set(key, text);
  }
  return [...texts]
    .map(([id, text]) => ({ id, text }))
    .sort((a, b) => (placeOf(a.id) < placeOf(b.id) ? -1 : 1));
}
