/**
 * Dynamic loss scaling (arXiv 1710.03740): gradients of a loss times `value` keep small ones above what
 * float16 can hold. Settings are those of torch.amp.GradScaler.
 */
export interface LossScale {
  value: number;
  /** Steps since the value changed. */
  steadySteps: number;
}

const first = 2 ** 16;
const most = 2 ** 24;
const growAfterSteps = 2000;

export function initialLossScale(): LossScale {
  return { value: first, steadySteps: 0 };
}

/** After a step whose gradients were all finite: twice the scale where it has held for long. */
export function afterFiniteStep({ value, steadySteps }: LossScale): LossScale {
  const steady = steadySteps + 1;
  return steady < growAfterSteps || value >= most
    ? { value, steadySteps: steady }
    : { value: value * 2, steadySteps: 0 };
}

/** After gradients that overflowed: half the scale, or null where it is 1 and scaling is not to blame. */
export function afterOverflow({ value }: LossScale): LossScale | null {
  return value > 1 ? { value: value / 2, steadySteps: 0 } : null;
}
