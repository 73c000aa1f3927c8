import { existsSync } from "node:fs";
import { readFile, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { writeFileAtomic } from "../../files.ts";
import type { DatasetManifest } from "../folder/data-folder.ts";
import type { DataSource } from "../sources/source.ts";

/**
 * Datasets that are complete while others are still being made: a run that fails later need not make them
 * again.
 */
export interface Finished {
  /** Where a dataset's rows of the ledger are until they become part of the whole ledger. */
  ledgerPath(name: string): string;
  /** The manifest that an earlier run with the same inputs made, if its files are still there. */
  read(name: string, source: DataSource): Promise<DatasetManifest | undefined>;
  /** To be called when everything of the dataset is on disk. */
  write(manifest: DatasetManifest): Promise<void>;
  /** To be called when the stage is complete. */
  clear(): Promise<void>;
}

/**
 * Opens `<dataDir>/.finished`. `inputHash` is that of the stage; undefined means that nothing of an earlier
 * run is used, because its inputs are not known, or because what is kept of a dataset depends on the datasets
 * before it.
 */
export async function openFinished(dataDir: string, inputHash: string | undefined): Promise<Finished> {
  const folder = join(dataDir, ".finished");
  if (inputHash === undefined) await rm(folder, { recursive: true, force: true });
  const recordPath = (name: string) => join(folder, `${name}.json`);
  const ledgerPath = (name: string) => join(folder, `${name}.ledger.parquet`);
  return {
    ledgerPath,
    async read(name, { from, revision }) {
      if (!existsSync(recordPath(name)) || !existsSync(ledgerPath(name))) return undefined;
      const record = JSON.parse(await readFile(recordPath(name), "utf8")) as {
        inputHash: string;
        manifest: DatasetManifest;
      };
      const { manifest } = record;
      const file = await stat(join(dataDir, manifest.file)).catch(() => undefined);
      const isSame =
        record.inputHash === inputHash && manifest.from === from && manifest.revision === revision;
      return isSame && file?.size === manifest.sizeBytes ? manifest : undefined;
    },
    async write(manifest) {
      if (inputHash === undefined) return;
      await writeFileAtomic(recordPath(manifest.name), JSON.stringify({ inputHash, manifest }));
    },
    clear: () => rm(folder, { recursive: true, force: true }),
  };
}
