import { createHash } from "node:crypto";
import type { Example, Task } from "../contracts/example.ts";
import { readExamples } from "../datasets/folder/data-folder.ts";
import { changeDocument, type DocumentChange } from "./controls/change-document.ts";

/**
 * The position of an id in an order that depends on nothing else, so that every model and run gets the same
 * items.
 */
export function hashPosition(id: string): string {
  return createHash("sha256").update(id).digest("hex");
}

/** Keeps the first `limit` things in the order of their positions, with bounded memory. */
class Foremost<T> {
  #all: { position: string; thing: T }[] = [];
  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  add(id: string, thing: T): void {
    this.#all.push({ position: hashPosition(id), thing });
    if (this.#all.length > 2 * this.#limit + 32) this.sorted();
  }

  sorted(): T[] {
    this.#all = this.#all.sort((a, b) => (a.position < b.position ? -1 : 1)).slice(0, this.#limit);
    return this.#all.map(({ thing }) => thing);
  }
}

/** Where held-out examples are: those of `datasets` in a data folder, of all when left out. */
export interface HeldOut {
  dataDir: string;
  datasets?: readonly string[] | undefined;
  /** The same examples with this done to their documents. */
  change?: DocumentChange | undefined;
}

/**
 * Up to `limit` held-out examples of a task in the order of their positions, with equally many of each
 * `meta.length` where possible. `refuse` says why an example cannot be used (undefined: it can). Those are
 * counted by reason.
 */
export async function chooseExamples(
  { dataDir, datasets, change }: HeldOut,
  task: Task,
  limit: number,
  refuse: (example: Example) => string | undefined,
): Promise<{ examples: Example[]; skipped: Record<string, number> }> {
  const byLength = new Map<string, Foremost<Example>>();
  const skipped: Record<string, number> = {};
  for await (const example of readExamples(dataDir, { datasets, split: "test", task })) {
    const reason = refuse(example);
    if (reason !== undefined) skipped[reason] = (skipped[reason] ?? 0) + 1;
    else {
      const length = String(example.meta.length ?? "");
      if (!byLength.has(length)) byLength.set(length, new Foremost(limit));
      byLength.get(length)!.add(example.id, example);
    }
  }
  const groups = [...byLength].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group.sorted());
  const rounds = Array.from({ length: limit }, (_, i) => groups.flatMap((group) => group[i] ?? []));
  const examples = rounds.flat().slice(0, limit);
  return { examples: examples.map((one) => (change ? changeDocument(one, change) : one)), skipped };
}

/** A held-out document, as plain text. */
export interface HeldOutText {
  /** `<dataset>/<document>`. */
  id: string;
  text: string;
}

/**
 * The plain text of held-out documents, the first `limit` in the order of their positions. It is the document
 * itself where the dataset has it as an example, else the longest passage that an example asks about.
 */
export async function heldOutTexts({ dataDir, datasets }: HeldOut, limit: number): Promise<HeldOutText[]> {
  const texts = new Map<string, HeldOutText>();
  for await (const example of readExamples(dataDir, { datasets, split: "test" })) {
    const text = documentOf(example);
    const id = `${example.source.dataset}/${example.source.document}`;
    if (text.length > (texts.get(id)?.text.length ?? 0)) texts.set(id, { id, text });
    // The position of a document never changes, so one that was removed stays removed.
    if (texts.size > 2 * limit + 32) {
      const kept = new Set(foremost([...texts.values()], limit));
      for (const one of texts.values()) if (!kept.has(one)) texts.delete(one.id);
    }
  }
  return foremost([...texts.values()], limit);
}

function foremost(texts: readonly HeldOutText[], limit: number): HeldOutText[] {
  const first = new Foremost<HeldOutText>(limit);
  for (const one of texts) first.add(one.id, one);
  return first.sorted();
}

/**
 * The document in an example. Its context spans leave out the evidence, which is between them or at one end.
 */
function documentOf({ task, messages, context = [], meta }: Example): string {
  const [first] = messages;
  if (task === "other" && messages.length === 1) return first!.content;
  const message = context[0]?.message;
  if (message === undefined) return "";
  const evidence = Array.isArray(meta.evidence) ? (meta.evidence as typeof context) : [];
  const spans = [...context, ...evidence].filter((span) => span.message === message);
  const start = Math.min(...spans.map((span) => span.start));
  return messages[message]!.content.slice(start, Math.max(...spans.map((span) => span.end)));
}
