import type { Message, Tool } from "../../../src/contracts/example.ts";
import type { AddedToken } from "../../../src/tokenizer/token-files.ts";
import type { Tokenizer } from "../../../src/tokenizer/tokenizer.ts";
import { nanoWith } from "../fixtures.ts";
import {
  deepseekTools,
  hermesPlain,
  hermesTools,
  llama31Tools,
  mistral03Tools,
  qwen3Tools,
  qwen25Tools,
} from "./stock-tool-templates.ts";

export const names = (...contents: string[]): Partial<AddedToken>[] =>
  contents.map((content) => ({ content }));
export const im = names("<|im_start|>", "<|im_end|>");
/** Qwen's own are tokens that are not special: text may turn into them. */
export const tags = names("<tool_call>", "</tool_call>").map((token) => ({ ...token, special: false }));
export const load: Record<string, () => Promise<Tokenizer>> = {
  "Llama 3.1": () => nanoWith(llama31Tools, names("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>")),
  "Qwen 2.5": () => nanoWith(qwen25Tools, [...im, ...tags]),
  "Qwen 3": () => nanoWith(qwen3Tools, [...im, ...tags]),
  "Mistral 0.3": () =>
    nanoWith(
      mistral03Tools,
      names(
        "[INST]",
        "[/INST]",
        "[TOOL_CALLS]",
        "[AVAILABLE_TOOLS]",
        "[/AVAILABLE_TOOLS]",
        "[TOOL_RESULTS]",
        "[/TOOL_RESULTS]",
      ),
    ),
  Hermes: () =>
    nanoWith(
      [
        { name: "default", template: hermesPlain },
        { name: "tool_use", template: hermesTools },
      ],
      im,
    ),
  DeepSeek: () =>
    nanoWith(
      deepseekTools,
      names(
        "<|User|>",
        "<|Assistant|>",
        "<|calls_begin|>",
        "<|calls_end|>",
        "<|call_begin|>",
        "<|call_end|>",
        "<|sep|>",
        "<|output|>",
        "<|output_end|>",
      ),
    ),
};

export const tools: Tool[] = [
  {
    type: "function",
    function: {
      name: "warmth",
      description: "How warm it is",
      parameters: { type: "object", properties: { city: { type: "string" } } },
    },
  },
];
export const toolText = JSON.stringify(tools[0]).replaceAll(/(?<=[":}\]])([,:])(?=["{[])/g, "$1 ");
export const user = (content: string): Message => ({ role: "user", content });
export const says = (content: string): Message => ({ role: "assistant", content });
export const call = (id: string, city: unknown) => ({
  id,
  type: "function" as const,
  function: { name: "warmth", arguments: JSON.stringify({ city }) },
});
export const calls = (content: string, ...cities: unknown[]): Message => ({
  role: "assistant",
  content,
  tool_calls: cities.map((city, i) => call(`call0000${i}`, city)),
});
export const result = (content: string, i = 0): Message => ({
  role: "tool",
  content,
  tool_call_id: `call0000${i}`,
});
export const whole = [user("Paris?"), calls("", "Paris"), result("21"), says("It is 21.")];
