import { expect, test } from "vitest";
import { scrubText } from "../../../../src/datasets/curate/pii/pii.ts";
import { type PiiKind, piiPatterns } from "../../../../src/datasets/curate/pii/pii-patterns.ts";
import { harmlessLines, personalLines } from "./lines.ts";

const kinds = Object.keys(piiPatterns) as PiiKind[];
const lines = [...personalLines, ...harmlessLines].map((line) => line.replaceAll("·", ""));

/** How often the placeholders of a kind are right, wrong and missing. A wrong extent is wrong and missing. */
function judge(kind: PiiKind) {
  const counts = { right: 0, wrong: 0, missing: 0 };
  const errors: string[] = [];
  const { placeholder } = piiPatterns[kind];
  for (const line of lines) {
    const plain = line.replace(/⟦\w+:(.*?)⟧/g, "$1");
    const wanted = line.replace(/⟦(\w+):(.*?)⟧/g, (_, own: string, text: string) =>
      own === kind ? placeholder : text,
    );
    const got = scrubText(plain, kinds);
    const times = (text: string) => text.split(placeholder).length - 1;
    // Placeholders of other kinds are judged with their own kind.
    const alone = scrubText(plain, [kind]);
    const isRight = alone === wanted && times(got) === times(wanted);
    if (isRight) {
      counts.right += times(wanted);
      continue;
    }
    counts.wrong += times(alone);
    counts.missing += times(wanted);
    errors.push(alone);
  }
  const { right, wrong, missing } = counts;
  return { precision: right / (right + wrong), recall: right / (right + missing), right, errors };
}

test("there are two hundred lines at least, about half of them harmless", () => {
  expect(lines.length).toBeGreaterThanOrEqual(200);
  expect(harmlessLines.length / lines.length).toBeGreaterThan(0.45);
  expect(harmlessLines.length / lines.length).toBeLessThan(0.55);
});

test.each(kinds)("%s: precision and recall are 0.95 at least", (kind) => {
  const { precision, recall, right, errors } = judge(kind);
  expect(right).toBeGreaterThanOrEqual(20);
  expect(errors).toEqual([]);
  expect(precision).toBeGreaterThanOrEqual(0.95);
  expect(recall).toBeGreaterThanOrEqual(0.95);
});
