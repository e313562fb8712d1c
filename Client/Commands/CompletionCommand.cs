using System.CommandLine;
using Client.Rendering;

namespace Client.Commands;

/// <summary>
/// Prints the script that a shell reads to complete verbs, options and IDs. The script is small, because `sweep [suggest]` lists the
/// candidates.
/// </summary>
internal static class CompletionCommand
{
    // Words that begin with a dash are offered only after a dash was typed. Otherwise a file's name could never be completed.
    private const string Bash = """
        _sweep() {
            local word="${COMP_WORDS[COMP_CWORD]}" line="sweep${COMP_LINE#"${COMP_WORDS[0]}"}"
            local point=$((COMP_POINT - ${#COMP_WORDS[0]} + 5))
            local found=() one
            while IFS= read -r one; do
                [[ $one == "$word"* && ( $one != -* || $word == -* ) ]] && found+=("$one")
            done < <(sweep "[suggest:$point]" "$line" 2>/dev/null)
            COMPREPLY=("${found[@]}")
        }
        complete -o default -F _sweep sweep
        """;

    private const string Zsh = """
        #compdef sweep
        _sweep() {
            local word="${words[CURRENT]}" line="sweep ${(j: :)words[2,CURRENT]}" one
            local -a found
            for one in ${(f)"$(sweep "[suggest:${#line}]" "$line" 2>/dev/null)"}; do
                [[ $one != -* || $word == -* ]] && found+=("$one")
            done
            compadd -a found || _files
        }
        if [[ "$funcstack[1]" == _sweep ]]; then _sweep "$@"; else compdef _sweep sweep; fi
        """;

    private const string Fish = """
        function __sweep_complete
            set -l line (commandline -cp)
            set -l word (commandline -ct)
            set -l found (sweep "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)
            string match -q -- '-*' "$word"; or set found (string match -v -- '-*' $found)
            if set -q found[1]
                printf '%s\n' $found
            else
                __fish_complete_path "$word"
            end
        end
        complete -c sweep -f -a '(__sweep_complete)'
        """;

    public static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish." }.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Command("completion", "Prints a script with which a shell completes verbs, options and IDs: " +
            "`eval \"$(sweep completion bash)\"`; in fish `sweep completion fish | source`.") { shell };
        command.SetAction(parsed =>
        {
            Output.Line(parsed.GetRequiredValue(shell) switch { "bash" => Bash, "zsh" => Zsh, _ => Fish });
            return ExitCodes.Done;
        });
        return command;
    }
}
