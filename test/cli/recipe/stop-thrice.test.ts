import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, vi } from "vitest";
import { readDataManifest } from "../../../src/datasets/folder/data-folder.ts";
import { questionsOn, startTeacher } from "../../datasets/documents/teacher/teacher-server.ts";
import { ended, runZebra, startZebra } from "../spawn.ts";

it("a run that cannot stop says what it waits for, leaves at the third Ctrl-C, and goes on afterwards", async () => {
  // A teacher that never answers the second request: a clean stop would wait for it.
  await using teacher = await startTeacher((document, count) => {
    if (teacher.log.length === 1) teacher.faults.push("hang");
    return questionsOn(document, count);
  });
  const folder = await mkdtemp(join(tmpdir(), "zebra-thrice-"));
  const texts = join(folder, "texts");
  await mkdir(texts);
  for (const i of [1, 2, 3])
    await writeFile(join(texts, `${i}.txt`), `The mill.\n\nThe mill of village ${i} ground ${i}17 sacks.\n`);
  const options = `{ endpoint: "${teacher.endpoint}", model: m, concurrency: 1 }`;
  const recipe = join(folder, "r.yaml");
  await writeFile(
    recipe,
    `name: r\noutput_dir: ${folder}/out\nmodel: { checkpoint: checkpoints/zebra-nano-lcat }\ndata:\n  datasets:\n` +
      `    - { name: d, path: ${texts}, format: text, license: CC0-1.0, ` +
      `build: { name: teacher, options: ${options} } }\n`,
  );
  const env = { XDG_CACHE_HOME: join(folder, "cache") };
  const child = startZebra(["data", recipe], env);
  const end = ended(child);
  let told = "";
  child.stderr?.on("data", (chunk: Buffer) => {
    told += chunk.toString();
  });
  const wait = { timeout: 60_000, interval: 20 };
  const press = async (expected: string) => {
    await sleep(450); // signals that come closer together are one press
    child.kill("SIGINT");
    await vi.waitFor(() => expect(told).toContain(expected), wait);
  };
  await vi.waitFor(() => expect(teacher.log).toHaveLength(2), wait);
  await press("stopping after the work in hand; what is done is kept");
  await press("still stopping: waiting for data, d (");
  expect(child.exitCode).toBeNull();
  await press("left at once; go on with: ");
  expect((await end).code).toBe(130);

  const again = await runZebra(["data", recipe], env);
  expect([again.code, again.stderr]).toEqual([0, ""]);
  // Nothing was lost: the first document's answer is not asked for again.
  expect(teacher.log).toHaveLength(4);
  expect(readDataManifest(join(folder, "out", "data")).datasets[0]).toMatchObject({ examples: 3 });
  await rm(folder, { recursive: true });
}, 240_000);
