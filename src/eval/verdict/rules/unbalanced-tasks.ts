import { percent, type Rule } from "../evidence.ts";

/** One task has most of the loss, and something else became worse. */
export const unbalancedTasks: Rule = ({ mix, headlines }) => {
  const worse = headlines.filter(({ outcome }) => outcome === "worse");
  const tasks = Object.entries(mix?.tasks ?? {});
  if (worse.length === 0 || tasks.length < 2) return undefined;
  const total = tasks.reduce((sum, [, one]) => sum + one.supervised_tokens, 0);
  const [task, most] = tasks.reduce((a, b) => (b[1].supervised_tokens > a[1].supervised_tokens ? b : a));
  if (most.supervised_tokens < 0.6 * total) return undefined;
  const names = worse.map(({ benchmark }) => benchmark).join(", ");
  return {
    evidence: `${percent(most.supervised_tokens / total)} of the supervised tokens are ${task}; worse: ${names}`,
    advice: `give the other tasks more weight in mix.task_weights, or a budget by mix.budget_supervised_tokens`,
  };
};
