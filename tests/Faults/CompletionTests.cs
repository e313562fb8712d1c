using System.Diagnostics;

namespace Tests.Faults;

/// <summary>Checks what each shell offers, by asking the shell itself.</summary>
public sealed class CompletionTests
{
    // The script asks as the shell does when Tab is pressed behind the line.
    private const string Bash = """
        eval "$(sweep completion bash)"
        COMP_LINE="$1" COMP_POINT=${#1}
        read -ra COMP_WORDS <<< "$1"
        [[ $1 == *" " ]] && COMP_WORDS+=("")
        COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
        _sweep
        printf '%s\n' "${COMPREPLY[@]}"
        """;

    private const string Zsh = """
        compdef() { }
        eval "$(sweep completion zsh)"
        compadd() { print -l -- $found; (( $#found )) }
        _files() { }
        words=("${(@s: :)1}") CURRENT=$#words
        _sweep
        """;

    private const string Fish = "sweep completion fish | source; complete -C $argv[1]";

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task VerbsAndOptionsAreCompletedByEachShell(string shell)
    {
        await using var place = LocalCluster.Down();
        Assert.Equal(["status"], Complete(place, shell, "sweep sta"));
        Assert.Equal(["down", "logs", "status", "up"], Complete(place, shell, "sweep cluster "));
        Assert.Equal(["--watch"], Complete(place, shell, "sweep submit rates.yaml --w"));
        Assert.Equal(["csv", "json", "table"], Complete(place, shell, "sweep results last --format "));
        // No cluster runs, so there is no ID, and no message either.
        Assert.Empty(Complete(place, shell, "sweep status no-such"));
    }

    [Fact]
    public async Task IdsOfTheRunningClusterAreCompleted()
    {
        await using var cluster = await LocalCluster.Up(silos: 1);
        string id = await cluster.Submit(cluster.Write("small.yaml", Sweeps.Small));
        // A shell waits briefly for the cluster: on a busy machine a first question may go unanswered, as it would for a person.
        foreach (var (line, word) in new[] { ("sweep delete sma", id), ("sweep watch la", "last") })
        {
            await Eventually.Holds($"{word} is completed", LocalCluster.Patience,
                () => Complete(cluster, "bash", line) is [var only] && only == word ? null : "nothing, or something else");
        }
    }

    private static string[] Complete(LocalCluster place, string shell, string line)
    {
        string script = place.Write($"complete.{shell}", shell switch { "bash" => Bash, "zsh" => Zsh, _ => Fish });
        var start = new ProcessStartInfo(shell, shell == "zsh" ? ["-f", script, line] : [script, line])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = place.Home,
            Environment =
            {
                ["PATH"] = $"{Path.GetDirectoryName(Repository.Sweep)}:{Environment.GetEnvironmentVariable("PATH")}",
                ["SWEEP_HOME"] = place.Home,
                ["HOME"] = place.Home,
            },
        };
        Process process;
        try
        {
            process = Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"{shell} was not installed.");
            return [];
        }
        using (process)
        {
            var errors = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.Equal("", errors.GetAwaiter().GetResult());
            return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(l => l.Split('\t')[0]).Order(StringComparer.Ordinal)];
        }
    }
}
