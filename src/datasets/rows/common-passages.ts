interface ProbedPassage {
  id: string;
  text: string;
  isSystem: boolean;
}

/** A prompt, or a text, that is looked at. */
export interface Probed {
  /** What the system says, or "". */
  system: string;
  /** Of system and user, longest first. */
  passages: readonly ProbedPassage[];
}

/** What the prompts of a dataset have in common. */
export interface PassageKinds {
  /** Ids of passages that are an instruction or boilerplate, and no document. */
  common: ReadonlySet<string>;
  /** The passage of `common` that each of very many prompts has, or null. */
  everywhere: string | null;
  /** Whether the system's messages differ: a document may then be in them. */
  systemVaries: boolean;
}

/** So many prompts with one passage are more than anybody asks about one document. */
const manyPrompts = 200;
/** Prompts that have a passage beside other documents, before it is taken for an instruction. */
const leastPrompts = 10;
/** A passage so long beside the one in question is another document, and not a question. */
const documentChars = 400;

/**
 * Tells passages that belong to no document: those beside which there is another document each time, in at
 * least ten prompts or all of them, and one that all of 200 prompts have. `others` is how long a passage
 * must be to count as another document.
 */
export async function commonPassages(
  prompts: AsyncIterable<Probed>,
  others = documentChars,
): Promise<PassageKinds> {
  const seen = new Map<string, ProbedPassage & { prompts: number; others: Set<string> }>();
  const systems = new Map<string, number>();
  let count = 0;
  for await (const { system, passages } of prompts) {
    count++;
    if (system !== "") systems.set(system, (systems.get(system) ?? 0) + 1);
    const ids = new Set<string>();
    for (const one of passages) {
      const { id } = one;
      if (ids.has(id)) continue;
      ids.add(id);
      const passage = seen.get(id) ?? { ...one, prompts: 0, others: new Set() };
      seen.set(id, passage);
      passage.prompts++;
      const other = passages.find((another) => another.id !== id);
      if (other !== undefined && other.text.length >= others) passage.others.add(other.id);
    }
  }
  const common = new Set<string>();
  let everywhere: string | null = null;
  for (const [id, passage] of seen) {
    const isInAll = passage.prompts === count;
    const isBesideOthers = passage.others.size >= 3 && passage.others.size * 2 >= passage.prompts;
    if (isBesideOthers && (passage.prompts >= leastPrompts || isInAll)) common.add(id);
    if (!isInAll || count < manyPrompts) continue;
    common.add(id);
    // What the system always says is not looked at anyway.
    if (!passage.isSystem) everywhere ??= passage.text;
  }
  const mostSaid = Math.max(0, ...systems.values());
  return { common, everywhere, systemVaries: systems.size > 1 && 2 * mostSaid <= count };
}
