import { EngineError } from "../../errors.ts";

/** A device that cannot be used on this machine: why, and what to do about it. */
export class UnusableDevice extends EngineError {
  /** `expected <x>, got <y>`. */
  readonly reason: string;
  readonly advice: string;

  constructor(device: string, reason: string, advice: string, options?: ErrorOptions) {
    super(`device ${device}: ${reason}. ${advice}`, options);
    this.reason = reason;
    this.advice = advice;
  }
}
