import type { Value } from "../values/values.ts";

/** An expression as it is written. */
export type Expression =
  | { kind: "constant"; value: Value }
  | { kind: "name"; name: string }
  | { kind: "list" | "tuple"; items: Expression[] }
  | { kind: "dict"; entries: (readonly [Expression, Expression])[] }
  | { kind: "attribute"; of: Expression; name: string }
  | { kind: "item"; of: Expression; key: Expression }
  | { kind: "slice"; of: Expression; start?: Expression; stop?: Expression; step?: Expression }
  | { kind: "call"; callee: Expression; given: GivenArguments }
  | { kind: "filter"; name: string; of: Expression; given: GivenArguments; line: number }
  | { kind: "test"; name: string; of: Expression; given: GivenArguments; line: number }
  | { kind: "not" | "negative" | "positive"; of: Expression }
  | { kind: "and" | "or"; left: Expression; right: Expression }
  | { kind: "arithmetic"; operator: Arithmetic; left: Expression; right: Expression }
  | { kind: "concat"; parts: Expression[] }
  | { kind: "compare"; first: Expression; rest: { operator: Comparison; right: Expression }[] }
  | { kind: "if"; test: Expression; yes: Expression; no?: Expression };

export type Arithmetic = "+" | "-" | "*" | "/" | "//" | "%" | "**";
export type Comparison = "==" | "!=" | "<" | "<=" | ">" | ">=" | "in" | "not in";

export interface GivenArguments {
  positional: Expression[];
  named: { name: string; value: Expression }[];
  /** `*rest` and `**rest`. */
  spread?: Expression;
  spreadNamed?: Expression;
}

/** What is assigned to: a name, a namespace's attribute, or several. */
export type Target =
  | { kind: "name"; name: string }
  | { kind: "attribute"; namespace: string; name: string }
  | { kind: "targets"; targets: Target[] };

export interface Parameter {
  name: string;
  fallback?: Expression;
}

export type Statement =
  | { kind: "text"; text: string }
  | { kind: "output"; expression: Expression; line: number }
  | { kind: "if"; branches: { test: Expression; body: Statement[] }[]; otherwise: Statement[]; line: number }
  | {
      kind: "for";
      target: Target;
      over: Expression;
      test?: Expression;
      isRecursive: boolean;
      body: Statement[];
      otherwise: Statement[];
      line: number;
    }
  | { kind: "set"; target: Target; value: Expression; line: number }
  | { kind: "setBlock"; target: Target; filters: Filters; body: Statement[]; line: number }
  | { kind: "macro"; macro: MacroDefinition; line: number }
  | { kind: "callBlock"; call: Expression & { kind: "call" }; caller: MacroDefinition; line: number }
  | { kind: "filterBlock"; filters: Filters; body: Statement[]; line: number }
  | { kind: "with"; targets: { target: Target; value: Expression }[]; body: Statement[]; line: number }
  /** Its body once, in a scope of its own: `{% generation %}`, `{% autoescape %}`. */
  | { kind: "scope"; body: Statement[]; marks: boolean; line: number }
  /** As the name says; a template of its own sees only what is set outside of all blocks. */
  | { kind: "block"; body: Statement[]; line: number }
  | { kind: "break" | "continue"; line: number }
  /** A statement that would load another template. */
  | { kind: "load"; what: string; line: number };

/** Filters in order, the text that they are applied to left out. */
export type Filters = { name: string; given: GivenArguments; line: number }[];

export interface MacroDefinition {
  name: string;
  parameters: Parameter[];
  body: Statement[];
  /** Which of the special names its body reads. */
  reads: { varargs: boolean; kwargs: boolean; caller: boolean };
}
