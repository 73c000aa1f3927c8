import { elementCount } from "../../engine/graph/element-count.ts";
import { CheckpointError } from "../../errors.ts";
import { type Dtype, dtypeBytes, isDtype } from "./dtype.ts";
import { duplicateKey } from "./duplicate-key.ts";

/** What a header says about one tensor. `begin` and `end` are bytes from the start of the file, half-open. */
export interface TensorInfo {
  name: string;
  dtype: Dtype;
  shape: readonly number[];
  begin: number;
  end: number;
}

export interface Header {
  /** In the order of their bytes in the file. */
  tensors: TensorInfo[];
  metadata: Record<string, string>;
}

/** The file begins with the header's length, a little-endian u64. */
export const lengthBytes = 8;

/** The limit of the reference implementation. */
export const maxHeaderBytes = 100_000_000;

const damaged = "The file is damaged or was cut short: copy or download it again.";

/**
 * Parses the JSON header of a safetensors file of `fileBytes` bytes: `bytes` follow the 8 bytes of the
 * header's length. Nothing is trusted: every tensor must lie inside the file, and together they must cover it
 * without holes. Throws CheckpointError that names path and tensor. Source:
 * https://github.com/huggingface/safetensors#format.
 */
export function parseHeader(bytes: Uint8Array, fileBytes: number, path: string): Header {
  const json = parseObject(bytes, path);
  const metadata = parseMetadata(json.get("__metadata__"), path);
  json.delete("__metadata__");
  const dataStart = lengthBytes + bytes.length;
  const tensors = [...json].map(([name, value]) => parseTensor(name, value, dataStart, fileBytes, path));
  // Where an empty tensor and another begin at the same byte, the empty one comes first.
  tensors.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let position = dataStart;
  for (const { name, begin, end } of tensors) {
    if (begin !== position) {
      const what = begin > position ? "a hole before it" : "an overlap with the tensor before it";
      throw new CheckpointError(
        `${tensorAt(path, name)}: expected its bytes to begin at ${position - dataStart}, ` +
          `got ${begin - dataStart} (${what}). ${damaged}`,
      );
    }
    position = end;
  }
  if (position !== fileBytes) {
    throw new CheckpointError(
      `${path}: expected tensors to cover all ${fileBytes - dataStart} bytes after the header, ` +
        `got ${position - dataStart}. ${damaged}`,
    );
  }
  return { tensors, metadata };
}

/**
 * The first bytes of a safetensors file with these tensors: the length and the JSON header, padded with
 * spaces so that the data begins at a multiple of 8. The tensors follow in the order given and without holes,
 * which readers refuse. So a float32 tensor after a bfloat16 one may begin at a byte that is no multiple of
 * 4. Throws CheckpointError for a name that comes twice.
 */
export function formatHeader(
  tensors: readonly { name: string; dtype: Dtype; shape: readonly number[] }[],
  metadata: Record<string, string>,
  path: string,
): { bytes: Uint8Array; tensors: TensorInfo[]; fileBytes: number } {
  const entries: [string, unknown][] = [["__metadata__", metadata]];
  const sizes = tensors.map(({ dtype, shape }) => elementCount(shape) * dtypeBytes[dtype]);
  const names = new Set(["__metadata__"]);
  let offset = 0;
  for (const [i, { name, dtype, shape }] of tensors.entries()) {
    if (names.has(name)) {
      throw new CheckpointError(
        `${tensorAt(path, name)}: expected a name that is free, got it twice. Rename one of the tensors.`,
      );
    }
    names.add(name);
    entries.push([name, { dtype, shape, data_offsets: [offset, offset + sizes[i]!] }]);
    offset += sizes[i]!;
  }
  const members = entries.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  const json = new TextEncoder().encode(`{${members.join(",")}}`);
  const headerBytes = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(lengthBytes + headerBytes).fill(0x20);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerBytes), true);
  bytes.set(json, lengthBytes);
  let begin = bytes.length;
  const placed = tensors.map(({ name, dtype, shape }, i) => {
    const end = begin + sizes[i]!;
    const info = { name, dtype, shape, begin, end };
    begin = end;
    return info;
  });
  return { bytes, tensors: placed, fileBytes: begin };
}

/** `path: tensor "x"`: how errors name a tensor. */
export function tensorAt(path: string, name: string): string {
  return `${path}: tensor ${shown(name)}`;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? "nothing";
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}

function parseObject(bytes: Uint8Array, path: string): Map<string, unknown> {
  let text: string;
  let json: unknown;
  try {
    text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    json = JSON.parse(text);
  } catch (cause) {
    throw new CheckpointError(`${path}: expected a JSON header, got bytes that are none. ${damaged}`, {
      cause,
    });
  }
  if (!isObject(json) || text[0] !== "{") {
    throw new CheckpointError(
      `${path}: expected a header that is a JSON object, got another value. ${damaged}`,
    );
  }
  const twice = duplicateKey(text);
  if (twice !== undefined) {
    throw new CheckpointError(
      `${path}: expected every name once in the header, got ${shown(twice)} twice. Write the file again.`,
    );
  }
  return new Map(Object.entries(json));
}

function parseMetadata(value: unknown, path: string): Record<string, string> {
  if (value === undefined) return {};
  if (!isObject(value)) {
    throw new CheckpointError(`${path}: __metadata__: expected an object, got ${shown(value)}. ${damaged}`);
  }
  for (const [key, text] of Object.entries(value)) {
    if (typeof text !== "string") {
      throw new CheckpointError(
        `${path}: __metadata__: expected a string for ${shown(key)}, got ${shown(text)}. ${damaged}`,
      );
    }
  }
  return value as Record<string, string>;
}

function parseTensor(
  name: string,
  value: unknown,
  dataStart: number,
  fileBytes: number,
  path: string,
): TensorInfo {
  const fail = (expected: string, got: unknown, hint = damaged) =>
    new CheckpointError(`${tensorAt(path, name)}: expected ${expected}, got ${shown(got)}. ${hint}`);
  if (!isObject(value)) throw fail("an object with dtype, shape and data_offsets", value);
  const { dtype, shape, data_offsets: offsets } = value;
  if (!isDtype(dtype)) {
    throw fail(
      `a dtype out of ${Object.keys(dtypeBytes).join(" ")}`,
      dtype,
      "Save the tensor as one of them.",
    );
  }
  if (!Array.isArray(shape) || !shape.every(isCount)) throw fail("a shape of whole numbers from 0", shape);
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isCount)) {
    throw fail("data_offsets of two whole numbers from 0", offsets);
  }
  const [begin, end] = offsets as [number, number];
  const dataBytes = fileBytes - dataStart;
  if (begin > end || end > dataBytes) {
    throw fail(`data_offsets in order and at most ${dataBytes} (the bytes after the header)`, offsets);
  }
  const size = elementCount(shape) * dtypeBytes[dtype];
  if (size !== end - begin) {
    throw fail(
      `${end - begin} bytes (its data_offsets)`,
      `${size} bytes (${dtype} of shape [${shape.join(", ")}])`,
    );
  }
  return { name, dtype, shape, begin: dataStart + begin, end: dataStart + end };
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0);
}
