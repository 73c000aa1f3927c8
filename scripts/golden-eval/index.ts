import type { Oracle } from "./oracle.ts";

/** Every kind of oracle file that `npm run golden-eval` knows. */
export const oracles: readonly Oracle[] = [];
