import { type Line, named, plain, type View } from "./lines.ts";

/** What the keys do. */
export function helpView(isOver: boolean, width: number): View {
  const keys: [string, string][] = [
    ["tab, shift-tab", "the next view, the one before: now, loss, board, results, samples, rows, log"],
    ["↑ ↓", "a line up or down"],
    ["PgUp PgDn", "a page up or down"],
    ["Home End", "the first line, the last"],
    ["← →", "among the samples: the one before, the next"],
    ["?", "opens and closes this"],
    isOver
      ? ["q, Enter, Esc", "leaves; what the run comes to stays on the terminal"]
      : ["q, Ctrl-C", "stops cleanly: what is done is kept, and the same command goes on"],
  ];
  const body = keys.flatMap(([key, text]): Line[] => named({ text: key, role: "strong" }, text, 16, width));
  return { head: [plain("keys", "muted")], body };
}
