import type { SourceBuilder } from "../builder.ts";
import { type TeacherOptions, teacherProblems, teacherSchemas } from "../teacher/options.ts";
import { teacherSource } from "../teacher/source.ts";

/** Questions with answers, summaries or instructions that a model behind an OpenAI-compatible endpoint writes. */
export const teacher: SourceBuilder = {
  description: "A model writes questions, summaries or instructions for each document.",
  options: teacherSchemas,
  problems: (options, where) => teacherProblems(options as unknown as TeacherOptions, where, process.env),
  open: (source, plan) => teacherSource(source, plan),
};
