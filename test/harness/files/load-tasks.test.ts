import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { type LoadedTasks, loadTasks, tasksOf } from "../../../src/harness/files/load-tasks.ts";
import { PyFloat } from "../../../src/jinja/values/values.ts";

const base = `dataset_path: json
dataset_kwargs: {data_files: {test: rows.jsonl}}
test_split: test
doc_to_text: "{{q}}"
doc_to_target: a
`;
const choice = `${base}output_type: multiple_choice\ndoc_to_choice: [x, z]\n`;

async function load(
  files: Readonly<Record<string, string>>,
  asked: string[],
  includePaths: string[] = [],
): Promise<LoadedTasks> {
  const folder = mkdtempSync(join(tmpdir(), "tasks-"));
  write(folder, files);
  return await loadTasks(asked, { includePaths, cwd: folder, shipped: null });
}

function write(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}

const names = ({ members }: LoadedTasks) => members.flatMap(tasksOf).map(({ task }) => task);

describe("a task's keys", () => {
  it("have upstream's defaults", async () => {
    const loaded = await load({ "t.yaml": `task: t\n${base}` }, ["t.yaml"]);
    const [task] = loaded.members.flatMap(tasksOf);
    expect(task).toMatchObject({
      task: "t",
      output_type: "generate_until",
      target_delimiter: " ",
      fewshot_delimiter: "\n\n",
      description: "",
      repeats: 1,
      should_decontaminate: false,
      metadata: {},
      generation_kwargs: {
        temperature: new PyFloat(0),
        do_sample: false,
        max_gen_toks: 256,
        until: ["\n\n"],
      },
      fewshot_config: { sampler: "default", doc_to_text: "{{q}}", doc_to_target: "a", target_delimiter: " " },
    });
    expect(task?.num_fewshot).toBeUndefined();
    expect(task?.metric_list).toBeUndefined();
  });

  it("fill in until and make temperature a float", async () => {
    const text = `task: t\n${base}fewshot_delimiter: "##"\ngeneration_kwargs: {temperature: 1, max_gen_toks: 5}\n`;
    const [task] = (await load({ "t.yaml": text }, ["t.yaml"])).members.flatMap(tasksOf);
    expect(task?.generation_kwargs).toEqual({ temperature: new PyFloat(1), max_gen_toks: 5, until: ["##"] });
  });

  it("give shots what fewshot_config does not say; a null there takes it away", async () => {
    const text = `task: t\n${base}fewshot_split: dev\ngen_prefix: "A:"\nfewshot_config: {doc_to_text: "Q {{q}}", gen_prefix: null}\n`;
    const [task] = (await load({ "t.yaml": text }, ["t.yaml"])).members.flatMap(tasksOf);
    expect(task?.fewshot_config).toMatchObject({ split: "dev", doc_to_text: "Q {{q}}", doc_to_target: "a" });
    expect(task?.fewshot_config.gen_prefix).toBeUndefined();
    expect(task?.gen_prefix).toBe("A:");
  });

  it.each([
    ["filter_list: []", "filter_list: expected at least one pipeline of filters"],
    [
      "filter_list: [{name: f, filter: [{function: take_first}]}, {name: f, filter: [{function: lowercase}]}]",
      'filter_list: expected pipelines with names of their own, got "f"',
    ],
    [
      "filter_list: [{name: f, filter: [{function: take_first_k, k: 0}]}]",
      "k: expected a whole number of at least 1",
    ],
    ["dataset_path: ''", "dataset_path: expected json, csv"],
    ["generation_kwargs: {max_gen_toks: 1.5}", "max_gen_toks: expected a whole number"],
  ])("that are wrong are told: %s", async (line, message) => {
    const text = `task: t\n${base}${line}\n`;
    await expect(load({ "t.yaml": text }, ["t.yaml"])).rejects.toThrow(message);
  });

  it("of one name in a folder that is asked for are told", async () => {
    const text = `task: t\n${base}`;
    const { members, warnings } = await load({ "f/a.yaml": text, "f/b.yaml": text }, ["f"]);
    expect(members).toHaveLength(1);
    expect(warnings).toEqual([
      expect.stringMatching(/^t: .*b\.yaml is taken, not .*a\.yaml, which has the name as well$/),
    ]);
  });

  it("that the system makes up are not read", async () => {
    await expect(load({}, ["/proc/self/environ"])).rejects.toThrow("one that the system makes up");
  });

  it("may have the harness's own filter for templates, and a limit with a point", async () => {
    const lines =
      "description: \"{{ q|regex_replace('a', 'b') }}\"\ngeneration_kwargs: {max_gen_toks: 10.0}\n";
    await expect(load({ "t.yaml": `task: t\n${base}${lines}` }, ["t.yaml"])).resolves.toBeDefined();
  });

  it("that are wrong are told all at once", async () => {
    const text = `task: t\n${choice}doc_to_choice: [no, ""]\nnum_fewshot: many\nrepeats: 0\ndoc_to_txt: x\noutput_type: essay
metric_list: [{metric: bertscore}, {metric: acc, aggregation: meen}, {metric: acc, hf_evaluate: true}]
filter_list: [{name: f, filter: [{function: sentiment}, {function: regex, patern: x}]}]
use_prompt: promptsource:x
unsafe_code: true
doc_to_image: image
fewshot_config: {sampler: balanced}
gen_prefix: "{{ x"
generation_kwargs: {until: 5}\n`;
    const error = await load({ "t.yaml": text }, ["t.yaml"]).catch((thrown: unknown) => thrown as Error);
    const message = (error as Error).message;
    for (const part of [
      "doc_to_txt: expected a key of a task file",
      "did you mean doc_to_text?",
      "num_fewshot: expected a whole number from 0",
      "repeats: expected a whole number from 1 to 1000000, got 0",
      'output_type: expected one of loglikelihood, multiple_choice, loglikelihood_rolling, generate_until, got "essay"',
      "metric_list[0].metric: expected a metric that zebratune has, got bertscore",
      "did you mean mean?",
      "hf_evaluate: true",
      "doc_to_choice[0]: expected text, got false. YAML takes yes, no",
      "doc_to_choice[1]: expected a choice that is not empty",
      'filter[0].function: expected a filter that zebratune has, got "sentiment"',
      "filter[1].function: regex: expected options regex_pattern",
      "use_prompt",
      "unsafe_code",
      "doc_to_image",
      "fewshot_config.sampler",
      "gen_prefix: expected a template",
      "generation_kwargs.until: expected text or a list of texts, got 5",
    ])
      expect(message).toContain(part);
    expect(message).not.toMatch(/\bat .*\.ts:\d/);
  });

  it.each([
    ["process_docs: !function prep.go", ["process_docs", "prep.go", "Python"]],
    ["doc_to_text: !function prep.go", ["doc_to_text", "prep.go", "Python"]],
    ["class: !function task_of_mine.Own", ["class", "task_of_mine.Own", "Python"]],
    ["custom_dataset: !function d.rows", ["custom_dataset", "d.rows", "Python"]],
    ["metadata: {deep: [{x: !function a.b}]}", ["metadata", "a.b", "Python"]],
    ["dataset_kwargs: {data_files: !function a.b}", ["dataset_kwargs", "a.b"]],
    ["metric_list: [{metric: !function a.b}]", ["metric_list[0].metric", "a.b", "Python"]],
    ["metric_list: [{metric: acc, aggregation: !function a.b}]", ["aggregation", "a.b", "Python"]],
    [
      "filter_list: [{name: f, filter: [{function: custom, filter_fn: !function a.b}]}]",
      ["custom", "a.b", "Python"],
    ],
    ["fewshot_config: {samples: !function a.b}", ["fewshot_config.samples", "a.b", "Python"]],
  ])("refuse Python: %s", async (line, words) => {
    const error = await load({ "t.yaml": `task: t\n${base}${line}\n` }, ["t.yaml"]).catch(
      (thrown: Error) => thrown,
    );
    for (const word of words) expect((error as Error).message).toContain(word);
  });
});

describe("include", () => {
  it("takes several files, of which later ones win, and own keys win over all", async () => {
    const files = {
      "t.yaml": "include: [_a_yaml, sub/_b.yaml]\ntask: t\ndescription: own\n",
      _a_yaml: `${base}target_delimiter: a\nfewshot_delimiter: a\ndescription: a\n`,
      "sub/_b.yaml": "include: ../_c_yaml\ntarget_delimiter: b\n",
      _c_yaml: "fewshot_delimiter: c\ntarget_delimiter: c\n",
    };
    const [task] = (await load(files, ["t.yaml"])).members.flatMap(tasksOf);
    expect(task).toMatchObject({ target_delimiter: "b", fewshot_delimiter: "c", description: "own" });
  });

  it("takes a file that two others include", async () => {
    const files = {
      "t.yaml": "include: [a_yaml, b_yaml]\ntask: t\n",
      a_yaml: "include: c_yaml\n",
      b_yaml: "include: c_yaml\n",
      c_yaml: base,
    };
    expect(names(await load(files, ["t.yaml"]))).toEqual(["t"]);
  });

  it.each([
    [{ "t.yaml": "include: t.yaml\ntask: t\n" }, "include each other in a circle"],
    [
      { "t.yaml": "include: u_yaml\ntask: t\n", u_yaml: "include: t.yaml\n" },
      "include each other in a circle",
    ],
    [
      { "t.yaml": "include: nowhere_yaml\ntask: t\n" },
      "include: expected a file that there is, got nowhere_yaml",
    ],
    [{ "t.yaml": "include: 5\ntask: t\n" }, "include: expected a file's path"],
    [{ "t.yaml": "include: /etc/hosts\ntask: t\n" }, "include: expected a file in the folder of this one"],
    [{ "t.yaml": "include: sub\ntask: t\n", "sub/x": "" }, "sub: expected a file, got a folder"],
  ])("refuses %j", async (files, message) => {
    await expect(load(files as Record<string, string>, ["t.yaml"])).rejects.toThrow(message);
  });

  it("refuses pipes and links in a circle without waiting for them", async () => {
    const folder = mkdtempSync(join(tmpdir(), "tasks-"));
    execFileSync("mkfifo", [join(folder, "pipe.yaml")]);
    symlinkSync("loop.yaml", join(folder, "loop.yaml"));
    const load = (name: string) => loadTasks([name], { includePaths: [], cwd: folder });
    await expect(load("pipe.yaml")).rejects.toThrow("expected a file, got a pipe");
    await expect(load("loop.yaml")).rejects.toThrow("links in a circle");
  });
});

describe("names", () => {
  const files = {
    "in/a.yaml": `task: a\ntag: [g, h]\n${base}`,
    "in/b.yaml": `task: b\ntag: g\n${base}`,
    "in/deep/c.yaml": `task: c\n${base}`,
    "in/deep/twice.yaml": `task: c\ndescription: other\n${base}`,
    "in/.ipynb_checkpoints/z.yaml": `task: z\n${base}`,
    "in/broken.yaml": "task: [",
    "over/a.yaml": `task: a\ndescription: over\n${base}`,
  };

  it("are tasks, tags and globs of the include paths; the first of a folder, the last folder's", async () => {
    const loaded = await load(files, ["g", "c"], ["in", "over"]);
    expect(names(loaded)).toEqual(["a", "b", "c"]);
    expect(loaded.members.flatMap(tasksOf).map(({ description }) => description)).toEqual(["over", "", ""]);
    expect(loaded.warnings).toHaveLength(2);
    expect(names(await load(files, ["[ab]*"], ["in"]))).toEqual(["a", "b"]);
    expect(names(await load(files, ["a,b"], ["in"]))).toEqual(["a", "b"]);
  });

  it("are paths, globs of paths and folders", async () => {
    expect(names(await load(files, ["in/deep/*.yaml"]))).toEqual(["c"]);
    expect(names(await load(files, ["in/a.yaml", "in/b.yaml", "in/a.yaml"]))).toEqual(["a", "b"]);
    expect(names(await load(files, ["over"]))).toEqual(["a"]);
  });

  it("that are not there get a suggestion", async () => {
    await expect(load({ "in/gsm8k.yaml": `task: gsm8k\n${base}` }, ["gms8k"], ["in"])).rejects.toThrow(
      "did you mean gsm8k?",
    );
    await expect(load(files, ["z"], ["in"])).rejects.toThrow("z: expected a task, group, tag or file");
  });
});

describe("groups", () => {
  const tasks = {
    "a.yaml": `task: a\ntag: parts\n${base}`,
    "b.yaml": `task: b\ntag: parts\n${base}`,
    "g.yaml": `group: g
group_alias: G
num_fewshot: 2
task:
  - a
  - task: b
    task_alias: bee
    num_fewshot: 3
  - group: inner
    task: [parts]
    description: in
  - task: own
    dataset_path: json
    doc_to_text: x
    doc_to_target: y
    test_split: test
aggregate_metric_list:
  - metric: acc
    weight_by_size: false
    filter_list: none
  - {metric: f1}
metadata: {version: 1}
`,
  };

  it("hold tasks with overrides, tags, groups and tasks of their own", async () => {
    const { members } = await load(tasks, ["g.yaml"]);
    expect(members).toHaveLength(1);
    const [member] = members;
    if (member === undefined || !("group" in member)) throw new Error("expected a group");
    const { group } = member;
    expect(group).toMatchObject({ group: "g", group_alias: "G", metadata: { version: 1 } });
    expect(group.aggregate_metric_list).toEqual([
      { metric: "acc", weight_by_size: false, filter_list: ["none"] },
      { metric: "f1", weight_by_size: true },
    ]);
    const [a, b, inner, own] = group.members;
    expect(a).toMatchObject({ task: { task: "a", num_fewshot: 2 } });
    expect(b).toMatchObject({ task: { task: "b", num_fewshot: 3, task_alias: "bee" } });
    expect(inner).toMatchObject({ group: { group: "g::inner" } });
    expect(tasksOf(inner!).map(({ task, description }) => [task, description])).toEqual([
      ["a", "in"],
      ["b", "in"],
    ]);
    expect(own).toMatchObject({ task: { task: "g::own", num_fewshot: 2 } });
  });

  it("of a folder stand for the tasks that they hold", async () => {
    const { members } = await load({ "d/a.yaml": tasks["a.yaml"], "d/g.yaml": "group: g\ntask: [a]\n" }, [
      "d",
    ]);
    expect(members).toHaveLength(1);
  });

  it.each([
    [{ "g.yaml": "group: g\ntask: [g]\n" }, "groups that do not hold themselves, got g → g"],
    [{ "g.yaml": "group: g\ntask: [nope]\n" }, "expected tasks that there are, got nope"],
    [{ "g.yaml": "group: g\n" }, "task: expected a list of tasks and groups, got none"],
    [
      { ...tasks, "g.yaml": "group: g\ntask: [a]\naggregate_metric_list: {metric: acc, aggregation: max}\n" },
      "aggregate_metric_list[0].aggregation: expected mean",
    ],
  ])("refuses %j", async (files, message) => {
    await expect(load(files as Record<string, string>, ["g.yaml"])).rejects.toThrow(message);
  });

  it("end where groups hold each other's groups over and over", async () => {
    const files: Record<string, string> = { "a.yaml": tasks["a.yaml"] };
    for (let i = 0; i < 18; i++) {
      const under = i === 17 ? "a" : `g${i + 1}`;
      const twice = [`{group: x${i}, task: [${under}]}`, `{group: y${i}, task: [${under}]}`];
      files[`g${i}.yaml`] = `group: g${i}\ntask: [${twice.join(", ")}]\n`;
    }
    await expect(load(files, ["g0.yaml"])).rejects.toThrow(/at most 50000 tasks and groups|at most 20 deep/);
  });

  it("and a task of theirs are not asked for at once", async () => {
    await expect(load({ ...tasks, "g.yaml": "group: g\ntask: [a]\n" }, ["g.yaml", "a.yaml"])).rejects.toThrow(
      "a: expected a task to be asked for once, got it in g and in a",
    );
  });
});
