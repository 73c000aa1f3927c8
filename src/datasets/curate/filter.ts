import type { Example } from "../../contracts/example.ts";
import { textOf } from "../../contracts/tool-calls.ts";
import type { OptionSchemas } from "../../options.ts";
import type { Reason } from "../reason.ts";

/** A filter: one file in `filters/`, one line in its index. */
export interface Filter {
  /** Which examples it drops, for people. */
  description: string;
  options: OptionSchemas;
  /** Makes the function that says why an example is dropped, or null. `options` are checked and whole. */
  create(options: Readonly<Record<string, unknown>>): (example: Example) => Reason | null;
}

/** Contents of the answers, or of all other messages; `withCalls`: with the calls of each. */
export function contentsOf(
  { messages }: Pick<Example, "messages">,
  who: "answers" | "prompts",
  withCalls = false,
): string[] {
  return messages
    .filter(({ role }) => (role === "assistant") === (who === "answers"))
    .map((message) => (withCalls ? textOf(message) : message.content));
}
