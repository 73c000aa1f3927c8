import { hash } from "node:crypto";
import type { ContextSpan } from "../../contracts/example.ts";
import type { LocalFile } from "../files/local-files.ts";
import { readRows } from "../files/read-rows.ts";
import { sameText } from "../same-text.ts";
import { commonPassages, type PassageKinds, type Probed } from "./common-passages.ts";
import type { Turns } from "./conversation.ts";
import { passagesOf } from "./passages.ts";
import type { FormOf } from "./row-forms.ts";

/** Rows that are looked at to find out what their prompts have in common, and characters of them at most. */
const probeRows = 200;
const probeChars = 16 << 20;
/** Of a long passage the beginning counts: an instruction may stand behind it on the same line. */
const keyChars = 240;

type Conversation = Pick<Turns, "messages" | "context">;

/** The id of the document that a conversation is about; `named` is what its row calls the document. */
export type DocumentOf = (named: string | undefined, conversation: Conversation) => string;

/** Rows whose documents are to be told. */
export interface RowsOfDocuments {
  /** For warnings. */
  name: string;
  files: readonly LocalFile[];
  formOf: FormOf;
}

/**
 * A function that tells the document of a conversation. A document must not be in two splits, so it is the
 * same in all datasets and all forms of rows, whatever is asked about it:
 *
 * - the name that the row gives it, as it is; else
 * - the longest passage of the text that is marked as context, or of the prompt where nothing is marked,
 *   apart from passages that the prompts of this dataset have in common: instructions, not documents; else
 * - the marked text, or the first question.
 *
 * Reads the first rows of the files.
 */
export async function documentIds(
  rows: RowsOfDocuments,
  warn: (message: string) => void,
): Promise<DocumentOf> {
  const kinds = await commonPassages(probe(rows));
  const { everywhere } = kinds;
  if (everywhere !== null)
    warn(
      `${rows.name}: all of the first ${probeRows} prompts have one passage (${quoted(everywhere)}), which is ` +
        "taken for an instruction. If it is a document, say so in the rows' `document` column (or fields.document)",
    );
  return (named, conversation) => named ?? idByContent(conversation, kinds);
}

/**
 * A function that tells the document of a text file by the same rule, so that it is that of rows about the
 * text. Reads `texts`, the first ones, for what they have in common: a licence at the end of each, say.
 */
export async function textIds(texts: AsyncIterable<string>): Promise<(text: string) => string> {
  const { common } = await commonPassages(probeTexts(texts), 0);
  return (text) => firstUncommon([text], common) ?? contentId(text);
}

async function* probeTexts(texts: AsyncIterable<string>): AsyncGenerator<Probed> {
  for await (const text of texts) yield { system: "", passages: probed([text], []) };
}

/** A document's id by its content: the same text is the same document wherever it is. */
export function contentId(text: string): string {
  return `sha256:${hash("sha256", text).slice(0, 32)}`;
}

/** The id by a passage: of its text as people mean it, in whatever lines it is broken. */
export function passageId(passage: string): string {
  const start = passage.slice(0, 1.5 * keyChars);
  // Nearly all passages are plain text with single blanks already.
  const text = isPlain(start) ? start : sameText(start).replace(/\s+/g, " ").trim();
  return contentId(text.slice(0, keyChars));
}

/**
 * Whether a text is ASCII with single blanks. A regular expression takes twice as long, and each row is
 * asked.
 */
function isPlain(text: string): boolean {
  let before = 0;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 32 || unit > 126 || (unit === 32 && before === 32)) return false;
    before = unit;
  }
  return true;
}

/** The first words of a passage, for messages. */
export function quoted(passage: string): string {
  const start = passage.replace(/\s+/g, " ").trim();
  return start.length > 60 ? `“${start.slice(0, 60).trimEnd()} …”` : `“${start}”`;
}

function idByContent(conversation: Conversation, kinds: PassageKinds): string {
  const { messages, context } = conversation;
  const id = firstUncommon(textsOf(conversation, kinds.systemVaries), kinds.common);
  if (id !== null) return id;
  const [span] = spansOf(context);
  const marked = span && messages[span.message]?.content.slice(span.start, span.end);
  return contentId(marked || messages.find(({ role }) => role === "user")!.content);
}

/** The id of the longest passage of the texts that is not common; null without one. */
function firstUncommon(texts: readonly string[], common: ReadonlySet<string>): string | null {
  for (const passage of passagesOf(texts)) {
    const id = passageId(passage);
    if (!common.has(id)) return id;
  }
  return null;
}

/**
 * The texts that may have the document: from the first span that is marked to the last one in the same
 * message, as a question's own passage is left out between them; without marks what the user says, and the
 * system where it does not always say the same.
 */
function textsOf({ messages, context }: Conversation, withSystem: boolean): string[] {
  const spans = spansOf(context);
  const [first] = spans;
  const content = first && messages[first.message]?.content;
  if (first !== undefined && content !== undefined) {
    const last = spans.findLast(({ message }) => message === first.message)!;
    return [content.slice(first.start, last.end)];
  }
  return messages
    .filter(({ role }) => role === "user" || (withSystem && role === "system"))
    .map((message) => message.content);
}

/** Rows are not checked by the schema yet. */
function spansOf(context: Turns["context"]): readonly ContextSpan[] {
  return Array.isArray(context) ? context : [];
}

/** Passages of all texts, those of the system marked. */
function probed(texts: readonly string[], systems: readonly string[]): Probed["passages"] {
  const ofSystem = new Set(Array.from(passagesOf(systems), passageId));
  return Array.from(passagesOf(texts), (text) => {
    const id = passageId(text);
    return { id, text, isSystem: ofSystem.has(id) };
  });
}

/** What the first conversations of the files say, for finding what they have in common. */
async function* probe({ files, formOf }: RowsOfDocuments): AsyncGenerator<Probed> {
  let [rows, chars] = [0, 0];
  for (const file of files) {
    for await (const row of readRows(file.path, file.name)) {
      if (!("value" in row)) continue;
      for (const turns of [formOf(row.value).convert(row.value)].flat()) {
        if ("dropped" in turns) continue;
        chars += turns.messages.reduce((sum, { content }) => sum + content.length, 0);
        if (rows >= probeRows || chars > probeChars) return;
        rows++;
        const system = turns.messages.find(({ role }) => role === "system")?.content ?? "";
        yield { system, passages: probed(textsOf(turns, true), [system]) };
      }
    }
  }
}
