import { DataError } from "../../../errors.ts";

/** A pattern that Python's `re.compile` refuses, or one that is refused here, by name. */
export class PatternError extends DataError {}

/** A pattern that did not end on a text within the work that it may do. */
export class PatternEffortError extends DataError {}
