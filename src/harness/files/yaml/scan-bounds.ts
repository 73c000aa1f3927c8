import { Lexer } from "yaml";

/** More is no task file: the parser would take minutes or gigabytes for it. */
const maxTokens = 100_000;
/** Lists and mappings in each other, at most. */
export const maxDepth = 64;
/** Shorter texts are no danger. */
const smallChars = 16_384;

/** What of a text is beyond the bounds, in words; undefined where nothing is. Takes no stack. */
export function beyondBounds(text: string): string | undefined {
  if (text.length <= smallChars) return undefined;
  let tokens = 0;
  let flow = 0;
  let inLine = 0;
  for (const token of new Lexer().lex(text)) {
    if (++tokens > maxTokens) return `expected at most ${maxTokens} parts of YAML, got more`;
    if (token === "[" || token === "{") flow++;
    else if (token === "]" || token === "}") flow = Math.max(0, flow - 1);
    else if (token === "-" || token === "?") inLine++;
    else if (token === "\n" || token === "\r\n") inLine = 0;
    if (flow > maxDepth || inLine > maxDepth) return tooDeep;
  }
  return undefined;
}

export const tooDeep = `expected lists and mappings at most ${maxDepth} deep, got deeper ones`;
