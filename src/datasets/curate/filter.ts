import type { Static, TProperties } from "@sinclair/typebox";
import type { Example } from "../../contracts/example.ts";
import { textOf } from "../../contracts/tool-calls.ts";
import { type Open, type OptionsSchema, withOptions } from "../../recipe/options.ts";
import type { Mapping } from "../../schema.ts";
import type { Reason } from "../reason.ts";

/** The test of one example: why it goes, or null. */
export type Test = (example: Example) => Reason | null;

/** A filter: one file in `filters/`, one line in its index. */
export interface Filter {
  /** Which examples it drops, for people. */
  description: string;
  options: OptionsSchema;
  open: Open<Test>;
}

/** Makes a filter of its options, as TypeBox, and what makes its test by them. */
export function defineFilter<P extends TProperties>(filter: {
  description: string;
  options: P;
  create(options: Static<Mapping<P>>): Test;
}): Filter {
  return { description: filter.description, ...withOptions(filter.options, filter.create) };
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
