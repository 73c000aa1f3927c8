import { compileSchema } from "../../../ajv.ts";
import type { Draft } from "../../draft.ts";
import { parseJson } from "../../endpoint/parse-json.ts";
import { detail, type Reason } from "../../reason.ts";
import type { TeacherOptions } from "./options.ts";
import type { Reply } from "./replies/reply.ts";
import { invalid, type TaughtDocument, type TeacherTask } from "./task.ts";

/** What became of one item of a reply. */
export type Item = { draft(name: string): Draft } | { dropped: Reason };

/**
 * The items of a reply, at least as many as were asked for. Items that are missing, too many, of another
 * form, repeated or not supported by the document come with a reason.
 */
export function readItems(
  reply: Reply,
  task: TeacherTask,
  document: TaughtDocument,
  options: TeacherOptions,
): Item[] {
  const asked = options.per_document;
  const all = (item: { dropped: Reason }) => Array.from({ length: asked }, () => item);
  if (reply.finishReason === "length")
    return all(
      invalid(`the reply was cut at ${reply.usage?.outputTokens ?? "max"} tokens; raise max_tokens`),
    );
  const value = parseJson(jsonIn(reply.content));
  if (value === undefined) return all(invalid(detail(`expected JSON, got ${JSON.stringify(reply.content)}`)));
  const items = Array.isArray(value) ? value : (Object(value) as { items?: unknown }).items;
  if (!Array.isArray(items))
    return all(invalid(detail(`expected {"items": […]}, got ${JSON.stringify(value)}`)));

  const fits = compileSchema("reply", task.schema);
  const gists = new Set<string>();
  const read: Item[] = items.map((item: unknown, i) => {
    if (i >= asked) return invalid(`expected ${asked} items, got ${items.length}`);
    if (!fits(item)) {
      const [error] = fits.errors ?? [];
      return invalid(
        detail(`item ${i + 1}: expected another form, got ${error?.instancePath} ${error?.message}`),
      );
    }
    const written = task.read(item, document, options);
    if ("dropped" in written) {
      const { reason } = written.dropped;
      return { dropped: { reason, detail: detail(written.dropped.detail) } };
    }
    if (gists.has(written.gist)) return invalid(`item ${i + 1}: expected one that was not there before`);
    gists.add(written.gist);
    return written;
  });
  while (read.length < asked) read.push(invalid(`expected ${asked} items, got ${items.length}`));
  return read;
}

/** The JSON of a reply, without a model's thoughts before it and without a fence around it. */
function jsonIn(content: string): string {
  const said = content.split("</think>").at(-1)!;
  const [, fenced] = /^\s*```(?:json)?\s*\n([\s\S]*?)\n?\s*```\s*$/.exec(said) ?? [];
  return fenced ?? said;
}
