import { PyDict, typeName } from "../../../jinja/values/values.ts";
import { FilterError, type HarnessFilter } from "../filter.ts";
import { itemsOf, onlyOptions } from "../options.ts";

/** Each answer's value in a dict, else the default. */
export const mapFilter: HarnessFilter = {
  name: "map",
  make(options) {
    onlyOptions(options, ["mapping_dict", "default_value"]);
    const dict = options.mapping_dict ?? new PyDict();
    if (!(dict instanceof PyDict))
      throw new FilterError(`mapping_dict: expected a dict, got ${typeName(dict)}`);
    const fallback = options.default_value ?? null;
    return (answers) =>
      itemsOf(answers).map((answer) => {
        const value = dict.get(answer);
        return value === undefined ? fallback : value;
      });
  },
};
