using System.CommandLine;
using Client.LocalCluster;
using Client.Rendering;

namespace Client.Commands;

internal static class ClusterLogsCommand
{
    private static readonly TimeSpan FollowInterval = TimeSpan.FromMilliseconds(250);

    public static Command Create()
    {
        var silo = new Argument<string?>("SILO")
        {
            Description = "silo-1, silo-2 … or supervisor. Default: all.",
            Arity = ArgumentArity.ZeroOrOne,
        }.NotEmpty();
        silo.CompletionSources.Add(_ => LogFiles.All(SweepHome.Default()).Select(l => Path.GetFileNameWithoutExtension(l)));
        var lines = new Option<int>("--tail", "-n")
        {
            Description = "Lines of each log, from its end.",
            DefaultValueFactory = _ => 50,
            HelpName = "N",
        };
        var follow = new Option<bool>("--follow") { Description = "Go on with what is added, until Ctrl-C." };
        var command = new Command("logs", "Prints what the silos and their supervisor have written.") { silo, lines, follow };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var logs = Find(SweepHome.Default(), parsed.GetValue(silo));
            foreach (string log in logs)
            {
                if (logs.Length > 1) Output.Line($"── {log}");
                foreach (string line in LogFiles.Tail(log, Math.Max(0, parsed.GetValue(lines)))) Output.Line(line);
            }
            if (parsed.GetValue(follow)) await Follow(logs, cancellationToken);
            return ExitCodes.Done;
        });
        return command;
    }

    private static string[] Find(SweepHome home, string? silo)
    {
        string[] logs = LogFiles.All(home);
        if (logs.Length == 0)
            throw CommandException.NoCluster($"no logs in {home.Logs}: no cluster has run here. `sweep cluster up` starts one.");
        if (silo is null) return logs;
        string? found = logs.FirstOrDefault(l => Path.GetFileNameWithoutExtension(l) == silo);
        return found is not null ? [found]
            : throw CommandException.BadInput($"no log of '{silo}'. There are: " +
                $"{string.Join(", ", logs.Select(Path.GetFileNameWithoutExtension))}.");
    }

    private static async Task Follow(string[] logs, CancellationToken cancellationToken)
    {
        var readers = logs.Select(l => (Name: Path.GetFileNameWithoutExtension(l), Reader: LogFiles.Open(l))).ToList();
        try
        {
            foreach (var (_, reader) in readers) await reader.ReadToEndAsync(cancellationToken);
            while (true)
            {
                foreach (var (name, reader) in readers)
                    while (await reader.ReadLineAsync(cancellationToken) is { } line)
                        Output.Line(readers.Count > 1 ? $"{name} │ {line}" : line);
                await Task.Delay(FollowInterval, cancellationToken);
            }
        }
        finally
        {
            foreach (var (_, reader) in readers) reader.Dispose();
        }
    }
}
