import { escapeRegExp } from "../../quote.ts";

/**
 * A glob as the Hub's cards write them: `*` and `?` within a folder, `**` over folders, `[a-c]`, `{a,b}`.
 * (Node's path.matchesGlob is experimental in the Node that zebratune runs on.)
 */
export function globToRegExp(glob: string): RegExp {
  const tokens =
    glob.replace(/^\.?\//, "").match(/\*\*\/|\*\*|\*|\?|\[!?[^\]/]+\]|[{},]|[^*?[{},]+|\[/g) ?? [];
  let depth = 0;
  const source = tokens.map((token) => {
    if (token === "**/") return "(?:.*/)?";
    if (token === "**") return ".*";
    if (token === "*") return "[^/]*";
    if (token === "?") return "[^/]";
    if (token === "{") {
      depth++;
      return "(?:";
    }
    if (token === "}" && depth > 0) {
      depth--;
      return ")";
    }
    if (token === "," && depth > 0) return "|";
    if (/^\[.+\]$/.test(token)) {
      const inner = token.slice(1, -1).replace(/\\/g, "\\\\");
      return inner.startsWith("!") ? `[^${inner.slice(1)}]` : `[${inner.replace(/^\^/, "\\^")}]`;
    }
    return escapeRegExp(token);
  });
  return new RegExp(`^${source.join("")}${")".repeat(depth)}$`);
}
