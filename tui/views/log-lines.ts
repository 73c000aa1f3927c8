import { stageFacts } from "../../src/contracts/stage-words.ts";
import { formatCount, formatDuration } from "../../src/format.ts";
import { displayPath } from "../format.ts";
import type { LogEntry } from "../state/state.ts";
import { glyphs, type Theme } from "../theme.ts";
import type { Line, View } from "./lines.ts";
import { named } from "./lines.ts";

const nameWidth = 9;

export type Logged = Exclude<LogEntry, { type: "run.end" }>;

/** All that was finished or warned of, in full. */
export function logView(log: readonly LogEntry[], cwd: string, width: number): View {
  const body = log.flatMap((entry) => (entry.type === "run.end" ? [] : logLines(entry, cwd, width)));
  return { head: [], body };
}

/** A finished line in full: long texts continue below. */
export function logLines(entry: Logged, cwd: string, width: number): Line[] {
  const { glyph, role, name, text } = describe(entry, cwd);
  const room = Math.max(1, width - 2);
  return named({ text: name, role: "strong" }, text, nameWidth, room).map((line, i) => [
    { text: i === 0 ? `${glyph} ` : "  ", role },
    ...line,
  ]);
}

interface Description {
  glyph: string;
  role: keyof Theme;
  name: string;
  text: string;
}

function describe(entry: Logged, cwd: string): Description {
  switch (entry.type) {
    case "stage.end": {
      const facts = stageFacts(entry.stage, entry.summary, (path) => displayPath(path, cwd)).join(", ");
      const text = `done in ${formatDuration(entry.durationMs)}${facts === "" ? "" : `: ${facts}`}`;
      return { glyph: glyphs.done, role: "good", name: entry.stage, text };
    }
    case "stage.skip":
      return { glyph: glyphs.unchanged, role: "good", name: entry.stage, text: `unchanged: ${entry.reason}` };
    case "warning":
      return { glyph: glyphs.warning, role: "caution", name: entry.stage, text: entry.message };
    case "train.checkpoint": {
      const text = `checkpoint of step ${formatCount(entry.step)}: ${displayPath(entry.path, cwd)}`;
      return { glyph: glyphs.checkpoint, role: "muted", name: "finetune", text };
    }
    case "train.resume": {
      const text = `resumed from checkpoint ${formatCount(entry.step)}: ${displayPath(entry.path, cwd)}`;
      return { glyph: glyphs.checkpoint, role: "muted", name: "finetune", text };
    }
  }
}
