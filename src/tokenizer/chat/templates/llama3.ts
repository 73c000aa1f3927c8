import type { BuiltInTemplate } from "./built-in.ts";

/** The headers of Llama 3 without the date and system message that Llama 3.1 adds; no tools. */
export const llama3: BuiltInTemplate = {
  source: `{{- bos_token -}}
{%- for turn in messages -%}
{{- '<|start_header_id|>' + turn['role'] + '<|end_header_id|>\\n\\n' + turn['content'] + '<|eot_id|>' -}}
{%- endfor -%}
{%- if add_generation_prompt -%}
{{- '<|start_header_id|>assistant<|end_header_id|>\\n\\n' -}}
{%- endif -%}`,
  needs: ["bos_token"],
};
