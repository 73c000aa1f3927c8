import { readdirSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { runGoldenCase } from "../../scripts/golden.ts";
import { packagePath } from "../../src/package-root.ts";
import { available } from "../engine/available.ts";

const root = packagePath("test", "fixtures", "golden");

// Each folder is a case of an independent float64 implementation; see scripts/golden.ts for its form.
for (const { name, device, skip, reason } of await Promise.all(
  (["cpu", "tfjs", "webgpu"] as const).map(available),
)) {
  describe.skipIf(skip)(`device ${name}${reason}`, () => {
    if (!device) return;
    afterAll(() => device.dispose());
    for (const folder of readdirSync(root)) {
      it(`${folder}: float32 stays within its bounds of the oracle`, async () => {
        const lines = await runGoldenCase(`${root}/${folder}`, device);
        expect(lines.map(({ what }) => what)).toContain("gradients");
        for (const { what, error, bound } of lines)
          expect({ what, isWithin: error <= bound }).toEqual({ what, isWithin: true });
      });
    }
  });
}
