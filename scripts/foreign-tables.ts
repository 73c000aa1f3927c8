import type { ForeignKeys } from "../src/recipe/foreign/foreign-key.ts";
import { foreignTools } from "../src/recipe/foreign/index.ts";
import { torchtuneKeys } from "../src/recipe/foreign/torchtune.ts";
import { transformersKeys } from "../src/recipe/foreign/transformers.ts";
import { code, table } from "./schema-tables.ts";

/** Tables of the docs from other tools' keys to those of a recipe. */
export function foreignTables(): Readonly<Record<string, string>> {
  const { trl, axolotl, "llama-factory": llamaFactory } = foreignTools;
  return {
    "keys of transformers": keysTable(transformersKeys),
    "keys of TRL": keysTable(trl.own),
    "keys of Axolotl": keysTable(axolotl.own),
    "keys of Axolotl's datasets": keysTable(axolotl.datasetKeys),
    "keys of LLaMA-Factory": keysTable(llamaFactory.own),
    "keys of LLaMA-Factory's datasets": keysTable(llamaFactory.datasetKeys),
    "keys of torchtune": keysTable(torchtuneKeys),
  };
}

function keysTable(keys: ForeignKeys): string {
  const rows = Object.entries(keys).map(([key, of]) =>
    "here" in of ? [code(key), code(of.here), of.note ?? ""] : [code(key), "–", of.none],
  );
  return table(
    ["their key", "our key", "what to know"],
    rows.map((row) => row.map(escaped)),
  );
}

const escaped = (cell: string) => cell.replaceAll("|", "\\|");
