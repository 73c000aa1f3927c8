import { mkdir, open } from "node:fs/promises";
import { expect, it } from "vitest";
import { describeFailure } from "../../src/run/failure.ts";
import { openDuckDB } from "../../src/tables/duckdb.ts";

it.skipIf(process.platform !== "linux")(
  "a disk that DuckDB finds full is told as one, not as a defect",
  async () => {
    using connection = await openDuckDB();
    const failure = await connection
      .run("COPY (SELECT 1) TO '/dev/full' (FORMAT parquet)")
      .catch(describeFailure);
    expect(failure).toMatchObject({
      code: "ENOSPC",
      message: "/dev/full: expected room on the disk, got none left. Free some, then run it again.",
    });
  },
);

it.skipIf(process.platform !== "linux")(
  "a disk that is full in an open file is told with the folder",
  async () => {
    await using file = await open("/dev/full", "w");
    const failure = await file.writeFile("x").catch((error: unknown) => describeFailure(error, "runs/x"));
    expect(failure).toMatchObject({
      code: "ENOSPC",
      message: "runs/x: expected room on the disk, got none left. Free some, then run it again.",
    });
  },
);

it.skipIf(process.platform !== "linux")("a folder that cannot be made says why that may be", async () => {
  const failure = await mkdir("/proc/zebra").catch(describeFailure);
  expect(failure).toMatchObject({
    code: "ENOENT",
    message: "/proc/zebra: expected a place where a folder can be made, got ENOENT. Is the disk read-only?",
  });
});
