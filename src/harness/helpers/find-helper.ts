import type { FunctionReference } from "../files/yaml/function-reference.ts";
import type { Helper } from "./helper.ts";

/** A helper for what `!function` names, or why there is none: what to say after "got !function x.y". */
export type FoundHelper = Helper & { refused?: string };

/** Finds the helper that stands for a Python function. */
export type FindHelper = (reference: FunctionReference) => FoundHelper;

export const noPython = "which is Python: zebratune runs none, and has nothing of its own in its place";

export const findHelper: FindHelper = () => ({ refused: noPython });
