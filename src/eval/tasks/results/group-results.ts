import { tasksOf } from "../../../harness/files/load-tasks.ts";
import { groupFigures } from "../../../harness/metrics/group-figures.ts";
import type { Figures } from "../../../harness/metrics/task-figures.ts";
import { plainOf } from "../../../harness/requests/plain.ts";
import type { GroupConfig, Member } from "../../../harness/task-config.ts";
import type { GroupResult, TaskFigure, TaskResult } from "./task-results.ts";

/** The results of groups, nested ones too, from those of their leaf tasks. */
export function groupResults(
  members: readonly Member[],
  tasks: Readonly<Record<string, TaskResult>>,
  raw: ReadonlyMap<string, Figures>,
): { group: GroupResult; warnings: readonly string[] }[] {
  return members.flatMap(groupsOf).map((group) => resultOf(group, tasks, raw));
}

function groupsOf(member: Member): GroupConfig[] {
  return "task" in member ? [] : [member.group, ...member.group.members.flatMap(groupsOf)];
}

function resultOf(
  config: GroupConfig,
  tasks: Readonly<Record<string, TaskResult>>,
  raw: ReadonlyMap<string, Figures>,
): { group: GroupResult; warnings: readonly string[] } {
  const leaves = [...new Set(config.members.flatMap(tasksOf).map(({ task }) => task))];
  const given = leaves.map((task) => ({ task, figures: raw.get(task) }));
  const { values, errors, sampleLen, warnings } = groupFigures(config, given);
  const figures: Record<string, TaskFigure> = {};
  for (const [key, value] of Object.entries(values)) {
    const at = key.indexOf(",");
    const [metric, filter] = [key.slice(0, at), key.slice(at + 1)];
    // Of the first member that has it.
    const higher_is_better = leaves
      .map((task) => tasks[task]?.figures[key]?.higher_is_better)
      .find((is) => is !== undefined);
    figures[key] = {
      metric,
      filter,
      value,
      stderr: errors[key] ?? "N/A",
      aggregation: "mean",
      higher_is_better: higher_is_better ?? true,
    };
  }
  const group: GroupResult = {
    group: config.group,
    alias: config.group_alias ?? config.group,
    version: plainOf(config.metadata.version ?? "N/A"),
    members: config.members.map((member) => ("task" in member ? member.task.task : member.group.group)),
    sample_len: sampleLen,
    figures,
  };
  return { group, warnings };
}
