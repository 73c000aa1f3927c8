import { DataError } from "../errors.ts";

/** Anything that goes wrong with a template. */
export class TemplateError extends DataError {}

/** A template that cannot be parsed. The message begins with its line. */
export class TemplateSyntaxError extends TemplateError {}

/** A template that failed while it was rendered: Python's exception in words, or a bound of the sandbox. */
export class TemplateRuntimeError extends TemplateError {}

/** What a template says itself with `raise_exception`. */
export class TemplateRaised extends TemplateRuntimeError {}
