import type { TokenizerJson, TokenizerStep } from "./token-files.ts";

/**
 * Where a run of text stands: at the very start, right after a special token, or after other text that is
 * encoded separately. Tokenizers like SentencePiece (Llama 2, Mistral, Gemma) put a space before the first
 * word of a text, and a run in the middle must not get one: " Paris" after "[/INST]" is ▁Paris, not ▁ ▁Paris.
 */
export type RunPlace = "start" | "special" | "text";

/**
 * `tokenizer.json` for runs at `place`, so that the parts are encoded as transformers encodes the whole. The
 * normalizer `Prepend`, Metaspace `always` and ByteLevel `add_prefix_space` add a space after each special
 * token; Metaspace `first` does so only at the start.
 */
export function jsonAt(place: RunPlace, json: TokenizerJson): TokenizerJson {
  if (place === "start") return json;
  return {
    ...json,
    normalizer: changed(json.normalizer, place),
    pre_tokenizer: changed(json.pre_tokenizer, place),
  };
}

function changed(step: unknown, place: RunPlace): unknown {
  if (typeof step !== "object" || step === null) return step;
  const { type } = step as TokenizerStep;
  for (const list of ["normalizers", "pretokenizers"]) {
    const steps = (step as TokenizerStep)[list];
    if (type !== "Sequence" || !Array.isArray(steps)) continue;
    return { ...step, [list]: steps.map((one) => changed(one, place)).filter((one) => one !== null) };
  }
  const isText = place === "text";
  switch (type) {
    case "Prepend":
      return isText ? null : step;
    case "ByteLevel":
      return isText ? { ...step, add_prefix_space: false } : step;
    case "Metaspace": {
      const scheme =
        (step as TokenizerStep).prepend_scheme ??
        ((step as TokenizerStep).add_prefix_space === false ? "never" : "always");
      return isText || scheme === "first"
        ? { ...step, prepend_scheme: "never", add_prefix_space: false }
        : step;
    }
    default:
      return step;
  }
}
