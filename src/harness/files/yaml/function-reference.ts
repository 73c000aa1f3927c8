import { PyObject } from "../../../jinja/values/values.ts";

/** What `!function x.y` says in a task file: a name, and nothing that can be called. */
export class FunctionReference extends PyObject {
  readonly typeName = "function";
  /** As written, `utils.process_docs`. */
  readonly name: string;
  /**
   * The YAML file that has it: upstream looks for the Python beside this one, not beside what includes it.
   */
  readonly file: string;
  constructor(name: string, file: string) {
    super();
    this.name = name;
    this.file = file;
  }
}
