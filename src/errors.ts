/**
 * Every error that a user can see. The message reads `<where>: expected <x>, got <y>`, then what to do next.
 * `code` is stable: tests and scripts may rely on it.
 */
export class ZebraError extends Error {
  readonly code: string;
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** A recipe or config that cannot be used. Has every problem found, not only the first. */
export class ConfigError extends ZebraError {
  readonly problems: readonly string[];
  constructor(where: string, problems: readonly string[], hint?: string) {
    super("E_CONFIG", problemList(where, problems, hint));
    this.problems = problems;
  }
}

/** A data source, file or row that cannot be read at all. (Single bad rows go to the ledger instead.) */
export class DataError extends ZebraError {
  constructor(message: string, options?: ErrorOptions) {
    super("E_DATA", message, options);
  }
}

/** A checkpoint folder or tensor file that is missing, damaged or has another format. */
export class CheckpointError extends ZebraError {
  constructor(message: string, options?: ErrorOptions) {
    super("E_CHECKPOINT", message, options);
  }
}

/** An op used with shapes or dtypes that do not fit. */
export class ShapeError extends ZebraError {
  constructor(message: string, options?: ErrorOptions) {
    super("E_SHAPE", message, options);
  }
}

/** A program that did not compile or run. Names the node or program. */
export class EngineError extends ZebraError {
  constructor(message: string, options?: ErrorOptions) {
    super("E_ENGINE", message, options);
  }
}

/** A stage that stopped because its result cannot be trusted (mask gate, loss watchdog …). */
export class GateError extends ZebraError {
  constructor(message: string, options?: ErrorOptions) {
    super("E_GATE", message, options);
  }
}

/** What a thrown value says; libraries throw more than errors. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Everything that is wrong somewhere, a line each, at most `most` of them; then what to do. */
export function problemList(
  where: string,
  problems: readonly string[],
  hint = "",
  most = problems.length,
): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const lines = problems.slice(0, most).map((problem) => `  - ${problem}`);
  if (problems.length > most) lines.push(`  … and ${problems.length - most} more`);
  return [`${where}: ${count}`, ...lines, ...(hint === "" ? [] : [hint])].join("\n");
}
