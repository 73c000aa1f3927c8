import { statfs } from "node:fs/promises";
import { availableParallelism, cpus, freemem, totalmem } from "node:os";
import { formatBytes } from "../../format.ts";
import { packagePath } from "../../package-root.ts";
import { styleFor } from "../output/style.ts";

/** What a check found. `warn`: it works, but there is advice. */
export interface Finding {
  state: "ok" | "warn" | "fail";
  detail: string;
  /** What to do; "" when there is nothing to do. */
  advice: string;
}

/** One line of `zebra doctor`. A check that throws counts as failed. */
export interface Check {
  name: string;
  /** What to do when the check throws. */
  remedy: string;
  run(): Promise<Finding>;
}

const reinstall = "Install again: npm ci";
const minMemoryBytes = 3 * 2 ** 30;
const minDiskBytes = 2 * 2 ** 30;

const ok = (detail: string): Finding => ({ state: "ok", detail, advice: "" });
const atLeast = (isEnough: boolean, detail: string, advice: string): Finding =>
  isEnough ? ok(detail) : { state: "warn", detail, advice };

export const checks: readonly Check[] = [
  {
    // zebra.ts refuses a Node that is too old, so this one is new enough.
    name: "Node.js",
    remedy: "",
    run: async () => ok(`${process.version} on ${process.platform} ${process.arch}`),
  },
  {
    name: "Processor",
    remedy: "",
    run: async () => ok(`${availableParallelism()} threads, ${cpus()[0]?.model.trim() || "model unknown"}`),
  },
  {
    name: "Memory",
    remedy: "",
    async run() {
      const free = process.availableMemory?.() ?? freemem(); // respects the memory limit of a container
      const detail = `${formatBytes(free)} free of ${formatBytes(totalmem())}`;
      return atLeast(
        free >= minMemoryBytes,
        detail,
        "The quick start needs 3 GiB; close other programs first.",
      );
    },
  },
  {
    name: "Disk",
    remedy: "",
    async run() {
      const { bavail, bsize } = await statfs(".");
      const detail = `${formatBytes(bavail * bsize)} free here`;
      return atLeast(bavail * bsize >= minDiskBytes, detail, "Set output_dir to a folder on a larger disk.");
    },
  },
  {
    name: "Engine",
    remedy: `ONNX Runtime does not load or is wrong on this machine. ${reinstall}`,
    async run() {
      const { cpuDevice } = await import("../../engine/devices/cpu.ts");
      const { apply1, Graph } = await import("../../engine/graph/graph.ts");
      const { mulOp } = await import("../../engine/ops/mul.ts");
      const { compile } = await import("../../engine/program.ts");
      const graph = new Graph();
      const x = graph.input("x", ["T"]);
      const device = cpuDevice();
      try {
        const program = await compile(device, "doctor", { y: apply1(mulOp, [x, x], {}) });
        const { y } = await program.run({ x: device.upload(Float32Array.of(2, 3, 4), [3]) });
        const values = y ? [...(await device.read(y))].join(", ") : "nothing";
        if (values === "4, 9, 16") return ok("a program compiled and ran on the CPU");
        return { state: "fail", detail: `expected 4, 9, 16, got ${values}`, advice: reinstall };
      } finally {
        await device.dispose();
      }
    },
  },
  {
    name: "Tables",
    remedy: `DuckDB does not load. ${reinstall}`,
    async run() {
      const { streamRows } = await import("../../tables/duckdb.ts");
      for await (const { version } of streamRows("SELECT version() AS version"))
        return ok(`DuckDB ${String(version)}`);
      return { state: "fail", detail: "expected a row, got none", advice: reinstall };
    },
  },
  {
    name: "Tokenizer",
    remedy: `The tokenizer does not load. ${reinstall}`,
    async run() {
      const { loadTokenizer } = await import("../../tokenizer/tokenizer.ts");
      const tokenizer = await loadTokenizer(packagePath("checkpoints", "zebra-nano-tokenizer"));
      const text = "Call me Ishmael – 🦓";
      const back = await tokenizer.decode(await tokenizer.encode(text));
      if (back === text)
        return ok(`${tokenizer.vocabSize} tokens, text is the same after encoding and decoding`);
      return { state: "fail", detail: `expected ${text}, got ${back}`, advice: reinstall };
    },
  },
  {
    name: "Terminal",
    remedy: "",
    async run() {
      if (!process.stdout.isTTY) return ok("stdout is not a terminal: runs are shown in lines");
      const { columns, rows } = process.stdout;
      const colour = styleFor(process.stdout).enabled ? "colour" : "no colour";
      return atLeast(
        columns >= 60,
        `${columns} × ${rows}, ${colour}`,
        "The live screen needs 60 columns; --plain works in any width.",
      );
    },
  },
];
