/**
 * WebAssembly modules of one function over one memory, written as bytes: for inner loops over vectors of four lanes,
 * which JavaScript has not. Source: WebAssembly Core Specification 2.0, chapter 5 (binary format).
 */

/** Instructions as bytes. An expression's code leaves its value on the stack. */
export type Code = readonly number[];

/** Value types. */
export const [i32, f32, v128] = [0x7f, 0x7d, 0x7b] as const;

/** Unsigned LEB128. */
export function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(value >>> 7)];
}

/** An instruction on vectors, by its opcode after the prefix 0xfd. */
export const vector = (opcode: number): number[] => [0xfd, ...varint(opcode)];

/** Locals by index: parameters first. */
export const get = (local: number): number[] => [0x20, ...varint(local)];
export const set = (local: number): number[] => [0x21, ...varint(local)];
export const tee = (local: number): number[] => [0x22, ...varint(local)];

/** Repeats `body`, moving the place in `at` on by `bytes` (below 64) each time, while it is below the place in `end`. Runs once at least. */
export const repeat = (
  body: Code,
  { at, end, bytes }: { at: number; end: number; bytes: number },
): number[] => [
  ...[0x03, 0x40, ...body],
  ...[...get(at), 0x41, bytes, 0x6a, ...tee(at), ...get(end), 0x49, 0x0d, 0],
  0x0b,
];

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

/** Compiles the function and gives it a memory of its own, all zero. */
export function createKernel(source: KernelSource): Kernel {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(moduleBytes(source)));
  return { memory: exports.m.buffer, run: exports.f };
}

const counted = (parts: readonly Code[]): number[] => [...varint(parts.length), ...parts.flat()];
const section = (id: number, body: Code): number[] => [id, ...varint(body.length), ...body];

function moduleBytes({ parameters, locals, body, memoryBytes }: KernelSource): Uint8Array {
  const code = [...counted(locals.map(([count, type]) => [...varint(count), type])), ...body, 0x0b];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, counted([[0x60, ...counted(parameters.map((type) => [type])), 0]])),
    ...section(3, counted([[0]])),
    ...section(5, counted([[0, ...varint(Math.ceil(memoryBytes / 65536))]])),
    ...section(
      7,
      counted([
        [1, 0x6d, 2, 0], // "m": memory 0
        [1, 0x66, 0, 0], // "f": function 0
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
