import { type Key as InkKey, render, useInput, useStdin } from "ink";
import { useEffect, useMemo, useRef, useState } from "react";
import type { BrowsedItem, SampleBook, WholeSample } from "../../src/contracts/browse.ts";
import { holdOutput } from "../held-output.ts";
import { keyOf } from "../keys.ts";
import { screenStream } from "../screen-stream.ts";
import { pace, type Theme, themeFor } from "../theme.ts";
import { BrowserScreen, sightOf } from "./browser-screen.tsx";
import { atFirst, type BrowserKey, type Browsing, listOf, press, type } from "./browsing.ts";

export interface BrowserOptions {
  book: SampleBook;
  title: string;
  /** What is looked at first. */
  first?: Partial<Pick<Browsing, "filter" | "benchmark" | "search">>;
  /** How often the files are looked at for more; default a second. */
  refreshMs?: number;
  stdout?: NodeJS.WriteStream;
  stdin?: NodeJS.ReadStream;
  stderr?: NodeJS.WriteStream;
  env?: NodeJS.ProcessEnv;
}

/** Opens the browser on the alternate screen. `finished` resolves when a key has left it. */
export function mountBrowser(options: BrowserOptions): { finished(): Promise<void>; leave(): void } {
  const { book, title, first = {}, refreshMs = 1000, stdin = process.stdin, env = process.env } = options;
  const terminal = options.stdout ?? process.stdout;
  const stdout = screenStream(terminal, env);
  const size = () => ({ columns: terminal.columns || 80, rows: terminal.rows || 24 });
  const leave = () => void ink.waitUntilRenderFlush().then(() => ink.unmount());
  const props = { book, title, first, refreshMs, leave, theme: themeFor(env) };
  const ink = render(<Browser {...props} {...size()} />, {
    ...{ stdout, stdin, exitOnCtrlC: false, patchConsole: false, alternateScreen: true, interactive: true },
    maxFps: pace.framesPerSecond,
  });
  let { columns } = size();
  const onResize = () => {
    const now = size();
    if (now.columns !== columns) {
      ink.clear();
      stdout.write("\u001b[H\u001b[J");
    }
    columns = now.columns;
    ink.rerender(<Browser {...props} {...now} />);
  };
  // Before Ink's own handler, which would draw the frame for the old size again.
  terminal.prependListener("resize", onResize);
  const giveBack = holdOutput([terminal, options.stderr ?? process.stderr]);
  const closeNow = () => {
    ink.unmount();
    giveBack();
  };
  process.on("exit", closeNow);
  return {
    leave,
    async finished() {
      try {
        await ink.waitUntilExit();
      } finally {
        terminal.off("resize", onResize);
        process.off("exit", closeNow);
        giveBack();
      }
    },
  };
}

interface BrowserProps extends Required<Pick<BrowserOptions, "book" | "title" | "first" | "refreshMs">> {
  leave: () => void;
  theme: Theme;
  columns: number;
  rows: number;
}

function Browser({ book, title, first, refreshMs, leave, theme, columns, rows }: BrowserProps) {
  const [browsing, setBrowsing] = useState<Browsing>({ ...atFirst, ...first });
  const [found, setFound] = useState<{ search: string; items: ReadonlySet<BrowsedItem> } | null>(null);
  const [sample, setSample] = useState<{ item: BrowsedItem; whole: WholeSample } | null>(null);
  const [items, setItems] = useState(book.items);
  const [problem, setProblem] = useState("");
  const { isRawModeSupported } = useStdin();
  const tell = (error: unknown) => setProblem(error instanceof Error ? error.message : String(error));
  const { search, filter, benchmark, length } = browsing;
  const isSearching = search !== "" && found?.search !== search;
  const list = useMemo(() => {
    const inFound = search === "" ? null : (found?.items ?? new Set<BrowsedItem>());
    return listOf(items, { ...atFirst, filter, benchmark, length }, inFound);
  }, [items, filter, benchmark, length, search, found]);

  useEffect(() => {
    let isBusy = false;
    const timer = setInterval(() => {
      if (isBusy) return;
      isBusy = true;
      book
        .refresh()
        .then((isNew) => isNew && setItems([...book.items]), tell)
        .finally(() => {
          isBusy = false;
        });
    }, refreshMs);
    return () => clearInterval(timer);
  }, [book, refreshMs]);

  useEffect(() => {
    if (search === "") return;
    let isWanted = true;
    book.search(search, () => isWanted).then((own) => isWanted && setFound({ search, items: own }), tell);
    return () => {
      isWanted = false;
    };
  }, [book, search]);

  const item = list[Math.min(browsing.at, list.length - 1)];
  const isOpen = browsing.view === "sample";
  // Another model may answer it while it is looked at.
  const answered = item?.answers.filter(Boolean).length;
  useEffect(() => {
    if (!isOpen || !item || answered === undefined) return;
    let isWanted = true;
    book.read(item).then((whole) => isWanted && setSample({ item, whole }), tell);
    return () => {
      isWanted = false;
    };
  }, [book, item, isOpen, answered]);

  const shown = { book, title: problem || title, browsing, list, isSearching, sample, columns, rows };
  // Keys that come at once, as over a slow line, each find what the one before has made.
  const current = useRef(browsing);
  const change = (next: Browsing) => {
    current.current = next;
    setBrowsing(next);
  };
  const onKey = (key: BrowserKey) => {
    const before = current.current;
    change(press(before, key, sightOf({ ...shown, browsing: before })));
  };
  const onText = (input: string, key: TypedKey) => change(type(current.current, input, key));
  const isTyping = () => current.current.typing !== null;
  return (
    <>
      {isRawModeSupported && <Keys {...{ isTyping, onKey, onText, leave }} />}
      <BrowserScreen {...shown} theme={theme} />
    </>
  );
}

interface TypedKey {
  enter: boolean;
  erase: boolean;
  escape: boolean;
}

const letters: Readonly<Record<string, BrowserKey>> = {
  f: "filter",
  F: "filterBack",
  b: "benchmark",
  l: "length",
  "/": "search",
};

function Keys(props: {
  isTyping: () => boolean;
  onKey: (key: BrowserKey) => void;
  onText: (input: string, key: TypedKey) => void;
  leave: () => void;
}) {
  const { isTyping, onKey, onText, leave } = props;
  const one = (input: string, key: InkKey) => {
    const isReturn = key.return || input === "\r";
    if (isTyping()) {
      const text = key.ctrl || key.meta || isReturn ? "" : input;
      return onText(text, { enter: isReturn, erase: key.backspace || key.delete, escape: key.escape });
    }
    if (input === "q") return leave();
    if (isReturn) return onKey("enter");
    if (key.escape) return onKey("escape");
    const ours = letters[input] ?? keyOf(input, key);
    if (ours) onKey(ours);
  };
  useInput((input, key) => {
    if (key.ctrl && input === "c") return leave();
    if (input.length < 2 || key.ctrl || key.meta) return one(input, key);
    for (const char of input) one(char, key);
  });
  return null;
}
