import type { StopSignal } from "../../../contracts/events.ts";
import type { SourceItem } from "../../draft.ts";
import { endpointOf } from "../../endpoint/address.ts";
import type { Refusal } from "../../endpoint/client.ts";
import type { DataSource } from "../../sources/source.ts";
import { evenly } from "../../sources/spread-evenly.ts";
import type { SourcePlan } from "../builder.ts";
import { inOrder } from "./in-order.ts";
import type { TeacherOptions } from "./options.ts";
import { createAsker } from "./replies/ask.ts";
import { replyCache } from "./replies/reply-cache.ts";
import { createMeter } from "./replies/usage.ts";
import { createItemWriter } from "./write-items.ts";

/** Documents read ahead of the first whose reply is not there yet, for each request under way. */
const aheadOfEach = 4;

/**
 * A source of what a teacher model writes about a source of documents, in the order of the documents whatever
 * the order of the replies. Each item that a reply lacks is dropped with a reason: `teacher_failed` (no
 * reply), `teacher_invalid` (of another form), `teacher_ungrounded` (not supported by the document).
 */
export function teacherSource(
  source: DataSource,
  options: TeacherOptions,
  plan: SourcePlan,
  env = process.env,
): DataSource {
  const { where, splitFor, warn } = plan;
  const endpoint = endpointOf(options.endpoint, options.api_key_env, env);
  const cache = replyCache(env, warn);
  const meter = createMeter(options);
  const refused = new Map<string, Refusal>();
  let told = 0;

  return {
    ...source,
    title: `${source.title}, ${options.task} by ${options.model}`,
    teacher: () => meter.usage(),
    async *items(progress) {
      const work = untilFailure(plan.stop);
      const ask = createAsker({ where, endpoint, options, cache, meter, refused, stop: work.stop });
      const write = createItemWriter({ splitFor, options, ask });
      const isChosen = await chooser(source, options.documents);
      const written = inOrder(
        source.items(progress),
        aheadOfEach * options.concurrency,
        (item) =>
          isChosen(item) ? work.watch(write(item)) : Promise.resolve(beyondLimit(item, options.documents)),
        work.halt,
      );
      try {
        for await (const items of written) yield* items;
      } catch (error) {
        throw work.failure() ?? error;
      }
      if (refused.size > told) {
        told = refused.size;
        warn(
          `${where}: ${told} of the documents got no reply (teacher_failed in the ledger). To ask ` +
            "for them again, " +
            "remove the run's data folder and run again: all other replies come from the cache.",
        );
      }
    },
  };
}

/**
 * Concurrent work that one failure ends: `stop` is then set for all of it, so that nothing is tried again.
 */
function untilFailure(outer: StopSignal) {
  let failure: unknown;
  let halted = false;
  return {
    stop: {
      get stopped() {
        return halted || outer.stopped;
      },
    },
    halt: () => {
      halted = true;
    },
    /** The first failure: later ones may come from it. */
    failure: () => failure,
    watch: <T>(work: Promise<T>): Promise<T> =>
      work.catch((error: unknown) => {
        failure ??= error;
        halted = true;
        throw error;
      }),
  };
}

/**
 * A function that says of each item, in order, whether it is taken: `limit` drafts spread evenly, and
 * everything that is not a draft.
 */
async function chooser(
  source: DataSource,
  limit: number | undefined,
): Promise<(item: SourceItem) => boolean> {
  if (limit === undefined) return () => true;
  let total = 0;
  for await (const item of source.items(() => {})) if ("draft" in item) total++;
  const isWithin = evenly(total, limit);
  return (item) => !("draft" in item) || isWithin();
}

function beyondLimit(item: SourceItem, limit: number | undefined): SourceItem[] {
  const id = "draft" in item ? item.draft.id : item.id;
  return [{ place: item.place, id, dropped: { reason: "limit", detail: `documents ${limit}` } }];
}
