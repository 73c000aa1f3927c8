import type { Emit, EventOf, StageName } from "../../contracts/events.ts";
import { formatCount } from "../../format.ts";

/** What a run is doing, read from its events: what a clean stop waits for. */
export interface InHand {
  see: Emit;
  /** The stage that runs or comes next. */
  readonly stage: StageName;
  text(): string;
}

export function watchWork(): InHand {
  let stage: StageName = "data";
  let hasBegun = false;
  let progress: EventOf<"stage.progress"> | undefined;
  return {
    see(event) {
      if (event.type === "stage.start" || event.type === "stage.skip") {
        [stage, progress, hasBegun] = [event.stage, undefined, event.type === "stage.start"];
      } else if (event.type === "stage.progress") progress = event;
      else if (event.type === "run.start") stage = event.stages[0] ?? stage;
    },
    get stage() {
      return stage;
    },
    text() {
      if (!hasBegun) return `the stage ${stage} to begin`;
      const what = progress === undefined ? stage : `${stage}, ${progressText(progress)}`;
      return stage === "finetune" ? `${what}, then its checkpoint` : what;
    },
  };
}

function progressText({ label, done, total, unit }: EventOf<"stage.progress">): string {
  const counted = total > 0 ? `${formatCount(done)} of ${formatCount(total)}` : formatCount(done);
  return `${label} (${counted} ${unit} done)`;
}
