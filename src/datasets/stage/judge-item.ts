import type { Example, Split } from "../../contracts/example.ts";
import type { DatasetSpec } from "../../contracts/recipe.ts";
import type { Curator } from "../curate/curator.ts";
import type { Draft, SourceItem } from "../draft.ts";
import { exampleProblem } from "../folder/validate-example.ts";
import { detail, joinReasons, type Reason } from "../reason.ts";
import type { DataSource } from "../sources/source.ts";
import type { SplitFor } from "../split.ts";
import { TextSet } from "./text-set.ts";

/** What becomes of an item, under the id that the ledger has for it. */
export type Outcome = { id: string } & ({ example: Example; changed?: Reason } | { dropped: Reason });

/** What a dataset's items are judged by. */
export interface JudgeSpec {
  spec: DatasetSpec;
  source: DataSource;
  splitFor: SplitFor;
  curate: Curator;
  /** Called once for each valid example, in order; without it there is no limit. */
  isWithinLimit?(): boolean;
}

/**
 * A function that takes a dataset's items in order and makes an example of each, or says why there is none.
 * Checked in this order: dropped by the source, not valid by the schema, beyond the limit, dropped by
 * curation.
 */
export function createJudge({ spec, source, splitFor, curate, isWithinLimit }: JudgeSpec) {
  const ids = new TextSet();
  return (item: SourceItem): Outcome => {
    if ("dropped" in item) return { id: `${spec.name}/${item.id}`, dropped: item.dropped };
    const made = exampleFrom(item.draft, spec, source, splitFor(item.draft));
    const { id } = made;
    const renamed = makeUnique(made, ids, item);
    const problem = exampleProblem(made);
    if (problem !== null) return { id, dropped: { reason: "schema", detail: detail(problem) } };
    if (isWithinLimit && !isWithinLimit())
      return { id, dropped: { reason: "limit", detail: `limit ${spec.limit}` } };
    const curated = curate(made);
    if ("dropped" in curated) return { id: made.id, dropped: curated.dropped };
    const { example } = curated;
    const changed = joinReasons([renamed, curated.changed].filter((reason) => reason !== undefined));
    return { id: example.id, example, ...(changed && { changed }) };
  };
}

function exampleFrom(draft: Draft, spec: DatasetSpec, source: DataSource, split: Split): Example {
  const { id, task, messages, tools, context, meta, document, row, file } = draft;
  const { revision, license } = source;
  return {
    id: `${spec.name}/${id}`,
    task,
    split,
    messages,
    ...(tools === undefined ? {} : { tools }),
    ...(context === undefined ? {} : { context }),
    source: { dataset: spec.name, revision, license, row, file, document },
    meta,
  };
}

/** A second row of the same id keeps its content and gets the place added to its id. */
function makeUnique(example: Example, ids: TextSet, item: Extract<SourceItem, { draft: Draft }>) {
  const { place, changed } = item;
  const taken = example.id;
  for (let n = 0; !ids.add(example.id); n++) {
    example.id = `${taken}@${place.file}:${place.row}${n === 0 ? "" : `.${n}`}`;
  }
  if (example.id === taken) return changed;
  return {
    reason: "duplicate_id",
    detail: detail(`the id ${taken} was there before${changed ? `; ${changed.detail}` : ""}`),
  };
}
