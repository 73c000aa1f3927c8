import { closeSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import type { Task } from "../../contracts/example.ts";
import type { Sequence } from "./sequences.ts";

/** Sequences by index: what mixing asks of all of them is in memory, their tokens are in a file. */
export interface SequenceTable extends Disposable {
  readonly count: number;
  tokens(index: number): number;
  supervised(index: number): number;
  dataset(index: number): string;
  task(index: number): Task;
  /** Id of the example that it is of, or a piece of. */
  exampleId(index: number): string;
  append(sequence: Sequence): void;
  /** Reads a sequence's tokens, mask and answers. Throws RangeError for none. */
  read(index: number): Sequence;
}

const bufferBytes = 1 << 22;
/** Of a token that is trained. Ids are below it. */
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

/**
 * An empty table whose tokens are in the file `path` until it is disposed of. A sequence costs memory for its id
 * and some 30 bytes, so that a million of them are a matter of 100 MB whatever their texts.
 */
export function createSequenceTable(path: string): SequenceTable {
  const file = openSync(path, "w+");
  const [offsets, tokens, answerBytes] = [
    column((n) => new Float64Array(n)),
    column((n) => new Int32Array(n)),
    column((n) => new Int32Array(n)),
  ];
  const [supervised, datasets, tasks] = [0, 1, 2].map(() => column((n) => new Int32Array(n)));
  const [datasetNames, taskNames] = [namesOf<string>(), namesOf<Task>()];
  const sources = new Map<string, Sequence["example"]["source"]>();
  const ids: string[] = [];
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
    get count() {
      return ids.length;
    },
    tokens: tokens.at,
    supervised: (index) => supervised!.at(index),
    dataset: (index) => datasetNames.at(datasets!.at(index)),
    task: (index) => taskNames.at(tasks!.at(index)),
    exampleId: (index) => ids[index]!,
    append(sequence) {
      const { example, trained } = sequence;
      const packed = new Int32Array(sequence.ids.length);
      for (let t = 0; t < packed.length; t++)
        packed[t] = sequence.ids[t]! | (trained[t] === 1 ? trainedBit : 0);
      const answers = Buffer.from(JSON.stringify(sequence.answers));
      offsets.push(written + waitingBytes);
      tokens.push(packed.length);
      answerBytes.push(answers.length);
      supervised!.push(sequence.supervised);
      datasets!.push(datasetNames.numberOf(example.source.dataset));
      tasks!.push(taskNames.numberOf(example.task));
      if (!sources.has(example.source.dataset)) sources.set(example.source.dataset, example.source);
      ids.push(example.id);
      waiting.push(Buffer.from(packed.buffer), answers);
      waitingBytes += packed.byteLength + answers.length;
      if (waitingBytes >= bufferBytes) flush();
    },
    read(index) {
      const id = ids[index];
      if (id === undefined) throw new RangeError(`sequence ${index}: expected one of ${ids.length}`);
      if (waitingBytes > 0) flush();
      const length = tokens.at(index);
      // Of its own, so that the numbers are where numbers may be.
      const bytes = new Uint8Array(4 * length + answerBytes.at(index));
      readSync(file, bytes, 0, bytes.length, offsets.at(index));
      const packed = new Int32Array(bytes.buffer, 0, length);
      const trained = new Uint8Array(length);
      const own = new Int32Array(length);
      for (let t = 0; t < length; t++) {
        own[t] = packed[t]! & ~trainedBit;
        trained[t] = packed[t]! < 0 ? 1 : 0;
      }
      const dataset = datasetNames.at(datasets!.at(index));
      return {
        ids: own,
        trained,
        supervised: supervised!.at(index),
        answers: JSON.parse(Buffer.from(bytes.buffer, 4 * length).toString()) as Sequence["answers"],
        example: { id, task: taskNames.at(tasks!.at(index)), source: sources.get(dataset)! },
      };
    },
    [Symbol.dispose]() {
      closeSync(file);
      rmSync(path, { force: true });
    },
  };
}
