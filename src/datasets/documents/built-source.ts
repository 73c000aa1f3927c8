import type { Split } from "../../contracts/example.ts";
import type { DatasetSpec } from "../../contracts/recipe.ts";
import { ConfigError } from "../../errors.ts";
import { entryOf, unknownName } from "../../recipe/options.ts";
import { fnv32 } from "../choice.ts";
import type { Draft } from "../draft.ts";
import { charCount } from "../folder/counts.ts";
import { detail } from "../reason.ts";
import { longChars } from "../rows/row-items.ts";
import type { DataSource } from "../sources/source.ts";
import type { SplitFor } from "../split.ts";
import type {
  BuildContext,
  Builder,
  BuilderDocument,
  Building,
  SourceBuilder,
  SourcePlan,
} from "./builder.ts";
import { builderCatalog } from "./builders/index.ts";
import { type BuiltCounts, createBuiltCounts } from "./built-counts.ts";
import { documentOf } from "./documents.ts";
import { drawnChars, tooShortTold, triedChars } from "./sizes.ts";

/** Characters of documents that are kept as distractors and filler: the first documents of the source. */
const poolChars = 64 << 20;

/** What a builder is run with. */
export interface BuildPlan {
  name: string;
  description: string;
  building: Building;
  seed: number;
  splitFor: SplitFor;
  /** `mix.max_seq_tokens`. */
  maxSeqTokens: number;
}

/**
 * A source of examples that are built from a source of documents. An example belongs to the document it is
 * about, and everything else in it comes from documents of the same split. Rows that are not documents are
 * dropped.
 */
export function builtSource(source: DataSource, plan: BuildPlan): DataSource {
  const { building, maxSeqTokens } = plan;
  const sizes = { wanted: building.target, charsPerToken: building.charsPerToken, maxSeqTokens };
  let made: BuiltCounts | undefined;
  return {
    ...source,
    title: `${source.title}, built by ${plan.name}`,
    description: `${source.description} ${plan.description}`.trim(),
    templated: true,
    built: () => made,
    async *items(progress) {
      const counts = createBuiltCounts(plan.name, sizes);
      const context = await contextOf(source, plan);
      for await (const item of source.items(progress)) {
        if ("dropped" in item) {
          yield item;
          continue;
        }
        const { place, draft, changed } = item;
        const document = documentOf(draft, plan.splitFor);
        if (document === null) {
          const told = `${plan.name} is built of documents; this row is a conversation`;
          yield { place, id: draft.id, dropped: { reason: "not_document", detail: told } };
          continue;
        }
        let built = 0;
        let least = 0;
        for (let n = 0; n < building.count; n++) {
          const key = `${plan.seed}/${plan.name}/${draft.id}/${n}`;
          let made: Draft | null = null;
          for (const chars of triedChars(sizes, drawnChars(sizes, key))) {
            made = building.build(document, { n, chars, key }, context);
            least = chars;
            if (made !== null) break;
          }
          if (made === null) continue;
          built++;
          const length = charCount(made);
          counts.addExample(length);
          const { row, file, split } = draft;
          const example = {
            ...made,
            meta: { ...made.meta, length: length >= longChars ? "long" : "short" },
            id: `${draft.id}/${plan.name}-${n}`,
            row,
            file,
            ...(split && { split }),
          };
          yield { place, draft: example, ...(changed ? { changed } : {}) };
        }
        counts.addDocument(document.text.length, built > 0);
        if (built > 0) continue;
        const told = detail(tooShortTold(plan.name, document.text.length, least, sizes));
        yield { place, id: draft.id, dropped: { reason: "no_example", detail: told } };
      }
      made = counts.result();
    },
  };
}

async function contextOf(source: DataSource, plan: BuildPlan): Promise<BuildContext> {
  const pools: Record<Split, BuilderDocument[]> = { train: [], validation: [], test: [] };
  let chars = 0;
  for await (const item of source.items(() => {})) {
    const document = "draft" in item ? documentOf(item.draft, plan.splitFor) : null;
    if (document === null) continue;
    pools[document.split].push(document);
    chars += document.text.length;
    if (chars >= poolChars) break;
  }
  return {
    seed: plan.seed,
    *others(document, key) {
      const pool = pools[document.split];
      // Drawn one by one, because only a few of many are asked for.
      const drawn = new Set<number>();
      for (let i = 0; drawn.size < pool.length; i++) {
        const at = i < 2 * pool.length ? fnv32(`${key}/other/${i}`) % pool.length : i % pool.length;
        if (drawn.has(at)) continue;
        drawn.add(at);
        if (pool[at]!.id !== document.id) yield pool[at]!;
      }
    },
  };
}

type BuildersPlan = Pick<BuildPlan, "seed" | "maxSeqTokens"> & Pick<SourcePlan, "splitFor" | "warn" | "stop">;

/**
 * The sources of a recipe; those with `build` become what is built from them. Throws ConfigError with
 * everything that is wrong with names and options of builders.
 */
export function withBuilders(
  sources: readonly DataSource[],
  datasets: readonly DatasetSpec[],
  { seed, maxSeqTokens, splitFor, warn, stop }: BuildersPlan,
): DataSource[] {
  const problems: string[] = [];
  /** Targets beyond what the mix takes: of many datasets, one warning. */
  const tooLong: { where: string; most: number }[] = [];
  const built = sources.map((source, i) => {
    const { build, limit } = datasets[i]!;
    if (build === undefined) return () => source;
    const where = `data.datasets[${i}].build`;
    const builder = entryOf<Builder | SourceBuilder>(builderCatalog, build.name);
    if (builder === undefined) {
      problems.push(`${where}.name: ${unknownName(builderCatalog, build.name)}`);
      return () => source;
    }
    const { name, options } = build;
    if (builder.kind === "source") {
      const open = builder.open(options, `${where}.options`, problems);
      if (limit !== undefined) {
        problems.push(
          `data.datasets[${i}].limit: expected no limit, which would drop what is paid for, got ` +
            `${limit}. Set build.options.documents`,
        );
      }
      return () => (open === null ? source : open(source, { where, splitFor, warn, stop }));
    }
    const building = builder.open(options, `${where}.options`, problems);
    const { description } = builder;
    return () => {
      if (building === null) return source;
      const most = building.target?.[1] ?? 0;
      if (most > maxSeqTokens) tooLong.push({ where: `${where}.options.target_tokens`, most });
      return builtSource(source, { name, description, building, seed, splitFor, maxSeqTokens });
    };
  });
  if (problems.length > 0) throw new ConfigError("data", problems);
  const opened = built.map((open) => open());
  const [first, ...others] = tooLong;
  if (first)
    warn(
      `${first.where}${others.length > 0 ? ` and of ${others.length} more` : ""}: examples of up to ` +
        `${Math.max(...tooLong.map(({ most }) => most))} tokens do not fit into ` +
        `mix.max_seq_tokens = ${maxSeqTokens}: the mix shortens their documents or drops them. Without ` +
        "target_tokens sizes fit both",
    );
  return opened;
}
