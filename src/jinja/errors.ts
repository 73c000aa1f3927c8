import { DataError } from "../errors.ts";

/** A template that cannot be parsed. The message begins with its line. */
export class TemplateSyntaxError extends DataError {}

/** A template that failed while it was rendered: Python's exception in words, or a bound of the sandbox. */
export class TemplateRuntimeError extends DataError {}

/** What a template says itself with `raise_exception`. */
export class TemplateRaised extends TemplateRuntimeError {}
