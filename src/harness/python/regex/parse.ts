import { lower, lowerAscii } from "./characters.ts";
import { type Node, type Place, type RepeatMode, unbounded, type Width, widthOf } from "./nodes.ts";
import { categoryTest, charNode, escapedChar, type Flags, octalChar, parseClass } from "./parse-class.ts";
import { isIdentifier, parseFlags } from "./parse-flags.ts";
import { Source } from "./source.ts";

export interface ParsedPattern {
  root: Node;
  /** Number of groups, not counting the whole. */
  groups: number;
  names: ReadonlyMap<string, number>;
}

const maxPatternChars = 20_000;
const maxDepth = 200;
const places: Readonly<Record<string, Place>> = { A: "text-start", Z: "text-end" };
const special = "()|[*+?{.^$\\";
const decimal = "0123456789";

/**
 * A pattern as Python 3.11's `re` reads it for text. Throws PatternError for what Python refuses, and for
 * `\N{…}`.
 */
export function parsePattern(pattern: string): ParsedPattern {
  const source = new Source(pattern);
  if (pattern.length > maxPatternChars)
    source.fail(`a pattern of at most ${maxPatternChars} characters`, `${pattern.length}`);
  const off = { ignoreCase: false, multiline: false, dotAll: false, verbose: false, ascii: false };
  const reader = new Reader(source);
  const root = reader.alternatives(off, true);
  if (!source.isAtEnd) source.fail("the pattern's end", "a ) without its (");
  for (const group of reader.conditions)
    if (group > reader.groups) source.fail("a group that there is", `${group}`);
  return { root, groups: reader.groups, names: reader.names };
}

class Reader {
  readonly #source: Source;
  readonly names = new Map<string, number>();
  readonly conditions: number[] = [];
  groups = 0;
  /** Widths of the groups that are closed. */
  readonly #widths: (Width | undefined)[] = [];
  /** Groups from this one on were begun inside of the look-behind that is being read. */
  #firstBehind = unbounded;
  #depth = 0;

  constructor(source: Source) {
    this.#source = source;
  }

  alternatives(flags: Flags, isTop = false): Node {
    if (++this.#depth > maxDepth) this.#source.fail(`groups at most ${maxDepth} deep`, "deeper ones");
    const branches: Node[] = [];
    do branches.push(this.#sequence(flags, isTop && branches.length === 0));
    while (this.#source.takes("|"));
    this.#depth--;
    return branches.length === 1 ? branches[0]! : { type: "branch", branches };
  }

  #sequence(flags: Flags, mayHaveGlobalFlags: boolean): Node {
    const source = this.#source;
    const items: Node[] = [];
    while (!source.isAtEnd && source.next !== "|" && source.next !== ")") {
      const char = source.take();
      if (flags.verbose && " \t\n\r\v\f".includes(char)) continue;
      if (flags.verbose && char === "#") {
        while (!source.isAtEnd && source.take() !== "\n");
        continue;
      }
      if (!special.includes(char)) items.push(charNode(char.codePointAt(0)!, flags));
      else if (char === "\\") items.push(this.#escape(flags));
      else if (char === "[") items.push(parseClass(source, flags));
      else if ("*+?{".includes(char)) this.#repeat(char, items, flags);
      else if (char === ".") items.push(anyChar(flags));
      else if (char === "^") items.push({ type: "at", place: flags.multiline ? "line-start" : "text-start" });
      else if (char === "$")
        items.push({ type: "at", place: flags.multiline ? "line-end" : "last-line-end" });
      else {
        const group = this.#group(flags, mayHaveGlobalFlags && items.length === 0);
        if (group) items.push(group);
      }
    }
    return items.length === 1 ? items[0]! : { type: "sequence", items };
  }

  #repeat(char: string, items: Node[], flags: Flags): void {
    const source: Source = this.#source;
    let [min, max] = char === "?" ? [0, 1] : [char === "+" ? 1 : 0, unbounded];
    if (char === "{") {
      const bounds = this.#bounds();
      if (!bounds) {
        items.push(charNode(123, flags));
        return;
      }
      [min, max] = bounds;
      if (max < min) source.fail("a repeat whose first number is not above its second", `${min},${max}`);
    }
    const body = items.pop();
    if (!body || body.type === "at") source.fail("something to repeat", `nothing before ${char}`);
    if (body.type === "repeat") source.fail("one repeat", "two on end");
    const mode: RepeatMode = source.takes("?") ? "lazy" : source.takes("+") ? "possessive" : "greedy";
    const inner = body.type === "plain-group" ? body.body : body;
    items.push({ type: "repeat", min, max, mode, body: inner });
  }

  /** The numbers of `{2,3}` after `{`; undefined, and nothing taken, where it is no repeat. */
  #bounds(): [number, number] | undefined {
    const source = this.#source;
    const start = source.at;
    if (source.next === "}") return undefined;
    const low = source.takeWhile(unbounded, decimal);
    const high = source.takes(",") ? source.takeWhile(unbounded, decimal) : low;
    if (!source.takes("}")) {
      source.at = start;
      return undefined;
    }
    const limit = 2 ** 32 - 1;
    if (Number(low) >= limit || Number(high) >= limit)
      source.fail("a smaller number of repeats", low || high);
    return [Number(low), high === "" ? unbounded : Number(high)];
  }

  #escape(flags: Flags): Node {
    const source = this.#source;
    const char = source.take();
    if (char === "") source.fail("a character after \\", "the pattern's end");
    if (Object.hasOwn(places, char)) return { type: "at", place: places[char]! };
    if (char === "b") return { type: "at", place: flags.ascii ? "ascii-boundary" : "boundary" };
    if (char === "B") return { type: "at", place: flags.ascii ? "no-ascii-boundary" : "no-boundary" };
    const category = categoryTest(char, flags);
    if (category) return { type: "test", test: category };
    if (char === "0") return charNode(octalChar(source, char), flags);
    if (!decimal.includes(char)) return charNode(escapedChar(source, char)!, flags);
    const digits = char + source.takeWhile(1, decimal);
    if (/^[0-7]{2}$/.test(digits) && /^[0-7]$/.test(source.next))
      return charNode(octalChar(source, digits), flags);
    return this.#reference(Number(digits), flags);
  }

  #reference(group: number, flags: Flags): Node {
    if (group > this.groups) this.#source.fail("a group that there is before it", `${group}`);
    this.#mayRefer(group);
    const fold = flags.ascii ? lowerAscii : lower;
    return { type: "reference", group, ...(flags.ignoreCase && { fold }) };
  }

  #mayRefer(group: number): void {
    if (this.#widths[group] === undefined && group <= this.groups)
      this.#source.fail("a group that has ended", `${group}, which is open`);
    if (group >= this.#firstBehind)
      this.#source.fail("a group from before the look-behind", `${group}, which is inside of it`);
  }

  #group(flags: Flags, mayHaveGlobalFlags: boolean): Node | undefined {
    const source = this.#source;
    if (!source.takes("?")) return this.#capture(flags);
    const char = source.take();
    switch (char) {
      case "P":
        return this.#named(flags);
      case ":":
        return { type: "plain-group", body: this.#closed(flags) };
      case "#":
        source.takeUntil(")", "a comment");
        return undefined;
      case "=":
      case "!":
        return this.#look(flags, false, char === "!");
      case "<": {
        const sign = source.take();
        if (sign !== "=" && sign !== "!") source.fail("(?<= or (?<!", `(?<${sign}`);
        return this.#look(flags, true, sign === "!");
      }
      case "(":
        return this.#conditional(flags);
      case ">":
        return { type: "atomic", body: this.#closed(flags) };
      default: {
        source.at--;
        // Flags for the whole are put into `flags`, which the branches at the top have in common.
        const inner = parseFlags(source, flags);
        if (inner) return { type: "plain-group", body: this.#closed(inner) };
        if (!mayHaveGlobalFlags)
          source.fail("flags at the pattern's beginning", "some after it; (?i:…) sets them for a part");
        return undefined;
      }
    }
  }

  /** The alternatives up to `)`. */
  #closed(flags: Flags): Node {
    const body = this.alternatives(flags);
    if (!this.#source.takes(")")) this.#source.fail("a ) for each (", "the pattern's end");
    return body;
  }

  #capture(flags: Flags, name?: string): Node {
    const index = ++this.groups;
    if (name !== undefined) {
      if (this.names.has(name)) this.#source.fail("one group of a name", `${name} twice`);
      this.names.set(name, index);
    }
    const body = this.#closed(flags);
    this.#widths[index] = widthOf(body, this.#widths);
    return { type: "group", index, body };
  }

  #named(flags: Flags): Node {
    const source = this.#source;
    if (source.takes("<")) {
      const name = source.takeUntil(">", "a group's name");
      if (!isIdentifier(name)) source.fail("a group's name", JSON.stringify(name));
      return this.#capture(flags, name);
    }
    if (!source.takes("=")) source.fail("(?P<name>…) or (?P=name)", `(?P${source.next}`);
    const name = source.takeUntil(")", "a group's name");
    return this.#reference(this.names.get(name) ?? source.fail("a group's name", name), flags);
  }

  #look(flags: Flags, isBehind: boolean, isNegative: boolean): Node {
    const outer = this.#firstBehind;
    if (isBehind && outer === unbounded) this.#firstBehind = this.groups + 1;
    const body = this.#closed(flags);
    this.#firstBehind = outer;
    const [low, high] = widthOf(body, this.#widths);
    if (isBehind && low !== high) this.#source.fail("a look-behind of a fixed width", "one that varies");
    return { type: "look", isBehind, isNegative, width: isBehind ? low : 0, body };
  }

  #conditional(flags: Flags): Node {
    const source = this.#source;
    const name = source.takeUntil(")", "a group's name or number");
    let group = this.names.get(name);
    if (group === undefined) {
      if (!/^[0-9]+$/.test(name) || Number(name) === 0) source.fail("a group's name or number", name);
      group = Number(name);
      this.conditions.push(group);
    }
    if (group >= this.#firstBehind) this.#mayRefer(group);
    const yes = this.#sequence(flags, false);
    const no = source.takes("|") ? this.#sequence(flags, false) : { type: "sequence" as const, items: [] };
    if (source.next === "|") source.fail("at most two branches of a condition", "more");
    if (!source.takes(")")) source.fail("a ) for each (", "the pattern's end");
    return { type: "conditional", group, yes, no };
  }
}

function anyChar({ dotAll }: Flags): Node {
  return dotAll
    ? { type: "test", test: () => true, any: "any" }
    : { type: "test", test: (code) => code !== 10, any: "any-but-line-break" };
}
