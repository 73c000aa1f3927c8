import { TemplateRuntimeError } from "./errors.ts";
import { PyUndefined, type Value } from "./values.ts";

/** Macros and loops that call each other this deep are a mistake or an attack. */
const maxDepth = 100;

/**
 * One rendering: what bounds it, and how it says that something is undefined. Work is counted, not timed, so that a
 * template that renders on one machine renders on all. A unit is an evaluated expression, an element that is gone
 * through or 16 characters that are made.
 */
export class Run {
  readonly isStrict: boolean;
  #work: number;
  #depth = 0;
  /** Of the statement that is being rendered, from 1. */
  line = 1;

  constructor(maxWork: number, isStrict: boolean) {
    this.#work = maxWork;
    this.isStrict = isStrict;
  }

  /** Counts work. Throws TemplateRuntimeError when there was too much. */
  spend(units: number): void {
    this.#work -= units;
    if (this.#work < 0) {
      throw new TemplateRuntimeError(
        "expected a template that ends within the work its input allows, got one that does not (a long loop or text)",
      );
    }
  }

  /** Counts characters that are about to be made. */
  spendText(chars: number): void {
    this.spend(chars / 16);
  }

  enter<T>(inside: () => T): T {
    if (++this.#depth > maxDepth) {
      throw new TemplateRuntimeError(`expected calls at most ${maxDepth} deep, got deeper ones`);
    }
    try {
      return inside();
    } finally {
      this.#depth--;
    }
  }

  undefined(message: string): Value {
    return new PyUndefined(message, this.isStrict);
  }
}
