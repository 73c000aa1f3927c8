import type { DatasetEntry } from "../entry.ts";
import { sizes } from "./passage.ts";

/**
 * The documents of another entry as they are, one example each, for pretraining and LCAT: rendered as `text`
 * in the recipe's mix, with the loss on everything.
 */
export function plainTextOf(entry: DatasetEntry): DatasetEntry {
  return {
    id: `${entry.id}-text`,
    title: `${entry.title.split(":")[0]}: plain documents`,
    description: "Whole documents, one example each, with nothing added; for `render: text`.",
    license: entry.license,
    revision: entry.revision,
    tasks: ["other"],
    lengths: ["short", "long"],
    templated: false,
    documentsAlone: true,
    documents: entry.documents,
    async *examples(options) {
      for await (const document of entry.documents()) {
        const length = document.text.length >= sizes.longMinimum ? "long" : "short";
        const wanted = options.tasks.has("other") && options.lengths.has(length);
        const draft = {
          id: document.id.slice(document.id.indexOf("/") + 1),
          task: "other" as const,
          messages: [{ role: "assistant" as const, content: document.text }],
          document: document.id,
          row: document.row,
          file: document.file,
          meta: { kind: "document", length, title: document.title },
        };
        yield { document, drafts: wanted ? [draft] : [] };
      }
    },
  };
}
