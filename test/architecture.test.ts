import { globSync, readFileSync } from "node:fs";
import { join, posix, relative, sep } from "node:path";
import { describe, expect, it } from "vitest";
import { packageRoot } from "../src/package-root.ts";

/**
 * The layers from the ground up, and what each imports besides itself and the files right under src/: only of
 * those above it in this list. Adding an arrow here is a decision about the architecture: see docs and
 * CONTRIBUTING.
 */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  contracts: [],
  tables: [],
  engine: [],
  model: ["engine"],
  checkpoint: ["engine", "model"],
  jinja: [],
  tokenizer: ["contracts", "jinja"],
  recipe: ["contracts"],
  datasets: ["contracts", "tables", "recipe"],
  mixing: ["contracts", "tables", "tokenizer", "datasets"],
  harness: ["contracts", "model", "jinja", "recipe", "datasets"],
  finetune: ["contracts", "engine", "model", "checkpoint", "tokenizer", "recipe", "mixing"],
  eval: ["contracts", "model", "checkpoint", "jinja", "tokenizer", "recipe", "datasets", "mixing", "harness"],
  run: ["contracts", "checkpoint", "tokenizer", "recipe", "datasets", "mixing", "finetune", "eval"],
  tui: ["contracts"],
  library: [
    "contracts",
    "checkpoint",
    "model",
    "tokenizer",
    "recipe",
    "datasets",
    "mixing",
    "finetune",
    "eval",
    "run",
  ],
  cli: [
    "contracts",
    "tables",
    "engine",
    "model",
    "checkpoint",
    "tokenizer",
    "recipe",
    "datasets",
    "mixing",
    "finetune",
    "harness",
    "eval",
    "run",
    "tui",
  ],
};

/** Packages that belong to some layers alone. */
const packageOwners: Readonly<Record<string, readonly string[]>> = {
  "onnxruntime-node": ["engine"],
  "@tensorflow/tfjs-core": ["engine"],
  "@duckdb/node-api": ["tables", "datasets", "mixing"],
  "@duckdb/node-bindings": ["tables", "mixing"],
  tokenizers: ["tokenizer"],
  "@huggingface/hub": ["datasets"],
  commander: ["cli"],
  ink: ["tui"],
  react: ["tui"],
};

const maxLines = 400;
const root = packageRoot();

interface Source {
  /** From the package's root, with slashes. */
  path: string;
  layer: string;
  lines: number;
  text: string;
  code: string;
  imports: string[];
}

const sources = sourcesOf(["src/**/*.{ts,tsx}", "tui/**/*.{ts,tsx}"]);

function sourcesOf(patterns: string[]): Source[] {
  return globSync(patterns, { cwd: root }).map((file) => {
    const path = file.split(sep).join("/");
    const text = readFileSync(join(root, file), "utf8");
    const code = withoutComments(text);
    return {
      path,
      layer: layerOf(path),
      text,
      lines: text.split("\n").length - 1,
      code,
      imports: importsOf(code),
    };
  });
}

/** Files that are no part of the product. */
function others(pattern: string): { path: string; text: string }[] {
  return globSync(pattern, { cwd: root }).map((file) => ({
    path: file.split(sep).join("/"),
    text: readFileSync(join(root, file), "utf8"),
  }));
}

/** `engine` for src/engine/ops/add.ts, `tui` for tui/app.tsx, `root` for src/errors.ts. */
function layerOf(path: string): string {
  const [first = "", second = ""] = path.split("/");
  return first === "tui" ? "tui" : second.includes(".") ? "root" : second;
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/(^|[\s;{}(,])\/\/.*$/gm, "$1");
}

function importsOf(code: string): string[] {
  const patterns = [
    /(?:^|[;\n])\s*(?:import|export)\b[^;"'()]*?\bfrom\s*["']([^"'\n]+)["']/g,
    /\bimport\s*["']([^"'\n]+)["']/g,
    /\bimport\(\s*["']([^"'\n]+)["']/g,
  ];
  return patterns.flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[1] ?? ""));
}

/** The package that a bare specifier names: `ajv` for ajv/dist/2020.js. */
function packageOf(specifier: string): string {
  return specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
}

/**
 * Files that import each other, types included. The circles of ops are mathematics: the gradient of each is
 * made of the other.
 */
const circles: readonly (readonly string[])[] = [
  ["src/engine/ops/elementwise.ts", "src/engine/ops/expand.ts", "src/engine/ops/reduce-sum.ts"],
  ["src/engine/ops/concat.ts", "src/engine/ops/slice.ts"],
  ["src/engine/ops/gather-rows.ts", "src/engine/ops/scatter-add-rows.ts"],
  ["src/engine/ops/pick.ts", "src/engine/ops/unpick.ts"],
];

const local = (source: Source, specifier: string) => posix.join(posix.dirname(source.path), specifier);

describe("layers", () => {
  it("are all known, and the scanner sees their imports", () => {
    const layers = new Set(sources.map((source) => source.layer));
    layers.delete("root");
    expect([...layers].filter((layer) => !(layer in mayImport))).toEqual([]);
    expect(
      importsOf('import a from "a";\nexport { b } from "./b.ts"; import "c"; await import("./d.ts");'),
    ).toEqual(["a", "./b.ts", "c", "./d.ts"]);
    expect(importsOf(withoutComments('// import "a";\n/* from "b" */ const u = "https://c";'))).toEqual([]);
    expect(sources.flatMap((source) => source.imports).length).toBeGreaterThan(100);
  });

  it("stand on layers below them", () => {
    const order = Object.keys(mayImport);
    const wrong = order.flatMap((layer, at) =>
      (mayImport[layer] ?? []).filter((below) => order.indexOf(below) >= at).map((below) => [layer, below]),
    );
    expect(wrong).toEqual([]);
  });

  it("look one way", () => {
    const wrong: string[] = [];
    for (const source of sources.filter(({ layer }) => layer !== "root")) {
      for (const specifier of source.imports.filter((name) => name.startsWith("."))) {
        const target = local(source, specifier);
        const layer = layerOf(target);
        const isKnown =
          layer === source.layer || layer === "root" || mayImport[source.layer]?.includes(layer);
        if (!isKnown) wrong.push(`${source.path} imports ${target}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it("the files right under src/ are below every layer, but for the public index", () => {
    const wrong = sources
      .filter(({ layer, path }) => layer === "root" && path !== "src/index.ts")
      .flatMap((source) =>
        source.imports.filter((name) => name.startsWith(".")).map((name) => local(source, name)),
      )
      .filter((target) => layerOf(target) !== "root");
    expect(wrong).toEqual([]);
  });

  it("nothing imports the public index or the command", () => {
    const wrong = sources.flatMap((source) =>
      source.imports
        .filter((name) => name.startsWith("."))
        .map((name) => local(source, name))
        .filter(
          (target) => target === "src/index.ts" || (layerOf(target) === "cli" && source.layer !== "cli"),
        )
        .map((target) => `${source.path} imports ${target}`),
    );
    expect(wrong).toEqual([]);
  });
});

it("no file imports itself through others, but for the circles that are listed", () => {
  const files = [...sources, ...sourcesOf(["bench/**/*.ts"])];
  const targets = new Map(
    files.map((source) => {
      const near = source.imports.filter((name) => name.startsWith("."));
      return [source.path, near.map((name) => local(source, name))];
    }),
  );
  const sorted = (groups: readonly (readonly string[])[]) => groups.map((group) => group.toSorted()).sort();
  expect(sorted(circlesOf(targets))).toEqual(sorted(circles));
  expect(
    circlesOf(
      new Map([
        ["a", ["b"]],
        ["b", ["c", "d"]],
        ["c", ["a"]],
        ["d", ["d2"]],
        ["d2", []],
      ]),
    ),
  ).toEqual([["c", "b", "a"]]);
});

/**
 * Groups of files each of which reaches the others (Tarjan's strongly connected components of more than one
 * file).
 */
function circlesOf(targets: ReadonlyMap<string, readonly string[]>): string[][] {
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const open: string[] = [];
  const found: string[][] = [];
  const visit = (file: string): number => {
    const own = order.size;
    order.set(file, own);
    lowest.set(file, own);
    open.push(file);
    for (const target of targets.get(file) ?? []) {
      const reached = order.has(target) ? (open.includes(target) ? order.get(target)! : own) : visit(target);
      lowest.set(file, Math.min(lowest.get(file)!, reached));
    }
    if (lowest.get(file) === own) {
      const group = open.splice(open.indexOf(file)).reverse();
      if (group.length > 1) found.push(group);
    }
    return lowest.get(file)!;
  };
  for (const file of targets.keys()) if (!order.has(file)) visit(file);
  return found;
}

it("packages stay in the layers they belong to", () => {
  const wrong = sources.flatMap((source) =>
    source.imports
      .filter((name) => !name.startsWith(".") && !name.startsWith("node:"))
      .filter((name) => !(packageOwners[packageOf(name)] ?? [source.layer]).includes(source.layer))
      .map((name) => `${source.path} imports ${name}`),
  );
  expect(wrong).toEqual([]);
});

it("every package that is imported is a dependency", () => {
  const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
    dependencies: object;
    peerDependencies: object;
  };
  const known = { ...manifest.dependencies, ...manifest.peerDependencies };
  const bare = sources.flatMap(({ imports }) =>
    imports.filter((name) => !/^(\.|node:)/.test(name)).map(packageOf),
  );
  expect([...new Set(bare)].filter((name) => !(name in known))).toEqual([]);
});

it("only the command prints and exits", () => {
  const forbidden = /\bconsole\s*\.|\bprocess\s*\.\s*(stdout|stderr|exit)\b/;
  const wrong = sources.filter(
    ({ path, layer, code }) => path.startsWith("src/") && layer !== "cli" && forbidden.test(code),
  );
  expect(wrong.map(({ path }) => path)).toEqual([]);
});

it("files are kebab-case and about one thing", () => {
  const tests = globSync("test/**/*.{ts,tsx}", { cwd: root }).map((file) => ({
    path: relative(root, join(root, file)),
    lines: readFileSync(join(root, file), "utf8").split("\n").length - 1,
  }));
  const tooLong = [...sources, ...tests]
    .filter(({ lines }) => lines > maxLines)
    .map(({ path, lines }) => `${path}: ${lines}`);
  expect(tooLong).toEqual([]);
  const name = /^[a-z0-9]+(-[a-z0-9]+)*(\.[a-z]+)+$/;
  expect(sources.map(({ path }) => posix.basename(path)).filter((file) => !name.test(file))).toEqual([]);
});

it("the docs draw these floors and name files that are there", () => {
  const docs = ["docs/architecture.md", "CONTRIBUTING.md"].map((file) =>
    readFileSync(join(root, file), "utf8"),
  );
  const drawing = docs[0]!.slice(docs[0]!.indexOf("## Floors"));
  expect(
    Object.keys(mayImport).filter((layer) => !new RegExp(`^ .*\\b${layer}\\b`, "m").test(drawing)),
  ).toEqual([]);
  const paths = [...sources, ...others("test/**/*.{ts,tsx}"), ...others("scripts/*.ts")].map(
    ({ path }) => path,
  );
  const named = docs.flatMap((text) => [...text.matchAll(/`([\w/-]+\.tsx?)`/g)].map((match) => match[1]!));
  expect(named.filter((name) => !paths.some((path) => path === name || path.endsWith(`/${name}`)))).toEqual(
    [],
  );
});

const maxRoomFiles = 12;

it("a folder has at most a dozen files beside each other, unless CONTRIBUTING has it as a catalog", () => {
  const contributing = readFileSync(join(root, "CONTRIBUTING.md"), "utf8");
  const named = contributing.matchAll(/\| `(src\/[\w/-]+)\/index\.ts` +\|$/gm);
  const catalogs = Array.from(named, (match) => match[1]!);
  const files = [...sources, ...others("bench/**/*.ts")].map(({ path }) => path);
  const rooms = Map.groupBy(files, (path) => posix.dirname(path));
  expect(catalogs.filter((room) => !rooms.get(room)?.includes(`${room}/index.ts`))).toEqual([]);
  expect(catalogs).toContain("src/engine/ops");
  const large = [...rooms].filter(([, paths]) => paths.length > maxRoomFiles).map(([room]) => room);
  expect(large.filter((room) => !catalogs.includes(room))).toEqual([]);
});

it("comments keep within 110 columns; Biome sees to code", () => {
  const files = [...sources, ...others("{test,bench,scripts}/**/*.{ts,tsx}")];
  const long = files.flatMap(({ path, text }) =>
    text
      .split("\n")
      .flatMap((line, i) =>
        /^\s*(\*|\/[/*])/.test(line) && [...line].length > 110 ? [`${path}:${i + 1}`] : [],
      ),
  );
  expect(long).toEqual([]);
});

it("there are no barrels but the catalogs and the public index", () => {
  const barrels = sources.filter(
    ({ path, code }) => path !== "src/index.ts" && /^export\s+(\*|\{[^}]*\})\s*from/m.test(code),
  );
  expect(barrels.map(({ path }) => path)).toEqual([]);
});
