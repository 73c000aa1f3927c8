import { escapeHtml } from "../../../quote.ts";
import { details, facts } from "../table.ts";

/** What a reader must know to do the same again. */
export interface About {
  /** When the report was written. */
  date: Date;
  /** The machine in words, and the versions of Node and zebratune. */
  machine: string;
  /** The command line that was started. */
  command: string | undefined;
  /** The recipe as YAML, with all defaults. */
  recipe: string | undefined;
  /** Models in words: parameters, layers and the like, by label. */
  models: readonly { label: string; sha256: string; text: string; config: string | undefined }[];
  /** Datasets with rows and licences. */
  data: string;
  cost: string;
}

/** The facts at the head of the report, and recipe and configs in full to open. */
export function about({ date, machine, command, recipe, models, data, cost }: About): string {
  const code = (text: string): string => `<code>${escapeHtml(text)}</code>`;
  const rows: (readonly [string, string])[] = [
    ...models.map(
      ({ label, text, sha256 }) =>
        [`model ${label}`, `${escapeHtml(text)} ${code(sha256.slice(0, 12))}`] as const,
    ),
    ...(data === "" ? [] : [["data", escapeHtml(data)] as const]),
    ...(cost === "" ? [] : [["cost", escapeHtml(cost)] as const]),
    ["machine", escapeHtml(machine)],
    ["date", escapeHtml(`${date.toISOString().slice(0, 16).replace("T", " ")} UTC`)],
    ...(command === undefined ? [] : [["command", code(command)] as const]),
  ];
  const config = models.flatMap(({ label, config: text }) =>
    text === undefined ? [] : [details(`Config of ${label}`, `<pre>${escapeHtml(text)}</pre>`)],
  );
  return (
    facts(rows) +
    (recipe === undefined ? "" : details("Recipe, with all defaults", `<pre>${escapeHtml(recipe)}</pre>`)) +
    config.join("")
  );
}
