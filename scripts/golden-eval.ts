import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { compareCase } from "./golden-eval/case.ts";
import { oracles } from "./golden-eval/index.ts";
import type { Comparison } from "./golden-eval/oracle.ts";
import { compareRefusals } from "./golden-eval/refusals.ts";

/**
 * Holds the evaluation against right values made by lm-evaluation-harness and official scorers: every case
 * folder, oracle file and list of refusals under DIR. A line a comparison that is not right, with a count for
 * each file; exit code 1 past a bar.
 */
const [dir, ...only] = process.argv.slice(2);
if (dir === undefined) {
  console.error(
    "usage: npm run golden-eval -- DIR [NAME…]\n  DIR has cases (a folder each, with expected.json) and oracle files",
  );
  process.exit(2);
}

let [right, wrong, files] = [0, 0, 0];
for (const path of pathsIn(resolve(dir))) {
  if (only.length > 0 && !only.some((name) => path.includes(name))) continue;
  const comparisons = comparisonsOf(path);
  if (!comparisons) {
    console.log(`${path}: expected a kind of oracle that is known, got another; it is not compared`);
    continue;
  }
  files++;
  let [ownRight, ownWrong] = [0, 0];
  try {
    for await (const { what, isRight, detail } of comparisons) {
      if (isRight) ownRight++;
      else {
        ownWrong++;
        console.log(`WRONG ${path}: ${what}${detail === undefined ? "" : `: ${detail}`}`);
      }
    }
  } catch (error) {
    ownWrong++;
    console.log(`WRONG ${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  console.log(`${path}: ${ownRight} as expected, ${ownWrong} not`);
  right += ownRight;
  wrong += ownWrong;
}
console.log(`${files} files: ${right} comparisons as expected, ${wrong} past their bar`);
process.exit(wrong > 0 || files === 0 ? 1 : 0);

function* pathsIn(folder: string): Generator<string> {
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) yield* pathsIn(path);
    else if (name === "expected.json" || (name.endsWith(".json") && oracles.some((one) => one.takes(name))))
      yield path;
  }
}

function comparisonsOf(path: string): AsyncIterable<Comparison> | Iterable<Comparison> | undefined {
  const name = basename(path);
  if (name !== "expected.json") return byAll(path);
  const expected = JSON.parse(readFileSync(path, "utf8")) as object;
  if ("runs" in expected) return compareCase(path);
  return "cases" in expected ? compareRefusals(path) : undefined;
}

/** Several parts of the toolkit may answer for one file. */
async function* byAll(path: string): AsyncGenerator<Comparison> {
  for (const oracle of oracles) if (oracle.takes(basename(path))) yield* oracle.compare(path);
}
