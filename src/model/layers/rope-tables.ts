import type { ZebraConfig } from "../config/config.ts";

/**
 * Inverse frequencies of the rotary positions, [H/2].
 * Source: arXiv 2104.09864; `linear` from arXiv 2306.15595; `llama3` as in Hugging Face's
 * `_compute_llama3_parameters`.
 */
export function inverseFrequencies(config: ZebraConfig): Float64Array {
  const half = config.head_dim / 2;
  const plain = Float64Array.from({ length: half }, (_, i) => config.rope_theta ** (-i / half));
  const scaling = config.rope_scaling;
  if (!scaling || scaling.rope_type === "default") return plain;
  const factor = scaling.factor!;
  if (scaling.rope_type === "linear") return plain.map((f) => f / factor);

  const original = scaling.original_max_position_embeddings!;
  const low = scaling.low_freq_factor!;
  const high = scaling.high_freq_factor!;
  return plain.map((f) => {
    const wavelength = (2 * Math.PI) / f;
    if (wavelength < original / high) return f;
    if (wavelength > original / low) return f / factor;
    const smooth = (original / wavelength - low) / (high - low);
    return ((1 - smooth) * f) / factor + smooth * f;
  });
}

/** cos and sin of the angles of every position, [positions, H/2] row-major. */
export function ropeTables(config: ZebraConfig, positions: number): { cos: Float32Array; sin: Float32Array } {
  const frequencies = inverseFrequencies(config);
  const half = frequencies.length;
  const cos = new Float32Array(positions * half);
  const sin = new Float32Array(positions * half);
  for (let p = 0; p < positions; p++) {
    for (let i = 0; i < half; i++) {
      cos[p * half + i] = Math.cos(p * frequencies[i]!);
      sin[p * half + i] = Math.sin(p * frequencies[i]!);
    }
  }
  return { cos, sin };
}
