import type { Message } from "../../../contracts/example.ts";
import { nameOf } from "../../files/json-rows.ts";
import { drop } from "../conversation.ts";
import type { RowFormat } from "../format.ts";
import { commonColumns, withColumns } from "../row-columns.ts";

/**
 * Alpaca's form: `{"instruction", "input", "output"}`, with an optional `system`, `tools` and `history`
 * of [question, answer] pairs. The input is the document, and only that may be shortened.
 */
export const alpaca: RowFormat = {
  kind: "rows",
  keys: ["instruction", "input", "output", "history", ...commonColumns],
  fits: (row) => "instruction" in row && "output" in row,
  convert(row) {
    for (const key of ["instruction", "input", "output"]) {
      const value = row[key];
      if (typeof value !== "string" && !(key === "input" && (value === undefined || value === null))) {
        return drop("wrong_type", `expected text under ${key}, got ${nameOf(value)}`);
      }
    }
    const { instruction, output } = row as { instruction: string; output: string };
    const input = typeof row.input === "string" && row.input.trim() !== "" ? row.input : "";
    const messages: Message[] = [];
    const history = row.history ?? [];
    if (!Array.isArray(history))
      return drop("wrong_type", `expected a list under history, got ${nameOf(history)}`);
    for (const pair of history as unknown[]) {
      if (!Array.isArray(pair) || typeof pair[0] !== "string" || typeof pair[1] !== "string") {
        return drop("wrong_type", `expected pairs of texts under history, got ${nameOf(pair)}`);
      }
      messages.push({ role: "user", content: pair[0] }, { role: "assistant", content: pair[1] });
    }
    const gap = instruction.trim() !== "" && input !== "" ? "\n\n" : "";
    const head = gap === "" && input !== "" ? "" : instruction;
    const start = head.length + gap.length;
    messages.push({ role: "user", content: `${head}${gap}${input}` }, { role: "assistant", content: output });
    const span = { message: messages.length - 2, start, end: start + input.length };
    return withColumns({ messages, ...(input === "" ? {} : { context: [span] }) }, row);
  },
};
