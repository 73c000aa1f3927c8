import type { Example } from "../../../contracts/example.ts";
import type { NearDuplicatesSpec } from "../../../contracts/recipe.ts";
import { textOf } from "../../../contracts/tool-calls.ts";
import { copyDetail } from "../../folder/copy-detail.ts";
import { comparedParts, documentText } from "../compared.ts";
import type { CurateStep, Verdict } from "../curate-step.ts";
import { createLsh } from "./lsh.ts";
import { createSigner } from "./minhash.ts";

/**
 * Drops an example that is a near copy of one that stays: found by MinHash and LSH, then compared by whole
 * signatures (`jaccard_threshold`). `text: conversation` compares what `comparedParts` gives. `text:
 * document` compares documents: all examples on a near copy of another document are dropped, and those on one
 * document stay together.
 */
export function nearDuplicates(spec: NearDuplicatesSpec): CurateStep {
  return spec.text === "document" ? byDocument(spec) : byParts(spec);
}

function byParts(spec: NearDuplicatesSpec): CurateStep {
  const compare = comparer(spec);
  return (example) => compare(comparedParts(example), example.id);
}

function byDocument(spec: NearDuplicatesSpec): CurateStep {
  const compare = comparer(spec);
  const verdicts = new Map<string, Verdict>();
  return (example) => {
    const { dataset, document } = example.source;
    // Two datasets may give the same name to different documents.
    const key = `${dataset}\0${document}`;
    let verdict = verdicts.get(key);
    if (verdict === undefined) {
      verdict = compare([wholeDocument(example)], example.id, document);
      verdicts.set(key, verdict);
    }
    return verdict;
  };
}

/** The document of an example: all of it where no document is marked. */
function wholeDocument(example: Example): string {
  return example.context?.length ? documentText(example) : example.messages.map(textOf).join("\n");
}

/** `document`: texts on one document are no copies of each other. */
type Compare = (parts: readonly string[], id: string, document?: string) => Verdict;

function comparer(spec: NearDuplicatesSpec): Compare {
  const { num_buckets, hashes_per_bucket, jaccard_threshold } = spec;
  const sign = createSigner(spec);
  const kept = createLsh(num_buckets, hashes_per_bucket, jaccard_threshold);
  const ids: string[] = [];
  const documents: (string | undefined)[] = [];
  const signature = new Int32Array(num_buckets * hashes_per_bucket);
  return (parts, id, document) => {
    sign(parts, signature);
    const match = kept.find(signature, parts.length);
    if (match === null) {
      kept.add(signature, parts.length);
      ids.push(id);
      documents.push(document);
      return null;
    }
    if (document !== undefined && documents[match.index] === document) return null;
    const copied = copyDetail(ids[match.index]!, match.similarity);
    return { dropped: { reason: "near_duplicate", detail: copied } };
  };
}
