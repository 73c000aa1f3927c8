import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ConfigError } from "../../../src/errors.ts";
import { formatConfig, parseConfig, toZebra, type ZebraConfig } from "../../../src/model/config/config.ts";
import type { LayerType } from "../../../src/model/config/layers.ts";

/** Sizes that every form has; the rest is what tests are about. */
const sizes = {
  vocab_size: 100,
  hidden_size: 32,
  intermediate_size: 56,
  num_hidden_layers: 4,
  num_attention_heads: 4,
  num_key_value_heads: 2,
};

const full = "full_attention" satisfies LayerType;
const local = "sliding_attention" satisfies LayerType;
const llama3 = {
  rope_type: "llama3" as const,
  factor: 4,
  low_freq_factor: 1,
  high_freq_factor: 4,
  original_max_position_embeddings: 32,
};

const parse = (json: object) => parseConfig({ model_type: "ministral", ...sizes, ...json }, "config.json");

function problemsOf(json: object): readonly string[] {
  try {
    parse(json);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe("forms", () => {
  it.each<[string, object, LayerType[], number | null]>([
    [
      "ministral with layer_types",
      { layer_types: [full, local, local, full], sliding_window: 8 },
      [full, local, local, full],
      8,
    ],
    ["ministral without layer_types", { sliding_window: 8 }, [local, local, local, local], 8],
    ["ministral without either: transformers' window", {}, [local, local, local, local], 4096],
    ["ministral without a window", { sliding_window: null }, [full, full, full, full], null],
    [
      "a window that no layer uses",
      { layer_types: [full, full, full, full], sliding_window: 8 },
      [full, full, full, full],
      null,
    ],
    ["mistral", { model_type: "mistral", sliding_window: 16 }, [local, local, local, local], 16],
    [
      "mistral with layer_types",
      { model_type: "mistral", layer_types: [local, full, local, full], sliding_window: 2 },
      [local, full, local, full],
      2,
    ],
    [
      "mistral without a window",
      { model_type: "mistral", sliding_window: null },
      [full, full, full, full],
      null,
    ],
    ["llama", { model_type: "llama" }, [full, full, full, full], null],
    // Their window does not count the query itself.
    [
      "the authors' mix",
      { model_type: "llama", self_attn_type: "mix", window_size: 512, layer_group_size: 3 },
      [full, local, local, full],
      513,
    ],
    [
      "the authors' sparse",
      { model_type: "llama", self_attn_type: "sparse", window_size: 7 },
      [local, local, local, local],
      8,
    ],
    [
      "the authors' full",
      { model_type: "llama", self_attn_type: "full", window_size: 7, layer_group_size: 3 },
      [full, full, full, full],
      null,
    ],
  ])("%s", (_, json, layerTypes, window) => {
    const { layer_types, sliding_window } = parse(json);
    expect({ layer_types, sliding_window }).toEqual({ layer_types: layerTypes, sliding_window: window });
  });

  it("absent keys mean what they mean in transformers", () => {
    expect(
      parseConfig(
        { model_type: "ministral", ...sizes, num_attention_heads: 8, num_key_value_heads: undefined },
        "x",
      ),
    ).toMatchObject({
      num_key_value_heads: 8,
      head_dim: 4,
      rms_norm_eps: 1e-6,
      rope_theta: 10_000,
      rope_scaling: null,
      max_position_embeddings: 131_072,
      tie_word_embeddings: false,
      bos_token_id: 1,
      eos_token_id: 2,
      pad_token_id: null,
    });
    const { num_key_value_heads: _, ...llama } = { ...sizes, model_type: "llama" };
    expect(parseConfig(llama, "x")).toMatchObject({ num_key_value_heads: 4, max_position_embeddings: 2048 });
    const { num_key_value_heads: __, ...ministral } = {
      ...sizes,
      model_type: "ministral",
      num_attention_heads: 16,
    };
    expect(parseConfig(ministral, "x").num_key_value_heads).toBe(8);
  });

  it("reads special ids: one, several, none, and −1 for none", () => {
    expect(parse({ bos_token_id: 0, eos_token_id: [2, 7], pad_token_id: -1 })).toMatchObject({
      bos_token_id: 0,
      eos_token_id: [2, 7],
      pad_token_id: null,
    });
    expect(parse({ bos_token_id: null, eos_token_id: null })).toMatchObject({
      bos_token_id: null,
      eos_token_id: null,
    });
  });
});

describe("rotary positions", () => {
  it.each<[string, object, number, ZebraConfig["rope_scaling"]]>([
    ["v4 theta alone", { rope_theta: 5e5 }, 5e5, null],
    [
      "v4 linear",
      { rope_theta: 5e5, rope_scaling: { rope_type: "linear", factor: 4 } },
      5e5,
      { rope_type: "linear", factor: 4 },
    ],
    [
      "the old key type",
      { rope_scaling: { type: "linear", factor: 2 } },
      10_000,
      { rope_type: "linear", factor: 2 },
    ],
    ["v4 llama3", { rope_theta: 5e5, rope_scaling: llama3 }, 5e5, llama3],
    ["v5 default", { rope_parameters: { rope_type: "default", rope_theta: 7 } }, 7, null],
    ["v5 llama3", { rope_parameters: { ...llama3, rope_theta: 7 } }, 7, llama3],
    [
      "both, agreeing",
      { rope_theta: 7, rope_scaling: llama3, rope_parameters: { ...llama3, rope_theta: 7 } },
      7,
      llama3,
    ],
    ["scaling default", { rope_scaling: { rope_type: "default" } }, 10_000, null],
    [
      "llama3 without the original length",
      {
        max_position_embeddings: 64,
        rope_scaling: { ...llama3, original_max_position_embeddings: undefined },
      },
      10_000,
      { ...llama3, original_max_position_embeddings: 64 },
    ],
    // Their code reads rope_theta only beside a scaling.
    [
      "the authors' without scaling",
      { model_type: "llama", self_attn_type: "full", rope_theta: 5e5, rope_scaling: null },
      10_000,
      null,
    ],
    [
      "the authors' with scaling",
      {
        model_type: "llama",
        self_attn_type: "full",
        rope_theta: 5e5,
        rope_scaling: { type: "linear", factor: 4 },
      },
      5e5,
      { rope_type: "linear", factor: 4 },
    ],
  ])("%s", (_, json, theta, scaling) => {
    const { rope_theta, rope_scaling } = parse(json);
    expect({ rope_theta, rope_scaling }).toEqual({ rope_theta: theta, rope_scaling: scaling });
  });
});

describe("problems", () => {
  it.each<[object, string]>([
    [{ model_type: "gpt2" }, "model_type: expected "],
    [{ attention_bias: true }, "attention_bias: expected false"],
    [{ mlp_bias: true }, "mlp_bias: expected false"],
    [{ hidden_act: "gelu" }, 'hidden_act: expected "silu"'],
    [{ quantization_config: { bits: 4 } }, "quantization_config: expected null"],
    [{ partial_rotary_factor: 0.5 }, "partial_rotary_factor: expected 1"],
    [{ rope_scaling: { rope_type: "yarn", factor: 4 } }, "rope_scaling.rope_type: expected "],
    [{ rope_scaling: { type: "dynamic", factor: 4 } }, "rope_scaling.type: expected "],
    [{ rope_scaling: { type: "linear" } }, "rope_scaling.factor: expected "],
    [{ rope_scaling: { ...llama3, high_freq_factor: 1 } }, "rope_scaling.high_freq_factor: expected "],
    [{ rope_scaling: "linear" }, "rope_scaling: expected an object or null"],
    [{ rope_theta: 5, rope_parameters: { rope_theta: 6 } }, "rope_theta: expected one base"],
    [
      { rope_scaling: { type: "linear", factor: 4 }, rope_parameters: { rope_type: "linear", factor: 2 } },
      "rope_scaling: expected the same as rope_parameters",
    ],
    [{ vocab_size: 0 }, "vocab_size: expected a whole number from 1"],
    [{ vocab_size: 1e300 }, "vocab_size: expected a whole number from 1"],
    [{ hidden_size: "32" }, "hidden_size: expected a whole number from 1"],
    [
      { intermediate_size: undefined },
      "intermediate_size: expected a whole number from 1 to 2147483647, got nothing",
    ],
    [{ hidden_size: 33 }, "hidden_size: expected a multiple of num_attention_heads (4)"],
    [{ head_dim: 7 }, "head_dim: expected an even number"],
    [{ num_key_value_heads: 3 }, "num_key_value_heads: expected a divisor of num_attention_heads (4), got 3"],
    [{ rms_norm_eps: 0 }, "rms_norm_eps: expected a number above 0"],
    [{ tie_word_embeddings: "yes" }, "tie_word_embeddings: expected true or false"],
    [{ layer_types: [full] }, "layer_types: expected 4 entries (num_hidden_layers), got 1"],
    [{ layer_types: [full, full, full, "chunked_attention"] }, "layer_types: expected "],
    [
      { layer_types: [full, full, full, local], sliding_window: null },
      "sliding_window: expected a whole number from 1",
    ],
    [{ sliding_window: 0 }, "sliding_window: expected a whole number from 1"],
    [{ model_type: "llama", sliding_window: 8 }, 'sliding_window: expected nothing in a "llama"'],
    [
      { model_type: "llama", layer_types: [full, full, full, local] },
      "layer_types: expected full attention only",
    ],
    [
      { model_type: "llama", self_attn_type: "mix", window_size: 8 },
      "layer_group_size: expected a whole number",
    ],
    [{ model_type: "llama", self_attn_type: "sparse" }, "window_size: expected a whole number from 1"],
    [
      { model_type: "llama", self_attn_type: "dilated" },
      'self_attn_type: expected "mix", "full" or "sparse"',
    ],
    [{ eos_token_id: 100 }, "eos_token_id: expected a token id below vocab_size (100)"],
    [{ eos_token_id: [2, 100] }, "eos_token_id: expected token ids below vocab_size (100)"],
  ])("%j is one, that names the key", (json, expected) => {
    const problems = problemsOf(json);
    expect(problems).toHaveLength(1);
    expect(problems[0]!.slice(0, expected.length)).toBe(expected);
  });

  it("are reported together", () => {
    const keys = problemsOf({
      hidden_act: "gelu",
      vocab_size: -1,
      rope_scaling: { type: "yarn" },
      layer_types: [],
    });
    expect(keys.map((problem) => problem.split(":")[0]).sort()).toEqual([
      "hidden_act",
      "layer_types",
      "rope_scaling.type",
      "vocab_size",
    ]);
  });

  it("of what is no object", () => {
    expect(() => parseConfig([], "a/config.json")).toThrow(
      "a/config.json: 1 problem\n  - expected a JSON object",
    );
  });
});

it("any JSON is read or refused as a config", () => {
  const value = fc.oneof(
    fc.jsonValue(),
    fc.integer(),
    fc.constantFrom(0, -1, 1e15, null, true, full, [full, local], { type: "linear" }),
  );
  const keys = [
    "layer_types",
    "sliding_window",
    "rope_scaling",
    "rope_parameters",
    "rope_theta",
    "head_dim",
    "self_attn_type",
    "window_size",
    "layer_group_size",
    "eos_token_id",
    "model_type",
    ...Object.keys(sizes),
  ];
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom(...keys), value), (changes) => {
      try {
        const config = parse(changes);
        expect(config.layer_types).toHaveLength(config.num_hidden_layers);
        expect(parseConfig(formatConfig(config), "again")).toEqual(config);
      } catch (error) {
        if (!(error instanceof ConfigError)) throw error;
        expect(error.problems.length).toBeGreaterThan(0);
      }
    }),
    { numRuns: 500 },
  );
});

describe("formatConfig", () => {
  const config = parse({
    layer_types: [full, local, local, local],
    sliding_window: 8,
    rope_theta: 7,
    rope_scaling: llama3,
  });

  it("writes the ministral form, rotary positions for transformers 4 and 5", () => {
    expect(formatConfig(config, "bfloat16")).toMatchObject({
      model_type: "ministral",
      architectures: ["MinistralForCausalLM"],
      hidden_act: "silu",
      head_dim: 8,
      layer_types: [full, local, local, local],
      sliding_window: 8,
      rope_theta: 7,
      rope_scaling: llama3,
      rope_parameters: { ...llama3, rope_theta: 7 },
      dtype: "bfloat16",
      torch_dtype: "bfloat16",
    });
  });

  it("is read back as it was, by v5's keys alone and by v4's alone", () => {
    const json = formatConfig(config);
    expect(parseConfig(json, "x")).toEqual(config);
    expect(parseConfig({ ...json, rope_theta: undefined, rope_scaling: undefined }, "x")).toEqual(config);
    expect(parseConfig({ ...json, rope_parameters: undefined }, "x")).toEqual(config);
  });

  it("names a window where no layer has one: transformers' ministral fails on null", () => {
    const plain = parse({ sliding_window: null, max_position_embeddings: 64 });
    expect(formatConfig(plain).sliding_window).toBe(64);
    expect(parseConfig(formatConfig(plain), "x")).toEqual(plain);
  });
});

describe("toZebra", () => {
  const llama = parse({ model_type: "llama" });

  it("makes layer i global when i % group is 0", () => {
    expect(toZebra(llama, { group: 3, window: 5 })).toEqual({
      ...llama,
      layer_types: [full, local, local, full],
      sliding_window: 5,
    });
    expect(toZebra(llama, { group: 1, window: 5 })).toEqual(llama);
  });

  it("refuses a group or window below 1", () => {
    expect(() => toZebra(llama, { group: 0, window: 1.5 })).toThrow(
      /2 problems\n {2}- group: .*\n {2}- window: /,
    );
  });
});
