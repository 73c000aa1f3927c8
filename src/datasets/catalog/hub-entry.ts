import type { Task } from "../../contracts/example.ts";
import type { FieldsSpec } from "../../contracts/recipe.ts";
import type { Length } from "../entry.ts";
import type { JsonObject } from "../files/json-rows.ts";
import type { FileChoice } from "../hub/choose-files.ts";
import type { Dropped, Turns } from "../rows/conversation.ts";
import { valueAt } from "../rows/mapping/fields.ts";

/**
 * A dataset of the Hub that a recipe may name under `catalog`: one file in `catalog/`, one line in its index.
 */
export interface HubDataset extends FileChoice {
  id: string;
  title: string;
  /** For the card: what the examples are and who made them. */
  description: string;
  /** SPDX id, `LicenseRef-…` for terms without one, or "unknown" where nobody says. */
  license: string;
  repo: string;
  /** Branch that is read where the recipe names none; what it stands for is kept as a commit. */
  revision: string;
  task: Task;
  lengths: readonly Length[];
  /** How a row becomes an example, or several. */
  rows: FieldsSpec | ((row: JsonObject) => Turns | Dropped | readonly (Turns | Dropped)[]);
}

/** A question about a document, document first; only the document may be shortened. */
export function documentTurns(
  question: string,
  document: string,
  answer: string,
  about: NonNullable<Turns["about"]>,
): Turns {
  return {
    messages: [
      { role: "user", content: `${document}\n\n${question}` },
      { role: "assistant", content: answer },
    ],
    ...(document.trim() === "" ? {} : { context: [{ message: 0, start: 0, end: document.length }] }),
    about,
  };
}

/** A question on paragraphs; those that do not support the answer may be shortened, and nothing else. */
export function paragraphTurns(
  question: string,
  paragraphs: readonly { text: string; supports: boolean }[],
  answer: string,
  about: NonNullable<Turns["about"]>,
): Turns {
  let content = "";
  const context: NonNullable<Turns["context"]> = [];
  for (const { text, supports } of paragraphs) {
    const start = content.length;
    content += `${text}\n\n`;
    if (!supports) context.push({ message: 0, start, end: content.length });
  }
  return {
    messages: [
      { role: "user", content: content + question },
      { role: "assistant", content: answer },
    ],
    ...(context.length > 0 ? { context } : {}),
    about,
  };
}

/** The list under a path; empty where there is none. */
export function listIn(row: JsonObject, path: string): unknown[] {
  const value = valueAt(row, path);
  return Array.isArray(value) ? value : [];
}

/** The text under a path; empty where there is none. */
export function textIn(row: JsonObject, path: string): string {
  const value = valueAt(row, path);
  return typeof value === "string" ? value : "";
}
