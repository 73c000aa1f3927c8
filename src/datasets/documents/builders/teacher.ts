import { defineSourceBuilder } from "../builder.ts";
import { teacherOptions, teacherProblems } from "../teacher/options.ts";
import { teacherSource } from "../teacher/source.ts";

/**
 * Questions with answers, summaries or instructions that a model behind an OpenAI-compatible endpoint writes.
 */
export const teacher = defineSourceBuilder({
  description: "A model writes questions, summaries or instructions for each document.",
  options: teacherOptions,
  problems: (options, where) => teacherProblems(options, where, process.env),
  source: (source, options, plan) => teacherSource(source, options, plan),
});
