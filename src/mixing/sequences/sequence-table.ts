import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import type { Task } from "../../contracts/example.ts";
import type { Sequence } from "./sequences.ts";

/** Sequences by index: what mixing needs of all of them is in memory, their tokens are in a file. */
export interface SequenceTable extends Disposable {
  readonly count: number;
  tokens(index: number): number;
  supervised(index: number): number;
  dataset(index: number): string;
  task(index: number): Task;
  /** Id of the example that the sequence is, or is a piece of. */
  exampleId(index: number): string;
  append(sequence: Sequence): void;
  /** Reads a sequence's tokens, mask and answers. Throws RangeError for an index without one. */
  read(index: number): Sequence;
}

const bufferBytes = 1 << 22;
/** Set in a token that is trained; ids are below it. */
const trainedBit = 1 << 31;

/** A list of 32-bit or 64-bit numbers that grows. */
function column<T extends Int32Array | Float64Array>(make: (length: number) => T) {
  let values = make(1 << 12);
  let count = 0;
  return {
    push(value: number): void {
      if (count === values.length) {
        const more = make(2 * count);
        more.set(values);
        values = more;
      }
      values[count++] = value;
    },
    at: (index: number): number => values[index]!,
    get count() {
      return count;
    },
  };
}

/** Names as small numbers, in the order of their first use. */
function namesOf<T extends string>() {
  const names: T[] = [];
  const numbers = new Map<T, number>();
  return {
    numberOf(name: T): number {
      const known = numbers.get(name);
      if (known !== undefined) return known;
      numbers.set(name, names.length);
      return names.push(name) - 1;
    },
    at: (number: number): T => names[number]!,
  };
}

/** Bytes in a file, which disposing of it removes. Those appended last wait in memory. */
function createByteFile(path: string) {
  const file = openSync(path, "w+");
  let waiting: Buffer[] = [];
  let waitingBytes = 0;
  let written = 0;
  const flush = (): void => {
    const all = Buffer.concat(waiting);
    let done = 0;
    while (done < all.length) done += writeSync(file, all, done, all.length - done, written + done);
    written += all.length;
    waiting = [];
    waitingBytes = 0;
  };
  return {
    /** Returns where the bytes begin. */
    append(...parts: readonly Buffer[]): number {
      const at = written + waitingBytes;
      for (const part of parts) {
        waiting.push(part);
        waitingBytes += part.length;
      }
      if (waitingBytes >= bufferBytes) flush();
      return at;
    },
    /** Bytes [at, at + sizeBytes) in a buffer of their own, so that numbers in it are aligned. */
    read(at: number, sizeBytes: number): Uint8Array<ArrayBuffer> {
      if (waitingBytes > 0) flush();
      const bytes = new Uint8Array(sizeBytes);
      readSync(file, bytes, 0, sizeBytes, at);
      return bytes;
    },
    [Symbol.dispose](): void {
      closeSync(file);
      rmSync(path, { force: true });
    },
  };
}

/** Token ids with their mask in the sign bit. */
function withMask({ ids, trained }: Sequence): Int32Array<ArrayBuffer> {
  const packed = new Int32Array(ids.length);
  for (let t = 0; t < packed.length; t++) packed[t] = ids[t]! | (trained[t] === 1 ? trainedBit : 0);
  return packed;
}

/** What `withMask` packed. */
function withoutMask(packed: Int32Array): Pick<Sequence, "ids" | "trained"> {
  const ids = new Int32Array(packed.length);
  const trained = new Uint8Array(packed.length);
  for (let t = 0; t < packed.length; t++) {
    ids[t] = packed[t]! & ~trainedBit;
    trained[t] = packed[t]! < 0 ? 1 : 0;
  }
  return { ids, trained };
}

/**
 * An empty table whose tokens are in the file `path` until it is disposed of. A sequence takes memory for its
 * id and some 30 bytes, so that a million of them take about 100 MB whatever their texts.
 */
export function createSequenceTable(path: string): SequenceTable {
  const file = createByteFile(path);
  const [offsets, tokens, answerBytes] = [
    column((n) => new Float64Array(n)),
    column((n) => new Int32Array(n)),
    column((n) => new Int32Array(n)),
  ];
  const [supervised, datasets, tasks] = [0, 1, 2].map(() => column((n) => new Int32Array(n)));
  const [datasetNames, taskNames] = [namesOf<string>(), namesOf<Task>()];
  const sources = new Map<string, Sequence["example"]["source"]>();
  const ids: string[] = [];
  return {
    get count() {
      return ids.length;
    },
    tokens: tokens.at,
    supervised: (index) => supervised!.at(index),
    dataset: (index) => datasetNames.at(datasets!.at(index)),
    task: (index) => taskNames.at(tasks!.at(index)),
    exampleId: (index) => ids[index]!,
    append(sequence) {
      const { id, task, source } = sequence.example;
      const packed = withMask(sequence);
      const answers = Buffer.from(JSON.stringify(sequence.answers));
      offsets.push(file.append(Buffer.from(packed.buffer), answers));
      tokens.push(packed.length);
      answerBytes.push(answers.length);
      supervised!.push(sequence.supervised);
      datasets!.push(datasetNames.numberOf(source.dataset));
      tasks!.push(taskNames.numberOf(task));
      if (!sources.has(source.dataset)) sources.set(source.dataset, source);
      ids.push(id);
    },
    read(index) {
      const id = ids[index];
      if (id === undefined) throw new RangeError(`sequence ${index}: expected one of ${ids.length}`);
      const length = tokens.at(index);
      const { buffer } = file.read(offsets.at(index), 4 * length + answerBytes.at(index));
      return {
        ...withoutMask(new Int32Array(buffer, 0, length)),
        supervised: supervised!.at(index),
        answers: JSON.parse(Buffer.from(buffer, 4 * length).toString()) as Sequence["answers"],
        example: {
          id,
          task: taskNames.at(tasks!.at(index)),
          source: sources.get(datasetNames.at(datasets!.at(index)))!,
        },
      };
    },
    [Symbol.dispose]: () => file[Symbol.dispose](),
  };
}
