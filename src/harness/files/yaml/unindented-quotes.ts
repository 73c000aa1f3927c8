import { Lexer } from "yaml";

/** More of them in one file are not mended. */
const mostRepairs = 100;

/**
 * A text whose quoted scalars may go on in lines that are indented less than YAML asks for, as libyaml takes
 * them: such lines get blanks, which mean nothing there. Line numbers stay.
 */
export function indentQuotes(text: string): string {
  let mended = text;
  for (let repair = 0; repair < mostRepairs; repair++) {
    const found = brokenQuote(mended);
    if (found === undefined) break;
    const indented = mended.slice(found.start, found.end).replaceAll("\n", `\n${" ".repeat(found.indent)}`);
    mended = mended.slice(0, found.start) + indented + mended.slice(found.end);
  }
  return mended;
}

/** The first quoted scalar that the lexer ends before its closing quote. */
function brokenQuote(text: string): { start: number; end: number; indent: number } | undefined {
  let at = 0;
  for (const token of new Lexer().lex(text)) {
    // The lexer's own marks have no place in the text.
    if (/^[\x02\x18\x1f]$/.test(token)) continue;
    if (token.startsWith('"') || token.startsWith("'")) {
      const end = closingQuote(text, at);
      if (end !== undefined && end + 1 !== at + token.length) {
        const lineStart = text.lastIndexOf("\n", at) + 1;
        return { start: at, end, indent: at - lineStart + 1 };
      }
    }
    at += token.length;
  }
  return undefined;
}

function closingQuote(text: string, start: number): number | undefined {
  const quote = text[start]!;
  for (let at = start + 1; at < text.length; at++) {
    if (quote === '"' && text[at] === "\\") at++;
    else if (text[at] === quote) {
      if (quote === '"' || text[at + 1] !== "'") return at;
      at++;
    }
  }
  return undefined;
}
