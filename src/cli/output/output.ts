import { fstatSync, type Stats } from "node:fs";
import { isUtf8, signsToAscii } from "../../../tui/ascii.ts";
import type { Emit, RunEnd, RunEvent, StageName } from "../../contracts/events.ts";
import type { Recipe } from "../../contracts/recipe.ts";
import { messageOf } from "../../errors.ts";
import { program } from "../invocation.ts";
import { writeNote } from "./note.ts";
import { createPlain } from "./plain.ts";
import { styleFor } from "./style.ts";

/** A live screen, lines, or NDJSON. */
export type OutputMode = "screen" | "plain" | "json";

/** Where the events of a run go. */
export interface Output {
  emit: Emit;
  /** Tells the user something that is not an event. */
  note(text: string): void;
  /** Tells the user what a stop waits for, on the screen too. */
  urge(stage: StageName, text: string): void;
  /** Resolves when everything is shown. */
  finished(end: RunEnd): Promise<void>;
}

export interface OutputHandlers {
  /** Called when a key on the live screen asks to stop. */
  onStop: () => void;
  /** Called when stdout is closed (`zebra run … | head`). */
  onClosed: () => void;
}

/** `--plain` and `--json` of commands that run a recipe. */
export interface OutputFlags {
  plain?: boolean;
  json?: boolean;
}

/** The mode that the flags ask for, or the one that suits stdout. */
export function outputMode(flags: OutputFlags): OutputMode {
  if (flags.json) return "json";
  return flags.plain || !process.stdout.isTTY || process.env.TERM === "dumb" ? "plain" : "screen";
}

/**
 * Writes one event as a line of NDJSON to stdout. Numbers that JSON cannot hold (a loss of NaN) become null.
 */
export function writeJsonEvent(event: RunEvent): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}

/**
 * Opens the output. When the live screen cannot be loaded, the run is shown in lines, with a note on stderr.
 */
export async function openOutput(
  mode: OutputMode,
  { name, recipe }: { name: string; recipe?: Recipe },
  handlers: OutputHandlers,
  screenOptions: { models?: number; lingerMs?: number } = {},
): Promise<Output> {
  let isClosed = false;
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
    if (!isClosed) handlers.onClosed();
    isClosed = true;
  });
  const shown = isUtf8(process.env) ? (text: string) => text : signsToAscii;
  const note = writeNote;
  if (mode === "json") {
    return {
      emit: (event) => !isClosed && writeJsonEvent(event),
      note,
      urge: (_, text) => note(text),
      finished: async (end) => tellEnd(end, note),
    };
  }
  if (mode === "screen") {
    const screen = await loadScreen(note);
    if (screen) {
      const app = screen.mountApp({
        ...(recipe && { recipe }),
        title: name,
        command: program(),
        ...screenOptions,
        onStop: handlers.onStop,
      });
      return {
        emit: app.emit,
        note: () => app.stopping(), // all that is noted in a run is that it stops
        urge: (stage, message) => app.emit({ type: "warning", stage, message }),
        async finished(end) {
          await app.finished();
          if (end.status === "stopped") tellEnd(end, (text) => process.stdout.write(`${shown(text)}\n`));
        },
      };
    }
  }
  const writeLine = (line: string) => {
    if (!isClosed) process.stdout.write(`${shown(line)}\n`);
  };
  return {
    emit: createPlain({
      writeLine,
      style: styleFor(process.stdout),
      program: program(),
      isEndElsewhere: !isReadByItself(),
    }),
    note,
    urge: (_, text) => note(text),
    finished: async (end) => {
      // Where both go to one place, it has been said there.
      if (isClosed || !isSameOutput()) tellEnd(end, note);
    },
  };
}

/** Whether stdout and stderr are one terminal, file or pipe (`2>&1`). */
function isSameOutput(): boolean {
  const [out, err] = [statOf(1), statOf(2)];
  return !!out && !!err && out.ino !== 0 && out.ino === err.ino && out.dev === err.dev;
}

/**
 * Whether stdout has a reader of its own, who wants to know there how it ended: a terminal, a file. Two pipes
 * go to one program, as in CI, which shows both: what is on stderr would be told twice.
 */
function isReadByItself(): boolean {
  return process.stdout.isTTY || isSameOutput() || statOf(1)?.isFile() === true;
}

/** Undefined for one that is closed. */
function statOf(descriptor: number): Stats | undefined {
  try {
    return fstatSync(descriptor);
  } catch {
    return undefined;
  }
}

function tellEnd(end: RunEnd, tell: (text: string) => void): void {
  if (end.status === "stopped") tell(`stopped; go on with: ${end.resumeCommand}`);
  if (end.status === "failed") tell(end.message);
}

async function loadScreen(note: (text: string) => void) {
  // React's development build uses a tenth of a core.
  process.env.NODE_ENV ??= "production";
  try {
    return await import("../../../tui/app.tsx");
  } catch (error) {
    const message = messageOf(error);
    note(`the live screen could not be loaded, so this run is shown in lines (${message})`);
    return undefined;
  }
}
