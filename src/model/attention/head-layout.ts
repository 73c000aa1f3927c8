import type { Device, Tensor } from "../../engine/device.ts";
import { Graph } from "../../engine/graph/graph.ts";
import { reshape } from "../../engine/ops/reshape.ts";
import { transpose } from "../../engine/ops/transpose.ts";
import { compile, type Program } from "../../engine/program.ts";
import type { ZebraConfig } from "../config/config.ts";

/** Moves rows of all heads to heads one after the other and back. */
export interface HeadLayout {
  /** x [T, heads·H] → a new tensor [heads, T, H]. */
  apart(x: Tensor, heads: number): Promise<Tensor>;
  /** y [heads, T, H] → written into x [T, heads·H]. */
  together(y: Tensor, x: Tensor): Promise<void>;
}

export async function compileHeadLayout(
  device: Device,
  { num_attention_heads, num_key_value_heads, head_dim: H }: ZebraConfig,
): Promise<HeadLayout> {
  const programs = new Map<number, { apart: Program; together: Program }>();
  for (const N of new Set([num_attention_heads, num_key_value_heads])) {
    const graph = new Graph();
    const x = graph.input("x", ["T", N * H]);
    const y = graph.input("y", [N, "T", H]);
    programs.set(N, {
      apart: await compile(device, "heads apart", { y: transpose(reshape(x, ["T", N, H]), [1, 0, 2]) }),
      together: await compile(device, "heads together", {
        x: reshape(transpose(y, [1, 0, 2]), ["T", N * H]),
      }),
    });
  }
  return {
    apart: async (x, heads) => (await programs.get(heads)!.apart.run({ x })).y!,
    async together(y, x) {
      await programs.get(y.shape[0]!)!.together.run({ y }, { x });
    },
  };
}
