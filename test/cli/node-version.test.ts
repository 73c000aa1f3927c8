import { expect, it } from "vitest";
import { isSupported, pinnedNode, runOnNode } from "../../src/cli/node-version.ts";

it.each([
  ["18.20.8", false],
  ["20.20.2", false],
  ["22.14.0", false],
  ["22.15.0", true],
  ["24.1.0", true],
])("zebratune runs on Node %s: %s", (version, isFit) => {
  expect(isSupported(version)).toBe(isFit);
});

it("in a clone the pinned Node is there, and gives back the exit code of what runs on it", async () => {
  const node = pinnedNode();
  expect(node).toMatch(/node_modules\/node\/bin\/node(\.exe)?$/);
  const before = process.exitCode;
  try {
    await runOnNode(node!, ["-e", "process.exit(130)"]);
    expect(process.exitCode).toBe(130);
  } finally {
    process.exitCode = before;
  }
});
