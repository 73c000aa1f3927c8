import { Type } from "@sinclair/typebox";
import { choice, mapping, text } from "../../schema.ts";
import { freeOptions } from "./named.ts";

/** Keys of an entry of `data.curate.filters`. */
export const filterSchema = mapping(
  {
    name: text("An entry of src/datasets/curate/filters."),
    options: Type.Optional(freeOptions("Settings of the filter.")),
  },
  { description: "One filter and its settings." },
);

/** Keys of `data.curate.decontaminate`. */
export const decontaminateSchema = mapping(
  {
    ngram_words: Type.Integer({
      description:
        "Words of such a run; a benchmark item of 8 words or more that is shorter counts as a whole.",
      minimum: 4,
      maximum: 1000,
      default: 13,
    }),
    splits: Type.Array(choice(["validation", "test"]), {
      description: "Splits of the run's own sources that count as benchmarks.",
      uniqueItems: true,
      default: ["test"],
    }),
    files: Type.Array(Type.String({ minLength: 1 }), {
      description: "Benchmarks: files or folders of rows (every text in a row counts) or of plain text.",
      default: [],
    }),
    max_documents: Type.Integer({
      description:
        "A run found in more documents of the benchmarks than this is a phrase or a template and drops " +
        "nothing.",
      minimum: 1,
      default: 10,
    }),
    match_threshold: Type.Optional(
      Type.Number({
        description:
          "Drop an example only if it has at least this share of a benchmark text's words in such runs " +
          "(Tulu 3: 0.5, with ngram_words 8). Without it one run is enough.",
        exclusiveMinimum: 0,
        maximum: 1,
      }),
    ),
  },
  {
    description:
      "Drop examples that have a run of words in common with a benchmark. {} for the run's own test split.",
  },
);

/** Keys of `data.curate.near_duplicates`: MinHash and LSH; the names are datatrove's. */
export const nearDuplicatesSchema = mapping(
  {
    shingle: choice(["words", "chars"], {
      description: "What texts are compared by: runs of words, or of characters.",
      default: "words",
    }),
    n_grams: Type.Integer({
      description: "Words or characters of a run.",
      minimum: 1,
      maximum: 1000,
      default: 5,
    }),
    num_buckets: Type.Integer({
      description: "Bands of the signature.",
      minimum: 1,
      maximum: 256,
      default: 14,
    }),
    hashes_per_bucket: Type.Integer({
      description: "Hashes of a band.",
      minimum: 1,
      maximum: 64,
      default: 8,
    }),
    jaccard_threshold: Type.Number({
      description: "An example goes when its similarity to one that stays is estimated to be at least this.",
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.7,
    }),
    text: choice(["conversation", "document"], {
      description:
        "conversation: document and exchange must both be alike, so questions on one document stay. " +
        "document: all examples on a near copy of another document go.",
      default: "conversation",
    }),
  },
  {
    description:
      "Drop near copies of examples that stay, by MinHash and LSH. {} for datatrove's settings; NeMo " +
      "Curator's are shingle: chars, n_grams: 24, num_buckets: 20, hashes_per_bucket: 13.",
  },
);

/** Keys of `data.curate`. Each step is off unless asked for. */
export const curateSchema = mapping(
  {
    pii: Type.Array(choice(["mail", "phone", "key", "ip"]), {
      description:
        "Put a placeholder where a text has one of these: mail addresses, phone numbers, keys and tokens, " +
        "public IP addresses.",
      uniqueItems: true,
      default: [],
    }),
    filters: Type.Array(filterSchema, {
      description: "Entries of the filter catalog (src/datasets/curate/filters), in order.",
      default: [],
    }),
    decontaminate: Type.Optional(decontaminateSchema),
    exact_duplicates: Type.Boolean({
      description:
        "Drop an example whose conversation is that of an earlier one, apart from case and white space.",
      default: false,
    }),
    near_duplicates: Type.Optional(nearDuplicatesSchema),
  },
  {
    description:
      "What is taken out of the examples before they are written. Every example that goes is in the " +
      "ledger, with the reason.",
  },
);
