import { describe, expect, it } from "vitest";
import type { RopeScaling } from "../../../src/model/config/rope.ts";
import { inverseFrequencies, ropeTables } from "../../../src/model/layers/rope-tables.ts";
import { tinyConfig } from "../tiny.ts";

/** Plain frequencies 1, 1/10 and 1/100: wavelengths of 2π, 20π and 200π positions. */
const config = (rope_scaling: RopeScaling | null) =>
  tinyConfig({ head_dim: 6, rope_theta: 1000, rope_scaling });

describe("inverse frequencies", () => {
  it("are theta^(−i / half)", () => {
    expect(inverseFrequencies(config(null))).toBeAllClose([1, 0.1, 0.01], { rtol: 1e-12 });
    expect(inverseFrequencies(config({ rope_type: "default" } as RopeScaling))).toEqual(
      inverseFrequencies(config(null)),
    );
  });

  it("linear: all of them divided by the factor", () => {
    const scaling = { rope_type: "linear", factor: 4 } as const;
    expect(inverseFrequencies(config(scaling))).toBeAllClose([0.25, 0.025, 0.0025], { rtol: 1e-12 });
  });

  // Between the two bounds: a wavelength of original / 2 is a third of the way from low (1) to high (4).
  it("llama3: short waves as they are, long ones divided, those between by how often they fit", () => {
    const scaling = {
      rope_type: "llama3",
      factor: 8,
      low_freq_factor: 1,
      high_freq_factor: 4,
      original_max_position_embeddings: 40 * Math.PI,
    } as const;
    const between = ((2 / 3) * 0.1) / 8 + (1 / 3) * 0.1;
    expect(inverseFrequencies(config(scaling))).toBeAllClose([1, between, 0.01 / 8], { rtol: 1e-9 });
  });
});

it("rows of cos and sin are those of each position's angles", () => {
  const { cos, sin } = ropeTables(config(null), 3);
  const angles = [0, 0, 0, 1, 0.1, 0.01, 2, 0.2, 0.02];
  expect({ cos, sin }).toBeAllClose({ cos: angles.map(Math.cos), sin: angles.map(Math.sin) }, { atol: 1e-7 });
});
