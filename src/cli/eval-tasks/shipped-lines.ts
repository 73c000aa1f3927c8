import { formatCount } from "../../format.ts";
import { type ShippedTask, shippedList, shippedNamed } from "../../harness/files/shipped-list.ts";
import { formatTable } from "../output/format.ts";

/** What `zebra eval tasks` prints: all that ships, or one of it with its members; or as JSON. */
export function shippedLines(
  name: string | undefined,
  { json: isJson = false }: { json?: boolean },
): string[] {
  if (name === undefined) {
    const all = shippedList();
    if (isJson) return [JSON.stringify(all, null, 2)];
    return [
      ...table(all),
      "",
      "Rows are those that are asked about. zebra eval tasks NAME says more of one; zebra eval --tasks NAME … asks it.",
    ];
  }
  const one = shippedNamed(name);
  if (isJson) return [JSON.stringify(one, null, 2)];
  const facts = [
    ["dataset", one.dataset],
    ["rows", one.rows === undefined ? "" : formatCount(one.rows)],
    ["metrics", one.metrics.join(", ")],
    ["licence", one.licence],
    ["paper", one.paper],
    ["file", `tasks/${one.file}`],
  ].filter(([, value]) => value !== "");
  return [
    `${one.name} (${one.kind}): ${one.about}`,
    ...(one.note === "" ? [] : ["", ...wrapped(one.note)]),
    "",
    ...facts.map(([key, value]) => `${key!.padEnd(8)} ${value}`),
    ...(one.members.length === 0 ? [] : ["", ...table(one.members)]),
  ];
}

function table(tasks: readonly ShippedTask[]): string[] {
  const rows = tasks.map(({ name, about, metrics, rows, licence, members }) => [
    members.length > 0 ? `${name} (${members.length})` : name,
    about,
    licence.replace(/ \(.*|;.*/, ""),
    metrics.length > 3 ? `${metrics.slice(0, 2).join(", ")} …` : metrics.join(", "),
    rows === undefined ? "" : formatCount(rows),
  ]);
  return formatTable(["task", "what", "licence", "metrics", "rows"], rows, 4);
}

/** Lines of at most 100 characters. */
function wrapped(text: string): string[] {
  const lines = [""];
  for (const word of text.split(" ")) {
    const line = lines.at(-1)!;
    if (line.length + word.length + 1 > 100) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines;
}
