import { availableParallelism } from "node:os";
import { render, renderToString, useInput, useStdin } from "ink";
import { useState, useSyncExternalStore } from "react";
import type { Emit } from "../src/contracts/events.ts";
import type { Recipe } from "../src/contracts/recipe.ts";
import { holdOutput } from "./held-output.ts";
import { keyOf } from "./keys.ts";
import { screenStream } from "./screen-stream.ts";
import { BrowseScreen, sightOf } from "./screens/browse-screen.tsx";
import { LeftBehind } from "./screens/left-behind.tsx";
import { RunScreen } from "./screens/run-screen.tsx";
import { atFirst, type Key, press } from "./state/looking.ts";
import { createStore, type Store } from "./state/store.ts";
import { workOf } from "./state/work.ts";
import { pace, type Theme, themeFor } from "./theme.ts";

export interface MountOptions {
  title: string;
  /** Shown until `run.start` gives it. */
  runDir?: string;
  /** Says which device is used and how much work there is. */
  recipe?: Pick<Recipe, "finetune" | "eval">;
  /** How many models are evaluated. Default: before and after. */
  models?: number;
  /** How long the screen of a run that is done stays without a key; 0: not at all. Default 20 s. */
  lingerMs?: number;
  /** How the user calls the command, for the suggestions on the last screen. Default `zebra`. */
  command?: string;
  /** Called for Ctrl-C (each time) and `q` (once) in the terminal. */
  onStop: () => void;
  stdout?: NodeJS.WriteStream;
  stdin?: NodeJS.ReadStream;
  /** Held back with stdout, while the screen is up. */
  stderr?: NodeJS.WriteStream;
  env?: NodeJS.ProcessEnv;
}

export interface MountedApp {
  emit: Emit;
  /** Shows that a stop is under way, when a signal rather than a key asked for it. */
  stopping(): void;
  /** Resolves when `run.end` is on the screen and the terminal is released; rejects when drawing failed. */
  finished(): Promise<void>;
}

/**
 * Opens the live screen on the terminal's alternate screen, which a resize does not wrap into the scrollback.
 * It shows the events until `run.end`; then, where keys can be read and the run is done, it can be looked
 * through until a key leaves it or the time is over. What stays on the terminal is the finished lines and how
 * the run ended.
 */
export function mountApp(options: MountOptions): MountedApp {
  const { title, onStop, stdin = process.stdin, env = process.env, lingerMs = pace.lingerMs } = options;
  const terminal = options.stdout ?? process.stdout;
  const stdout = screenStream(terminal, env);
  const store = createStore({
    initial: {
      title,
      runDir: options.runDir ?? "",
      device: deviceText(options.recipe),
      command: options.command ?? "zebra",
      cwd: process.cwd(),
      work: options.recipe ? workOf(options.recipe, options.models) : null,
    },
    nowMs: () => performance.now(),
    memoryBytes: () => process.memoryUsage.rss(),
    schedule: (flush) => setTimeout(flush, 1000 / pace.framesPerSecond),
  });
  store.tick();
  const theme = themeFor(env);
  const isTTY = Boolean(terminal.isTTY);
  let leaving: NodeJS.Timeout | undefined;
  const leave = () => {
    clearTimeout(leaving);
    // Unmounting immediately would leave the previous frame on the screen.
    void ink.waitUntilRenderFlush().then(() => ink.unmount());
  };
  const hold = () => {
    clearTimeout(leaving);
    store.leaveAfter(null);
  };
  const tree = () => (
    // A pipe gets what stays, and no frames.
    <App store={store} {...{ onStop, leave, hold, theme }} {...terminalSize(terminal)} isTTY={isTTY} />
  );
  const ink = render(tree(), {
    stdout,
    stdin,
    exitOnCtrlC: false,
    patchConsole: false, // all that is written is held back
    maxFps: pace.framesPerSecond,
    interactive: isTTY,
    alternateScreen: true,
  });
  // Ours must run before Ink's own handler, which would draw the frame for the old size again.
  let width = terminalSize(terminal).columns;
  const onResize = () => {
    const { columns } = terminalSize(terminal);
    if (columns !== width && isTTY) {
      ink.clear();
      stdout.write(eraseScreen);
    }
    width = columns;
    ink.rerender(tree());
  };
  terminal.prependListener("resize", onResize);
  const ticking = setInterval(() => store.tick(), pace.tickMs);
  const giveBack = isTTY ? holdOutput([terminal, options.stderr ?? process.stderr]) : () => {};
  let isClosed = false;
  /** What stays is written once, also where the process ends in the middle of the run. */
  const close = () => {
    if (isClosed) return;
    isClosed = true;
    clearInterval(ticking);
    clearTimeout(leaving);
    terminal.off("resize", onResize);
    process.off("exit", closeNow).off("uncaughtExceptionMonitor", closeNow);
    const { columns } = terminalSize(terminal);
    const left = renderToString(<LeftBehind state={store.getState()} columns={columns} theme={theme} />, {
      columns,
    });
    if (left.trim() !== "") stdout.write(`${left}\n`);
    giveBack();
  };
  const closeNow = () => {
    ink.unmount();
    close();
  };
  process.on("exit", closeNow).on("uncaughtExceptionMonitor", closeNow);
  const gone = ink.waitUntilExit().then(
    () => null,
    (error: unknown) => ({ error }),
  );
  const canRead = isTTY && Boolean(stdin.isTTY);
  return {
    emit(event) {
      store.emit(event);
      if (event.type !== "run.end") return;
      if (event.status !== "done" || !canRead || lingerMs <= 0) return leave();
      store.leaveAfter(lingerMs);
      leaving = setTimeout(leave, lingerMs);
    },
    stopping: () => store.requestStop(),
    async finished() {
      const failure = await gone;
      close();
      if (failure) throw failure.error;
    },
  };
}

/** Home, and everything from there on. */
const eraseScreen = "\u001b[H\u001b[J";

interface AppProps {
  store: Store;
  onStop: () => void;
  leave: () => void;
  hold: () => void;
  theme: Theme;
  columns: number;
  rows: number;
  isTTY: boolean;
}

/** The work while nothing else is asked for, otherwise the view that the user went to. */
function App({ store, onStop, leave, hold, theme, columns, rows, isTTY }: AppProps) {
  const state = useSyncExternalStore(store.subscribe, store.getState);
  const [looking, setLooking] = useState(atFirst);
  const { isRawModeSupported } = useStdin();
  const isWork = state.end === null && looking.view === "now" && !looking.isHelp;
  const common = { state, columns, rows, theme, canReadKeys: isRawModeSupported };
  const onKey = (key: Key) => {
    hold();
    setLooking((before) => press(before, key, sightOf(store.getState(), before, { columns, rows })));
  };
  if (!isTTY) return null;
  return (
    <>
      {isRawModeSupported && <Keys {...{ store, onStop, leave, onKey }} />}
      {isWork ? <RunScreen {...common} /> : <BrowseScreen {...common} looking={looking} />}
    </>
  );
}

/** Only used where keys can be read one by one: a piped stdin has no raw mode (ink/issues/667). */
function Keys(props: Pick<AppProps, "store" | "onStop" | "leave"> & { onKey: (key: Key) => void }) {
  const { store, onStop, leave, onKey } = props;
  useInput((input, key) => {
    const { end, stopping } = store.getState();
    const isCtrlC = key.ctrl && input === "c";
    if (end) {
      if (isCtrlC || input === "q" || key.return || key.escape) return leave();
    } else if (isCtrlC || (input === "q" && !stopping)) {
      store.requestStop();
      // What a second Ctrl-C does is decided by the command: it may exit immediately.
      return onStop();
    }
    const ours = keyOf(input, key);
    if (ours) onKey(ours);
  });
  return null;
}

/** Columns and rows; 80 × 24 where stdout is not a terminal. */
function terminalSize({ columns, rows }: NodeJS.WriteStream): { columns: number; rows: number } {
  return { columns: columns > 0 ? columns : 80, rows: rows > 0 ? rows : 24 };
}

function deviceText(recipe: MountOptions["recipe"]): string {
  const cores = `${availableParallelism()} cores`;
  return recipe ? `device ${recipe.finetune.device}, ${cores}` : cores;
}
