/** What is offered at a place of a command line. */
export interface Completions {
  /** Commands with their one-line help, in the order of the help. */
  commands: readonly { name: string; summary: string; options: readonly string[]; takesRecipe: boolean }[];
  recipes: readonly string[];
  /** Keys of a recipe: `finetune.lr` … */
  keys: readonly string[];
}

export const shells = ["bash", "zsh", "fish"] as const;
export type Shell = (typeof shells)[number];

/** The script that makes a shell complete `zebra`. Everything is in it: Tab starts no process. */
export function completionScript(shell: Shell, completions: Completions): string {
  return { bash, zsh, fish }[shell](completions);
}

const recipeCommands = ({ commands }: Completions): string =>
  commands.flatMap(({ name, takesRecipe }) => (takesRecipe ? [name] : [])).join("|");

function bash(all: Completions): string {
  const options = all.commands.map(({ name, options }) => `    ${name}) options="${options.join(" ")}" ;;`);
  return `# zebra completion for bash. In ~/.bashrc: source <(zebra completion bash)
_zebra() {
  local word="\${COMP_WORDS[COMP_CWORD]}" command="" options="" at i
  # The command is the word behind zebra, also in: npx zebra run …
  for ((i = 0; i < COMP_CWORD; i++)); do
    [[ "\${COMP_WORDS[i]##*/}" == zebra ]] && { command="\${COMP_WORDS[i+1]}"; at=$((i + 1)); break; }
  done
  COMPREPLY=()
  if [[ -z "$at" || $COMP_CWORD -eq $at ]]; then
    COMPREPLY=($(compgen -W "${all.commands.map(({ name }) => name).join(" ")} --help --version" -- "$word"))
    return
  fi
  case "$command" in
${options.join("\n")}
  esac
  if [[ "$word" == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
    return
  fi
  case "$command" in
    ${recipeCommands(all)})
      if ((COMP_CWORD == at + 1)); then
        COMPREPLY=($(compgen -W "${all.recipes.join(" ")}" -- "$word") $(compgen -f -- "$word"))
      elif [[ "$word" != *=* ]]; then
        COMPREPLY=($(compgen -S = -W "${all.keys.join(" ")}" -- "$word"))
        compopt -o nospace
      fi ;;
    completion) COMPREPLY=($(compgen -W "${shells.join(" ")}" -- "$word")) ;;
    *) COMPREPLY=($(compgen -f -- "$word")) ;;
  esac
}
complete -o filenames -F _zebra zebra
`;
}

function zsh(all: Completions): string {
  const described = all.commands.map(({ name, summary }) => `    '${name}:${summary.replaceAll("'", "’")}'`);
  const options = all.commands.map(({ name, options }) => `    ${name}) options=(${options.join(" ")}) ;;`);
  return `#compdef zebra
# zebra completion for zsh. In ~/.zshrc, after compinit: source <(zebra completion zsh)
_zebra() {
  local -a commands options
  commands=(
${described.join("\n")}
  )
  if ((CURRENT == 2)); then
    _describe command commands
    return
  fi
  case "$words[2]" in
${options.join("\n")}
  esac
  if [[ "$words[CURRENT]" == -* ]]; then
    compadd -- $options
    return
  fi
  case "$words[2]" in
    ${recipeCommands(all)})
      if ((CURRENT == 3)); then
        compadd -- ${all.recipes.join(" ")}
        _files
      elif [[ "$words[CURRENT]" != *=* ]]; then
        compadd -S = -- ${all.keys.join(" ")}
      fi ;;
    completion) compadd -- ${shells.join(" ")} ;;
    *) _files ;;
  esac
}
compdef _zebra zebra
`;
}

function fish(all: Completions): string {
  const quoted = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
  const lines = ["# zebra completion for fish. In config.fish: zebra completion fish | source"];
  for (const { name, summary, options } of all.commands) {
    lines.push(`complete -c zebra -n __fish_use_subcommand -f -a ${name} -d ${quoted(summary)}`);
    for (const option of options.filter((one) => one.startsWith("--")))
      lines.push(`complete -c zebra -n '__fish_seen_subcommand_from ${name}' -l ${option.slice(2)}`);
  }
  const commands = recipeCommands(all).replaceAll("|", " ");
  const words = (list: readonly string[]): string => quoted(list.join(" "));
  const isRecipe = `'__fish_seen_subcommand_from ${commands}; and test (count (commandline -opc)) -eq 2'`;
  const isKey = `'__fish_seen_subcommand_from ${commands}; and test (count (commandline -opc)) -gt 2'`;
  lines.push(`complete -c zebra -n ${isRecipe} -a ${words(all.recipes)}`);
  lines.push(`complete -c zebra -n ${isKey} -f -a ${words(all.keys.map((key) => `${key}=`))}`);
  lines.push(`complete -c zebra -n '__fish_seen_subcommand_from completion' -f -a ${words(shells)}`);
  return `${lines.join("\n")}\n`;
}
