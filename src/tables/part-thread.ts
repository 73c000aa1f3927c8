import { parentPort } from "node:worker_threads";
import type { Batch } from "./column-batch.ts";
import { createPart, type TablePart } from "./part.ts";

/** What tables hand to this thread: the columns in SQL, which begin a part, rows of it, or where it goes, which ends it. */
export type TableMessage = { part: number } & ({ definitions: string } | { batch: Batch } | { path: string });

/** The part is written, or this is why not. */
export interface TableReply {
  part: number;
  error?: unknown;
}

type OpenPart = TablePart & Disposable;

const port = parentPort;
if (port) {
  const parts = new Map<number, Promise<OpenPart>>();
  /** Its error is told when the part is to be written; until then it is no unhandled one. */
  const keep = (part: number, made: Promise<OpenPart>): void => {
    parts.set(part, made);
    made.catch(() => {});
  };
  const write = async (made: Promise<OpenPart>, path: string): Promise<void> => {
    using part = await made;
    await part.write(path);
  };
  port.on("message", (message: TableMessage) => {
    const { part } = message;
    if ("definitions" in message) return keep(part, createPart(message.definitions));
    const made = parts.get(part)!;
    if ("batch" in message) {
      const appended = async (): Promise<OpenPart> => {
        const open = await made;
        open.append(message.batch);
        return open;
      };
      return keep(part, appended());
    }
    parts.delete(part);
    const reply = (error?: unknown) => port.postMessage({ part, error } satisfies TableReply);
    // DuckDB writes it beside the building of the next.
    write(made, message.path).then(() => reply(), reply);
  });
}
