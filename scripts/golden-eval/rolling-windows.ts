import { readFileSync } from "node:fs";
import { rollingWindows } from "../../src/harness/rolling-windows.ts";
import type { Oracle } from "./oracle.ts";
import { same } from "./same.ts";

interface File {
  rows: { tokens: number; max_length: number; windows: [context: number[], scored: number[]][] }[];
}

/** Windows of tokens 100, 101 … after the prefix token 1. */
export const rollingWindowsOracle: Oracle = {
  takes: (fileName) => fileName === "rolling-windows.json",
  *compare(path) {
    const { rows } = JSON.parse(readFileSync(path, "utf8")) as File;
    for (const { tokens, max_length, windows } of rows) {
      const ids = Array.from({ length: tokens }, (_, i) => 100 + i);
      const got = rollingWindows(ids, 1, max_length).map(({ context, scored }) => [context, scored]);
      yield same(`rolling-windows: ${tokens} tokens by ${max_length}`, got, windows);
    }
  },
};
