import { mkdtemp, readdir, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ValueArray, ValueDtype } from "../../../src/checkpoint/safetensors/dtype.ts";
import {
  openSafetensors,
  readSafetensors,
  type TensorSource,
  writeSafetensors,
} from "../../../src/checkpoint/safetensors/safetensors.ts";
import { elementCount } from "../../../src/engine/graph/element-count.ts";
import { CheckpointError } from "../../../src/errors.ts";

let folder: string;
let path: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "zebra-safetensors-"));
  path = join(folder, "t.safetensors");
});
afterAll(() => rm(folder, { recursive: true }));

function source(name: string, dtype: ValueDtype, shape: number[], data: ValueArray): TensorSource {
  return { name, dtype, shape, read: () => data };
}

/** A file made by hand: any header text, any number of data bytes. */
async function writeRaw(header: string, dataBytes: number, headerBytes?: bigint): Promise<void> {
  const json = Buffer.from(header);
  const bytes = Buffer.alloc(8 + json.length + dataBytes);
  bytes.writeBigUInt64LE(headerBytes ?? BigInt(json.length), 0);
  json.copy(bytes, 8);
  await writeFile(path, bytes);
}

const entry = (begin: number, end: number, shape = [end - begin], dtype = "U8") =>
  JSON.stringify({ dtype, shape, data_offsets: [begin, end] });

describe("round trip", () => {
  const shapes = fc.array(fc.nat({ max: 4 }), { maxLength: 3 });
  const integers = fc.integer();
  const tensor = fc
    .tuple(
      fc.constantFrom<ValueDtype>("F32", "F16", "BF16", "F64", "I32", "I64", "U8", "BOOL"),
      shapes,
      integers,
    )
    .map(([dtype, shape, seed]) => {
      const length = elementCount(shape);
      // Small whole numbers are exact in every dtype.
      const value = (i: number) => Math.abs((seed + i * 37) % 128);
      const values = {
        F32: () => Float32Array.from({ length }, (_, i) => value(i) / 3),
        F16: () => Float32Array.from({ length }, (_, i) => -value(i)),
        BF16: () => Float32Array.from({ length }, (_, i) => value(i) * 2 ** 40),
        F64: () => Float64Array.from({ length }, (_, i) => value(i) / 3),
        I32: () => Int32Array.from({ length }, (_, i) => -value(i)),
        I64: () => BigInt64Array.from({ length }, (_, i) => BigInt(value(i)) << 40n),
        U8: () => Uint8Array.from({ length }, (_, i) => value(i)),
        BOOL: () => Uint8Array.from({ length }, (_, i) => value(i) % 2),
      }[dtype]();
      return { dtype, shape, data: values as ValueArray };
    });

  it("gives back names, order, dtypes, shapes, values and metadata", async () => {
    const files = fc.dictionary(fc.string(), tensor, { maxKeys: 5, noNullPrototype: true });
    await fc.assert(
      fc.asyncProperty(files, fc.dictionary(fc.string(), fc.string()), async (tensors, metadata) => {
        const entries = Object.entries(tensors).filter(([name]) => name !== "__metadata__");
        const sources = entries.map(([name, { dtype, shape, data }]) => source(name, dtype, shape, data));
        await writeSafetensors(path, sources, metadata);
        const got = await readSafetensors(path);
        expect(new Map(got)).toEqual(new Map(entries));
        await using file = await openSafetensors(path);
        expect(file.metadata).toEqual({ ...metadata });
      }),
      { numRuns: 60 },
    );
  });

  it("keeps the order given, begins the data at a multiple of 8 and says format pt", async () => {
    const bytes = Uint8Array.of(1, 2, 3);
    await writeSafetensors(path, [
      source("z", "U8", [3], bytes),
      source("a", "F32", [1], Float32Array.of(1.5)),
    ]);
    const file = await readFile(path);
    const headerBytes = Number(file.readBigUInt64LE(0));
    expect(headerBytes % 8).toBe(0);
    expect(file.toString("utf8", 8, 8 + headerBytes).trimEnd()).toBe(
      '{"__metadata__":{"format":"pt"},"z":{"dtype":"U8","shape":[3],"data_offsets":[0,3]},' +
        '"a":{"dtype":"F32","shape":[1],"data_offsets":[3,7]}}',
    );
    expect([...file.subarray(8 + headerBytes)]).toEqual([1, 2, 3, 0, 0, 0xc0, 0x3f]);
  });

  it("converts more values than fit one chunk", async () => {
    // The period does not divide a chunk, so that a chunk in another's place shows.
    const data = Float32Array.from({ length: 2 ** 20 + 3 }, (_, i) => i % 251);
    await writeSafetensors(path, [source("h", "F16", [data.length], data)]);
    await using file = await openSafetensors(path);
    const got = (await file.readFloat("h")).data;
    expect(got.every((value, i) => value === i % 251)).toBe(true);
    expect(got.length).toBe(data.length);
  });

  it("has one tensor in memory at a time: each is read after the one before was written", async () => {
    const calls: string[] = [];
    const lazy = (name: string) => ({
      name,
      dtype: "F32" as const,
      shape: [1],
      read: async () => {
        calls.push(`read ${name}`);
        await Promise.resolve();
        calls.push(`done ${name}`);
        return Float32Array.of(1);
      },
    });
    await writeSafetensors(path, [lazy("a"), lazy("b")]);
    expect(calls).toEqual(["read a", "done a", "read b", "done b"]);
  });
});

describe("reading as another kind", () => {
  it("gives float64 rounded and int64 narrowed, and refuses what does not fit", async () => {
    await writeSafetensors(path, [
      source("d", "F64", [2], Float64Array.of(0.1, -2)),
      source("huge", "F64", [1], Float64Array.of(1e300)),
      source("ids", "I64", [2], BigInt64Array.of(-100n, 5n)),
      source("far", "I64", [1], BigInt64Array.of(2n ** 31n)),
    ]);
    await using file = await openSafetensors(path);
    expect((await file.readFloat("d")).data).toEqual(Float32Array.of(0.1, -2));
    expect((await file.readInt("ids")).data).toEqual(Int32Array.of(-100, 5));
    await expect(file.readFloat("huge")).rejects.toThrow(
      'tensor "huge": expected values in the range of F32',
    );
    await expect(file.readInt("far")).rejects.toThrow(
      'tensor "far": expected integers of 32 bits, got 2147483648',
    );
    await expect(file.readFloat("ids")).rejects.toThrow('tensor "ids": expected floats');
    await expect(file.readInt("d")).rejects.toThrow('tensor "d": expected integers');
    await expect(file.readFloat("none")).rejects.toThrow('tensor "none": expected it in the file');
  });

  it("opens a file with a dtype it cannot read, and says so for that tensor only", async () => {
    await writeRaw(`{"q":${entry(0, 2, [2], "F8_E4M3")},"u":${entry(2, 3)}}`, 3);
    await using file = await openSafetensors(path);
    expect((await file.readAny("u")).data).toEqual(Uint8Array.of(0));
    await expect(file.readAny("q")).rejects.toMatchObject({
      code: "E_CHECKPOINT",
      message:
        `${path}: tensor "q": expected F32, F16, BF16, F64, I32, I64, U8 or BOOL, got F8_E4M3. ` +
        "Convert the tensor to one of them.",
    });
  });
});

describe("a file that cannot be trusted is refused, by path, tensor and what is wrong", () => {
  const one = entry(0, 4);
  it.each<[string, string, number, string]>([
    ["no JSON", "{oops", 4, "expected a JSON header"],
    ["another JSON value", "[1]", 4, "expected a header that is a JSON object"],
    ["a leading space", ` {"a":${one}}`, 4, "expected a header that is a JSON object"],
    ["a name twice", `{"a":${one},"a":${one}}`, 4, 'got "a" twice'],
    [
      "metadata that is no object",
      `{"__metadata__":3,"a":${one}}`,
      4,
      "__metadata__: expected an object, got 3",
    ],
    [
      "metadata that is no text",
      `{"__metadata__":{"k":3},"a":${one}}`,
      4,
      'expected a string for "k", got 3',
    ],
    ["no entry", '{"a":null}', 0, 'tensor "a": expected an object'],
    ["an unknown dtype", `{"a":${entry(0, 4, [4], "F12")}}`, 4, 'tensor "a": expected a dtype out of'],
    ["a dtype of Object.prototype", `{"a":${entry(0, 4, [4], "toString")}}`, 4, "expected a dtype out of"],
    ["a negative size", `{"a":${entry(0, 4, [-2, -2])}}`, 4, "expected a shape of whole numbers from 0"],
    ["a size past 2^53", `{"a":${entry(0, 4, [2 ** 60])}}`, 4, "expected a shape of whole numbers from 0"],
    ["a size with a fraction", `{"a":${entry(0, 4, [1.5])}}`, 4, "expected a shape of whole numbers from 0"],
    ["one offset", '{"a":{"dtype":"U8","shape":[4],"data_offsets":[0]}}', 4, "expected data_offsets of two"],
    ["offsets the wrong way", `{"a":${entry(4, 0, [4])}}`, 4, "expected data_offsets in order"],
    ["bytes after the end", `{"a":${entry(0, 5)}}`, 4, "and at most 4"],
    ["a shape larger than its bytes", `{"a":${entry(0, 4, [5])}}`, 4, "expected 4 bytes (its data_offsets)"],
    ["a product past 2^53", `{"a":${entry(0, 4, [2 ** 50, 2 ** 50])}}`, 4, "expected 4 bytes"],
    [
      "an overlap",
      `{"a":${one},"b":${entry(2, 4)}}`,
      4,
      'tensor "b": expected its bytes to begin at 4, got 2 (an over',
    ],
    [
      "a hole",
      `{"a":${entry(0, 1)},"b":${entry(2, 4)}}`,
      4,
      'tensor "b": expected its bytes to begin at 1, got 2 (a hole',
    ],
    ["a hole at the start", `{"a":${entry(1, 4)}}`, 4, "expected its bytes to begin at 0, got 1"],
    [
      "bytes of no tensor",
      `{"a":${entry(0, 3)}}`,
      4,
      "expected tensors to cover all 4 bytes after the header, got 3",
    ],
  ])("%s", async (_, header, dataBytes, message) => {
    await writeRaw(header, dataBytes);
    const error = await openSafetensors(path).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(CheckpointError);
    expect((error as Error).message).toContain(message);
    expect((error as Error).message.startsWith(`${path}: `)).toBe(true);
  });

  it("a header longer than the file, or than 100 MB, is not allocated", async () => {
    await writeRaw("{}", 0, 2n ** 63n);
    await expect(openSafetensors(path)).rejects.toThrow(
      `${path}: expected a header of at most 2 bytes, got 9223372036854775808`,
    );
    await writeRaw("{}", 0, 100_000_001n);
    // A sparse file: long, without taking space.
    await truncate(path, 200_000_000);
    await expect(openSafetensors(path)).rejects.toThrow("expected a header of at most 100000000 bytes");
  });

  it("a file cut short anywhere", async () => {
    await writeSafetensors(path, [source("a", "F32", [2, 3], new Float32Array(6))]);
    const whole = await readFile(path);
    for (let length = 0; length < whole.length; length++) {
      await writeFile(path, whole.subarray(0, length));
      await expect(openSafetensors(path)).rejects.toBeInstanceOf(CheckpointError);
    }
  });

  it("nothing there, or a folder", async () => {
    await expect(openSafetensors(join(folder, "none"))).rejects.toThrow("got nothing there. Check the path.");
    await expect(openSafetensors(folder)).rejects.toBeInstanceOf(CheckpointError);
  });

  it("any byte changed: a CheckpointError, or a sound reading of what is now there", async () => {
    await writeSafetensors(path, [
      source("model.a", "F32", [2, 3], Float32Array.of(1, 2, 3, 4, 5, 6)),
      source("b", "BF16", [2], Float32Array.of(1, 2)),
    ]);
    const whole = await readFile(path);
    const headerEnd = 8 + Number(whole.readBigUInt64LE(0));
    for (let at = 0; at < headerEnd; at++) {
      for (const byte of [0, 0x20, 0x22, 0x2c, 0x30, 0x39, 0x5b, 0x7d, 0xff, whole[at]! ^ 1]) {
        const bytes = Buffer.from(whole);
        bytes[at] = byte;
        await writeFile(path, bytes);
        const got = await readSafetensors(path).catch((error: unknown) => error);
        if (got instanceof CheckpointError) continue;
        expect(got).toBeInstanceOf(Map);
        const sizes = [...(got as Map<string, { data: ValueArray }>).values()].map(({ data }) => data.length);
        // Whatever the header now says, its tensors cover the 28 bytes of data.
        expect(sizes.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(28);
      }
    }
  });
});

describe("writing refuses", () => {
  it.each<[string, TensorSource[], string]>([
    [
      "a name twice",
      [source("a", "U8", [0], new Uint8Array()), source("a", "U8", [0], new Uint8Array())],
      "twice",
    ],
    [
      "the metadata's name",
      [source("__metadata__", "U8", [0], new Uint8Array())],
      "expected a name that is free",
    ],
    [
      "too few values",
      [source("a", "F32", [2, 2], new Float32Array(3))],
      "expected 4 values (shape [2, 2]), got 3",
    ],
    ["values of another kind", [source("a", "F16", [1], Float64Array.of(1))], "got Float64Array"],
    [
      "what float16 cannot hold",
      [source("a", "F16", [2], Float32Array.of(1, 70000))],
      "in the range of F16, got 70000",
    ],
    [
      "what bfloat16 cannot hold",
      [source("a", "BF16", [1], Float32Array.of(3.4e38))],
      "in the range of BF16",
    ],
  ])("%s, and leaves the older file", async (_, tensors, message) => {
    await writeSafetensors(path, [source("old", "U8", [1], Uint8Array.of(7))]);
    await expect(writeSafetensors(path, tensors)).rejects.toThrow(message);
    expect([...(await readSafetensors(path)).keys()]).toEqual(["old"]);
    expect(await readdir(folder)).toEqual(["t.safetensors"]);
  });

  it("but keeps infinities and NaN that were there before", async () => {
    const data = Float32Array.of(Number.NaN, Number.NEGATIVE_INFINITY);
    await writeSafetensors(path, [source("a", "F16", [2], data)]);
    expect((await readSafetensors(path)).get("a")!.data).toEqual(data);
  });
});
