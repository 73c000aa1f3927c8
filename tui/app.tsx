import { availableParallelism } from "node:os";
import { Box, render, Static, useInput, useStdin } from "ink";
import { useSyncExternalStore } from "react";
import type { Emit } from "../src/contracts/events.ts";
import type { Recipe } from "../src/contracts/recipe.ts";
import { LogLine } from "./components/log-line.tsx";
import { EndScreen } from "./screens/end-screen.tsx";
import { RunScreen } from "./screens/run-screen.tsx";
import { createStore, type Store } from "./state/store.ts";
import { pace, type Theme, themeFor } from "./theme.ts";

export interface MountOptions {
  title: string;
  /** Shown until `run.start` gives it. */
  runDir?: string;
  /** For the header: which device is used. */
  recipe?: Pick<Recipe, "finetune">;
  /** How the user calls the command, for the suggestions on the last screen. Default `zebra`. */
  command?: string;
  /** Called for Ctrl-C (each time) and `q` (once) in the terminal. */
  onStop: () => void;
  stdout?: NodeJS.WriteStream;
  stdin?: NodeJS.ReadStream;
  env?: NodeJS.ProcessEnv;
}

export interface MountedApp {
  emit: Emit;
  /** Shows that a stop is under way, when a signal rather than a key asked for it. */
  stopping(): void;
  /** Resolves when `run.end` is on the screen and the terminal is released; rejects when drawing failed. */
  finished(): Promise<void>;
}

/** Opens the live screen. It shows the events until `run.end`, and leaves a summary. */
export function mountApp(options: MountOptions): MountedApp {
  const { title, onStop, stdout = process.stdout, stdin = process.stdin, env = process.env } = options;
  const store = createStore({
    initial: {
      title,
      runDir: options.runDir ?? "",
      device: deviceText(options.recipe),
      command: options.command ?? "zebra",
      cwd: process.cwd(),
    },
    nowMs: () => performance.now(),
    memoryBytes: () => process.memoryUsage.rss(),
    schedule: (flush) => setTimeout(flush, 1000 / pace.framesPerSecond),
  });
  store.tick();
  const theme = themeFor(env);
  const tree = () => <App store={store} onStop={onStop} theme={theme} {...terminalSize(stdout)} />;
  const ink = render(tree(), {
    stdout,
    stdin,
    exitOnCtrlC: false,
    // Other output goes above the screen, where both use the same terminal.
    patchConsole: stdout === process.stdout,
    maxFps: pace.framesPerSecond,
    interactive: Boolean(stdout.isTTY),
  });
  // Ours must run before Ink's own handler, which would draw the frame for the old size again, with wrapped
  // lines.
  const onResize = () => ink.rerender(tree());
  stdout.prependListener("resize", onResize);
  const ticking = setInterval(() => store.tick(), pace.tickMs);
  const close = () => {
    clearInterval(ticking);
    stdout.off("resize", onResize);
  };
  const gone = ink.waitUntilExit().then(
    () => null,
    (error: unknown) => ({ error }),
  );
  return {
    emit(event) {
      store.emit(event);
      if (event.type !== "run.end") return;
      close();
      // Unmounting immediately would leave the previous frame on the screen.
      void ink.waitUntilRenderFlush().then(() => ink.unmount());
    },
    stopping: () => store.requestStop(),
    async finished() {
      const failure = await gone;
      close();
      if (failure) throw failure.error;
    },
  };
}

/** The whole tree: finished lines above, the live part below, and at the end only the summary. */
function App(props: { store: Store; onStop: () => void; theme: Theme; columns: number; rows: number }) {
  const { store, onStop, theme, columns, rows } = props;
  const state = useSyncExternalStore(store.subscribe, store.getState);
  const { isRawModeSupported } = useStdin();
  const isLive = state.end === null;
  return (
    <Box flexDirection="column">
      {isRawModeSupported && isLive && <Keys store={store} onStop={onStop} />}
      <Static items={[...state.log]}>
        {(entry, i) =>
          entry.type === "run.end" ? (
            <EndScreen key={i} state={state} end={entry} columns={columns} theme={theme} />
          ) : (
            <LogLine key={i} entry={entry} width={columns} cwd={state.cwd} theme={theme} />
          )
        }
      </Static>
      {isLive && (
        <RunScreen
          state={state}
          columns={columns}
          rows={rows}
          canReadKeys={isRawModeSupported}
          theme={theme}
        />
      )}
    </Box>
  );
}

/** Only used where keys can be read one by one: a piped stdin has no raw mode (ink/issues/667). */
function Keys({ store, onStop }: { store: Store; onStop: () => void }) {
  useInput((input, key) => {
    const isCtrlC = key.ctrl && input === "c";
    const isFirst = !store.getState().stopping;
    if (!isCtrlC && !(input === "q" && isFirst)) return;
    store.requestStop();
    // What a second Ctrl-C does is decided by the command: it may exit immediately.
    onStop();
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
