import { Document, isScalar, isSeq } from "yaml";
import { foreignTools } from "../foreign/index.ts";
import type { Converted } from "./convert.ts";

/** Sections in the order of the pipeline. */
const order = ["name", "seed", "output_dir", "model", "data", "mix", "finetune", "eval"];

/** The recipe as YAML: beside each value the key that it comes from, at its end what was left. */
export function formatImported({ tool, taken, datasets, left }: Converted, from: string): string {
  const root: Record<string, unknown> = {};
  const sorted = taken.toSorted(
    (a, b) => order.indexOf(a.path.split(".")[0]!) - order.indexOf(b.path.split(".")[0]!),
  );
  for (const section of order)
    if (section === "data" || sorted.some(({ path }) => path.split(".")[0] === section)) root[section] ??= {};
  for (const { path, value } of sorted) setIn(root, path.split("."), value);
  const data = root.data as Record<string, unknown>;
  root.data = { datasets: datasets.length > 0 ? datasets : [{ path: "data/train.jsonl" }], ...data };
  const document = new Document(root);
  for (const { path, from: source } of sorted) {
    const node = document.getIn(path.split("."), true);
    if (isSeq(node)) node.flow = true;
    if (isScalar(node) || isSeq(node)) node.comment = ` ${source}`;
  }
  const { title } = foreignTools[tool];
  const head = [`# From ${from}, a config of ${title}. Beside each value: where it comes from.`];
  const rest = left.map(({ key, why }) => `#   ${oneLine(key)}: ${why}`);
  const tail = rest.length > 0 ? ["", "# Not taken:", ...rest] : [];
  const missing = datasets.length > 0 ? [] : ["# No dataset was found: put yours in data.datasets."];
  return `${[...head, ...missing, "", document.toString({ lineWidth: 0 }).trimEnd(), ...tail].join("\n")}\n`;
}

function setIn(root: Record<string, unknown>, path: readonly string[], value: unknown): void {
  let at = root;
  for (const step of path.slice(0, -1)) {
    at[step] ??= {};
    at = at[step] as Record<string, unknown>;
  }
  at[path.at(-1)!] = value;
}

const oneLine = (text: string) => text.replaceAll(/\s+/g, " ").slice(0, 90);
