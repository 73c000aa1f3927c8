import { type Line, named, plain, type View } from "../views/lines.ts";

export const footKeys = [
  "q leaves",
  "? keys",
  "enter opens",
  "f filter",
  "/ search",
  "b task",
  "l length",
  "tab views",
];

/** What the keys of the browser do, and what filters mean. */
export function browserHelp(width: number): View {
  const keys: [string, string][] = [
    ["↑ ↓ PgUp PgDn", "through the list, or through a sample"],
    ["Home End", "the first, the last"],
    ["Enter", "opens the chosen sample; Enter or Esc goes back to the list"],
    ["← →", "in a sample: the one before, the next. In the list: another filter"],
    ["f, F", "the next filter, the one before"],
    ["b", "only one task or benchmark, then the next"],
    ["l", "only samples of a length, in tokens"],
    ["/", "searches prompts, answers and what is right; Enter lists what was found"],
    ["Esc", "in the list: everything again"],
    ["tab", "the list, the sample, the scores"],
    ["?", "opens and closes this"],
    ["q, Ctrl-C", "leaves"],
  ];
  const filters: [string, string][] = [
    ["wrong", "a model's headline is below half of what could be had"],
    ["changed", "models answered otherwise than the first"],
    ["better, worse", "the last model's headline against the first's"],
    ["cut", "something of the prompt was taken out so that it fits"],
    ["failed", "there is an error in place of an answer; it is in no figure"],
  ];
  const lines = (pairs: [string, string][]) =>
    pairs.flatMap(([name, text]): Line[] => named({ text: name, role: "strong" }, text, 16, width));
  return {
    head: [plain("keys", "muted")],
    body: [...lines(keys), plain(""), plain("filters", "muted"), ...lines(filters)],
  };
}
