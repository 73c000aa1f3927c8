import type { GroupConfig } from "../task-config.ts";
import type { Figures } from "./task-figures.ts";

/** A leaf task of a group with its figures; undefined where it has none. */
export interface GroupMember {
  task: string;
  figures: Figures | undefined;
}

/**
 * The figures of a group from those of its leaf tasks, nested groups' included, in their order. Members
 * without a metric are left out of it, with a warning.
 */
export function groupFigures(
  group: Pick<GroupConfig, "group" | "aggregate_metric_list">,
  members: readonly GroupMember[],
): Figures {
  const values: Record<string, number> = {};
  const errors: Record<string, number | "N/A"> = {};
  const warnings: string[] = [];
  for (const { metric, filter_list, weight_by_size } of group.aggregate_metric_list ?? []) {
    const filters = filter_list ?? filtersOf(metric, members);
    if (filters.length === 0)
      warnings.push(`group ${group.group}: no member has ${metric}, so the group has no figure for it`);
    for (const filter of filters) {
      const key = `${metric},${filter}`;
      const having = members.flatMap(({ figures }) => (figures && key in figures.values ? [figures] : []));
      const without = members.filter(({ figures }) => !figures || !(key in figures.values));
      if (having.length === 0) {
        warnings.push(`group ${group.group}: no member has ${key}, so the group has no figure for it`);
        continue;
      }
      if (without.length > 0) warnings.push(missing(group.group, key, without, members.length));
      const sizes = having.map(({ sampleLen }) => sampleLen);
      const given = having.map(({ values: all }) => all[key]!);
      values[key] = groupMean(given, sizes, weight_by_size);
      errors[key] = groupError(
        having.map((figures) => figures.errors[key] ?? "N/A"),
        sizes,
        weight_by_size,
      );
    }
  }
  const sampleLen = members.reduce((sum, { figures }) => sum + (figures?.sampleLen ?? 0), 0);
  return { values, errors, sampleLen, warnings };
}

function missing(group: string, key: string, without: readonly GroupMember[], count: number): string {
  const names = without.slice(0, 5).map(({ task }) => task);
  const more = without.length > 5 ? ` and ${without.length - 5} more` : "";
  return (
    `group ${group}: ${without.length} of ${count} members have no ${key} and are left out of it: ` +
    `${names.join(", ")}${more}`
  );
}

/** Names of all filters that members have a metric of, sorted. */
function filtersOf(metric: string, members: readonly GroupMember[]): string[] {
  const prefix = `${metric},`;
  const keys = members.flatMap(({ figures }) => Object.keys(figures?.values ?? {}));
  const filters = keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
  return [...new Set(filters)].sort();
}

/** The mean of members' values: each weighs as many rows as it has, or each one. */
export function groupMean(values: readonly number[], sizes: readonly number[], isWeighted: boolean): number {
  const weights = isWeighted ? sizes : sizes.map(() => 1);
  const total = values.reduce((sum, value, i) => sum + value * weights[i]!, 0);
  return total / weights.reduce((sum, weight) => sum + weight, 0);
}

/**
 * Its standard error: pooled from the members' where they weigh by size, else that of a plain mean of
 * independent figures. "N/A" where a member has none.
 */
export function groupError(
  errors: readonly (number | "N/A")[],
  sizes: readonly number[],
  isWeighted: boolean,
): number | "N/A" {
  const numbers = errors.filter((error) => error !== "N/A");
  if (numbers.length < errors.length) return "N/A";
  if (!isWeighted) return Math.sqrt(numbers.reduce((sum, error) => sum + error ** 2, 0)) / numbers.length;
  const rows = sizes.reduce((sum, size) => sum + size, 0);
  const pooled = numbers.reduce((sum, error, i) => sum + (sizes[i]! - 1) * error ** 2 * sizes[i]!, 0);
  return Math.sqrt(pooled / (rows - sizes.length) / rows);
}
