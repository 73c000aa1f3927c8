import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { leaveOutCuda } from "../../../src/cli/install/without-cuda.ts";

const isLinux = process.platform === "linux" && process.arch === "x64";

/** A project with both packages as npm lays them out; gives zebratune's folder and that of the libraries. */
function project(manifest: object = {}): { root: string; libraries: string; prefix: string } {
  const prefix = mkdtempSync(join(tmpdir(), "without-cuda-"));
  writeFileSync(join(prefix, "package.json"), JSON.stringify(manifest));
  const root = join(prefix, "node_modules", "zebratune");
  const runtime = join(prefix, "node_modules", "onnxruntime-node");
  const libraries = join(runtime, "bin", "napi-v6", "linux", "x64");
  mkdirSync(root, { recursive: true });
  mkdirSync(libraries, { recursive: true });
  writeFileSync(join(runtime, "package.json"), '{"name":"onnxruntime-node","version":"1.30.0"}');
  return { root, libraries, prefix };
}

it.runIf(isLinux)("puts a note where a library is missing, so that its download is left out", () => {
  const { root, libraries, prefix } = project();
  writeFileSync(join(libraries, "libonnxruntime_providers_cuda.so"), "as downloaded");
  expect(leaveOutCuda(root, { npm_config_local_prefix: prefix })).toHaveLength(2);
  expect(readdirSync(libraries)).toEqual([
    "libonnxruntime_providers_cuda.so",
    "libonnxruntime_providers_shared.so",
    "libonnxruntime_providers_tensorrt.so",
  ]);
  const read = (name: string) => readFileSync(join(libraries, `libonnxruntime_providers_${name}.so`), "utf8");
  expect(read("cuda")).toBe("as downloaded");
  expect(read("shared")).toContain("ONNXRUNTIME_NODE_INSTALL=cuda12 npm rebuild onnxruntime-node");
});

it.runIf(isLinux)("does nothing where CUDA was asked for, or the project has the runtime for itself", () => {
  const asked = project();
  expect(leaveOutCuda(asked.root, { ONNXRUNTIME_NODE_INSTALL: "cuda12" })).toEqual([]);
  expect(leaveOutCuda(asked.root, { npm_config_onnxruntime_node_install: "cuda12" })).toEqual([]);
  const own = project({ dependencies: { "onnxruntime-node": "1.30.0" } });
  expect(leaveOutCuda(own.root, { npm_config_local_prefix: own.prefix })).toEqual([]);
  expect([...readdirSync(asked.libraries), ...readdirSync(own.libraries)]).toEqual([]);
});

it("does nothing in a checkout, which npm is told about in package.json", () => {
  const { prefix } = project();
  expect(leaveOutCuda(prefix, {})).toEqual([]);
});
