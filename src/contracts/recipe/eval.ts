import { Type } from "@sinclair/typebox";
import { mapping, orNull, text } from "../../schema.ts";
import { deviceKey } from "./device.ts";

/** Keys of an entry of `eval.benchmarks`. */
export const benchmarkSchema = mapping(
  {
    name: text("An entry of src/eval/benchmarks."),
    limit: Type.Optional(
      Type.Integer({ description: "At most this many items, chosen by the hash of their ids.", minimum: 1 }),
    ),
    options: Type.Optional(
      Type.Unsafe<Record<string, string | number | boolean | number[]>>({
        description: "Settings of the benchmark.",
        type: "object",
        additionalProperties: {
          type: ["string", "number", "boolean", "array"],
          items: { type: "number" },
        },
      }),
    ),
  },
  { description: "One benchmark and its settings." },
);

/** Keys of `eval`. */
export const evalSchema = mapping(
  {
    device: deviceKey,
    benchmarks: Type.Array(benchmarkSchema, {
      description:
        "Entries of the benchmark catalog (src/eval/benchmarks), none twice. Empty: the stage is left out.",
      default: [],
    }),
    datasets: orNull(
      Type.Array(Type.String({ minLength: 1 }), {
        description:
          "Datasets of the recipe, by name, whose held-out documents are asked about. null: all. With " +
          "names the questions stay the same when training data is added.",
        minItems: 1,
        uniqueItems: true,
        default: null,
      }),
    ),
    max_seq_tokens: Type.Integer({
      description: "Longest prompt with its answer, in tokens.",
      minimum: 8,
      default: 4096,
    }),
  },
  { description: "What is measured, before and after.", default: {} },
);
