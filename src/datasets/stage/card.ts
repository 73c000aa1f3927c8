import type { Example, Split } from "../../contracts/example.ts";
import { examplesFile } from "../../contracts/run-folder.ts";
import { mapCall } from "../../contracts/tool-calls.ts";
import { formatCount, formatKept } from "../../format.ts";
import { mapJsonText } from "../../json-strings.ts";
import type { DatasetCounts } from "../folder/counts.ts";
import type { DataSource } from "../sources/source.ts";

/**
 * The README.md of a dataset: front matter as the Hub reads it, then what a reader should know before using
 * it.
 */
export function renderCard(
  name: string,
  source: DataSource,
  counts: DatasetCounts,
  sample: Example | undefined,
): string {
  return [
    frontMatter(name, source, counts),
    `# ${name}`,
    `${source.title}. ${source.description}`.trim(),
    written(source),
    "## Counts",
    cells(counts),
    `${formatCount(counts.rows.read)} rows read: ${formatKept({ ...counts.rows, shortened: 0 })}, ` +
      `${formatCount(counts.rows.dropped)} dropped${reasons(counts)}. Every row and its fate is in ` +
      `\`../ledger.parquet\`.${told(counts)}`,
    `Documents: ${counts.documents.train} train, ${counts.documents.validation} validation, ` +
      `${counts.documents.test} test. The split is decided by document, so no document is in two ` +
      "splits.",
    "## Length",
    `Characters an example: median ${counts.chars.median}, 90 % under ${counts.chars.p90}, longest ` +
      `${counts.chars.max}; ${counts.chars.total} in all. How many tokens that is depends on the ` +
      "tokenizer (about a token for 3 to 4 characters of English); the mix stage counts them.",
    "## Where it is from",
    `\`${source.from}\`, ${source.revision}, licence ${source.license}.`,
    ...(sample ? ["## An example", fenced(sample)] : []),
    "",
  ].join("\n\n");
}

/** Who wrote what is in the examples besides the source's own text. */
function written({ templated, teacher }: DataSource): string {
  if (teacher) {
    const { model, endpoint } = teacher().made;
    return (
      `**A model wrote the questions, summaries or instructions**: \`${model}\` at \`${endpoint}\`. ` +
      "They were held against the documents by program and read by no person. Its terms may bind what " +
      "is made with its output."
    );
  }
  return templated
    ? "**The questions are templated**: fixed wordings filled in over real text, with answers taken " +
        "from that text. No person and no model wrote them. What the texts say is of their time and " +
        "their authors, and was not checked."
    : "The text is as the source has it; what it says was not checked.";
}

function frontMatter(name: string, source: DataSource, counts: DatasetCounts): string {
  const known: Record<string, string> = {
    qa: "question-answering",
    summarization: "summarization",
    writing: "text-generation",
  };
  const categories = Object.keys(counts.by_task).map((task) => known[task] ?? "text-generation");
  const reference = /^LicenseRef-(.+)$/.exec(source.license)?.[1];
  const lines = [
    "---",
    `pretty_name: ${JSON.stringify(name)}`,
    reference
      ? `license: other\nlicense_name: ${JSON.stringify(reference.toLowerCase())}`
      : `license: ${JSON.stringify(source.license.toLowerCase())}`,
    ...(source.language ? [`language:\n- ${source.language}`] : []),
    ...(categories.length > 0
      ? [`task_categories:\n${[...new Set(categories)].map((c) => `- ${c}`).join("\n")}`]
      : []),
    `size_categories:\n- ${sizeCategory(counts.examples)}`,
    `configs:\n- config_name: default\n  data_files: ${examplesFile}`,
    "---",
  ];
  return lines.join("\n");
}

function sizeCategory(examples: number): string {
  if (examples < 1_000) return "n<1K";
  if (examples < 10_000) return "1K<n<10K";
  if (examples < 100_000) return "10K<n<100K";
  return examples < 1_000_000 ? "100K<n<1M" : "n>1M";
}

const splits: readonly Split[] = ["train", "validation", "test"];

function cells(counts: DatasetCounts): string {
  const rows = new Set(Object.keys(counts.by_cell).map((cell) => cell.slice(0, cell.lastIndexOf("/"))));
  const line = (row: string) => {
    const [task, length] = row.split("/");
    return (
      `| ${task} | ${length} | ` +
      `${splits.map((split) => counts.by_cell[`${row}/${split}`] ?? 0).join(" | ")} |`
    );
  };
  const total = `| all | | ${splits.map((split) => counts.by_split[split]).join(" | ")} |`;
  return [
    "| task | length | train | validation | test |",
    "| --- | --- | ---: | ---: | ---: |",
    ...[...rows].sort().map(line),
    total,
  ].join("\n");
}

function reasons(counts: DatasetCounts): string {
  const list = Object.entries(counts.reasons).map(([reason, n]) => `${reason} ${n}`);
  return list.length > 0 ? ` (${list.join(", ")})` : "";
}

/** Forms of rows where there are several, and thoughts. */
function told({ by_form: forms, thoughts }: DatasetCounts): string {
  const names = Object.entries(forms).map(([form, n]) => `${form} ${n}`);
  return (
    (names.length > 1 ? ` Rows by form: ${names.join(", ")}.` : "") +
    (thoughts > 0 ? ` Messages with a thought (\`reasoning_content\`): ${thoughts}.` : "")
  );
}

/** The example as JSON, long contents cut in the middle, in a fence longer than any in it. */
function fenced(example: Example): string {
  const cut = (text: string) =>
    (text.length <= 700 ? text : `${text.slice(0, 350)} […] ${text.slice(-350)}`).toWellFormed();
  const shown = {
    ...example,
    messages: example.messages.map((m) => ({
      ...m,
      content: cut(m.content),
      ...(m.reasoning_content && { reasoning_content: cut(m.reasoning_content) }),
      ...(m.tool_calls && { tool_calls: m.tool_calls.map((call) => mapCall(call, cut)) }),
    })),
    ...(example.tools && { tools: mapJsonText(example.tools, cut) }),
  };
  const json = JSON.stringify(shown, null, 2);
  const fence = "`".repeat(Math.max(3, ...[...json.matchAll(/`+/g)].map((m) => m[0].length + 1)));
  return `${fence}json\n${json}\n${fence}`;
}
