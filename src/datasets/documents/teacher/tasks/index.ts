import type { TeacherTask } from "../task.ts";
import { qa } from "./qa.ts";
import { summarization } from "./summarization.ts";
import { writing } from "./writing.ts";

/** What `task` of a teacher may name. */
export const teacherTaskCatalog = { qa, summarization, writing } as const satisfies Record<
  string,
  TeacherTask
>;
