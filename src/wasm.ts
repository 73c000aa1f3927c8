/**
 * A small assembler for WebAssembly modules of one function over one memory: for inner loops over vectors of
 * four lanes, which JavaScript does not have. Source: WebAssembly Core Specification 2.0, chapter 5 (binary
 * format).
 */

/** Bytes of instructions. The code of an expression leaves its value on the stack. */
export type Code = readonly number[];

/** Value types. */
export const [i32, f32, v128] = [0x7f, 0x7d, 0x7b] as const;

/** Unsigned LEB128. */
export function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

/** Signed LEB128 of a 32-bit integer. */
function signedVarint(value: number): number[] {
  return value >= -64 && value < 64 ? [value & 127] : [(value & 127) | 128, ...signedVarint(value >> 7)];
}

/** An instruction on vectors: the prefix 0xfd and its number. */
const simd = (number: number): number[] => [0xfd, ...varint(number)];

/** Instructions that take all they need from the stack, by the specification's names. */
const plain = {
  drop: [0x1a],
  "i32.lt_u": [0x49],
  "i32.add": [0x6a],
  "f32x4.splat": simd(0x13),
  "f32x4.lt": simd(0x43),
  "f32x4.gt": simd(0x44),
  "f32x4.ge": simd(0x46),
  "v128.and": simd(0x4e),
  "i32x4.add": simd(0xae),
  "i32x4.mul": simd(0xb5),
  "i32x4.min_s": simd(0xb6),
  "f32x4.abs": simd(0xe0),
  "f32x4.sqrt": simd(0xe3),
  "f32x4.add": simd(0xe4),
  "f32x4.sub": simd(0xe5),
  "f32x4.mul": simd(0xe6),
  "f32x4.div": simd(0xe7),
} as const satisfies Record<string, Code>;

/** The operands' code, then the instruction that works on what they leave. */
export function op(name: keyof typeof plain, ...operands: readonly Code[]): number[] {
  return [...operands.flat(), ...plain[name]];
}

/** Instructions that load from an address: their bytes, and log₂ of the alignment that they expect. */
const loads = {
  "v128.load": [simd(0x00), 4],
  "v128.load32_splat": [simd(0x09), 2],
} as const satisfies Record<string, readonly [Code, number]>;

/** What lies at `address + offset`; the address is code that leaves an i32. */
export function load(name: keyof typeof loads, address: Code, offset = 0): number[] {
  const [instruction, alignment] = loads[name];
  return [...address, ...instruction, alignment, ...varint(offset)];
}

/** `v128.store`: writes a vector to `address + offset`. */
export function storeVector(address: Code, vector: Code, offset = 0): number[] {
  return [...address, ...vector, ...simd(0x0b), 4, ...varint(offset)];
}

/** `i32.const`. */
export const i32Const = (value: number): number[] => [0x41, ...signedVarint(value)];

/** A vector with this float32 in all four lanes: `v128.const`. */
export function f32x4Const(value: number): number[] {
  const lane = [...new Uint8Array(Float32Array.of(value).buffer)];
  return [...simd(0x0c), ...lane, ...lane, ...lane, ...lane];
}

/**
 * Locals by index, parameters first: `local.get`, `local.set` and `local.tee`, which also leaves the value.
 */
export const get = (local: number): number[] => [0x20, ...varint(local)];
export const set = (local: number, value: Code = []): number[] => [...value, 0x21, ...varint(local)];
export const tee = (local: number, value: Code = []): number[] => [...value, 0x22, ...varint(local)];

const [loop, emptyBlock, branchIf, end] = [0x03, 0x40, 0x0d, 0x0b];

/**
 * Repeats `body`, moving the address in local `at` on by `bytes` each time, while it is below the address in
 * local `end`. Runs at least once.
 */
export const repeat = (body: Code, locals: { at: number; end: number; bytes: number }): number[] => {
  const moved = tee(locals.at, op("i32.add", get(locals.at), i32Const(locals.bytes)));
  return [loop, emptyBlock, ...body, ...op("i32.lt_u", moved, get(locals.end)), branchIf, 0, end];
};

export interface KernelSource {
  /** Types of the function's parameters. */
  parameters: readonly number[];
  /** Locals after them: how many of which type. */
  locals: readonly (readonly [count: number, type: number])[];
  body: Code;
  memoryBytes: number;
}

export interface Kernel {
  memory: ArrayBuffer;
  run(...parameters: number[]): void;
}

/** Compiles the function and gives it its own memory, all zero. */
export function createKernel(source: KernelSource): Kernel {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes(source)));
  return { memory: exports.m.buffer, run: exports.f };
}

const counted = (parts: readonly Code[]): number[] => [...varint(parts.length), ...parts.flat()];
const section = (id: number, body: Code): number[] => [id, ...varint(body.length), ...body];
const functionType = 0x60;
const pageBytes = 65536;

function moduleBytes({ parameters, locals, body, memoryBytes }: KernelSource): Uint8Array {
  const code = [...counted(locals.map(([count, type]) => [...varint(count), type])), ...body, end];
  const text = (name: string): number[] => [...varint(name.length), ...Buffer.from(name, "latin1")];
  const [functionKind, memoryKind] = [0, 2];
  return Uint8Array.from([
    ...[...Buffer.from("\0asm", "latin1"), 1, 0, 0, 0],
    // Types: from the parameters to nothing. Functions: one of type 0. Memories: one, with no upper limit.
    ...section(1, counted([[functionType, ...counted(parameters.map((type) => [type])), 0]])),
    ...section(3, counted([[0]])),
    ...section(5, counted([[0, ...varint(Math.ceil(memoryBytes / pageBytes))]])),
    // Exports: memory 0 as "m", function 0 as "f".
    ...section(
      7,
      counted([
        [...text("m"), memoryKind, 0],
        [...text("f"), functionKind, 0],
      ]),
    ),
    ...section(10, counted([[...varint(code.length), ...code]])),
  ]);
}

/** What is used of the global of that name: neither Node's types nor ECMAScript's have it. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (
    module: object,
  ) => { exports: { m: { buffer: ArrayBuffer }; f(...parameters: number[]): void } };
};
