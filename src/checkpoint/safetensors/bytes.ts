import type { FileHandle } from "node:fs/promises";
import { CheckpointError } from "../../errors.ts";

/** Most bytes of one read or write: the system takes less than 2 GiB at once. */
const maxRequestBytes = 2 ** 28;

/** Fills `target` from byte `position` of the file on. Throws CheckpointError where the file ends before. */
export async function readFully(
  file: FileHandle,
  target: Uint8Array,
  position: number,
  where: string,
): Promise<void> {
  for (let done = 0; done < target.length; ) {
    const length = Math.min(target.length - done, maxRequestBytes);
    const { bytesRead } = await file.read(target, done, length, position + done);
    if (bytesRead === 0) {
      throw new CheckpointError(
        `${where}: expected ${target.length} bytes from ${position}, got ${done}. ` +
          "The file became shorter while it was read: copy or download it again.",
      );
    }
    done += bytesRead;
  }
}

/** Writes all of `bytes` at byte `position` of the file. */
export async function writeFully(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  for (let done = 0; done < bytes.length; ) {
    const length = Math.min(bytes.length - done, maxRequestBytes);
    done += (await file.write(bytes, done, length, position + done)).bytesWritten;
  }
}
