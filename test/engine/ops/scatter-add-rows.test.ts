import { expect, it } from "vitest";
import { cpuDevice } from "../../../src/engine/devices/cpu.ts";
import { Graph } from "../../../src/engine/graph/graph.ts";
import { scatterAddRows } from "../../../src/engine/ops/scatter-add-rows.ts";
import { compile } from "../../../src/engine/program.ts";

it("rows added to one place are all added, on any number of threads", async () => {
  // On two threads ONNX Runtime's kernel lost one update in a thousand, and runs differed from each other.
  const parallel = cpuDevice({ threads: 2 });
  const graph = new Graph();
  const [R, M, D] = [50, 4000, 64];
  const y = scatterAddRows(
    graph.input("base", [R, D]),
    graph.input("ids", ["M"], "int32"),
    graph.input("x", ["M", D]),
  );
  const program = await compile(parallel, "scatter", { y });
  const ids = parallel.upload(
    Int32Array.from({ length: M }, (_, i) => (i * 7) % R),
    [M],
  );
  const x = parallel.upload(new Float32Array(M * D).fill(1), [M, D]);
  for (let run = 0; run < 20; run++) {
    const sums = await program.run({ base: parallel.zeros([R, D]), ids, x });
    expect((await parallel.read(sums.y!)).every((value) => value === M / R)).toBe(true);
  }
  await parallel.dispose();
});
