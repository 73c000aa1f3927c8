import type { DataManifest } from "../folder/data-folder.ts";
import { kindOf } from "../stage/licenses.ts";

/**
 * The README.md for all datasets of a data folder: a configuration for each, so that `datasets` loads it by
 * name.
 */
export function renderRepoCard(title: string, { datasets, totals, split }: DataManifest): string {
  const licenses = [...new Set(datasets.map(({ license }) => license))];
  const [only, second] = licenses;
  const isSpdx =
    only !== undefined &&
    second === undefined &&
    kindOf(only) !== "unknown" &&
    !only.startsWith("LicenseRef-");
  const license = isSpdx ? `license: ${JSON.stringify(only.toLowerCase())}` : "license: other";
  const configs = datasets.map(
    ({ name, file }) => `- config_name: ${JSON.stringify(name)}\n  data_files: ${JSON.stringify(file)}`,
  );
  const lines = datasets.map(
    ({ name, from, revision, license, examples, templated }) =>
      `| [${name}](${name}/README.md) | \`${from}\` | \`${revision}\` | ${license} | ` +
      `${examples}${templated ? ", templated" : ""} |`,
  );
  return [
    `---\npretty_name: ${JSON.stringify(title)}\n${license}\nconfigs:\n${configs.join("\n")}\n---`,
    `# ${title}`,
    `Instruction data made by zebratune: ${totals.read} rows read, ${totals.examples} examples. ` +
      `\`split\` is decided by document (${split.validation * 100} % validation, ${split.test * 100} % ` +
      `test). Every row that was read and its fate is in \`ledger.parquet\`.`,
    "## Datasets and their licences",
    ["| dataset | from | revision | licence | examples |", "| --- | --- | --- | --- | ---: |", ...lines].join(
      "\n",
    ),
    "Each dataset keeps its own licence.",
    "",
  ].join("\n\n");
}
