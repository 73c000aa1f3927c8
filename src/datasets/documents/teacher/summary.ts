import type { DataSource } from "../../sources/source.ts";

/** What the teachers of a run did, for `stage.end`; empty where there is none. */
export function teacherSummary(sources: readonly DataSource[]): Record<string, number> {
  const used = sources.flatMap(({ teacher }) => (teacher ? [teacher()] : []));
  if (used.length === 0) return {};
  const sum = (of: (usage: (typeof used)[number]) => number) => used.reduce((total, u) => total + of(u), 0);
  const priced = used.some(({ run }) => run.cost !== undefined);
  return {
    teacher_asked: sum(({ run }) => run.asked),
    teacher_from_cache: sum(({ run }) => run.from_cache),
    teacher_retries: sum(({ run }) => run.retries),
    teacher_input_tokens: sum(({ made }) => made.input_tokens),
    teacher_output_tokens: sum(({ made }) => made.output_tokens),
    ...(priced && {
      teacher_cost: sum(({ made }) => made.cost ?? 0),
      teacher_cost_now: sum(({ run }) => run.cost ?? 0),
    }),
  };
}
