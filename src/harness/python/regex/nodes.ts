/** Whether a code point is one of a set. */
export type CharTest = (code: number) => boolean;

/** A pattern of Python's `re` as it was read. */
export type Node =
  | { type: "char"; code: number }
  | { type: "test"; test: CharTest; any?: "any" | "any-but-line-break" }
  | { type: "sequence"; items: readonly Node[] }
  | { type: "branch"; branches: readonly Node[] }
  | { type: "group"; index: number; body: Node }
  /** `(?:…)`. It is kept because `(?:a*)*` may be repeated where `a**` may not. */
  | { type: "plain-group"; body: Node }
  | { type: "repeat"; min: number; max: number; mode: RepeatMode; body: Node }
  | { type: "at"; place: Place }
  | { type: "look"; isBehind: boolean; isNegative: boolean; width: number; body: Node }
  | { type: "atomic"; body: Node }
  | { type: "reference"; group: number; fold?: (code: number) => number }
  | { type: "conditional"; group: number; yes: Node; no: Node };

export type RepeatMode = "greedy" | "lazy" | "possessive";

export type Place =
  | "text-start"
  | "text-end"
  /** `$`: the end, or before a line break that ends the text. */
  | "last-line-end"
  | "line-start"
  | "line-end"
  | "boundary"
  | "no-boundary"
  | "ascii-boundary"
  | "no-ascii-boundary";

export const unbounded = Number.POSITIVE_INFINITY;

/** Code points that a node takes, at least and at most. `groups`: widths of the groups read so far. */
export function widthOf(node: Node, groups: readonly (Width | undefined)[]): Width {
  const all = (nodes: readonly Node[]) => nodes.map((one) => widthOf(one, groups));
  switch (node.type) {
    case "char":
    case "test":
      return [1, 1];
    case "sequence":
      return all(node.items).reduce<Width>(([a, b], [c, d]) => [a + c, b + d], [0, 0]);
    case "branch":
      return either(all(node.branches));
    case "group":
    case "plain-group":
    case "atomic":
      return widthOf(node.body, groups);
    case "repeat": {
      const [low, high] = widthOf(node.body, groups);
      return [low * node.min, high === 0 ? 0 : high * node.max];
    }
    case "at":
    case "look":
      return [0, 0];
    case "reference":
      return groups[node.group] ?? [0, unbounded];
    case "conditional":
      return either(all([node.yes, node.no]));
  }
}

export type Width = readonly [min: number, max: number];

function either(widths: readonly Width[]): Width {
  return [Math.min(...widths.map(([low]) => low)), Math.max(...widths.map(([, high]) => high))];
}
