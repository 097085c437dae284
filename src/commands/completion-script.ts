import type { CommandModule } from 'yargs';
import type { GlobalOptions } from './global-options.js';

const SHELLS = ['bash', 'zsh', 'fish'] as const;
type Shell = (typeof SHELLS)[number];

/** Each asks the program for what could stand at the cursor, and leaves files to the shell where nothing could. */
const SCRIPTS: Readonly<Record<Shell, string>> = {
  bash: `# quantai completion for bash. Installation: quantai completion bash >> ~/.bashrc
_quantai_completions() {
  local IFS=$'\\n'
  COMPREPLY=($(quantai --get-yargs-completions "\${COMP_WORDS[@]:0:COMP_CWORD+1}" 2>/dev/null))
}
complete -o bashdefault -o default -F _quantai_completions quantai
`,
  zsh: `#compdef quantai
# quantai completion for zsh. Installation: quantai completion zsh > "\${fpath[1]}/_quantai"
_quantai() {
  local -a found
  found=("\${(@f)$(quantai --get-yargs-completions "\${(@)words[1,CURRENT]}" 2>/dev/null)}")
  if [[ -n "\${found[*]}" ]]; then
    compadd -a found
  else
    _files
  fi
}
if [[ "\${zsh_eval_context[-1]}" == loadautofunc ]]; then
  _quantai "$@"
else
  compdef _quantai quantai
fi
`,
  fish: `# quantai completion for fish. Installation: quantai completion fish > ~/.config/fish/completions/quantai.fish
function __quantai_completions
  set -l current (commandline -ct)
  quantai --get-yargs-completions (commandline -opc) "$current" 2>/dev/null
end
complete -c quantai -a '(__quantai_completions)'
`,
};

interface CompletionArguments extends GlobalOptions {
  readonly shell?: Shell | undefined;
}

const shellHere = (): Shell => SHELLS.find(shell => process.env['SHELL']?.endsWith(shell)) ?? 'bash';

/** `quantai completion [shell]` */
export const completionScript: CommandModule<GlobalOptions, CompletionArguments> = {
  command: 'completion [shell]',
  describe: 'Print a completion script for bash, zsh or fish',
  builder: cli =>
    cli
      .positional('shell', { choices: SHELLS, describe: 'Shell to complete in; yours by default' })
      .example('$0 completion bash >> ~/.bashrc', 'install for bash')
      .example('$0 completion zsh > "${fpath[1]}/_quantai"', 'install for zsh')
      .example('$0 completion fish > ~/.config/fish/completions/quantai.fish', 'install for fish')
      .epilogue('It completes verbs, options and their values, and names of strategies, datasets, runs, models and accounts.'),
  handler: async args => (await import('./terminal.js')).terminal().out(SCRIPTS[args.shell ?? shellHere()]),
};
