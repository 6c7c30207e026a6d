"""``wssdoctor completion``."""

from __future__ import annotations

import click


@click.command
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    r"""Print the completion script for a shell.

    \b
    bash:  eval "$(wssdoctor completion bash)"            in ~/.bashrc
    zsh:   eval "$(wssdoctor completion zsh)"             in ~/.zshrc
    fish:  wssdoctor completion fish | source             in config.fish
    """
    from click.shell_completion import get_completion_class

    from wssdoctor.cli.main import COMPLETE, NAME, program
    from wssdoctor.cli.output import write

    kind = get_completion_class(shell)
    if kind is None:
        raise click.UsageError(f"no completion for {shell}")
    write(f"{kind(program, {}, NAME, COMPLETE).source()}\n", None)
    return 0
