import type { Split } from "../../contracts/example.ts";
import type { DatasetSpec } from "../../contracts/recipe.ts";
import { ConfigError } from "../../errors.ts";
import { entryOf, unknownName } from "../../recipe/options.ts";
import { fnv32 } from "../choice.ts";
import type { Draft, SourceItem } from "../draft.ts";
import { detail } from "../reason.ts";
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
import { documentOf } from "./documents.ts";

/** Characters of documents that are kept as distractors and filler: the first documents of the source. */
const poolChars = 64 << 20;

/** What a builder is run with. */
export interface BuildPlan {
  name: string;
  description: string;
  building: Building;
  seed: number;
  splitFor: SplitFor;
}

/**
 * A source of examples that are built from a source of documents. An example belongs to the document it is
 * about, and everything else in it comes from documents of the same split. Rows that are not documents are
 * dropped.
 */
export function builtSource(source: DataSource, plan: BuildPlan): DataSource {
  const { building } = plan;
  return {
    ...source,
    title: `${source.title}, built by ${plan.name}`,
    description: `${source.description} ${plan.description}`.trim(),
    templated: true,
    async *items(progress) {
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
        for (let n = 0; n < building.count; n++) {
          const key = `${plan.seed}/${plan.name}/${draft.id}/${n}`;
          const request = { n, chars: building.targetChars(key), key };
          const made = building.build(document, request, context);
          if (made === null) continue;
          built++;
          const { row, file, split } = draft;
          const example = {
            ...made,
            id: `${draft.id}/${plan.name}-${n}`,
            row,
            file,
            ...(split && { split }),
          };
          yield { place, draft: example, ...(changed ? { changed } : {}) };
        }
        if (built === 0) yield noExample(place, draft, plan.name);
      }
    },
  };
}

function noExample(place: SourceItem["place"], draft: Draft, name: string): SourceItem {
  const told = detail(`the document does not lend itself to ${name} of the wanted size`);
  return { place, id: draft.id, dropped: { reason: "no_example", detail: told } };
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

/**
 * The sources of a recipe; those with `build` become what is built from them. Throws ConfigError with
 * everything that is wrong with names and options of builders.
 */
export function withBuilders(
  sources: readonly DataSource[],
  datasets: readonly DatasetSpec[],
  { seed, splitFor, warn, stop }: Pick<BuildPlan, "seed"> & Pick<SourcePlan, "splitFor" | "warn" | "stop">,
): DataSource[] {
  const problems: string[] = [];
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
    return () =>
      building === null ? source : builtSource(source, { name, description, building, seed, splitFor });
  });
  if (problems.length > 0) throw new ConfigError("data", problems);
  return built.map((open) => open());
}
