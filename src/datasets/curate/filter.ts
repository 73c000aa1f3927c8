import type { Example } from "../../contracts/example.ts";
import { textOf } from "../../contracts/tool-calls.ts";
import type { OptionSchemas } from "../../options.ts";
import type { Reason } from "../reason.ts";

/** A filter: one file in `filters/`, one line in its index. */
export interface Filter {
  /** For people: what goes. */
  description: string;
  options: OptionSchemas;
  /** Makes the test of one example: why it goes, or null. `options` are checked and whole. */
  create(options: Readonly<Record<string, unknown>>): (example: Example) => Reason | null;
}

/** Contents of the answers, or of all other messages; `withCalls`: and what answers call. */
export function contentsOf(
  { messages }: Pick<Example, "messages">,
  who: "answers" | "prompts",
  withCalls = false,
): string[] {
  return messages
    .filter(({ role }) => (role === "assistant") === (who === "answers"))
    .map((message) => (withCalls ? textOf(message) : message.content));
}
