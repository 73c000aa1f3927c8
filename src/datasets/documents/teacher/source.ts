import type { SourceItem } from "../../draft.ts";
import { detail, type Reason } from "../../reason.ts";
import type { DataSource } from "../../sources/source.ts";
import { evenly } from "../../sources/spread-evenly.ts";
import type { BuilderDocument, SourcePlan } from "../builder.ts";
import { documentOf } from "../documents.ts";
import { headOf } from "../filler.ts";
import { createAsker } from "./ask.ts";
import { replyCache } from "./cache.ts";
import type { Refusal } from "./client.ts";
import { endpointOf } from "./endpoint.ts";
import { fold } from "./grounding.ts";
import { inOrder } from "./in-order.ts";
import type { TeacherOptions } from "./options.ts";
import { readItems } from "./read-items.ts";
import { requestOf } from "./request.ts";
import { lengthOf } from "./task.ts";
import { teacherTaskCatalog } from "./tasks/index.ts";
import { createMeter } from "./usage.ts";

/** Documents that are read ahead of the first whose reply is out, for each request under way. */
const aheadOfEach = 4;

/**
 * A source of documents as a source of what a teacher model writes about them, in the order of the documents whatever
 * the order of the replies. What a document's reply lacks is dropped, item by item, with a reason: `teacher_failed`
 * (no reply), `teacher_invalid` (of another form), `teacher_ungrounded` (not borne out by the document).
 */
export function teacherSource(
  source: DataSource,
  options: TeacherOptions,
  plan: SourcePlan,
  env = process.env,
): DataSource {
  const { task: taskName } = options;
  const task = teacherTaskCatalog[taskName];
  const endpoint = endpointOf(options.endpoint, options.api_key_env, env);
  const cache = replyCache(env, plan.warn);
  const meter = createMeter(options);
  const refused = new Map<string, Refusal>();
  let told = 0;

  return {
    ...source,
    title: `${source.title}, ${taskName} by ${options.model}`,
    teacher: () => meter.usage(),
    async *items(progress) {
      let failure: unknown;
      let halted = false;
      const stop = {
        get stopped() {
          return halted || plan.stop.stopped;
        },
      };
      const ask = createAsker({ where: plan.where, endpoint, options, cache, meter, refused, stop });

      async function write(item: SourceItem): Promise<SourceItem[]> {
        if ("dropped" in item) return [item];
        const { place, draft } = item;
        const whole = documentOf(draft, plan.split);
        const drop = (dropped: Reason) => [{ place, id: draft.id, dropped }];
        if (whole === null)
          return drop({
            reason: "not_document",
            detail: "a teacher reads documents; this row is a conversation",
          });
        const { document, cut } = cutTo(whole, options.max_document_chars);
        if (document.text === "")
          return drop({ reason: "no_example", detail: "the document has no sentence that is short enough" });
        const reply = await ask(requestOf(document, task, options));
        if ("status" in reply) {
          return drop({ reason: "teacher_failed", detail: detail(`expected a reply, got ${reply.message}`) });
        }
        const taught = { ...document, folded: fold(document.text), length: lengthOf(document.text) };
        const changed = cut ?? item.changed;
        return readItems(reply, task, taught, options).map((read, n): SourceItem => {
          const id = `${draft.id}/teacher-${taskName}-${n}`;
          if ("dropped" in read) return { place, id, dropped: read.dropped };
          const { row, file } = draft;
          const made = { ...read.draft(`${options.seed}/${n}`), id, row, file };
          return { place, draft: made, ...(changed ? { changed } : {}) };
        });
      }

      const chosen =
        options.documents === undefined ? undefined : evenly(await countDrafts(source), options.documents);
      const results = inOrder(
        source.items(progress),
        aheadOfEach * options.concurrency,
        (item) => {
          if (chosen && "draft" in item && !chosen()) {
            const dropped = { reason: "limit", detail: `documents ${options.documents}` };
            return Promise.resolve([{ place: item.place, id: item.draft.id, dropped }]);
          }
          return write(item).catch((error: unknown) => {
            // One that fails for good ends all; what waits for another try is not tried again.
            failure ??= error;
            halted = true;
            throw error;
          });
        },
        () => {
          halted = true;
        },
      );
      try {
        for await (const items of results) yield* items;
      } catch (error) {
        throw failure ?? error;
      }
      if (refused.size > told) {
        told = refused.size;
        plan.warn(
          `${plan.where}: ${told} of the documents got no reply (teacher_failed in the ledger). To ask for them again, remove the run's data folder and run again: all other replies come from the cache.`,
        );
      }
    },
  };
}

function cutTo(document: BuilderDocument, chars: number): { document: BuilderDocument; cut?: Reason } {
  const { text } = document;
  if (text.length <= chars) return { document };
  const head = headOf(text, chars);
  const told = `the first ${head.length} of ${text.length} characters (max_document_chars ${chars})`;
  return { document: { ...document, text: head }, cut: { reason: "document_head", detail: told } };
}

async function countDrafts(source: DataSource): Promise<number> {
  let total = 0;
  for await (const item of source.items(() => {})) if ("draft" in item) total++;
  return total;
}
