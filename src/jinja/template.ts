import { compileBody, type Execute, type GenerationMarks, Output } from "./compile/compile-body.ts";
import { globals } from "./compile/globals.ts";
import { Scope } from "./compile/scope.ts";
import { TemplateRaised, TemplateRuntimeError, TemplateSyntaxError } from "./errors.ts";
import type { Filter } from "./functions/text-filters.ts";
import type { WhiteSpace } from "./syntax/lexer.ts";
import { parseTemplate } from "./syntax/parser.ts";
import { fromJs } from "./values/from-js.ts";
import { createRun } from "./values/run.ts";
import { isList, PyDict, type Value } from "./values/values.ts";

export interface TemplateOptions extends WhiteSpace {
  /** jinja2's StrictUndefined: what is undefined can only be asked whether it is, or given a default. */
  isStrict?: boolean;
  /** Filters besides Jinja's own, or in place of some. */
  filters?: Readonly<Record<string, Filter>>;
  /** `value.__class__` is its type's name, as outside of Python's sandbox; no other such name is reached. */
  hasClassNames?: boolean;
  /** Written around what `{% generation %}` blocks write. */
  marks?: GenerationMarks;
}

/** How transformers sets Jinja for chat templates. */
export const chatOptions = { trimBlocks: true, lstripBlocks: true, keepTrailingNewline: false } as const;

/** What a template may be long, in characters: the longest public ones have a twentieth of it. */
const maxSourceChars = 400_000;
/** Work that any template may do (see Run), and what each character and value of its data adds to it. */
const baseWork = 500_000;
const workPerChar = 4;
const workPerValue = 1_000;

/** A template that was read once and renders any number of times. */
export class Template {
  readonly #body: Execute;
  readonly #isStrict: boolean;
  readonly #hasClassNames: boolean;
  /** Whether it says with `{% generation %}` what the model writes. */
  readonly hasGeneration: boolean;

  /** Throws TemplateSyntaxError, its message with the line. */
  constructor(source: string, options: TemplateOptions) {
    if (source.length > maxSourceChars)
      throw new TemplateSyntaxError(
        `expected a template of at most ${maxSourceChars} characters, got ${source.length}`,
      );
    this.#isStrict = options.isStrict ?? false;
    this.#hasClassNames = options.hasClassNames ?? false;
    try {
      const { body, hasGeneration } = parseTemplate(source, options);
      this.hasGeneration = hasGeneration;
      this.#body = compileBody(body, {
        isConditional: false,
        marks: options.marks,
        filters: options.filters,
      });
    } catch (error) {
      if (error instanceof RangeError)
        throw new TemplateSyntaxError(
          "expected a template that nests less deeply, got one that overflows the stack",
        );
      throw error;
    }
  }

  /**
   * The text for these names: plain data (see `fromJs`) and functions made of template values. Throws
   * TemplateRaised with the words of `raise_exception`, else TemplateRuntimeError with the line.
   */
  render(context: Readonly<Record<string, unknown>>): string {
    const names = new Map(globals);
    let work = baseWork;
    for (const [name, given] of Object.entries(context)) {
      if (given === undefined) continue;
      const value = fromJs(given);
      work += workOf(value);
      names.set(name, value);
    }
    const run = createRun(work, this.#isStrict, this.#hasClassNames);
    const output = new Output(run);
    try {
      this.#body(new Scope(run, null, names), output);
    } catch (error) {
      if (error instanceof TemplateRaised) throw error;
      if (error instanceof TemplateRuntimeError)
        throw new TemplateRuntimeError(`line ${run.line}: ${error.message}`);
      if (error instanceof RangeError)
        throw new TemplateRuntimeError(
          `line ${run.line}: expected less nesting, got more than the stack holds`,
        );
      throw error;
    }
    return output.text;
  }
}

/** Work that data allow: a template may go through all of them some times. */
function workOf(value: Value): number {
  if (typeof value === "string") return workPerValue + value.length * workPerChar;
  if (isList(value)) return value.reduce<number>((sum, item) => sum + workOf(item), workPerValue);
  if (value instanceof PyDict) {
    let sum = workPerValue;
    for (const [key, item] of value.entries()) sum += workOf(key) + workOf(item);
    return sum;
  }
  return 0;
}
