import { readdirSync } from "node:fs";
import { expect, it } from "vitest";
import { runGoldenCase } from "../../src/cli/golden.ts";
import { packagePath } from "../../src/package-root.ts";

const root = packagePath("test", "fixtures", "golden");

// Each folder is a case of an independent float64 implementation; see src/cli/golden.ts for its form.
for (const name of readdirSync(root)) {
  it(`${name}: float32 stays within its bounds of the oracle`, async () => {
    const lines = await runGoldenCase(`${root}/${name}`);
    expect(lines.map(({ what }) => what)).toContain("gradients");
    for (const { what, error, bound } of lines)
      expect({ what, isWithin: error <= bound }).toEqual({ what, isWithin: true });
  });
}
