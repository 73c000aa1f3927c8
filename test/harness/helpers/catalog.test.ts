import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { knownFunctions } from "../../../src/harness/helpers/catalog/index.ts";
import type { Helper } from "../../../src/harness/helpers/helper.ts";
import { floatText } from "../../../src/jinja/values/float-text.ts";
import { integer, isList, PyDict, PyFloat, type Value } from "../../../src/jinja/values/values.ts";

/** A value of Python as the fixture writes it: `{i}` an int, `{f}` a float, `{d}` a dict. */
type Encoded =
  | null
  | boolean
  | string
  | Encoded[]
  | { i: string }
  | { f: string }
  | { d: [string, Encoded][] };

interface Case {
  file: string;
  name: string;
  use: "rows" | "row" | "results";
  rows: Encoded[];
  /** What the Python function of lm-evaluation-harness 0.4.13 gave; for results [what it was given, gave]. */
  expected: Encoded[];
}

const cases = JSON.parse(
  readFileSync(join(import.meta.dirname, "fixtures", "upstream.json"), "utf8"),
) as Case[];

function decode(value: Encoded): Value {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map(decode);
  if ("i" in value) return integer(BigInt(value.i));
  if ("f" in value) return new PyFloat(Number(value.f));
  return PyDict.of(value.d.map(([key, item]) => [key, decode(item)]));
}

function encode(value: Value): Encoded {
  if (value === null || typeof value === "boolean" || typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "bigint") return { i: String(value) };
  if (isList(value)) return value.map(encode);
  if (value instanceof PyFloat) return { f: floatText(value.value) };
  if (value instanceof PyDict)
    return { d: [...value.entries()].map(([key, item]) => [String(key), encode(item)]) };
  throw new Error("expected a plain value");
}

/** Functions that the harness names by `partial`, and what it fixes. */
const partials: Readonly<Record<string, [of: string, given: Record<string, string | boolean>]>> = {
  "mmlu_pro/utils.doc_to_text": ["mmlu_pro/utils.format_cot_example", { including_answer: false }],
  "mmlu_pro/utils.fewshot_to_target": ["mmlu_pro/utils.format_cot_target", { including_answer: true }],
  "mmlu_pro/utils.process_law": ["mmlu_pro/utils.process_docs", { subject: "law" }],
};

function helperFor({ file, name }: Case): Helper {
  const full = `${file.slice(0, file.lastIndexOf("/"))}/${name}`;
  const [of, given] = partials[full] ?? [full, {}];
  const helper = knownFunctions.find(({ standsFor }) => standsFor === of)?.make(given);
  if (!helper) throw new Error(`expected a helper for ${full}, got none`);
  return helper;
}

describe("helpers give what the Python of lm-evaluation-harness 0.4.13 gave", () => {
  it.each(cases.map((one) => [`${one.file} ${one.name}`, one] as const))("%s", (_, one) => {
    const helper = helperFor(one);
    const rows = one.rows.map((row) => decode(row) as PyDict);
    if (one.use === "rows") expect(helper.rows!.ofRows(rows).map(encode)).toEqual(one.expected);
    else if (one.use === "row")
      expect(rows.map((row) => encode(helper.row!.ofRow(row)))).toEqual(one.expected);
    else {
      const [given, scores] = one.expected as [Encoded[], { d: [string, { i: string } | { f: string }][] }[]];
      rows.forEach((row, i) => {
        const got = helper.results!.ofResults(row, decode(given[i]!) as Value[]);
        expect(Object.keys(got)).toEqual(scores[i]!.d.map(([name]) => name));
        for (const [name, score] of scores[i]!.d)
          expect(rounded(got[name])).toEqual(rounded(expectedNumbers(score)));
      });
    }
  });

  it("aggregates RULER's lengths without the rows of other lengths", () => {
    const helper = knownFunctions.find(({ standsFor }) => standsFor.endsWith("aggregate_metrics"))!.make({});
    expect(helper!.aggregation!.ofItems([-1, 0.5, 1, -1])).toBe(0.75);
    expect(helper!.aggregation!.ofItems([-1])).toBe(-1);
  });
});

function rounded(value: unknown): unknown {
  return Array.isArray(value) ? value.map(rounded) : Number((value as number).toFixed(12));
}

function expectedNumbers(score: Encoded): unknown {
  if (Array.isArray(score)) return score.map(expectedNumbers);
  const { i, f } = score as { i?: string; f?: string };
  return Number(i ?? f);
}
