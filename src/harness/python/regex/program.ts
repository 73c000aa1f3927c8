import type { CharTest, Node, Place, RepeatMode } from "./nodes.ts";

/** A step of a program. Places in it are indices of steps. */
export type Step =
  | { op: "char"; code: number }
  | { op: "test"; test: CharTest }
  /** Goes on at the next step; if that fails, at `other`. */
  | { op: "fork"; other: number }
  | { op: "jump"; to: number }
  | { op: "save"; slot: number }
  /** One character again and again. */
  | { op: "run"; test: CharTest; min: number; max: number; mode: RepeatMode; nextCode: number }
  | { op: "loop-start"; slot: number }
  /** After each turn of a body that begins at `body`. `slot`: turns so far; the next one: where it began. */
  | { op: "loop"; slot: number; min: number; max: number; isLazy: boolean; body: number }
  | { op: "at"; place: Place }
  /** The steps after it, up to an accept, are tried on their own; then it goes on at `next`. */
  | { op: "look"; isNegative: boolean; width: number; next: number }
  | { op: "atomic"; next: number }
  | { op: "reference"; group: number; fold: ((code: number) => number) | undefined }
  | { op: "condition"; group: number; no: number }
  | { op: "accept" };

export interface Program {
  steps: readonly Step[];
  /** Two for each group, the whole being the first, then two for each loop. */
  slots: number;
  groups: number;
  names: ReadonlyMap<string, number>;
  /** Where a match can begin. */
  start: "anywhere" | "text" | "line" | { code: number };
}

export function compile(
  root: Node,
  { groups, names }: { groups: number; names: ReadonlyMap<string, number> },
): Program {
  const steps: Step[] = [];
  let slots = 2 * (groups + 1);

  const emit = (node: Node): void => {
    switch (node.type) {
      case "char":
        steps.push({ op: "char", code: node.code });
        return;
      case "test":
        steps.push({ op: "test", test: node.test });
        return;
      case "sequence":
        for (const item of node.items) emit(item);
        return;
      case "plain-group":
        emit(node.body);
        return;
      case "group":
        steps.push({ op: "save", slot: 2 * node.index });
        emit(node.body);
        steps.push({ op: "save", slot: 2 * node.index + 1 });
        return;
      case "branch":
        branches(node.branches);
        return;
      case "repeat":
        repeat(node);
        return;
      case "at":
        steps.push({ op: "at", place: node.place });
        return;
      case "look":
      case "atomic":
        apart(node);
        return;
      case "reference":
        steps.push({ op: "reference", group: node.group, fold: node.fold });
        return;
      case "conditional": {
        const at = steps.push({ op: "accept" }) - 1;
        emit(node.yes);
        const end = steps.push({ op: "accept" }) - 1;
        steps[at] = { op: "condition", group: node.group, no: steps.length };
        emit(node.no);
        steps[end] = { op: "jump", to: steps.length };
      }
    }
  };

  const branches = (all: readonly Node[]): void => {
    const ends: number[] = [];
    for (const [i, one] of all.entries()) {
      const isLast = i === all.length - 1;
      const fork = isLast ? -1 : steps.push({ op: "accept" }) - 1;
      emit(one);
      if (isLast) break;
      ends.push(steps.push({ op: "accept" }) - 1);
      steps[fork] = { op: "fork", other: steps.length };
    }
    for (const end of ends) steps[end] = { op: "jump", to: steps.length };
  };

  const apart = (node: Node & { type: "look" | "atomic" }): void => {
    const at = steps.push({ op: "accept" }) - 1;
    emit(node.body);
    steps.push({ op: "accept" });
    const next = steps.length;
    steps[at] =
      node.type === "look"
        ? { op: "look", isNegative: node.isNegative, width: node.width, next }
        : { op: "atomic", next };
  };

  const repeat = (node: Node & { type: "repeat" }): void => {
    const { min, max, mode, body } = node;
    const test = unitTest(body);
    if (test) {
      steps.push({ op: "run", test, min, max, mode, nextCode: -1 });
      return;
    }
    if (mode === "possessive") {
      apart({ type: "atomic", body: { ...node, mode: "greedy" } });
      return;
    }
    const slot = slots;
    slots += 2;
    steps.push({ op: "loop-start", slot });
    const jump = steps.push({ op: "accept" }) - 1;
    emit(body);
    steps[jump] = { op: "jump", to: steps.length };
    steps.push({ op: "loop", slot, min, max, isLazy: mode === "lazy", body: jump + 1 });
  };

  emit(root);
  steps.push({ op: "accept" });
  // A run that is followed by one certain character need only be left before such characters.
  for (const [i, step] of steps.entries()) {
    const next = steps[i + 1];
    if (step.op === "run" && next?.op === "char") step.nextCode = next.code;
  }
  const refers = steps.some(({ op }) => op === "reference");
  return { steps, slots, groups, names, start: startOf(root, refers) };
}

function unitTest(node: Node): CharTest | undefined {
  if (node.type === "test") return node.test;
  if (node.type === "char") return (code) => code === node.code;
  return node.type === "plain-group" ? unitTest(node.body) : undefined;
}

/** `refers`: it has a reference to a group, so that what a group takes decides on what follows. */
function startOf(node: Node, refers: boolean): Program["start"] {
  switch (node.type) {
    case "char":
      return { code: node.code };
    case "sequence":
      return node.items.length > 0 ? startOf(node.items[0]!, refers) : "anywhere";
    case "group":
    case "plain-group":
      return startOf(node.body, refers);
    case "at":
      return node.place === "text-start" ? "text" : "anywhere";
    case "repeat":
      // What `.*` cannot match from a line's beginning it does not match from further on.
      if (node.body.type !== "test" || node.min > 0 || node.max < Number.POSITIVE_INFINITY) return "anywhere";
      if (node.mode === "possessive" || refers) return "anywhere";
      return node.body.any === "any" ? "text" : node.body.any ? "line" : "anywhere";
    default:
      return "anywhere";
  }
}
