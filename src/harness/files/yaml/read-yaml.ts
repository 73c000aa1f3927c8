import {
  type Document,
  Composer as DocumentComposer,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  Parser,
  Scalar,
} from "yaml";
import { DataError } from "../../../errors.ts";
import { isList, PyDict, typeName, type Value } from "../../../jinja/values/values.ts";
import { readTaskFile } from "./bounded-file.ts";
import { FunctionReference } from "./function-reference.ts";
import { plainValue, taggedValue } from "./scalars.ts";
import { beyondBounds, maxDepth, tooDeep } from "./scan-bounds.ts";
import { indentQuotes } from "./unindented-quotes.ts";

/** Values of a file, those behind an alias counted each time that it stands somewhere. */
const maxValues = 200_000;
/** Characters that count as much as one value. */
const charsPerValue = 64;

/**
 * A task file as PyYAML's safe loader reads it with `!function` added: YAML 1.1, keys that come twice have
 * their last value, `<<` merges. Throws DataError that names file and line.
 */
export function readYaml(path: string): PyDict {
  return parseYaml(readTaskFile(path), path);
}

export function parseYaml(text: string, path: string): PyDict {
  const beyond = beyondBounds(text);
  if (beyond !== undefined) throw new DataError(`${path}: ${beyond}`);
  let parsed = parseDocument(text);
  if (parsed.document.errors.length > 0) parsed = parseDocument(indentQuotes(text));
  const { document, lines } = parsed;
  const [error] = document.errors;
  if (error) {
    const isDeep = /call stack/.test(error.message);
    const got = isDeep ? tooDeep : sentence(error.message);
    throw new DataError(`${path}: line ${lines.linePos(error.pos[0]).line}: ${got}`);
  }
  if (parsed.isMany) throw new DataError(`${path}: expected one YAML document, got several`);
  const value = new Composer(path, lines).value(document.contents, 0).value;
  if (value instanceof PyDict) return value;
  throw new DataError(`${path}: expected a mapping of keys to values, got ${named(value)}`);
}

/** The first document of a text, and whether there are more. */
function parseDocument(text: string): { document: Document; lines: LineCounter; isMany: boolean } {
  const lines = new LineCounter();
  // The failsafe schema leaves scalars as text: what they mean in YAML 1.1 is said in scalars.ts.
  const options = { version: "1.1", schema: "failsafe", uniqueKeys: false, logLevel: "silent" } as const;
  const composer = new DocumentComposer({ ...options, prettyErrors: false });
  const tokens = new Parser(lines.addNewLine).parse(text);
  const [document, second] = composer.compose(tokens, true, text.length);
  return { document: document!, lines, isMany: second !== undefined };
}

/** The parser's words in the toolkit's form. */
function sentence(message: string): string {
  const [first = ""] = message.split("\n");
  return `expected YAML, got a mistake: ${first.slice(0, 200)}`;
}

function named(value: Value): string {
  return value === null ? "nothing" : `a ${typeName(value)}`;
}

/** A value, and how many it is with all that it holds. */
interface Made {
  value: Value;
  size: number;
}

/** Makes values of nodes, in the order of the text: an alias has the value that its anchor had before it. */
class Composer {
  readonly #path: string;
  readonly #lines: LineCounter;
  /** undefined while the node is being made: an alias to it then stands inside it. */
  readonly #anchors = new Map<string, Made | undefined>();
  #size = 0;

  constructor(path: string, lines: LineCounter) {
    this.#path = path;
    this.#lines = lines;
  }

  value(node: unknown, depth: number): Made {
    if (depth > maxDepth) this.#fail(node, tooDeep);
    if (node === null || node === undefined) return this.#count(node, { value: null, size: 1 });
    if (isAlias(node)) return this.#count(node, this.#aliased(node));
    const { anchor } = node as { anchor?: string };
    if (anchor !== undefined) this.#anchors.set(anchor, undefined);
    const made = this.#make(node as Node, depth);
    if (anchor !== undefined) this.#anchors.set(anchor, made);
    return made;
  }

  #aliased(node: Node & { source: string }): Made {
    const made = this.#anchors.get(node.source);
    if (made) return made;
    return this.#anchors.has(node.source)
      ? this.#fail(node, `expected an alias to something complete, got *${node.source} inside its own value`)
      : this.#fail(node, `expected an anchor &${node.source} before *${node.source}, got none`);
  }

  #make(node: Node, depth: number): Made {
    const tag = this.#tagOf(node);
    if (isScalar(node)) return this.#count(node, this.#scalar(node, tag));
    if (isSeq(node)) {
      if (tag !== undefined && tag !== "seq") this.#refuseTag(node);
      const items = node.items.map((item) => this.value(item, depth + 1));
      return this.#collection(
        node,
        items.map(({ value }) => value),
        items,
      );
    }
    if (isMap(node)) {
      if (tag !== undefined && tag !== "map") this.#refuseTag(node);
      return this.#mapping(node, node.items, depth);
    }
    return this.#fail(node, "expected a value, got something else");
  }

  /** The name of one of YAML's own tags, `!` for `!function` …; undefined where none is written. */
  #tagOf(node: Node): string | undefined {
    const { tag } = node;
    // The parser gives scalars, lists and maps without a tag these names, and keeps those that are written.
    if (tag === undefined) return undefined;
    const [, own] = /^tag:yaml\.org,2002:(.*)$/.exec(tag) ?? [];
    return own ?? tag;
  }

  #scalar(node: Scalar, tag: string | undefined): Made {
    const text = node.value === null || node.value === undefined ? "" : String(node.value);
    const size = 1 + text.length / charsPerValue;
    try {
      if (tag === undefined || tag === "!")
        return {
          value: node.type === Scalar.PLAIN || node.type === undefined ? plainValue(text) : text,
          size,
        };
      if (tag === "!function") return { value: new FunctionReference(text.trim(), this.#path), size };
      const value = taggedValue(tag, text);
      return value === undefined ? this.#refuseTag(node) : { value, size };
    } catch (error) {
      if (error instanceof RangeError) return this.#fail(node, error.message);
      throw error;
    }
  }

  /**
   * Merged keys come first, those of earlier mappings in a list win over later ones, own keys over all: as
   * YAML says. (PyYAML 6.0.4 does so for keys of one character alone; no task file of the harness merges
   * lists.)
   */
  #mapping(node: Node, pairs: readonly Pair[], depth: number): Made {
    const merged: PyDict[] = [];
    const own: [Value, Value][] = [];
    const parts: Made[] = [];
    for (const { key, value } of pairs) {
      const isMerge = isScalar(key) && key.type === Scalar.PLAIN && key.value === "<<" && !key.tag;
      const name = isMerge ? undefined : this.#key(key, depth);
      const made = this.value(value, depth + 1);
      parts.push(made);
      if (name === undefined) merged.push(...this.#mergeable(node, made.value));
      else own.push([name.value, made.value]);
    }
    const dict = new PyDict();
    for (const [key, value] of merged.flatMap((one) => [...one.entries()]))
      if (!dict.has(key)) dict.put(key, value);
    for (const [key, value] of own) dict.put(key, value);
    return this.#collection(node, dict, parts);
  }

  #mergeable(node: Node, value: Value): PyDict[] {
    const all = isList(value) ? value : [value];
    return all.map((one) =>
      one instanceof PyDict
        ? one
        : this.#fail(node, `<<: expected a mapping or a list of mappings to merge, got ${named(one)}`),
    );
  }

  #key(node: unknown, depth: number): Made {
    const made = this.value(node, depth + 1);
    const { value } = made;
    if (isList(value) || value instanceof PyDict || value instanceof FunctionReference)
      this.#fail(node, `expected keys that are text or numbers, got a ${typeName(value)}`);
    return made;
  }

  #collection(node: Node, value: Value, parts: readonly Made[]): Made {
    return this.#count(node, { value, size: parts.reduce((sum, { size }) => sum + size, 1) }, 1);
  }

  /** `adds`: how much of it was not counted with its parts. */
  #count(node: unknown, made: Made, adds = made.size): Made {
    this.#size += adds;
    if (this.#size > maxValues)
      this.#fail(node, `expected at most ${maxValues} values, those behind aliases counted, got more`);
    return made;
  }

  #refuseTag(node: Node): never {
    const tag = (node.tag ?? "").replace(/^tag:yaml\.org,2002:/, "!!");
    return this.#fail(
      node,
      `expected plain YAML, got the tag ${tag.slice(0, 100)}, which would need Python; no tag but !function ` +
        "is read, and that only as a name",
    );
  }

  #fail(node: unknown, message: string): never {
    const range = (node as { range?: readonly number[] | null } | null | undefined)?.range;
    const line = range ? `line ${this.#lines.linePos(range[0] ?? 0).line}: ` : "";
    throw new DataError(`${this.#path}: ${line}${message}`);
  }
}
